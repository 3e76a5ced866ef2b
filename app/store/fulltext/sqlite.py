"""Full-text search in SQLite's FTS5, one index a quarter of a year; it knows nothing of folders and flags.

A quarter's index keeps no text, and its `rowid` is `message.id`, the order of dates. Quarters bound what a step costs,
however large the store: FTS5 reads all that a prefix finds before it gives the first hit (0.4 s for "angeb*" in one index
of a million mails, 20 ms in a quarter of it), and new mail is merged into a quarter, not into the years.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from app.domain.mail.query import Query, Term
from app.store.connection import Connection

Words = tuple[str, str, str, str, str]

#: Mail of other years is kept with that of the first and the last quarter.
FIRST_YEAR, LAST_YEAR = 1990, 2099
_COLUMNS = "sender, recipients, subject, body, files"
#: The words of one batch fit into the hash table, and so make one segment of the index instead of several to be merged.
_OPTIONS = (("automerge", 8), ("hashsize", 4_000_000))


class Quarter:
    """A part of the index: `number` is year * 10 + quarter; it holds the ids from `first` to before `beyond`."""

    __slots__ = ("beyond", "first", "number", "table")

    def __init__(self, number: int) -> None:
        year, quarter = divmod(number, 10)
        self.number = number
        self.table = f"message_fts_{year}q{quarter}"
        self.first = 0 if (year, quarter) == (FIRST_YEAR, 1) else _begin(year, quarter)
        last = (year, quarter) == (LAST_YEAR, 4)
        self.beyond = 1 << 62 if last else _begin(year + quarter // 4, quarter % 4 + 1)

    @classmethod
    def of(cls, message_id: int) -> Quarter:
        at = datetime.fromtimestamp(min(max(message_id >> 20, 0), _LAST_SECOND), UTC)
        if at.year < FIRST_YEAR:
            return cls(FIRST_YEAR * 10 + 1)
        return cls(at.year * 10 + (at.month + 2) // 3)


def _begin(year: int, quarter: int) -> int:
    return int(datetime(year, quarter * 3 - 2, 1, tzinfo=UTC).timestamp()) << 20


_quarter = lru_cache(maxsize=512)(Quarter)  # each search asks for all of them again

_LAST_SECOND = int(datetime(LAST_YEAR, 12, 31, tzinfo=UTC).timestamp())


# --- writing --------------------------------------------------------------------------------------------------------


def insert(tx: Connection, rows: Sequence[tuple[int, Words]]) -> None:
    """Index messages; ids must rise, or FTS5 would write a segment for each step back."""
    for quarter, group in _by_quarter(rows):
        _make(tx, quarter)
        tx.run_many(
            f"INSERT INTO {quarter.table} (rowid, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)",
            ((message, *words) for message, words in group),
        )


def delete(tx: Connection, rows: Sequence[tuple[int, Words]]) -> None:
    """Forget messages, told by the very words they were indexed with."""
    for quarter, group in _by_quarter(rows):
        if not _is_there(tx, quarter):
            continue
        tx.run_many(
            f"INSERT INTO {quarter.table} ({quarter.table}, rowid, {_COLUMNS}) VALUES ('delete', ?, ?, ?, ?, ?, ?)",
            ((message, *words) for message, words in group),
        )


def _by_quarter(rows: Sequence[tuple[int, Words]]) -> Iterator[tuple[Quarter, list[tuple[int, Words]]]]:
    """The rows of each quarter; ids rise."""
    at = 0
    while at < len(rows):
        quarter = Quarter.of(rows[at][0])
        end = bisect_left(rows, quarter.beyond, at, key=lambda row: row[0])
        yield quarter, list(rows[at:end])
        at = end


def _is_there(tx: Connection, quarter: Quarter) -> bool:
    return tx.value("SELECT 1 FROM message_fts_quarter WHERE number = ?", (quarter.number,)) is not None


def _make(tx: Connection, quarter: Quarter) -> None:
    """The index of this quarter exists. Its words are folded before they get here (`domain.folding`)."""
    if _is_there(tx, quarter):
        return
    tx.run(
        f"""CREATE VIRTUAL TABLE {quarter.table} USING fts5(
              {_COLUMNS}, content='', columnsize=0, tokenize='unicode61 remove_diacritics 0')"""
    )
    for option, value in _OPTIONS:
        tx.run(f"INSERT INTO {quarter.table} ({quarter.table}, rank) VALUES (?, ?)", (option, value))
    tx.run("INSERT INTO message_fts_quarter (number) VALUES (?)", (quarter.number,))


# --- asking ---------------------------------------------------------------------------------------------------------


def quarters(read: Connection, first: int, beyond: int) -> list[Quarter]:
    """The quarters that hold ids from `first` to before `beyond`, newest first."""
    rows = read.rows("SELECT number FROM message_fts_quarter ORDER BY number DESC")
    found = (_quarter(number) for (number,) in rows)
    return [quarter for quarter in found if quarter.first < beyond and quarter.beyond > first]


def hits(
    read: Connection,
    query: Query,
    quarter: Quarter,
    first: int,
    beyond: int,
    also: str,
    params: Sequence[int | str],
    limit: int,
) -> list[int]:
    """The newest messages of a quarter that the query finds. `also`: SQL that must hold of `{id}`, with its `params`."""
    table = quarter.table
    rows = read.rows(
        f"""SELECT rowid FROM {table} WHERE {table} MATCH ? AND rowid >= ? AND rowid < ?
            AND {also.replace("{id}", f"{table}.rowid")} ORDER BY rowid DESC LIMIT {int(limit)}""",
        (match_of(query), first, beyond, *params),
    )
    return [message for (message,) in rows]


def among(read: Connection, query: Query, message_ids: Sequence[int]) -> set[int]:
    """Those of some messages, newest first, that the query finds; also with nothing but exclusions."""
    if not message_ids:
        return set()
    only_excluded = not query.wanted
    expression = _any_of(query.excluded) if only_excluded else match_of(query)
    found: set[int] = set()
    for quarter in quarters(read, message_ids[-1], message_ids[0] + 1):
        part = [message for message in message_ids if quarter.first <= message < quarter.beyond]
        if part:
            # The + keeps FTS5 from starting anew for each id: it walks its hits once, and the ids are looked up.
            rows = read.rows(
                f"""SELECT rowid FROM {quarter.table} WHERE {quarter.table} MATCH ? AND rowid >= ? AND rowid <= ?
                    AND +rowid IN (SELECT value FROM json_each(?))""",
                (expression, part[-1], part[0], json.dumps(part)),
            )
            found.update(message for (message,) in rows)
    return set(message_ids) - found if only_excluded else found


def match_of(query: Query) -> str:
    """The FTS5 expression of a query with at least one wanted term. Words are quoted: none is an operator."""
    wanted = " AND ".join(_term(term) for term in query.wanted)
    return f"({wanted}) NOT ({_any_of(query.excluded)})" if query.excluded else wanted


def _any_of(terms: Sequence[Term]) -> str:
    return " OR ".join(_term(term) for term in terms)


def _term(term: Term) -> str:
    phrase = " ".join(term.words).replace('"', '""').replace("\0", " ")
    part = f"{term.part.value} : " if term.part else ""
    return f'{part}"{phrase}"{"*" if term.prefix else ""}'
