"""Contacts as a list that typing narrows; what their lines say stands apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.app import ComposeResult

from app.domain.crm.kinds import Kind
from app.language import _
from app.screens.desk import Desk
from app.screens.place import does
from app.screens.records.known import open_page
from app.screens.records.lines import contact_columns, contact_line, titles
from app.screens.records.making import RecordMaking
from app.screens.search_line import SearchLine
from app.services.crm import records as crm
from app.widgets.bar import Bar, Item
from app.widgets.table import PORTION, Table
from app.widgets.words import number

if TYPE_CHECKING:
    from app.services.crm.records import Record

WATCH = 0.5


class RecordsScreen(RecordMaking, SearchLine):
    """Holds the ids of all, and the lines of those that were in sight."""

    kind = Kind.CONTACT

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._ids: list[int] = []
        self._records: dict[int, Record] = {}

    def compose(self) -> ComposeResult:
        yield Bar(id="top")
        yield Bar(id="headline")
        yield from self.search_line()
        yield Table(contact_columns(), self.desk.signs, id="table")
        yield Bar(id="keys", gap=2)

    def on_mount(self) -> None:
        self.table.focus()
        self._headlines()
        self.watch_store(WATCH, self.load)
        self.load(self.desk.begin_at.pop(self.kind, None))

    @property
    def contexts(self) -> tuple[str, ...]:
        if self.is_typing():
            return ("search",)
        return ("history", "records", "table", "everywhere")

    # -- what is listed

    @property
    def record(self) -> Record | None:
        """The record under the cursor."""
        return self._records.get(self._ids[self.table.cursor]) if self._ids else None

    def load(self, go_to: int | None = None) -> None:
        """Read the list anew; the cursor stays on its record, or goes to this one."""
        store, kind, typed = self.desk.store, self.kind, self.typed
        if store is None:
            return
        here = self.record.row.id if self.record else None
        wanted = go_to if go_to is not None else here

        def work() -> tuple[list[int], int, list[Record]]:
            ids = crm.record_ids(store, kind, typed)
            place = ids.index(wanted) if wanted in ids else min(self.table.cursor, max(0, len(ids) - 1))
            first = place - place % PORTION
            return ids, place, crm.records_with(store, kind, ids[first : first + PORTION])

        self.read_newest(work, lambda found: self._show(*found))

    def _show(self, ids: list[int], place: int, records: Sequence[Record]) -> None:
        self._ids, self._records = ids, {record.row.id: record for record in records}
        empty = _("Nothing was found.") if self.typed else titles()[self.kind][1]
        self.table.empty = (empty, "", "" if self.typed else _("The key + makes one."))
        self.table.open(
            len(ids), place - place % PORTION, [contact_line(record) for record in records], place
        )
        self._headlines()

    def on_table_rows_wanted(self, message: Table.RowsWanted) -> None:
        message.stop()
        store, kind, ids = (
            self.desk.store,
            self.kind,
            self._ids[message.first : message.first + message.count],
        )
        if store is None:
            return

        def show(records: list[Record]) -> None:
            self._records |= {record.row.id: record for record in records}
            lines = [contact_line(record) for record in records]
            self.table.fill(message.first, lines)

        self.read(lambda: crm.records_with(store, kind, ids), show, message.turn)

    def _headlines(self) -> None:
        title = titles()[self.kind][0]
        self.query_exactly_one("#top", Bar).items = self.top_items(title)
        count = Item(number(len(self._ids)), "count", 1)
        items = [Item(title, "here"), count]
        if self.typed:
            items.append(Item(_("search “{query}”").format(query=self.typed), "warning", 2))
        self.query_exactly_one("#headline", Bar).items = items
        self.show_keys()

    def on_table_cursor_moved(self, message: Table.CursorMoved) -> None:
        message.stop()
        self.cursor_moved()

    def on_table_open_wanted(self) -> None:
        self.run("records.open")

    def stored(self, record_id: int) -> None:
        self.load(record_id)

    # -- keys

    @does("records.open", when="has_record")
    def open_record(self) -> None:
        if self.record is not None:
            open_page(self, self.record.row)

    @does("app.back")
    def back(self) -> None:
        if self.typed:
            self.cancel_search()
        else:
            self.dismiss()
