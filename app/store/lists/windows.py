"""Windows into mail lists of any size; reads only, plain SQL.

A list by date is walked in an index, never sorted: one branch a folder, merged by the database, from where the reader
stands (keyset paging).
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence

from app.domain.mail.listing import ListFilter, Position, SortOrder
from app.domain.mail.messages import MailRow
from app.store.connection import Connection, places
from app.store.lists.counters import folders, mailboxes, totals
from app.store.lists.rows import rows_of
from app.store.lists.scope import Branch, Scope, scope_of

__all__ = [
    "count",
    "counted",
    "folders",
    "keys",
    "mailboxes",
    "offset_of",
    "rows_of",
    "sorted_copies",
    "sorted_messages",
    "totals",
    "window",
    "window_at",
]

#: From this offset on, walking one index is cheaper than merging branches.
DEEP = 5_000
#: A place this near to an end is counted from there.
NEAR = 20_000


def keys(
    read: Connection,
    scope: Scope,
    *,
    limit: int,
    offset: int = 0,
    oldest_first: bool = False,
    after: Position | None = None,
    before: Position | None = None,
) -> list[Position]:
    """Positions in order of dates: the `limit` next ones after `after`, or the last ones before `before`."""
    found = scope.branches(read.dialect, merge=offset < DEEP)
    if not found or limit <= 0:
        return []
    backwards = before is not None
    falling = oldest_first == backwards
    edge = before if backwards else after
    beyond = "" if edge is None else f" AND (message_id, id) {'<' if falling else '>'} (?, ?)"
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
    """The next `limit` rows of a list by date after a position (from the top without one), or the last ones before
    `before`."""
    oldest = wanted.order == SortOrder.OLDEST
    found = keys(read, scope_of(read, wanted), oldest_first=oldest, after=after, before=before, limit=limit)
    return rows_of(read, [copy for _, copy in found])


def window_at(read: Connection, wanted: ListFilter, offset: int, limit: int) -> list[MailRow]:
    """`limit` rows of a list by date from the `offset`-th on, reached from the nearer end."""
    oldest = wanted.order == SortOrder.OLDEST
    scope, total = scope_of(read, wanted), counted(read, wanted)
    if total is None or offset < total // 2:
        found = keys(read, scope, oldest_first=oldest, limit=limit, offset=max(0, offset))
    else:
        limit = min(limit, total - offset)
        found = keys(
            read, scope, oldest_first=not oldest, limit=limit, offset=max(0, total - offset - limit)
        )[::-1]
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
    return _count(read, scope_of(read, wanted).for_counting().branches(read.dialect))


def _count(
    read: Connection, parts: Sequence[Branch], beyond: str = "", edge: Sequence[int] = (), most: int = 0
) -> int:
    """How many rows of all branches fulfil a further condition; with `most`, counting ends there in each branch."""
    total = 0
    for part in parts:
        sql = f"SELECT count(*) {part.sql}{beyond}"
        if most:
            sql = f"SELECT count(*) FROM (SELECT 1 {part.sql}{beyond} LIMIT {most}) AS reached"
        total += int(read.value(sql, (*part.params, *edge)))
    return total


def offset_of(read: Connection, wanted: ListFilter, position: Position) -> int:
    """How many rows of a list by date stand before this position, whether a row is there or not; counted from the
    nearer end."""
    less, more = ("<", ">") if wanted.order == SortOrder.OLDEST else (">", "<")
    message, copy = position
    scope, total = scope_of(read, wanted).for_counting(), counted(read, wanted)
    parts = scope.branches(read.dialect)
    same = _count(read, parts, f" AND message_id = ? AND id {less} ?", (message, copy))
    ahead = _count(read, parts, f" AND message_id {less} ?", (message,), most=NEAR)
    if ahead < NEAR:
        return ahead + same
    if total is not None:
        behind = _count(read, parts, f" AND message_id {more} ?", (message,), most=NEAR)
        if behind < NEAR:
            return total - behind - _count(read, parts, " AND message_id = ?", (message,)) + same
    return _count(read, parts, f" AND message_id {less} ?", (message,)) + same


def _lower(column: str) -> str:
    """SQL for a text in small letters, umlauts as their base letters; SQLite's own lower() knows ASCII only."""
    sql = f"lower(substr({column}, 1, 60))"
    for umlaut, letter in zip("äÄöÖüÜ", "aaoouu", strict=True):
        sql = f"replace({sql}, '{umlaut}', '{letter}')"
    return sql


_ANSWER_SIGNS = ("re: ", "aw: ", "wg: ", "fw: ")
_BARE_SUBJECT = f"CASE WHEN lower(substr(m.subject, 1, 4)) IN {_ANSWER_SIGNS} THEN substr(m.subject, 5) ELSE m.subject END"
_SORT_KEYS = {
    SortOrder.SENDER: _lower("CASE m.sender_name WHEN '' THEN m.sender_address ELSE m.sender_name END"),
    SortOrder.SUBJECT: _lower(_BARE_SUBJECT),
    SortOrder.SIZE: "-m.size",
}


def sorted_copies(read: Connection, wanted: ListFilter) -> array[int]:
    """Every copy of a list in the order of sender, subject or size (largest first), newest first within; sorts it all."""
    parts = scope_of(read, wanted).branches(read.dialect)
    if not parts:
        return array("q")
    union = " UNION ALL ".join(f"SELECT message_id, id {part.sql}" for part in parts)
    rows = read.each(
        f"""SELECT k.id FROM ({union}) AS k JOIN message m ON m.id = k.message_id
            ORDER BY {_SORT_KEYS[wanted.order]}, k.message_id DESC, k.id DESC""",
        [value for part in parts for value in part.params],
    )
    return array("q", (copy for (copy,) in rows))


def sorted_messages(read: Connection, messages: Sequence[int], order: SortOrder) -> array[int]:
    """These messages in the order of sender, subject or size, newest first within."""
    keyed: list[tuple[str | int, int]] = []
    for start in range(0, len(messages), 500):
        some = messages[start : start + 500]
        rows = read.rows(
            f"SELECT {_SORT_KEYS[order]}, m.id FROM message m WHERE m.id IN {places(some)}", some
        )
        keyed += [(key, -message) for key, message in rows]
    return array("q", (-message for _, message in sorted(keyed)))
