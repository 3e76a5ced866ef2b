"""Breaks lines of clean text for a width in cells, between words where that is possible; pure."""

from __future__ import annotations

from app.domain.text import cell_width


def breaks(line: str, width: int) -> list[tuple[int, int]]:
    """Where the pieces of one line begin and end; the blanks at which it was broken belong to no piece.

    An indented line goes on with the same indent's worth of text less, but is not indented again.
    """
    width = max(1, width)
    if len(line) <= width and cell_width(line) <= width:
        return [(0, len(line))]
    pieces: list[tuple[int, int]] = []
    start, length = 0, len(line)
    while start < length:
        end = _fitting(line, start, width)
        if end < length:
            blank = line.rfind(" ", start, end + 1)
            if blank > start and not line[start:blank].isspace():
                end = blank
        pieces.append((start, end))
        start = end
        while start < length and line[start] == " ":
            start += 1
    return pieces or [(0, 0)]


def _fitting(line: str, start: int, width: int) -> int:
    """The end of the longest piece from `start` on that fits, at least one character."""
    end = min(len(line), start + width)
    if cell_width(line[start:end]) == end - start:
        return end
    used = 0
    for place in range(start, len(line)):
        used += cell_width(line[place])
        if used > width and place > start:
            return place
    return len(line)
