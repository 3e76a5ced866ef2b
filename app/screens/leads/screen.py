"""The place of the leads: a board with three columns, and a list beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.crm import Kind, RecordRow
from app.screens.leads.filtering import LeadFiltering
from app.screens.leads.finishing import LeadFinishing
from app.screens.place import does
from app.screens.records.known import open_page
from app.screens.records.making import RecordMaking
from app.services.crm import records as crm

if TYPE_CHECKING:
    from app.services.crm.records import Record


class LeadsScreen(LeadFinishing, LeadFiltering, RecordMaking):
    """Opens leads and changes them; the rest of what is done with them stands beside."""

    kind = Kind.LEAD

    @property
    def contexts(self) -> tuple[str, ...]:
        return ("search",) if self.is_typing() else ("leads", *super().contexts)

    @property
    def record(self) -> Record | None:
        """A whole lead is read only when it is to be changed."""
        return None

    @property
    def merged_row(self) -> RecordRow | None:
        return RecordRow(Kind.LEAD, self.row.id, self.row.title) if self.row is not None else None

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
