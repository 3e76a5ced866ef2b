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
#: Lines that must have moved alike, and cells that must be spared, for the terminal to be asked to move lines.
_SCROLL_LEAST, _SCROLL_GAIN = 3, 40
#: Bytes that it takes to go to a line.
_MOVE = 7
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
        for text, style, control in segments:
            if control or not text:
                continue
            text = self.pen.spell(text)
            number = self.pen.number(style)
            if _SURE.fullmatch(text):
                chars += text
                styles += [number] * len(text)
            else:
                cells = _cells(text)
                chars += cells
                styles += [number] * len(cells)
        room = self.width - x
        line.chars[x : x + len(chars)] = chars[:room]
        line.styles[x : x + len(styles)] = styles[:room]
        line.sure = _SURE.fullmatch("".join(line.chars)) is not None

    # -- lines that only moved

    def _scroll(self, changed: dict[int, Line]) -> None:
        """Let the terminal move a block of lines if that spares more than it costs to mend what should have stayed."""
        shift = self._likely_shift(changed)
        block = self._block_to_move(changed, shift) if shift else None
        if block is None:
            return
        top, bottom = block
        kept = {y: line for y, line in enumerate(self._lines[top : bottom + 1], top) if line is not None}
        if len(kept) <= bottom - top:
            return
        self._move_lines(top, bottom, shift)
        for y, line in kept.items():
            changed.setdefault(y, line)
        for y in [y for y, line in changed.items() if line.same(self._lines[y])]:
            del changed[y]

    def _likely_shift(self, changed: dict[int, Line]) -> int:
        """By how many lines most of what changed seems to have moved; 0: nothing has."""
        places: dict[str, int] = {}
        for y, old in enumerate(self._lines):
            if old is not None:
                places.setdefault(self._words(old), y)
        votes: dict[int, int] = {}
        for y, line in changed.items():
            words = self._words(line)
            was = places.get(words)
            if was is not None and was != y and not words.isspace():
                votes[y - was] = votes.get(y - was, 0) + 1
        shift, count = max(votes.items(), key=lambda vote: vote[1], default=(0, 0))
        return shift if count >= _SCROLL_LEAST else 0

    def _words(self, line: Line) -> str:
        """What a line is recognised by when it moves: not a pane at its left, nor a scroll bar at its end."""
        return "".join(line.chars[self.width // 3 : -1])

    def _block_to_move(self, changed: dict[int, Line], shift: int) -> tuple[int, int] | None:
        """First and last line of the block whose moving spares most; None if none is worth it."""
        best = total = start = 0
        first = last = -1
        for y in range(max(0, shift), min(self.height, self.height + shift)):
            wanted, old, source = changed.get(y) or self._lines[y], self._lines[y], self._lines[y - shift]
            gain = -self.width
            if wanted is not None and old is not None and source is not None:
                gain = self._cost(wanted, old) - self._cost(wanted, source)
            if total <= 0:
                total, start = 0, y
            total += gain
            if total > best:
                best, first, last = total, start, y
        top, bottom = min(first, first - shift), max(last, last - shift)
        for y in [*range(top, first), *range(last + 1, bottom + 1)] if best else ():
            # What moves away leaves blanks.
            wanted = changed.get(y) or self._lines[y]
            if wanted is not None:
                blanks = sum(char != " " for char in wanted.chars)
                best -= blanks - self._cost(wanted, self._lines[y] or wanted)
        return (top, bottom) if best >= _SCROLL_GAIN else None

    def _cost(self, line: Line, old: Line) -> int:
        """Roughly the cells to send to turn one line into the other."""
        if line.same(old):
            return 0
        differing = self._differing(line, old)
        if not differing:
            return 0
        return _MOVE + (len(differing) if line.sure and old.sure else differing[-1] - differing[0] + 1)

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
        if old is None:
            self._send_cells(y, line, 0, self.width)
            return
        styles, differing = line.styles, self._differing(line, old)
        if not differing:
            return
        if not (old.sure and line.sure):
            self._send_cells(y, line, *_whole(line, old, differing[0], differing[-1]))
            return
        start = previous = differing[0]
        for x in differing[1:]:
            if x - previous > _GAP and not self._cheap(styles, previous, x):
                self._send_cells(y, line, start, previous + 1)
                start = x
            previous = x
        self._send_cells(y, line, start, previous + 1)

    def _differing(self, line: Line, old: Line) -> list[int]:
        """The columns in which the one looks different from the other."""
        alike, cells = (
            self.pen.alike_on_blanks,
            zip(line.chars, old.chars, line.styles, old.styles, strict=True),
        )
        return [
            x
            for x, (char, old_char, style, old_style) in enumerate(cells)
            if char != old_char or (style != old_style and (char != " " or not alike(style, old_style)))
        ]

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


def _whole(line: Line, old: Line, first: int, last: int) -> tuple[int, int]:
    """The stretch from `first` to `last` with the other halves of wide characters at its ends; ends before the second."""
    while first > 0 and not (line.chars[first] and old.chars[first]):
        first -= 1
    last += 1
    while last < len(line.chars) and not (line.chars[last] and old.chars[last]):
        last += 1
    return first, last


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
