"""Full-text search: one interface over the dialects' two engines. It reads no query text (see `app.domain.mail.query_language`).

Hits come newest first, in steps, from the side that promises fewer rows: from the words, looking each hit up in its
folders, or from the folders, when they hold little, looking the mails up among the words.
"""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.domain.mail.listing import Position
from app.domain.mail.messages import ParsedMail
from app.domain.mail.query import Query
from app.store.connection import Connection, places
from app.store.fulltext import postgresql, sqlite
from app.store.lists.scope import NO_ID, Scope
from app.store.lists.windows import keys

#: The folded words of a mail, in the order of the index's columns.
Words = tuple[str, str, str, str, str]


def words_of(mail: ParsedMail) -> Words:
    """Sender, recipients, subject, body and file names, as the index takes them."""
    return (
        mail.search_sender,
        mail.search_recipients,
        mail.search_subject,
        mail.search_body,
        mail.search_files,
    )


def index(tx: Connection, rows: Iterable[tuple[int, ParsedMail]]) -> None:
    """Make messages findable, by `message.id`; doing it again with the same words does no harm.

    Best called once a transaction: the index is written in runs of rising ids.
    """
    index_words(tx, ((message, words_of(mail)) for message, mail in rows))


def index_words(tx: Connection, rows: Iterable[tuple[int, Words]]) -> None:
    """The same for words that are folded already."""
    found = sorted(rows)
    if tx.dialect == "sqlite":
        sqlite.insert(tx, found)
    else:
        postgresql.insert(tx, found)


def unindex(tx: Connection, message_ids: Iterable[int], parsed: Callable[[int], ParsedMail]) -> None:
    """Remove indexed messages without a trace; call it before they leave `message`, and once for each.

    `parsed` reads a message again from its stored source: SQLite's index holds no text and has to be told what to forget.
    """
    if tx.dialect == "sqlite":
        sqlite.delete(tx, [(message, words_of(parsed(message))) for message in sorted(message_ids)])
    else:
        postgresql.delete(tx, list(message_ids))


#: A list of at most so many rows is walked itself, and each of its mails looked up among the words.
FEW = 10_000
_FIRST_PAGE, _LARGEST_PAGE = 200, 2_000


@dataclass(frozen=True, slots=True)
class Found:
    """Hits, each message once, newest first. All of them down to the message id `down_to` are here; 0: all there are."""

    positions: list[Position]
    down_to: int


def find(
    read: Connection,
    scope: Scope,
    query: Query,
    *,
    limit: int,
    below: int = NO_ID,
    seconds: float | None = None,
    stop: Callable[[], bool] = lambda: False,
) -> Found:
    """The `limit` newest messages before the id `below` that hold what the query asks for, by a copy of the scope.

    Ends early after `seconds`, or when `stop` says so; both are asked between steps of some milliseconds.
    """
    until = None if seconds is None else time.monotonic() + seconds
    positions: list[Position] = []
    for messages, down_to in _steps(read, scope, query, below, limit):
        positions += copies(read, scope, messages[: limit - len(positions)])
        if len(positions) >= limit:
            return Found(positions, positions[-1][0])
        if stop() or (until is not None and time.monotonic() > until):
            return Found(positions, down_to)
    return Found(positions, 0)


def every(
    read: Connection, scope: Scope, query: Query, *, stop: Callable[[], bool] = lambda: False
) -> array[int]:
    """All messages that the query finds, newest first; what was found so far when `stop` says so."""
    messages = array("q")
    for some, _ in _steps(read, scope, query, NO_ID, NO_ID):
        messages.extend(some)
        if stop():
            break
    return messages


def _steps(
    read: Connection, scope: Scope, query: Query, below: int, limit: int
) -> Iterator[tuple[list[int], int]]:
    """Some more hits at a time, newest first, and the id down to which they are complete."""
    if query.unclear or not scope.folders:
        return iter(())
    if not query.wanted or scope.narrow or scope.at_most <= FEW:
        return _from_lists(read, scope, query, below)
    return _from_words(read, scope, query, below, limit)


def _from_words(
    read: Connection, scope: Scope, query: Query, below: int, limit: int
) -> Iterator[tuple[list[int], int]]:
    exists = scope.exists(read.dialect, "{id}")
    below = min(below, scope.beyond)
    if read.dialect == "postgresql":
        edge = max(scope.first, postgresql.edge_of_recent(read, below))
        for first, beyond, recent in ((edge, below, True), (scope.first, edge, False)):
            found = postgresql.hits(read, query, first, beyond, exists, scope.params, limit, recent=recent)
            limit -= len(found)
            yield found, first
        return
    for quarter in sqlite.quarters(read, scope.first, below):
        found = sqlite.hits(read, query, quarter, scope.first, below, exists, scope.params, limit)
        limit -= len(found)
        yield found, quarter.first


def _from_lists(read: Connection, scope: Scope, query: Query, below: int) -> Iterator[tuple[list[int], int]]:
    after: Position = (below, 0)
    size = _FIRST_PAGE
    last = below
    while page := keys(read, scope, after=after, limit=size):
        messages = [message for message in dict.fromkeys(message for message, _ in page) if message != last]
        after, last = page[-1], page[-1][0]
        if query.terms:
            inside = _among(read, query, messages)
            messages = [message for message in messages if message in inside]
        yield messages, last
        size = min(_LARGEST_PAGE, size * 2)


def _among(read: Connection, query: Query, messages: list[int]) -> set[int]:
    if read.dialect == "sqlite":
        return sqlite.among(read, query, messages)
    return postgresql.among(read, query, messages)


def copies(read: Connection, scope: Scope, messages: Sequence[int]) -> list[Position]:
    """The copy of the scope that speaks for each message: rather not the one in "all mail", rather the latest."""
    found: dict[int, tuple[bool, int]] = {}
    for start in range(0, len(messages), 500):
        some = messages[start : start + 500]
        rows = read.rows(
            f"""SELECT message_id, id, folder_id FROM mail_copy {scope.over_all(read.dialect)}
                WHERE message_id IN {places(some)} AND {scope.in_folders}{scope.sql}""",
            (*some, *scope.params),
        )
        for message, copy, folder in rows:
            found[message] = max(found.get(message, (False, 0)), (folder not in scope.apart, copy))
    return [(message, found[message][1]) for message in messages if message in found]
