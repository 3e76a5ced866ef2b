"""Contacts, leads or tasks as a list that typing narrows; one class for all three, what their lines say stands apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Input, Static

from app.domain.crm import Kind, RecordRow
from app.domain.record_input import INPUTS, ContactInput, read_input
from app.language import _
from app.screens.desk import Desk
from app.screens.dialogs.boxes import Picker
from app.screens.place import does
from app.screens.records.form import FormLine, Typed
from app.screens.records.keys import RecordKeys
from app.screens.records.lines import form_lines, record_columns, record_line, titles
from app.services.crm import records as crm
from app.widgets.bar import Bar, Item
from app.widgets.choices import Choice
from app.widgets.field import Field
from app.widgets.table import PORTION, Table
from app.widgets.words import number

if TYPE_CHECKING:
    from app.services.crm.records import Record
    from app.services.triage import Store

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
            self.table.fill(message.number, message.first, lines)

        self.read(lambda: crm.records_with(store, kind, ids), show)

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
            self._open(self.record.row)

    def _open(self, row: RecordRow) -> None:
        from app.screens.records.page import RecordPage

        self.app.push_screen(RecordPage(self.desk, row.kind, row.id))

    @does("records.new")
    def new(self) -> None:
        self._ask_new(form_lines(self.kind, None, self.desk.author))

    def _ask_new(self, lines: Sequence[FormLine]) -> None:
        """Let the rep fill in a new record; when another contact has its address, go on as they choose, or back."""
        store, kind, desk = self.desk.store, self.kind, self.desk
        if store is None:
            return

        def keep(values: Typed) -> None:
            def make() -> None:
                now, author = desk.clock(), desk.author
                self._store(lambda: crm.create(store, kind, values, author=author, now=now).id)

            def follow(choice: Choice | None) -> None:
                if choice is None:
                    self._ask_new([replace(line, value=str(values[line.name])) for line in lines])
                elif isinstance(choice.value, RecordRow):
                    self._open(choice.value)
                else:
                    make()

            def ask(known: Sequence[RecordRow]) -> None:
                if known:
                    title = _("There is a contact with this address already")
                    self.app.push_screen(Picker(title, _ways_on(known), enter=_("choose")), follow)
                else:
                    make()

            self.read(lambda: _known(store, kind, values, desk.clock().date()), ask)

        self._ask(titles()[kind][2], _("create"), lines, keep)

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


def _known(store: Store, kind: Kind, values: Typed, today: date) -> list[RecordRow]:
    """The contacts that have an address of the one that was typed."""
    data = read_input(INPUTS[kind], values, today)
    if not isinstance(data, ContactInput):
        return []
    return crm.contacts_with(store, [entry.value for entry in data.emails])


def _ways_on(known: Sequence[RecordRow]) -> list[Choice]:
    """To open one that is there, or to make another."""
    choices = [Choice(row, _("Open “{title}”").format(title=row.title), row.detail) for row in known]
    return [*choices, Choice(None, _("Create a second one"))]
