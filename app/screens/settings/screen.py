"""The settings of the team: its lists one after the other, which admins change and everybody reads."""

from __future__ import annotations

from typing import Any

from textual.app import ComposeResult

from app.language import _
from app.screens.desk import Desk
from app.screens.place import does
from app.screens.settings.campaigns import Campaigns
from app.screens.settings.members import Members
from app.screens.settings.reasons import Reasons
from app.screens.settings.section import Section
from app.screens.settings.stages import Stages
from app.screens.table_place import TablePlace
from app.services.team.membership import may_manage
from app.widgets.bar import Bar, Item
from app.widgets.table import Table
from app.widgets.words import number

WATCH = 0.5

_SECTIONS: tuple[type[Section[Any]], ...] = (Members, Reasons, Stages, Campaigns)
_CHANGING = frozenset(f"settings.{verb}" for verb in ("new", "edit", "toggle", "later", "earlier"))


class SettingsScreen(TablePlace):
    """For a desk with a store: elsewhere no way leads here."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        assert desk.store is not None, "no way leads here then"
        self._store = desk.store
        self._sections = [kind(self, desk.store) for kind in _SECTIONS]
        self._here = 0
        self._rows: dict[object, Any] = {}
        self._counts: list[int | None] = [None for _section in _SECTIONS]
        self._may_change = False

    def compose(self) -> ComposeResult:
        yield Bar(id="top")
        yield Bar(id="headline")
        yield Table(self.section.columns, self.desk.signs, id="table")
        yield Bar(id="keys", gap=2)

    def on_mount(self) -> None:
        self.table.focus()
        self._headlines()
        self.watch_store(WATCH, self.load)

    @property
    def contexts(self) -> tuple[str, ...]:
        return ("settings", "table", "everywhere")

    # -- what is listed

    @property
    def section(self) -> Section[Any]:
        """The list that is shown."""
        return self._sections[self._here]

    @property
    def row(self) -> Any:
        """What the line under the cursor stands for."""
        return self._rows.get(self.line.key) if self.line else None

    def load(self) -> None:
        """Read the lists anew."""
        here, store, author = self._here, self._store, self.desk.author

        def work() -> tuple[int, list[list[Any]], bool]:
            return here, [section.read() for section in self._sections], may_manage(store, author)

        self.read_newest(work, lambda found: self._show(*found))

    def _show(self, here: int, found: list[list[Any]], may_change: bool) -> None:
        self._counts = [len(rows) for rows in found]
        self._may_change = may_change
        section = self._sections[here]
        lines = [section.line(row) for row in found[here]]
        self._rows = {line.key: row for line, row in zip(lines, found[here], strict=True)}
        self.table.empty = (section.empty, "", _("The key + makes one.") if may_change else "")
        self.table.show(lines)
        self._headlines()

    def _headlines(self) -> None:
        self.query_exactly_one("#top", Bar).items = self.top_items(_("Settings"))
        items = []
        for place, (section, count) in enumerate(zip(self._sections, self._counts, strict=True)):
            text = section.title if count is None else f"{section.title} {number(count)}"
            style = "here" if place == self._here else "quiet"
            items.append(Item(text, style, command=section.command))
        if self._counts[0] is not None and not self._may_change:
            items.append(Item(self._only_admins(), "warning", 1, _("read only"), right=True))
        self.query_exactly_one("#headline", Bar).items = items
        self.show_keys()

    def _only_admins(self) -> str:
        return _("only admins change this")

    def on_table_cursor_moved(self, message: Table.CursorMoved) -> None:
        message.stop()
        self.cursor_moved()

    def on_table_open_wanted(self) -> None:
        self.run("settings.edit")

    # -- what may be done

    def may_change(self) -> bool:
        """Whether who is at the keyboard changes settings."""
        return self._may_change

    def may_change_line(self) -> bool:
        """Whether there is a line that they change."""
        return self._may_change and self.row is not None

    def may_toggle(self) -> bool:
        """Whether that line can be out of use."""
        return self.may_change_line() and self.section.can_toggle

    def may_move(self) -> bool:
        """Whether the list has an order of its own."""
        return self.may_change_line() and self.section.can_move

    def why_not(self, command_id: str) -> str:
        if command_id in _CHANGING:
            if not self._may_change:
                return _("Only an admin changes the team and its settings.")
            if command_id == "settings.toggle" and not self.section.can_toggle:
                return _("A campaign is not deactivated.")
            if command_id in ("settings.later", "settings.earlier") and not self.section.can_move:
                return _("This list is in the order of the alphabet.")
        return super().why_not(command_id)

    @does("settings.edit", when="may_change_line")
    def edit(self) -> None:
        self.section.edit(self.row)

    @does("settings.new", when="may_change")
    def new(self) -> None:
        self.section.new()

    @does("settings.toggle", when="may_toggle")
    def toggle(self) -> None:
        self.section.toggle(self.row)

    @does("settings.later", when="may_move")
    def later(self) -> None:
        self.section.move(self.row, 1)

    @does("settings.earlier", when="may_move")
    def earlier(self) -> None:
        self.section.move(self.row, -1)

    # -- from list to list

    @does("settings.next")
    def next_section(self) -> None:
        self._go((self._here + 1) % len(self._sections))

    @does("settings.previous")
    def previous_section(self) -> None:
        self._go((self._here - 1) % len(self._sections))

    @does("settings.members")
    def go_to_members(self) -> None:
        self._go(0)

    @does("settings.reasons")
    def go_to_reasons(self) -> None:
        self._go(1)

    @does("settings.stages")
    def go_to_stages(self) -> None:
        self._go(2)

    @does("settings.campaigns")
    def go_to_campaigns(self) -> None:
        self._go(3)

    def _go(self, place: int) -> None:
        if place != self._here:
            self._here = place
            self._rows = {}
            self.table.columns = self.section.columns
            self.table.open(0, 0, ())
            self.load()
