"""All keys of the place it was called from, by what they are for; any key closes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from app.commands import COMMANDS, PLACES, Command, KeyMap
from app.domain.text import fit
from app.language import _
from app.widgets.bar import Bar, Item
from app.widgets.key_names import key_name
from app.widgets.text_pane import Span, TextLine, TextPane

if TYPE_CHECKING:
    from app.screens.place import Place

COLUMN = 38


class KeyTable(TextPane):
    """Keys and what they do, in as many columns as fit."""

    def __init__(self, commands: Sequence[Command], keymap: KeyMap) -> None:
        super().__init__()
        self._commands = commands
        self._keymap = keymap

    def lines_for(self, width: int) -> list[TextLine]:
        columns = max(1, min(4, width // COLUMN))
        column = width // columns
        cells: list[TextLine] = []
        for place, title in PLACES.items():
            own = [c for c in self._commands if c.place == place and self._keymap.keys_of(c.id)]
            if own:
                cells += [
                    (Span(fit(_(title), column), "heading"),),
                    *(self._cell(c, column) for c in own),
                    (),
                ]
        height = -(-len(cells) // columns)
        return [
            tuple(span for cell in cells[row::height] for span in cell or (Span(" " * column),))
            for row in range(height)
        ]

    def _cell(self, command: Command, column: int) -> TextLine:
        room, keys = 10, ""
        for name in map(key_name, self._keymap.keys_of(command.id)):
            if keys and len(keys) + 2 + len(name) > room:
                break
            keys += ("  " if keys else "") + name
        return Span(fit(keys, room) + " ", "key"), Span(fit(_(command.title), column - room - 2) + " ")


class HelpScreen(ModalScreen[None]):
    """The key table over the whole screen."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        keymap = place.keymap
        # Also those that make no sense at the moment, or in another pane.
        self._table = KeyTable([c for c in COMMANDS if c.id in place.handled()], keymap)

    def compose(self) -> ComposeResult:
        head = Bar()
        head.items = (
            Item(_("Keys"), "brand"),
            Item(_("Other keys can be set in config.toml, in [keys]."), "quiet", 1),
        )
        yield head
        yield self._table
        foot = Bar(gap=2)
        foot.items = (
            Item(_("page"), key=f"{key_name('pagedown')} {key_name('pageup')}", rank=2),
            Item(_("back"), key=key_name("escape")),
        )
        yield foot

    def on_mount(self) -> None:
        self._table.focus()

    def on_key(self, event: events.Key) -> None:
        event.stop()
        match event.key:
            case "down" | "j":
                self._table.step(1)
            case "up" | "k":
                self._table.step(-1)
            case "pagedown" | "space":
                self._table.page(1)
            case "pageup":
                self._table.page(-1)
            case _key:
                self.dismiss()
