"""The place of the leads: a board with three columns, and a list beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from app.domain.crm.kinds import Kind, LeadState, RecordRow
from app.domain.leads.rows import LeadRow
from app.screens.leads.asking import AtHand, Known
from app.screens.leads.filtering import LeadFiltering
from app.screens.leads.finishing import LeadFinishing
from app.screens.leads.lines import standing_of
from app.screens.place import does
from app.screens.records.known import open_page
from app.screens.records.making import RecordMaking
from app.services.crm import records as crm

if TYPE_CHECKING:
    from app.services.crm.records import Record


class LeadsScreen(LeadFiltering, LeadFinishing, RecordMaking):
    """Opens leads and changes them; the rest of what is done with them stands beside."""

    kind = Kind.LEAD

    @property
    def contexts(self) -> tuple[str, ...]:
        return ("search",) if self.is_typing() else ("leads", "history", *super().contexts)

    @property
    def record(self) -> Record | None:
        """A whole lead is read only when it is to be changed."""
        return None

    @property
    def about(self) -> RecordRow | None:
        return RecordRow(Kind.LEAD, self.row.id, self.row.title) if self.row is not None else None

    @property
    def lead(self) -> AtHand | None:
        return AtHand(self.row.id, standing_of(self.row)) if self.row is not None else None

    def are_many(self) -> bool:
        return bool(self.shown.selection)

    def selected(self) -> Iterator[AtHand | None]:
        for number in self.shown.selection:
            row = self._rows.get(number) if isinstance(number, int) else None
            yield AtHand(row.id, standing_of(row)) if row is not None else None

    def chosen_ids(self) -> list[int]:
        return self.targets() if self.are_many() else []

    def merged(self, record_id: int) -> None:
        self.worked(record_id)

    def worked(self, go_to: int | None) -> None:
        self.shown.select(())
        self.load(go_to)

    def move(self, row: LeadRow, column: str) -> None:
        """Into a neighbouring column, as far as the rules allow it; the cursor goes along."""
        ways: dict[tuple[LeadState, str], Callable[[Known, int | None], None]] = {
            (LeadState.NEW, LeadState.ACTIVE): self.ask_assignee,
            (LeadState.ACTIVE, LeadState.NEW): self.ask_take_back,
            (LeadState.ACTIVE, LeadState.DONE): self.ask_end,
            (LeadState.DONE, LeadState.ACTIVE): self.reopen_one,
        }
        way = ways[row.state, column]
        self.with_known([row.id], lambda known: way(known, row.id))

    def new_assignee(self) -> str:
        return "" if self.column == LeadState.NEW else super().new_assignee()

    def stored(self, record_id: int) -> None:
        self.load(record_id)

    def on_board_open_wanted(self) -> None:
        self.run("records.open")

    def on_table_open_wanted(self) -> None:
        self.run("records.open")

    @does("records.open", when="has_row")
    def open_record(self) -> None:
        if self.row is not None:
            open_page(self, RecordRow(Kind.LEAD, self.row.id, self.row.title))

    @does("records.edit", when="has_row")
    def edit(self) -> None:
        store, row = self.desk.store, self.row
        if store is not None and row is not None:
            self.read(lambda: crm.show(store, Kind.LEAD, row.id), self.ask_changes)
