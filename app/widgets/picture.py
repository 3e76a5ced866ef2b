"""What the terminal shows, and the fewest bytes that turn it into what it should show; it knows no widget and no file.

Textual repaints every cell of a changed region and begins each piece of a line with all of its attributes. Over a slow
line that is what a rep waits for. A `Picture` remembers the cells on the terminal, sends those that differ, moves lines
that only moved with the terminal's own scrolling, and changes only the attributes that change.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rich.segment import Segment

from app.widgets.sgr import Pen

#: One cell in every terminal. Behind anything else the position is set anew, as terminals do not agree on widths.
_SURE = re.compile(
    r"[ -~\xa1-\xac\xae-\u02ff\u0370-\u0377\u037a-\u037f\u0384-\u038a\u038c\u038e-\u03a1"
    r"\u03a3-\u0482\u2010-\u2027\u2030-\u205e\u20ac\u2122\u2190-\u21ff\u2500-\u25fc\u2713\u2717]*"
)
_GAP = 4
_SCROLL_LEAST = 3
_ERASE = 10

Piece = tuple[int, int, Iterable[Segment]]


class Line:
    """The cells of one line: a character each ("" behind a wide one) and the number of its style."""

    __slots__ = ("chars", "styles", "sure")

    def __init__(self, chars: list[str], styles: list[int], sure: bool = True) -> None:
        self.chars = chars
        self.styles = styles
        self.sure = sure

    def copy(self) -> Line:
        return Line(self.chars.copy(), self.styles.copy(), self.sure)

    def same(self, other: Line | None) -> bool:
        return other is not None and self.chars == other.chars and self.styles == other.styles


class Picture:
    """The cells of a terminal of `width` times `height`. What it does not know is None and is sent whole."""

    def __init__(self, pen: Pen, width: int, height: int) -> None:
        self.pen = pen
        pen.forget()
        self.width = width
        self.height = height
        self._lines: list[Line | None] = [None] * height
        self._at: tuple[int, int] | None = None
        self._out: list[str] = []

    def update(self, pieces: Iterable[Piece]) -> str:
        """What to send so that each piece (line, first column, segments) is seen."""
        wanted: dict[int, Line] = {}
        for y, x, segments in pieces:
            if 0 <= y < self.height:
                if y not in wanted:
                    old = self._lines[y]
                    wanted[y] = old.copy() if old else Line([" "] * self.width, [0] * self.width)
                self._put(wanted[y], x, segments)
        self._out = []
        changed = {y: line for y, line in wanted.items() if not line.same(self._lines[y])}
        self._scroll(changed)
        for y in sorted(changed):
            self._send(y, changed[y])
            self._lines[y] = changed[y]
        if self._out:
            self._out.append(self.pen.plain())
        self._at = None  # Textual puts the cursor where the input method wants it
        return "".join(self._out)

    # -- reading what is wanted

    def _put(self, line: Line, x: int, segments: Iterable[Segment]) -> None:
        chars: list[str] = []
        styles: list[int] = []
        sure = True
        for text, style, control in segments:
            if control or not text:
                continue
            text = self.pen.spell(text)
            number = self.pen.number(style)
            if _SURE.fullmatch(text):
                chars += text
                styles += [number] * len(text)
            else:
                sure = False
                cells = _cells(text)
                chars += cells
                styles += [number] * len(cells)
        room = self.width - x
        line.chars[x : x + len(chars)] = chars[:room]
        line.styles[x : x + len(styles)] = styles[:room]
        line.sure = sure and (line.sure or len(chars) >= self.width)

    # -- lines that only moved

    def _scroll(self, changed: dict[int, Line]) -> None:
        """Let the terminal move a block of lines if that spares sending most of them."""
        places: dict[tuple[str, tuple[int, ...]], int] = {}
        for y, old in enumerate(self._lines):
            if old is not None and old.sure:
                places.setdefault(_key(old), y)
        moved: dict[int, list[int]] = {}
        for y, line in changed.items():
            was = places.get(_key(line))
            if was is not None and was != y and not _blank(line):
                moved.setdefault(y - was, []).append(y)
        if not moved:
            return
        shift, ys = max(moved.items(), key=lambda item: len(item[1]))
        first, last = min(ys), max(ys)
        if len(ys) < _SCROLL_LEAST or len(ys) < (last - first + 1) * 0.7:
            return
        top, bottom = min(first, first - shift), max(last, last - shift)
        kept = {y: line for y, line in enumerate(self._lines[top : bottom + 1], top) if line is not None}
        if len(kept) <= bottom - top:
            return
        self._move_lines(top, bottom, shift)
        for y, line in kept.items():
            changed.setdefault(y, line)
        for y in [y for y, line in changed.items() if line.same(self._lines[y])]:
            del changed[y]

    def _move_lines(self, top: int, bottom: int, shift: int) -> None:
        """Delete or insert lines within the margins: the block moves, blank lines follow (VT102: DECSTBM, DL, IL)."""
        count = abs(shift)
        self._out.append(self.pen.plain())
        self._out.append(f"\x1b[{top + 1};{bottom + 1}r\x1b[{top + 1}H\x1b[{count if count > 1 else ''}")
        self._out.append("M" if shift < 0 else "L")
        self._out.append("\x1b[r")
        self._at = None  # terminals disagree on where resetting the margins leaves the cursor
        block = self._lines[top : bottom + 1]
        blanks: list[Line | None] = [
            Line([" "] * self.width, [self.pen.number(None)] * self.width) for _ in range(count)
        ]
        self._lines[top : bottom + 1] = block[count:] + blanks if shift < 0 else blanks + block[:-count]

    # -- sending

    def _send(self, y: int, line: Line) -> None:
        old = self._lines[y]
        if old is None or not (old.sure and line.sure):
            self._send_cells(y, line, 0, self.width)
            return
        chars, styles, old_chars, old_styles = line.chars, line.styles, old.chars, old.styles
        alike = self.pen.alike_on_blanks
        differing = [
            x
            for x in range(self.width)
            if chars[x] != old_chars[x]
            or (styles[x] != old_styles[x] and (chars[x] != " " or not alike(styles[x], old_styles[x])))
        ]
        if not differing:
            return
        start = previous = differing[0]
        for x in differing[1:]:
            if x - previous > _GAP and not self._cheap(styles, previous, x):
                self._send_cells(y, line, start, previous + 1)
                start = x
            previous = x
        self._send_cells(y, line, start, previous + 1)

    @staticmethod
    def _cheap(styles: Sequence[int], first: int, last: int) -> bool:
        """Sending the cells between is no dearer than moving over them."""
        return last - first <= _GAP + 2 and len(set(styles[first : last + 1])) == 1

    def _send_cells(self, y: int, line: Line, first: int, last: int) -> None:
        self._go(first, y)
        chars, styles, out = line.chars, line.styles, self._out
        x, erased = first, False
        while x < last:
            end = x + 1
            number = styles[x]
            while end < last and styles[end] == number:
                end += 1
            text = "".join(chars[x:end])
            blank = text.isspace()
            out.append(self.pen.blank_to(number) if blank else self.pen.to(number))
            if blank and end - x >= _ERASE and self.pen.erases(number):
                out.append(f"\x1b[{end - x}X" + (f"\x1b[{end - x}C" if end < last else ""))
                erased = end == last
            elif line.sure:
                out.append(text)
            else:
                self._send_doubtful(y, chars, x, end)
            x = end
        self._at = None if erased else (last, y)

    def _send_doubtful(self, y: int, chars: Sequence[str], first: int, last: int) -> None:
        """Characters whose width is not sure: behind each of them the position is set anew."""
        lost = False
        for x in range(first, last):
            if lost and chars[x]:
                self._out.append(f"\x1b[{y + 1};{x + 1}H")
                lost = False
            self._out.append(chars[x])
            lost = lost or not _SURE.fullmatch(chars[x])
        if lost:
            self._out.append(f"\x1b[{y + 1};{last + 1}H")

    def _go(self, x: int, y: int) -> None:
        """The shortest way to a cell."""
        if self._at == (x, y):
            return
        if self._at is not None and self._at[1] == y and x > self._at[0]:
            steps = x - self._at[0]
            self._out.append(f"\x1b[{steps}C" if steps > 1 else "\x1b[C")
        elif self._at is not None and x == 0 and y == self._at[1] + 1:
            self._out.append("\r\n")
        elif x == 0:
            self._out.append(f"\x1b[{y + 1}H" if y else "\x1b[H")
        else:
            self._out.append(f"\x1b[{y + 1};{x + 1}H")
        self._at = (x, y)


def _cells(text: str) -> list[str]:
    """One entry a cell: marks hang on the character before them, a wide character is followed by an empty entry."""
    from rich.cells import get_character_cell_size

    cells: list[str] = []
    for char in text:
        size = get_character_cell_size(char)
        if size == 0:
            if cells:
                cells[-1 if cells[-1] else -2] += char
        else:
            cells.append(char)
            cells += [""] * (size - 1)
    return cells


def _key(line: Line) -> tuple[str, tuple[int, ...]]:
    return "".join(line.chars), tuple(line.styles)


def _blank(line: Line) -> bool:
    return not "".join(line.chars).strip()
