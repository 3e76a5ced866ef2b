"""What verbs print: JSON that no terminal can stumble over, aligned tables, and messages on standard error."""

from __future__ import annotations

import json
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import islice
from typing import Any

from app import __version__
from app.domain.errors import PostkorbError
from app.domain.text import clean_line, fit
from app.language import _, in_english

_JSON = json.JSONEncoder(ensure_ascii=False, check_circular=False)
_BLOCK = 200  # rows written at once
NARROW = 80


def to_json(value: Any) -> str:
    """JSON on one line. What is not printable (controls, direction changes, invisible signs) stands escaped."""
    text = _JSON.encode(value)
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)


def print_json(value: Any) -> None:
    """One JSON value on standard output."""
    write(to_json(value) + "\n")


def print_json_rows(rows: Iterable[dict[str, Any]]) -> None:
    """One JSON array on standard output, a line for each row, written while the rows come."""
    separator = "[\n"
    coming = iter(rows)
    while block := list(islice(coming, _BLOCK)):
        write(separator + _lines_of(block))
        separator = ",\n"
    write("[]\n" if separator == "[\n" else "\n]\n")


def _lines_of(block: list[dict[str, Any]]) -> str:
    """A line for each row: encoded together, which takes half the time, unless rows hold what looks like their border."""
    text = to_json(block)
    if text.count("}, {") == len(block) - 1:
        return text[1:-1].replace("}, {", "},\n{")
    return ",\n".join(map(to_json, block))


@dataclass(frozen=True, slots=True)
class Column:
    """`width` in cells; 0: what is left of the line. Only the last column may have 0: it is cut for a terminal alone."""

    title: str
    width: int
    right: bool = False


def print_table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> None:
    """Aligned lines under a line of titles, written while the rows come. Cells are cleaned here."""
    rest = line_width() - sum(column.width + 2 for column in columns if column.width)
    widths = [column.width or max(rest, 10) for column in columns]
    write(_line([column.title for column in columns], columns, widths))
    for row in rows:
        write(_line(row, columns, widths))


def _line(cells: Sequence[str], columns: Sequence[Column], widths: Sequence[int]) -> str:
    parts = []
    for cell, column, width in zip(cells, columns, widths, strict=True):
        if column.width == 0 and not sys.stdout.isatty():
            parts.append(clean_line(cell))
        elif column.right:
            parts.append(clean_line(cell).rjust(width))
        else:
            parts.append(fit(cell, width))
    return "  ".join(parts).rstrip() + "\n"


def line_width() -> int:
    """Cells of a line: the terminal's, and 80 where there is none."""
    return shutil.get_terminal_size((NARROW, 24)).columns if sys.stdout.isatty() else NARROW


def write(text: str) -> None:
    """Text that is clean already, on standard output."""
    sys.stdout.write(text)


def write_line(text: str) -> None:
    """One line on standard output, cleaned."""
    sys.stdout.write(clean_line(text) + "\n")


def say(text: str) -> None:
    """One message for the person on standard error, cleaned; a terminal gets it broken between words."""
    text = clean_line(text)
    if sys.stderr.isatty():
        from app.widgets.wrap import breaks

        width = os.get_terminal_size(sys.stderr.fileno()).columns or NARROW
        text = "\n".join(text[start:end] for start, end in breaks(text, width))
    sys.stderr.write(text + "\n")


def spoken(as_json: bool) -> AbstractContextManager[None]:
    """What is told meanwhile: scripts read English whatever the language, people read theirs."""
    return in_english() if as_json else nullcontext()


def print_version() -> None:
    """Which Postkorb this is, on standard output."""
    write_line(f"postkorb {__version__}")


def sentence(error: PostkorbError) -> str:
    """The error in one line: what, why, and what to do next."""
    what = error.told
    if not error.next_step:
        return what
    return f"{what}{'' if what.endswith(('.', '!', '?')) else '.'} {_(error.next_step)}"


def decimal(value: float) -> str:
    """A number with one decimal, as the language of this run writes it; for people, never for JSON."""
    return f"{value:.1f}".replace(".", _("1.5")[1])
