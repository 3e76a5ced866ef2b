"""Attributes of text as terminal sequences (ECMA-48 SGR, OSC 8): numbers styles and gives the shortest way between two."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

from rich.color import Color, ColorSystem
from rich.style import Style

_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_NOT_IN_URL = re.compile(r"[^\x21-\x7e]")
_POORER = str.maketrans("…–—„“”‚‘’∙◦▪▐‹›", ".--" + 3 * chr(34) + 3 * chr(39) + "-o#|<>")
#: Attribute, sequence that switches it on, sequence that switches it off.
_ATTRIBUTES = (
    ("bold", "1", "22"),
    ("dim", "2", "22"),
    ("italic", "3", "23"),
    ("underline", "4", "24"),
    ("reverse", "7", "27"),
    ("strike", "9", "29"),
)


#: The levels of red, green and blue in the colour cube 16 to 231 of xterm.
_LEVELS = {0: 0, 95: 1, 135: 2, 175: 3, 215: 4, 255: 5}


@dataclass(frozen=True, slots=True)
class Look:
    """What of a style can be seen: sequences that are on, colours as SGR parameters (empty: the terminal's), a link."""

    on: frozenset[str] = frozenset()
    front: str = ""
    back: str = ""
    link: str = ""

    def on_blanks(self) -> Look:
        """What can be seen of it where nothing stands."""
        kept = self.on & {"4", "7", "9"}
        return Look(kept, self.front if kept else "", self.back, self.link)


class Pen:
    """Speaks to one terminal: `colours` None is a terminal without any, `encoding` what its text is written in.

    `background_erases`: what is erased gets the background colour (terminfo calls it bce), as everywhere but in screen.
    """

    def __init__(
        self, colours: ColorSystem | None, encoding: str = "utf-8", *, background_erases: bool = True
    ) -> None:
        self._colours = colours
        self._encoding = encoding if encoding.lower().replace("-", "") != "utf8" else ""
        self._background_erases = background_erases
        self._numbers: dict[Style | None, int] = {}
        self._looks: list[Look] = [Look()]
        self._blanks: list[Look] = [Look()]
        self._by_look: dict[Look, int] = {Look(): 0}
        self._ways: dict[tuple[int, int], str] = {}
        self._now = -1

    def number(self, style: Style | None) -> int:
        """A number for the style; styles that look the same have the same."""
        number = self._numbers.get(style)
        if number is None:
            look = Look() if style is None else self._look(style)
            number = self._by_look.get(look)
            if number is None:
                number = self._by_look[look] = len(self._looks)
                self._looks.append(look)
                self._blanks.append(look.on_blanks())
            self._numbers[style] = number
        return number

    def alike_on_blanks(self, one: int, other: int) -> bool:
        """Whether a blank looks the same in both."""
        return one == other or (one >= 0 <= other and self._blanks[one] == self._blanks[other])

    def erases(self, number: int) -> bool:
        """Whether erasing (ECH) leaves blanks of this style: what is erased has a background and nothing else."""
        look = self._blanks[number]
        return not look.on and not look.link and (self._background_erases or not look.back)

    def blank_to(self, number: int) -> str:
        """What to send before blanks of this style."""
        return "" if self.alike_on_blanks(self._now, number) else self.to(number)

    def to(self, number: int) -> str:
        """What to send so that text has this style from now on."""
        if number == self._now:
            return ""
        way = self._ways.get((self._now, number))
        if way is None:
            way = self._ways[self._now, number] = self._way(self._now, number)
        self._now = number
        return way

    def plain(self) -> str:
        """What to send for text without attributes."""
        return self.to(0)

    def forget(self) -> None:
        """The terminal may have any attributes now."""
        self._now = -1

    def spell(self, text: str) -> str:
        """The text without control characters, and with what the terminal's encoding lacks replaced."""
        if text.isascii() and text.isprintable():
            return text
        text = _CONTROLS.sub("\ufffd", text)
        if not self._encoding:
            return text
        return "".join(self._poorer(char) for char in text)

    def _poorer(self, char: str) -> str:
        for candidate in (char, char.translate(_POORER)):
            try:
                candidate.encode(self._encoding)
            except UnicodeEncodeError:
                continue
            return candidate
        from rich.cells import get_character_cell_size

        return "?" * get_character_cell_size(char)

    def _look(self, style: Style) -> Look:
        on = frozenset(code for name, code, _ in _ATTRIBUTES if getattr(style, name))
        return Look(on, self._colour(style.color, True), self._colour(style.bgcolor, False), style.link or "")

    def _colour(self, colour: Color | None, front: bool) -> str:
        if colour is None or colour.is_default or self._colours is None:
            return ""
        if self._colours is ColorSystem.TRUECOLOR and (number := _palette_number(colour)):
            return f"{38 if front else 48};5;{number}"
        return ";".join(colour.downgrade(self._colours).get_ansi_codes(front))

    def _way(self, old: int, new: int) -> str:
        look = self._looks[new]
        fresh = ["", *sorted(look.on), *filter(None, (look.front, look.back))]
        if old < 0:
            return _sgr(fresh) + (_osc8(look.link) if look.link else "")
        was = self._looks[old]
        delta: list[str] = []
        for off in sorted({off for _, code, off in _ATTRIBUTES if code in was.on - look.on}):
            delta.append(off)
        kept = was.on - {code for _, code, off in _ATTRIBUTES if off in delta}
        delta += sorted(look.on - kept)
        if was.front != look.front:
            delta.append(look.front or "39")
        if was.back != look.back:
            delta.append(look.back or "49")
        way = min((_sgr(delta) if delta else "", _sgr(fresh)), key=len)
        return way + (_osc8(look.link) if was.link != look.link else "")


def _palette_number(colour: Color) -> int:
    """The number of exactly this colour among the 256 that every terminal with more has; 0 if it is none of them.

    Half the bytes of the three figures. The first cube colours are left out: some colour schemes redefine them.
    """
    if colour.triplet is None:
        return 0
    levels = [_LEVELS.get(part) for part in colour.triplet]
    red, green, blue = levels
    if red is not None and green is not None and blue is not None:
        number = 16 + 36 * red + 6 * green + blue
        return number if number > 21 else 0
    grey, rest = divmod(colour.triplet.red - 8, 10)
    return 232 + grey if len(set(colour.triplet)) == 1 and not rest and 0 <= grey < 24 else 0


def _sgr(parameters: list[str]) -> str:
    return f"\x1b[{';'.join(parameters)}m"


def _osc8(link: str) -> str:
    """Begin a hyperlink, or end one. Pieces of one link share an id, so that they light up together."""
    if not link:
        return "\x1b]8;;\x1b\\"
    safe = _NOT_IN_URL.sub(lambda found: "".join(f"%{octet:02X}" for octet in found[0].encode()), link)
    return f"\x1b]8;id={zlib.crc32(safe.encode()):x};{safe}\x1b\\"
