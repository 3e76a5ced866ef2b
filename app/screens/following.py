"""The key from what is at hand to what it belongs to and what belongs to it, the same in every place; what that is, the place
says, and which records those are, the services.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.domain.crm.history_words import kind_word
from app.domain.crm.kinds import Kind, RecordRow
from app.domain.crm.record_words import word_of
from app.language import _
from app.screens.dialogs.boxes import Picker
from app.screens.place import does
from app.screens.records.known import open_page
from app.screens.working import DeskPlace
from app.widgets.bar import Item
from app.widgets.choices import Choice

if TYPE_CHECKING:
    from app.services.triage import Store

#: Finds records that belong together; for another thread.
Find = Callable[["Store"], Sequence[RecordRow]]


class Following(DeskPlace):
    """A place in which one mail or record is at hand."""

    def belonging(self) -> Find | None:
        """Finds the records that go with what is at hand, the best one first; None: there is nothing at hand."""
        raise NotImplementedError

    def say_of(self, row: RecordRow, text: str, style: str = "good", *more: Item) -> None:
        """Tell what was done with a record that is not in sight: while that is told, the key opens it, and the place of its
        kind begins there when it is opened next."""
        self.desk.begin_at[row.kind] = row.id
        self.say(text, style, *filter(None, (self.key_item("place.belonging", _("open")), *more)), about=row)

    def can_follow(self) -> bool:
        """Whether there is something at hand that may belong to something."""
        has_way = self.told_about is not None or self.belonging() is not None
        return self.desk.store is not None and has_way

    def why_not(self, command_id: str) -> str:
        if command_id == "place.belonging":
            return _("There is nothing here.")
        return super().why_not(command_id)

    @does("place.belonging", when="can_follow")
    def follow(self) -> None:
        """Open what was just told about, else what goes with what is at hand; of several, the rep chooses."""
        store, find = self.desk.store, self.belonging()
        if self.told_about is not None:
            open_page(self, self.told_about)
        elif store is not None and find is not None:
            self.read(lambda: find(store), self.open_one_of)

    def open_one_of(self, rows: Sequence[RecordRow]) -> None:
        """Open the page of the one record, or let the rep choose among several."""
        if not rows:
            self.say(_("Nothing else belongs to it."), "warning")
        elif len(rows) == 1:
            open_page(self, rows[0])
        else:
            choices = [Choice(row, row.title, _told(row)) for row in rows]
            self.app.push_screen(Picker(_("Belongs to it"), choices, enter=_("open")), self._open_chosen)

    def _open_chosen(self, choice: Choice | None) -> None:
        if choice is not None and isinstance(choice.value, RecordRow):
            open_page(self, choice.value)


def _told(row: RecordRow) -> str:
    """How a record stands, and what it is."""
    state = word_of(row.state) if row.kind is not Kind.CONTACT else ""
    return "  ".join(filter(None, (state, kind_word(row))))
