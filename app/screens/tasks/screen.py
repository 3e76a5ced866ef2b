"""The personal task list (Aufgabenliste): leads, tasks, follow-ups and mentions in one list by urgency."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from app.domain.crm.agenda import Entry, EntryKind, Group, Ident, Key, Wish
from app.language import _
from app.screens.desk import Desk
from app.screens.following import Find
from app.screens.place import does
from app.screens.tasks.lines import Part, agenda_columns, entry_line, group_line, parts_of
from app.screens.tasks.narrowing import TaskNarrowing
from app.screens.tasks.opening import belonging_of, open_entry
from app.services.tasks import agenda
from app.services.team.acting import AtKeyboard, at_keyboard
from app.widgets.bar import Bar, Item
from app.widgets.field import Field
from app.widgets.grouped_table import GroupedTable
from app.widgets.table import PORTION, Line, Table
from app.widgets.words import number

WATCH = 0.5


class Read(NamedTuple):
    """The list as it was read: the entries, what stands at each place, the place of the cursor, the lines around it,
    who is at the keyboard."""

    keys: list[Key]
    parts: list[Part]
    cursor: int
    entries: list[Entry]
    who: AtKeyboard


class TasksScreen(TaskNarrowing):
    """Holds the keys of all entries, and the lines of those that were in sight."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._keys: list[Key] = []
        self._parts: list[Part] = []
        self._entries: dict[Key, Entry] = {}
        self._leaving: set[Ident] = set()  # until their step is stored
        self._go_to: Ident | None = (
            None  # where the cursor is to go, until the list that was read for it is shown
        )

    def compose(self) -> ComposeResult:
        yield Bar(id="top")
        yield Bar(id="headline")
        with Horizontal(id="search"):
            yield Static(_("Search") + " ", id="search-label")
            yield Field(id="query")
        yield GroupedTable(agenda_columns(self.wish, self.desk.author), self.desk.signs, id="table")
        yield Bar(id="keys", gap=2)

    def on_mount(self) -> None:
        self.table.focus()
        self.headlines()
        self.watch_store(WATCH, self.load)

    @property
    def contexts(self) -> tuple[str, ...]:
        if isinstance(self.focused, Field):
            return ("search",)
        return ("tasks", "history", "table", "everywhere")

    def on_descendant_focus(self) -> None:
        self.show_keys()

    # -- what is listed

    @property
    def table(self) -> GroupedTable:
        return self.query_exactly_one("#table", GroupedTable)

    @property
    def entry(self) -> Entry | None:
        key = self._key
        return self._entries.get(key) if key is not None else None

    @property
    def _key(self) -> Key | None:
        """The entry under the cursor."""
        part = self._parts[self.table.cursor] if self.table.cursor < len(self._parts) else None
        return part if isinstance(part, Key) else None

    @property
    def _at(self) -> int:
        """How many entries stand above the cursor."""
        cursor = self.table.cursor
        return cursor - sum(head < cursor for head in self.table.heads)

    def load(self, go_to: Ident | None = None) -> None:
        """Read the list anew; the cursor stays on its entry, or goes to this one; else to what stands there then."""
        store, wish, now, author = self.desk.store, self.wish, self.desk.clock(), self.desk.author
        if store is None:
            return
        self._go_to = go_to or self._go_to
        wanted = [ident for ident in (self._go_to, self._key.ident if self._key else None) if ident]
        at, leaving = self._at, frozenset(self._leaving)

        def work() -> Read:
            keys = agenda.entry_keys(store, wish, now)
            if leaving:
                keys = [key for key in keys if key.ident not in leaving]
            places = (_place_of(keys, ident) for ident in wanted)
            place = next((place for place in places if place is not None), at)
            parts = parts_of(keys, wish, now.date())
            cursor = _cursor(parts, place, len(keys))
            entries = agenda.entries(store, _entries_of(_around(parts, cursor)))
            return Read(keys, parts, cursor, entries, at_keyboard(store.read, author))

        self.read_newest(work, self._show)

    def _show(self, read: Read) -> None:
        self._go_to = None
        self.know(read.who)
        self._entries = {entry.key: entry for entry in read.entries}
        self._list(read.keys, read.parts, read.cursor)

    def _list(self, keys: list[Key], parts: list[Part], cursor: int) -> None:
        """List these, with the cursor there."""
        self._keys, self._parts = keys, parts
        self.table.empty = self._empty_text()
        self.table.heads = _heads(parts)
        lines = [self._line(part) for part in _around(parts, cursor)]
        self.table.open(len(parts), cursor - cursor % PORTION, lines, cursor)
        self.headlines()

    def _line(self, part: Part) -> Line:
        if isinstance(part, Group):
            return group_line(part)
        entry = self._entries.get(part)
        return entry_line(entry, self.desk.clock().date()) if entry is not None else Line(part, ())

    def on_table_rows_wanted(self, message: Table.RowsWanted) -> None:
        message.stop()
        store = self.desk.store
        parts = self._parts[message.first : message.first + message.count]
        if store is None:
            return

        def show(entries: list[Entry]) -> None:
            self._entries |= {entry.key: entry for entry in entries}
            self.table.fill(message.first, [self._line(part) for part in parts])

        self.read(lambda: agenda.entries(store, _entries_of(parts)), show, message.turn)

    def look_at(self, wish: Wish) -> None:
        self.wish = wish
        self.table.columns = agenda_columns(wish, self.desk.author)
        self.load()

    # -- steps

    def leave_out(self, entry: Entry) -> None:
        self._leaving.add(entry.key.ident)
        if self._key != entry.key:
            self.load()  # it was read anew while a box was open
            return
        at = self._at
        keys = self._keys[:at] + self._keys[at + 1 :]
        parts = parts_of(keys, self.wish, self.desk.clock().date())
        self._list(keys, parts, _cursor(parts, at, len(keys)))

    def settle(self, entry: Entry | None, go_to: Ident | None = None) -> None:
        if entry is not None:
            self._leaving.discard(entry.key.ident)
        self.load(go_to)

    def stored(self, record_id: int) -> None:
        self.load((EntryKind.TASK, record_id))

    # -- the lines around it

    def _empty_text(self) -> tuple[str, ...]:
        if self.wish.text:
            return (_("Nothing was found."),)
        if self.wish.done:
            return (_("Nothing is finished yet."),)
        more = _("The key + makes a task; b in the mail list puts a mail on follow-up.")
        return (_("Nothing is to be done here."), "", more)

    def headlines(self) -> None:
        """Draw the lines above the list again."""
        self.query_exactly_one("#top", Bar).items = self.top_items(_("Tasks"))
        count = Item(number(len(self._keys)), "count", 1)
        self.query_exactly_one("#headline", Bar).items = [
            Item(self.whose(), "here"),
            count,
            *self.filter_items(),
        ]
        self.show_keys()

    def on_table_cursor_moved(self, message: Table.CursorMoved) -> None:
        message.stop()
        self.cursor_moved()

    def on_table_open_wanted(self) -> None:
        self.run("tasks.open")

    # -- where an entry leads

    @does("tasks.open", when="has_entry")
    def open_entry(self) -> None:
        if self.entry is not None:
            open_entry(self, self.entry)

    def belonging(self) -> Find | None:
        return belonging_of(self.entry, self.desk.reader) if self.entry is not None else None

    def worked(self, go_to: int | None) -> None:  # noqa: ARG002 - a lead that is finished is no entry any more
        self.load()


def _place_of(keys: Sequence[Key], ident: Ident) -> int | None:
    """The place of an entry; None if it is not among them."""
    return next((i for i, key in enumerate(keys) if key.id == ident[1] and key.ident == ident), None)


def _heads(parts: Sequence[Part]) -> frozenset[int]:
    """The places of the headings."""
    groups = [part for part in parts[:1] if isinstance(part, Group)]
    found: set[int] = set()
    place = 0
    while groups and place < len(parts):
        part = parts[place]
        assert isinstance(part, Group), "the groups follow each other"
        found.add(place)
        place += 1 + part.count
    return frozenset(found)


def _cursor(parts: Sequence[Part], at: int, count: int) -> int:
    """The place of the entry with so many entries above it, of the last one if there are fewer."""
    place = max(0, min(at, count - 1))
    for head in sorted(_heads(parts)):
        if head <= place:
            place += 1
    return place if count else 0


def _around(parts: Sequence[Part], cursor: int) -> Sequence[Part]:
    """The portion of the list in which the cursor stands."""
    first = cursor - cursor % PORTION
    return parts[first : first + PORTION]


def _entries_of(parts: Sequence[Part]) -> list[Key]:
    return [part for part in parts if isinstance(part, Key)]
