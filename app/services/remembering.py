"""Keeps the way back of a step, in the transaction in which it is done; knows none, and takes nothing back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.domain.text import clean_line, fit
from app.domain.undo import Inverse, write_inverses
from app.store.connection import Connection
from app.store.undo import extend_step, push_step

#: Cells of a title in what is told.
TITLE_SHOWN = 36


def remember(
    tx: Connection,
    author: str,
    text: str,
    inverses: Sequence[Inverse],
    now: datetime,
    part_of: int | None = None,
) -> int:
    """Keep how to take a step back; `text` names it when that is done. `part_of`: the step that this is a further part of,
    in a transaction of its own. The number of the step."""
    line = write_inverses(inverses)
    if part_of is not None and extend_step(tx, part_of, text, line):
        return part_of
    return push_step(tx, author, text, line, int(now.timestamp()))


def shown(title: str) -> str:
    """A title on the line that tells what was done."""
    return fit(clean_line(" ".join(title.split())), TITLE_SHOWN).rstrip()
