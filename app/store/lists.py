"""Windows into mail lists of any size; reads only, plain SQL.

A list is walked in an index, never sorted: one branch a folder, merged by the database, from where the reader stands
(keyset paging).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.listing import ListFilter, Position, SortOrder
from app.domain.mail import MailRow
from app.store.branches import Branch, branches
from app.store.connection import Connection
from app.store.counters import folders, mailboxes, totals
from app.store.rows import rows_of

__all__ = [
    "count",
    "counted",
    "folders",
    "keys",
    "mailboxes",
    "offset_of",
    "rows_of",
    "totals",
    "window",
    "window_at",
]

#: From this offset on, walking one index is cheaper than merging branches.
DEEP = 5_000


def keys(
    read: Connection,
    wanted: ListFilter,
    *,
    limit: int,
    offset: int = 0,
    after: Position | None = None,
    before: Position | None = None,
) -> list[Position]:
    """Positions in the list's order: the `limit` next ones after `after`, or the last ones before `before`."""
    newest = wanted.order != SortOrder.OLDEST
    backwards = before is not None
    falling = newest != backwards
    edge = before if backwards else after
    beyond = "" if edge is None else f" AND (message_id, id) {'<' if falling else '>'} (?, ?)"
    found = branches(read, wanted, merge=offset < DEEP)
    if not found or limit <= 0:
        return []
    way = "DESC" if falling else "ASC"
    sql = " UNION ALL ".join(f"SELECT message_id, id {branch.sql}{beyond}" for branch in found)
    params = [value for branch in found for value in (*branch.params, *(edge or ()))]
    rows = read.rows(f"{sql} ORDER BY 1 {way}, 2 {way} LIMIT {int(limit)} OFFSET {int(offset)}", params)
    result = [(int(message), int(copy)) for message, copy in rows]
    return result[::-1] if backwards else result


def window(
    read: Connection,
    wanted: ListFilter,
    *,
    after: Position | None = None,
    before: Position | None = None,
    limit: int,
) -> list[MailRow]:
    """The next `limit` rows after a position (from the top without one), or the last ones before `before`."""
    return rows_of(read, [copy for _, copy in keys(read, wanted, after=after, before=before, limit=limit)])


def window_at(read: Connection, wanted: ListFilter, offset: int, limit: int) -> list[MailRow]:
    """`limit` rows from the `offset`-th on, reached from the nearer end."""
    total = counted(read, wanted)
    if total is None or offset < total // 2:
        found = keys(read, wanted, limit=limit, offset=max(0, offset))
    else:
        limit = min(limit, total - offset)
        turned = SortOrder.NEWEST if wanted.order == SortOrder.OLDEST else SortOrder.OLDEST
        back = (
            keys(read, replace(wanted, order=turned), limit=limit, offset=total - offset - limit)
            if limit > 0
            else []
        )
        found = back[::-1]
    return rows_of(read, [copy for _, copy in found])


def counted(read: Connection, wanted: ListFilter) -> int | None:
    """The length of the list when the folders' counters know it, else None."""
    counter = "unprocessed" if wanted.unprocessed else "unread" if wanted.unread else "total"
    plain = ListFilter(
        mailbox_id=wanted.mailbox_id,
        folder_id=wanted.folder_id,
        unprocessed=wanted.unprocessed,
        unread=wanted.unread and not wanted.unprocessed,
        order=wanted.order,
    )
    if plain != wanted:
        return None
    if wanted.folder_id is not None:
        return int(read.value(f"SELECT {counter} FROM folder WHERE id = ?", (wanted.folder_id,)) or 0)
    sums = totals(read, wanted.mailbox_id)
    return sums.unprocessed if wanted.unprocessed else sums.unread if wanted.unread else sums.total


def count(read: Connection, wanted: ListFilter) -> int:
    """How many rows the list has; at once for a folder's mail, unread and unprocessed mail, else counted."""
    known = counted(read, wanted)
    if known is not None:
        return known
    return _count(read, branches(read, wanted, merge=False))


def _count(
    read: Connection, parts: Sequence[Branch], beyond: str = "", edge: Position | tuple[()] = ()
) -> int:
    return sum(int(read.value(f"SELECT count(*) {b.sql}{beyond}", (*b.params, *edge)) or 0) for b in parts)


def offset_of(read: Connection, wanted: ListFilter, position: Position) -> int:
    """How many rows stand before this position, whether a row is there or not; counted from the nearer end."""
    newest = wanted.order != SortOrder.OLDEST
    parts = branches(read, wanted)
    total = counted(read, wanted)
    before, from_here = (">", "<=") if newest else ("<", ">=")
    if total is not None and len(parts) == 1:
        part = parts[0]
        sql = f"SELECT count(*) FROM (SELECT 1 {part.sql} AND (message_id, id) {from_here} (?, ?) LIMIT {total // 2}) AS half"
        behind = int(read.value(sql, (*part.params, *position)))
        if behind < total // 2:
            return total - behind
    return _count(read, parts, f" AND (message_id, id) {before} (?, ?)", position)
