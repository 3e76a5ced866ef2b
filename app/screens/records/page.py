"""One contact, lead, task or opportunity: its fields, what belongs to it, and its history, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult

from app.domain.crm.history import HistoryLine, LineKey
from app.domain.crm.kinds import Kind
from app.domain.errors import NotFound
from app.domain.undo import Done
from app.language import _
from app.screens.desk import Desk
from app.screens.members import KnowsWho
from app.screens.place import Place
from app.screens.records.history_lines import (
    MOST,
    belonging_line,
    between_line,
    history_columns,
    history_line,
    history_title,
    more_line,
    story,
)
from app.screens.records.lines import titles
from app.screens.records.opening import Opening
from app.screens.records.sheet import sheet_lines
from app.widgets.bar import Bar, Item
from app.widgets.story import Sheet, Story
from app.widgets.table import PORTION, Line, Table

if TYPE_CHECKING:
    from app.services.crm.page import Page
    from app.services.crm.records import Record

WATCH = 0.5
#: From this height on all of the line under the cursor is told below the list.
TALL = 32


class RecordPage(Opening, KnowsWho):
    """Opened over its list. The list holds what belongs to the record, a line between, and the history."""

    def __init__(self, desk: Desk, kind: Kind, record_id: int) -> None:
        super().__init__(desk)
        self.kind = kind
        self.record_id = record_id
        self._page: Page | None = None
        self._lines: dict[LineKey, HistoryLine] = {}  # those that were in sight
        self._to_newest = False
        self._farewell = ""  # what is told when a step that was taken back lets the record go

    def compose(self) -> ComposeResult:
        yield Bar(id="top")
        yield Bar(id="headline")
        yield Sheet(id="fields")
        yield Bar(id="mails-title")
        yield Table(history_columns(), self.desk.signs, id="table")
        yield Story(id="story")
        yield Bar(id="keys", gap=2)

    def on_mount(self) -> None:
        self.table.focus()
        self.query_exactly_one("#top", Bar).items = self.top_items(titles()[self.kind][0])
        self.watch_store(WATCH, self.load)

    @property
    def contexts(self) -> tuple[str, ...]:
        return ("history", "records", "table", "everywhere")

    @property
    def record(self) -> Record | None:
        return self._page.record if self._page is not None else None

    @property
    def page(self) -> Page | None:
        """What is shown; None while it is being read."""
        return self._page

    # -- what is shown

    def load(self) -> None:
        """Read the record anew; the cursor stays on its line."""
        store, kind, number, author = self.desk.store, self.kind, self.record_id, self.desk.author
        if store is None:
            return
        here = self.line.key if self.line is not None else None

        def work() -> Page | None:
            from app.services.crm.page import read_page

            try:
                return read_page(
                    store, kind, number, here if isinstance(here, LineKey) else None, PORTION, author=author
                )
            except NotFound:
                return None

        self.read_newest(work, lambda page: self._show(page, here) if page else self._leave())

    def came_back(self, done: Done) -> None:
        self._farewell = done.text
        super().came_back(done)

    def _leave(self) -> None:
        """The record is gone, merged into another one or taken back: the place below is shown, and told so."""
        if not self.is_current:
            return  # a dialog is asking; the page is left when it is in sight again
        told, below = self._farewell or _("This is no longer there"), self.app.screen_stack[-2]
        self.dismiss()
        if isinstance(below, Place):
            below.say(told, "good" if self._farewell else "warning")

    def _show(self, page: Page, here: object) -> None:
        self._page, self._farewell = page, ""
        self.know(page.who)
        self._lines = {line.key: line for line in page.lines}
        self.query_exactly_one("#headline", Bar).items = [Item(page.record.row.title, "here")]
        self._show_fields()
        above = self._above()
        history = [history_line(line, self.desk.clock(), self.desk.signs) for line in page.lines]
        keys = [*(line.key for line in above), *page.keys]
        if self._to_newest and page.keys:
            self._to_newest, here = False, page.keys[0]
        cursor = keys.index(here) if here in keys else min(self.table.cursor, max(0, len(keys) - 1))
        self.table.empty = (_("Nothing has happened yet."),)
        if page.first:
            self.table.open(len(keys), len(above) + page.first, history, cursor)
            self.table.fill(0, above)
        else:
            self.table.open(len(keys), 0, [*above, *history], cursor)
        title = _("Belongs to it") if above else history_title(len(page.keys))
        self.query_exactly_one("#mails-title", Bar).items = [Item(title, "text")]
        self.show_keys()

    def _show_fields(self) -> None:
        if self._page is not None:
            sheet = self.query_exactly_one("#fields", Sheet)
            sheet.show(sheet_lines(self._page, self.desk.clock().date(), sheet.text_width))

    def on_resize(self) -> None:
        self.query_exactly_one("#story").display = self.app.size.height >= TALL
        self._show_fields()

    def _above(self) -> list[Line]:
        """What belongs to the record, as far as it has lines of its own, and the line between."""
        page = self._page
        if page is None or not page.belonging:
            return []
        today = self.desk.clock().date()
        shown = page.belonging if len(page.belonging) <= MOST else page.belonging[: MOST - 1]
        lines = [belonging_line(row, done, today) for row, done in shown]
        if len(shown) < len(page.belonging):
            lines.append(more_line(len(page.belonging) - len(shown)))
        return [*lines, between_line(len(page.keys))]

    def on_table_rows_wanted(self, message: Table.RowsWanted) -> None:
        message.stop()
        store, page, kind, number = self.desk.store, self._page, self.kind, self.record_id
        if store is None or page is None:
            return
        before = len(self._above())
        first = max(0, message.first - before)
        keys = page.keys[first : message.first + message.count - before]

        def work() -> list[HistoryLine]:
            from app.services.crm.history import lines

            return lines(store, kind, number, keys)

        def show(found: list[HistoryLine]) -> None:
            self._lines |= {line.key: line for line in found}
            now, signs = self.desk.clock(), self.desk.signs
            self.table.fill(first + before, [history_line(line, now, signs) for line in found])

        self.read(work, show, message.turn)

    def on_table_cursor_moved(self, message: Table.CursorMoved) -> None:
        message.stop()
        key = self.line.key if self.line is not None else None
        line = self._lines.get(key) if isinstance(key, LineKey) else None
        self.query_exactly_one("#story", Story).show(story(line, self.desk.clock()) if line else ())
        self.cursor_moved()

    def noted(self) -> None:
        self._to_newest = True
        self.load()

    def on_table_open_wanted(self) -> None:
        self.run("records.open")

    def stored(self, record_id: int) -> None:  # noqa: ARG002 - there is but one here
        self.load()
