"""The filter dialog: which mail the list shows, by folder, read state and date; it only gives back what was chosen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from app.domain.due import format_day
from app.domain.mail.listing import ListFilter
from app.domain.mail.messages import FolderRow
from app.domain.periods import last_days, period_of
from app.language import _
from app.screens.dialogs.boxes import Dialog, plain
from app.widgets.choices import Choice, Choices
from app.widgets.field import Field
from app.widgets.folder_entries import folder_title
from app.widgets.key_names import key_name

_FLAGS = ("unprocessed", "unread", "flagged", "answered", "with_attachment")


class FilterDialog(Dialog[ListFilter]):
    """Lines that space or an arrow changes, and two days to type."""

    def __init__(self, wanted: ListFilter, folders: Sequence[FolderRow], now: datetime) -> None:
        super().__init__(_("Filter"), _("Shows only mail for which all of this holds."), enter=_("show"))
        self._wanted = wanted
        self._folders = folders
        self._today = now.date()

    def body(self) -> ComposeResult:
        yield Choices(self._lines())
        until = self._wanted.before - timedelta(days=1) if self._wanted.before else None
        with Horizontal(classes="days"):
            yield Static(plain(_("From day")), classes="label")
            yield Field(
                format_day(self._wanted.after) if self._wanted.after else "", _("yyyy-mm-dd"), id="from"
            )
            yield Static(plain(_("until day")), classes="label")
            yield Field(format_day(until) if until else "", _("yyyy-mm-dd"), id="until")

    AUTO_FOCUS = ""

    def keys(self) -> list[tuple[str, str]]:
        return [
            *super().keys(),
            (key_name("space"), _("change the line")),
            (key_name("tab"), _("to the days")),
        ]

    def _lines(self) -> list[Choice]:
        words = {
            "unprocessed": _("Unprocessed only"),
            "unread": _("Unread only"),
            "flagged": _("Important only"),
            "answered": _("Answered only"),
            "with_attachment": _("With attachment only"),
        }
        lines = [
            Choice(flag, f"[{'x' if getattr(self._wanted, flag) else ' '}] {words[flag]}") for flag in _FLAGS
        ]
        folder = next((row for row in self._folders if row.id == self._wanted.folder_id), None)
        lines.append(Choice("folder", _("Folder"), folder_title(folder) if folder else _("All mailboxes")))
        lines.append(Choice("period", _("Last days"), self._period()))
        return lines

    def _period(self) -> str:
        return next(
            (words() for days, words in _PERIODS if self._after(days) == self._wanted.after), _("from …")
        )

    def _after(self, days: int) -> object:
        return last_days(days, self._today) if days else None

    def on_key(self, event: events.Key) -> None:
        typing = isinstance(self.focused, Field)
        choices = self.query_exactly_one(Choices)
        if event.key in ("down", "up", "j", "k") and not typing:
            event.stop()
            choices.step(1 if event.key in ("down", "j") else -1)
        elif event.key in ("space", "right", "left") and not typing:
            event.stop()
            self._change(choices, -1 if event.key == "left" else 1)
        elif event.key == "tab":
            event.stop()
            event.prevent_default()
            self._next_field()

    def _next_field(self) -> None:
        fields = list(self.query(Field))
        place = fields.index(self.focused) + 1 if isinstance(self.focused, Field) else 0
        self.set_focus(fields[place] if place < len(fields) else None)

    def on_choices_picked(self, message: Choices.Picked) -> None:
        choices = self.query_exactly_one(Choices)
        choices.step(choices.choices.index(message.choice) - choices.cursor)
        self._change(choices, 1)

    def _change(self, choices: Choices, way: int) -> None:
        """Change the line under the cursor to its next value."""
        line, place = choices.current, choices.cursor
        if line is None:
            return
        if line.value == "folder":
            ids = [None, *(row.id for row in self._folders)]
            now = ids.index(self._wanted.folder_id) if self._wanted.folder_id in ids else 0
            self._wanted = replace(self._wanted, folder_id=ids[(now + way) % len(ids)], mailbox_id=None)
        elif line.value == "period":
            afters = [self._after(days) for days, _words in _PERIODS]
            now = afters.index(self._wanted.after) if self._wanted.after in afters else -1
            days = _PERIODS[(now + way) % len(_PERIODS)][0]
            self._wanted = replace(
                self._wanted, after=last_days(days, self._today) if days else None, before=None
            )
            self.query_exactly_one("#from", Field).value = (
                format_day(self._wanted.after) if self._wanted.after else ""
            )
            self.query_exactly_one("#until", Field).value = ""
        else:
            flag = str(line.value)
            changed: dict[str, Any] = {flag: not getattr(self._wanted, flag)}
            self._wanted = replace(self._wanted, **changed)
        choices.choices = self._lines()
        choices.step(place)

    def answer(self) -> ListFilter | None:
        periods = {}
        for name in ("from", "until"):
            field = self.query_exactly_one(f"#{name}", Field)
            periods[name] = period_of(field.value, self._today)
            if field.value.strip() and periods[name] is None:
                self._not_a_day(field)
                return None
        first, last = periods["from"], periods["until"]
        return replace(self._wanted, after=first[0] if first else None, before=last[1] if last else None)

    def _not_a_day(self, field: Field) -> None:
        text = _("“{text}” is not a day. Example: {example}")
        text = text.format(text=field.value, example=format_day(self._today))
        self.query_exactly_one("#line", Static).update(plain(text))
        field.focus()


_PERIODS: tuple[tuple[int, Callable[[], str]], ...] = (
    (0, lambda: _("all")),
    (1, lambda: _("today")),
    (7, lambda: _("7 days")),
    (30, lambda: _("30 days")),
    (365, lambda: _("a year")),
)
