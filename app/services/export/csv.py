"""Writes tables as CSV files (RFC 4180) that spreadsheets open with a double click; what stands in them is the caller's.

Why the separator and the numbers follow the language, and what is done about formulas: docs/decisions, "What a CSV file
looks like".
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import BinaryIO

from app.domain.paths import expanded
from app.domain.text import clean_block
from app.language import N_, _
from app.mail.mime.names import safe_name
from app.mail.saving import NotSaved, write_new

ENDING = ".csv"
#: What a cell may hold: an amount is a Decimal, so that it is written with a sign for its decimals.
Cell = str | int | Decimal | date | None

#: What makes a spreadsheet take a text for a formula, also as the wide signs of East Asian keyboards.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
#: Numbers, of telephones too: no formula can be made of these signs alone.
_NUMBER = re.compile(r"[+-]?\d[\d., \u00a0]*%?")
_SEPARATORS = re.compile(r"[/\\]")


class NameTaken(NotSaved):
    next_step = "Choose another name."


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is written: between its cells, within its numbers, and whether it says at its beginning that it is
    UTF-8, by which alone Excel knows."""

    separator: str = ";"
    decimal: str = ","
    marked: bool = True


def shape_of_language() -> Shape:
    """The shape that spreadsheets expect in the language of this run."""
    decimal = _("0.1")[1]
    return Shape(";" if decimal == "," else ",", decimal)


def file_name(*words: str) -> str:
    """A file name made of these words, the empty ones left out: harmless, whatever stands in them."""
    told = " ".join(filter(None, words))
    return safe_name(_SEPARATORS.sub("_", told)[:120].strip() + ENDING)


def save_csv(folder: Path, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Path:
    """Write a table into `folder`, which is made if it is not there, under this name or, where that is taken, under it
    with a number; the new file's path. Raises NotSaved, and BadInput for a folder that cannot be named."""
    folder = expanded(folder)
    try:
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        return write_new(folder, name, partial(_write, header=header, rows=rows))
    except OSError as error:
        raise NotSaved(f"{folder}: {error.strerror}") from error


def create_csv(path: Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Path:
    """Write a table into this new file. Raises NotSaved, also where a file stands already, and BadInput for a path
    that cannot be."""
    path = expanded(path)
    if not path.name:
        raise NotSaved("{where}: {reason}", where=path, reason=N_("this is no name of a file"))
    try:
        return write_new(path.parent, path.name, partial(_write, header=header, rows=rows), other_names=False)
    except FileExistsError:
        raise NameTaken("{where}: {reason}", where=path, reason=N_("there is such a file already")) from None
    except OSError as error:
        raise NotSaved(f"{path}: {error.strerror}") from error


def _write(file: BinaryIO, *, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    shape = shape_of_language()
    text = io.TextIOWrapper(file, "utf-8-sig" if shape.marked else "utf-8", newline="", write_through=False)
    write_rows(text, header, rows, shape)
    text.flush()
    text.detach()  # whoever opened the file closes it


def write_rows(
    text: io.TextIOBase, header: Sequence[str], rows: Iterable[Sequence[Cell]], shape: Shape
) -> None:
    """The lines of a file, each ending in CR LF."""
    writer = csv.writer(text, delimiter=shape.separator, lineterminator="\r\n")
    writer.writerow([told(title, shape) for title in header])
    writer.writerows([told(cell, shape) for cell in row] for row in rows)


def told(cell: Cell, shape: Shape) -> str:
    """A cell as it stands in the file: a number without signs between its thousands, a day as in ISO 8601, a text that no
    spreadsheet computes."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return harmless(cell)
    return f"{cell:f}".replace(".", shape.decimal) if isinstance(cell, Decimal) else str(cell)


def harmless(text: str) -> str:
    """The text cleaned, and with an apostrophe before what a spreadsheet would compute; numbers stay as they are."""
    text = clean_block(text)
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text
