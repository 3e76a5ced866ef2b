"""Lists that no index holds in order (by sender, by subject, the hits of a search): sorted once and kept.

A snapshot is ids only; the rows are read when they are shown. It is made again when mail came or went, but never so
often that it takes more than a small part of the time.
"""

from __future__ import annotations

import threading
import time
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from app.domain.mail.listing import ListFilter, Position, SortOrder
from app.domain.mail.messages import MailRow
from app.domain.mail.query import Query
from app.store.connection import Connection
from app.store.fulltext import search
from app.store.lists import windows
from app.store.lists.scope import Scope, scope_of

#: A snapshot is kept at least so many times as long as it took to make.
_REST = 10


@dataclass(frozen=True, slots=True)
class Snapshot:
    """`ids`: messages when the list is that of a search, else copies. `mark`: what the store looked like."""

    wanted: ListFilter
    today: date
    scope: Scope
    ids: array[int]
    of_messages: bool
    mark: object
    made_at: float
    seconds: float

    def rows(self, read: Connection, start: int, end: int) -> list[MailRow]:
        """The rows of this slice; fewer when some are gone."""
        ids = self.ids[max(0, start) : max(0, end)]
        found: Sequence[int] = ids
        if self.of_messages:
            found = [copy for _, copy in search.copies(read, self.scope, ids)]
        return windows.rows_of(read, found)

    def offset_of(self, position: Position) -> int:
        """Where the row of this position stands; 0 when it is not in the list (any more)."""
        message, copy = position
        try:
            return self.ids.index(message if self.of_messages else copy)
        except ValueError:
            return 0


class Snapshots:
    """Keeps the snapshot that was asked for last; may be used from any thread."""

    def __init__(self) -> None:
        self._kept: Snapshot | None = None
        self._lock = threading.Lock()

    def of(self, read: Connection, wanted: ListFilter, query: Query | None, today: date) -> Snapshot:
        """The list as it is now, or was a moment ago. While one thread makes it anew, the others get the old one."""
        kept, mark = self._kept, _mark(read)
        usable = kept is not None and (kept.wanted, kept.today) == (wanted, today)
        if kept is not None and usable and not _is_stale(kept, mark):
            return kept
        if not self._lock.acquire(blocking=not usable) and kept is not None:
            return kept
        try:
            made = self._kept
            if made is kept or made is None or (made.wanted, made.today) != (wanted, today):
                made = self._kept = _make(read, wanted, query, today, mark)
            return made
        finally:
            self._lock.release()


def _is_stale(kept: Snapshot, mark: object) -> bool:
    return kept.mark != mark and time.monotonic() - kept.made_at > kept.seconds * _REST


def _mark(read: Connection) -> object:
    """Changes when a mail enters or leaves a folder, or is read or dealt with."""
    return (
        read.rows("SELECT id, total, unread, unprocessed FROM folder ORDER BY id"),
        read.value("SELECT max(id) FROM mail_copy"),
    )


def _make(read: Connection, wanted: ListFilter, query: Query | None, today: date, mark: object) -> Snapshot:
    begun = time.monotonic()
    scope = scope_of(read, wanted, query)
    if query is None:
        ids = windows.sorted_copies(read, wanted)
    else:
        ids = search.every(read, scope, query)
        if wanted.order == SortOrder.OLDEST:
            ids.reverse()
        elif not wanted.order.by_date:
            ids = windows.sorted_messages(read, ids, wanted.order)
    now = time.monotonic()
    return Snapshot(wanted, today, scope, ids, query is not None, mark, now, now - begun)
