"""All keys of the place it was called from, by what they are for; any key closes it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen

from app.commands.key_map import KeyMap
from app.commands.registry import COMMANDS, PLACES, Command
from app.domain.text import cell_width, fit
from app.language import _
from app.screens.leaves_once import LeavesOnce
from app.widgets.bar import Bar, Item
from app.widgets.key_names import key_name
from app.widgets.text_pane import Span, TextLine, TextPane

if TYPE_CHECKING:
    from app.screens.place import Place

COLUMN = 38
KEYS = 10  # the least that the keys of a command get of its column

#: Lines that stand together: a command, also with the heading over it.
Block = list[TextLine]


class KeyTable(TextPane):
    """Keys and what they do, in as many columns as fit."""

    def __init__(self, commands: Sequence[Command], keymap: KeyMap) -> None:
        super().__init__()
        self._commands = [command for command in commands if keymap.keys_of(command.id)]
        self._keymap = keymap

    def lines_for(self, width: int) -> list[TextLine]:
        columns = max(1, min(4, width // COLUMN))
        column = width // columns
        longest = max((cell_width(_(command.title)) for command in self._commands), default=0)
        room = max(KEYS, column - longest - 3)
        blocks: list[Block] = []
        for place, title in PLACES.items():
            own = [self._lines_of(c, room, column) for c in self._commands if c.place == place]
            if own:
                blank: Block = [(Span(" " * column),)] if blocks else []
                blocks += [[*blank, (Span(fit(_(title), column), "heading"),), *own[0]], *own[1:]]
        sides = _in_columns(blocks, columns)
        height = max(map(len, sides))
        return [
            tuple(
                span for side in sides for span in (side[row] if row < len(side) else (Span(" " * column),))
            )
            for row in range(height)
        ]

    def _lines_of(self, command: Command, room: int, column: int) -> Block:
        """All keys of a command, on as many lines as they need, and what it does."""
        rows: list[str] = []
        for name in map(key_name, self._keymap.keys_of(command.id)):
            if rows and cell_width(rows[-1]) + 2 + cell_width(name) <= room:
                rows[-1] += "  " + name
            else:
                rows.append(name)
        texts = [_(command.title), *[""] * (len(rows) - 1)]
        return [
            (Span(fit(keys, room) + " ", "key"), Span(fit(text, column - room - 2) + " "))
            for keys, text in zip(rows, texts, strict=True)
        ]


def _in_columns(blocks: Sequence[Block], columns: int) -> list[Block]:
    """The blocks one below the other in columns that are as low as can be; none is parted."""
    height = -(-sum(map(len, blocks)) // columns)
    while len(sides := _stacked(blocks, height)) > columns:
        height += 1
    return sides + [[] for _side in range(columns - len(sides))]


def _stacked(blocks: Sequence[Block], height: int) -> list[Block]:
    sides: list[Block] = [[]]
    for block in blocks:
        if sides[-1] and len(sides[-1]) + len(block) > height:
            sides.append([])
        top = block[0][0].text
        sides[-1] += block if sides[-1] or top.strip() else block[1:]
    return sides


def _is_hidden(command: Command, place: Place) -> bool:
    """Whether all its keys mean something else here, by a place that comes before its own."""
    contexts, keymap = place.contexts, place.keymap
    if command.place not in contexts:
        return False
    chords = [tuple(keys.split(" ")) for keys in keymap.keys_of(command.id)]
    return bool(chords) and all(keymap.find(contexts, chord) is not command for chord in chords)


class HelpScreen(LeavesOnce[None], ModalScreen[None]):
    """The key table over the whole screen."""

    def __init__(self, place: Place) -> None:
        super().__init__()
        keymap = place.keymap
        # Also those that make no sense at the moment, or in another pane.
        handled = [c for c in COMMANDS if c.id in place.handled()]
        self._table = KeyTable([c for c in handled if not _is_hidden(c, place)], keymap)

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
