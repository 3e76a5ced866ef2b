"""Contacts, leads or tasks as a list that typing narrows; one class for all three, what their lines say stands apart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from app.domain.crm import Kind, RecordRow
from app.language import _
from app.screens.desk import Desk
from app.screens.place import does
from app.screens.records.form import FormLine, Typed
from app.screens.records.keys import RecordKeys
from app.screens.records.known import ask_known, open_page
from app.screens.records.lines import form_lines, record_columns, record_line, titles
from app.services.crm import records as crm
from app.services.crm.checks import AlreadyKnown
from app.widgets.bar import Bar, Item
from app.widgets.field import Field
from app.widgets.table import PORTION, Table
from app.widgets.words import number

if TYPE_CHECKING:
    from app.services.crm.records import Record

WATCH = 0.5


class RecordsScreen(RecordKeys):
    """Holds the ids of all, and the lines of those that were in sight."""

    def __init__(self, desk: Desk, kind: Kind) -> None:
        super().__init__(desk)
        self.kind = kind
        self._ids: list[int] = []
        self._records: dict[int, Record] = {}

    def compose(self) -> ComposeResult:
        yield Bar(id="top")
        yield Bar(id="headline")
        with Horizontal(id="search"):
            yield Static(_("Search") + " ", id="search-label")
            yield Field(id="query")
        yield Table(record_columns(self.kind), self.desk.signs, id="table")
        yield Bar(id="keys", gap=2)

    def on_mount(self) -> None:
        self.table.focus()
        self._headlines()
        self.watch_store(WATCH, self.load)

    @property
    def contexts(self) -> tuple[str, ...]:
        if isinstance(self.focused, Field):
            return ("search",)
        return ("records", "table", "everywhere")

    def on_descendant_focus(self) -> None:
        self.show_keys()

    # -- what is listed

    @property
    def typed(self) -> str:
        """What narrows the list."""
        return self.query_exactly_one("#query", Field).value.strip()

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
        today = self.desk.clock().date()
        self.table.open(
            len(ids), place - place % PORTION, [record_line(record, today) for record in records], place
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
            today = self.desk.clock().date()
            lines = [record_line(record, today) for record in records]
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
        self.show_keys()

    def on_table_open_wanted(self) -> None:
        self.run("records.open")

    def stored(self, record_id: int) -> None:
        self.load(record_id)

    # -- keys

    @does("records.open", when="has_record")
    def open_record(self) -> None:
        if self.record is not None:
            open_page(self, self.record.row)

    @does("records.new")
    def new(self) -> None:
        self._ask_new(form_lines(self.kind, None, self.desk.author))

    def _ask_new(self, lines: Sequence[FormLine]) -> None:
        """Let the rep fill in a new record."""

        def back(values: Typed) -> None:
            """Ask again, with all that was typed and chosen."""
            self.read(lambda: [self._again(line, values[line.name]) for line in lines], self._ask_new)

        self._ask(titles()[self.kind][2], _("create"), lines, lambda values: self._make(values, back))

    def _again(self, line: FormLine, value: Any) -> FormLine:
        """A line with what was typed there, or the record that was chosen. Not for the event loop's thread."""
        store = self.desk.store
        if line.kind is None or store is None:
            return replace(line, value=str(value))
        return replace(line, record=None if value is None else crm.row(store, line.kind, int(value)))

    def _make(self, values: Typed, back: Callable[[Typed], None], beside: tuple[int, ...] = ()) -> None:
        """Make a record; when others than `beside` are likely the same, go on as the rep chooses."""
        store, kind, desk = self.desk.store, self.kind, self.desk
        if store is None:
            return

        def work() -> RecordRow | AlreadyKnown:
            try:
                now = desk.clock()
                return crm.create(store, kind, values, author=desk.author, now=now, beside=beside)
            except AlreadyKnown as error:
                return error

        def after(made: RecordRow | AlreadyKnown) -> None:
            if isinstance(made, RecordRow):
                self.say(_("Stored."))
                self.stored(made.id)
                return
            all_known = tuple(row.id for row in made.known)
            ask_known(
                self,
                made.known,
                second=lambda: self._make(values, back, all_known),
                back=lambda: back(values),
            )

        self.write(work, after)

    @does("records.find")
    def find(self) -> None:
        self.add_class("-searching")
        self.query_exactly_one("#query", Field).focus()

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.load()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.end_search()

    @does("search.done")
    def end_search(self) -> None:
        self.table.focus()
        self.set_class(bool(self.typed), "-searching")

    @does("search.cancel")
    def cancel_search(self) -> None:
        self.query_exactly_one("#query", Field).value = ""
        self.remove_class("-searching")
        self.table.focus()

    @does("app.back")
    def back(self) -> None:
        if self.typed:
            self.cancel_search()
        else:
            self.dismiss()
