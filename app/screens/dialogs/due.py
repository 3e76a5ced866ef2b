"""Asks for a day, with a time or without: what is often meant to choose from, and any other to type."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from textual.widgets import Static

from app.domain.crm.agenda import PutOff, in_minutes, put_offs
from app.domain.due import Due, DuePast, format_day, format_due, parse_due
from app.language import _
from app.screens.dialogs.boxes import Offering, narrowed, plain
from app.widgets.choices import Choice
from app.widgets.words import weekday


class DueDialog(Offering[Due]):
    """`due`: when it was due before, whose time of day is kept for another day; `now`: in the rep's zone; `minutes`: so
    many from now are offered first."""

    NOTHING = ""  # the line above says what is wrong with the day

    def __init__(
        self,
        title: str,
        now: datetime,
        due: Due | None = None,
        *,
        line: str = "",
        enter: str = "",
        minutes: Sequence[int] = (),
    ) -> None:
        hint = _("or type: Fri, +3, 24.11. 8:15")
        super().__init__(title, self._find, line=line or " ", enter=enter, hint=hint)
        self._asked_line = line
        self._now = now
        self._choices = _offered(now, due, minutes)

    def _find(self, typed: str, show: Callable[[Sequence[Choice]], None]) -> None:
        told = self._asked_line
        try:
            due = parse_due(typed, self._now.date()) if typed.strip() else None
        except ValueError as error:
            found = narrowed(self._choices, typed)
            told = told if found else str(error)
        else:
            found = self._choices if due is None else [Choice(due, spelled(due))]
            if due is not None and due.is_past(self._now):
                found, told = [], DuePast(format_due(due)).told
        line = self.query_exactly_one("#line", Static)
        line.update(plain(told or " "))
        line.set_class(not found, "error")
        show(found)

    def chosen(self, choice: Choice | None) -> Due | None:
        return choice.value if choice is not None and isinstance(choice.value, Due) else None


def _offered(now: datetime, due: Due | None, minutes: Sequence[int]) -> list[Choice]:
    soon = [
        (_("in {n} minutes").format(n=n) if n < 60 else _("in an hour"), in_minutes(n, now)) for n in minutes
    ]
    words = {
        PutOff.TOMORROW: _("tomorrow"),
        PutOff.IN_3_DAYS: _("in 3 days"),
        PutOff.NEXT_WEEK: _("next week"),
        PutOff.WEEK_AFTER: _("the week after next"),
        PutOff.IN_2_WEEKS: _("in 2 weeks"),
        PutOff.IN_4_WEEKS: _("in 4 weeks"),
    }
    later = [(words[way], day) for way, day in put_offs(due, now.date())]
    return [Choice(day, told, spelled(day)) for told, day in (*soon, *later)]


def spelled(due: Due) -> str:
    """ "Di 24.11.2026, 14:30"."""
    day = f"{weekday(due.day)} {format_day(due.day)}"
    return f"{day}, {due.at:%H:%M}" if due.at is not None else day
