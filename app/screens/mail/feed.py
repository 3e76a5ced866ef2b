"""Fetches what the mail list shows, away from the event loop: the first screenfuls, those around a place, a changed list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.mail.listing import ListFilter, Position
from app.domain.mail.messages import MailRow
from app.screens.desk import Reader
from app.widgets.rows import PAGES, Missing


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a list: its length, the rows from place `first` on, and where the mail that was asked for stands."""

    total: int
    first: int
    rows: Sequence[MailRow]
    place: int = 0


def position(row: MailRow) -> Position:
    """Where a row stands in the order of dates."""
    return row.message_id, row.copy_id


def stretch_at(reader: Reader, wanted: ListFilter, height: int, anchor: MailRow | None = None) -> Stretch:
    """The list around a mail, or around the place where it would stand; from the top without one."""
    total = reader.count(wanted)
    spare = height * PAGES
    if anchor is None:
        return Stretch(total, 0, reader.window(wanted, limit=height + spare))
    place = min(reader.offset_of(wanted, position(anchor)), max(0, total - 1))
    before = reader.window(wanted, before=position(anchor), limit=spare + height)
    # The mail itself stands behind its own position's predecessors; nothing can stand between the two.
    behind = reader.window(wanted, after=position(before[-1]) if before else None, limit=spare + height)
    return Stretch(total, max(0, place - len(before)), [*before, *behind], place)


def fetch(reader: Reader, wanted: ListFilter, missing: Missing) -> list[MailRow]:
    """The lines that a list misses."""
    if missing.after is not None:
        return reader.window(wanted, after=position(missing.after), limit=missing.count)
    if missing.before is not None:
        return reader.window(wanted, before=position(missing.before), limit=missing.count)
    return reader.window_at(wanted, missing.first, missing.count)
