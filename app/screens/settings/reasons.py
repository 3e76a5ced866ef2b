"""The reasons for which leads and opportunities come to nothing, as a list of the settings."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.crm.reason_list import reason_name
from app.domain.crm.reasons import FinishReason, reason_word
from app.language import _
from app.screens.records.form import FormLine, Typed
from app.screens.settings.section import Section, named, yes_no
from app.services.team import reasons
from app.widgets.table import Cell, Column, Line
from app.widgets.words import number

Row = tuple[FinishReason, int]


class Reasons(Section[Row]):
    """A line is a reason, with how much ended for it."""

    command = "settings.reasons"
    can_move = True

    @property
    def title(self) -> str:
        return _("Reasons")

    @property
    def columns(self) -> Sequence[Column]:
        return (
            Column(_("Reason"), 30, 1),
            Column(_("Needs a text"), 14),
            Column(_("Used"), 9, right=True),
        )

    @property
    def empty(self) -> str:
        return _("There is no reason yet.")

    def read(self) -> list[Row]:
        return reasons.list_reasons(self.store)

    def line(self, row: Row) -> Line:
        reason, count = row
        text = "text" if reason.active else "quiet"
        return Line(
            reason.name,
            (
                named(reason_word(reason.name), reason.active),
                Cell(_("yes") if reason.needs_text else "", text),
                Cell(number(count) if count else "", text),
            ),
        )

    # -- changing

    def new(self) -> None:
        def keep(typed: Typed) -> None:
            who, needs_text = self.who, bool(typed["needs_text"])
            self.store_it(lambda: reasons.add_reason(self.store, typed["name"], needs_text=needs_text, **who))

        self.ask(_("New reason"), _("take in"), self._lines("", False), keep, _check)

    def edit(self, row: Row) -> None:
        reason, _count = row
        word = reason_word(reason.name)

        def keep(typed: Typed) -> None:
            who, needs_text = self.who, bool(typed["needs_text"])
            # A built-in one keeps its stored name, and stays translated, unless it is called otherwise.
            to = reason.name if typed["name"].strip() == word else typed["name"]
            self.store_it(
                lambda: reasons.change_reason(self.store, reason.name, to=to, needs_text=needs_text, **who)
            )

        self.ask(word, _("store"), self._lines(word, reason.needs_text), keep, _check)

    def toggle(self, row: Row) -> None:
        reason, _count = row
        active, who = not reason.active, self.who
        told = _("“{name}” is offered again.") if active else _("“{name}” is no longer offered.")
        self.store_it(
            lambda: reasons.set_active(self.store, reason.name, active, **who),
            told.format(name=reason_word(reason.name)),
        )

    def move(self, row: Row, steps: int) -> None:
        reason, _count = row
        who = self.who
        self.store_it(lambda: reasons.reorder(self.store, reason.name, steps, **who))

    def _lines(self, name: str, needs_text: bool) -> list[FormLine]:
        words, value = yes_no(needs_text)
        return [FormLine("name", "Reason", name), FormLine("needs_text", "Needs a text", value, words=words)]


def _check(typed: Typed) -> object:
    return reason_name(typed["name"])
