"""Full-text search in PostgreSQL: a tsvector a message, weights A sender, B recipients, C subject, D body and files."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.domain.mail.query import Part, Query, Term
from app.store.connection import Connection, places

Words = tuple[str, str, str, str, str]

#: A tsvector holds at most 1 MB; what lies behind this many characters of one part is not indexed.
LONGEST = 200_000

#: So many of the newest messages are looked through before the index of words is asked: a page of a common word.
RECENT = 2_000

# PostgreSQL's own parser keeps addresses and file names whole; cut like this, words are the same as in SQLite.
_BETWEEN_WORDS = re.compile(r"[\W_]+")


def words_only(text: str) -> str:
    """Text with nothing but spaces between words."""
    return _BETWEEN_WORDS.sub(" ", text[:LONGEST])


def insert(tx: Connection, rows: Sequence[tuple[int, Words]]) -> None:
    """Index messages, or index them anew."""
    tx.run_many(
        """INSERT INTO message_search (message_id, words) VALUES (?,
             setweight(to_tsvector('simple', ?), 'A') || setweight(to_tsvector('simple', ?), 'B') ||
             setweight(to_tsvector('simple', ?), 'C') || setweight(to_tsvector('simple', ?), 'D'))
           ON CONFLICT (message_id) DO UPDATE SET words = excluded.words""",
        (
            (
                message,
                words_only(sender),
                words_only(recipients),
                words_only(subject),
                words_only(f"{body}\n{files}"),
            )
            for message, (sender, recipients, subject, body, files) in rows
        ),
    )


def delete(tx: Connection, message_ids: Sequence[int]) -> None:
    """Forget messages."""
    tx.run_many("DELETE FROM message_search WHERE message_id = ?", ((message,) for message in message_ids))


def edge_of_recent(read: Connection, below: int) -> int:
    """The id from which on the newest `RECENT` messages before `below` lie."""
    edge = read.value(
        "SELECT message_id FROM message_search WHERE message_id < ? ORDER BY message_id DESC OFFSET ? LIMIT 1",
        (below, RECENT - 1),
    )
    return 0 if edge is None else int(edge)


def hits(
    read: Connection,
    query: Query,
    first: int,
    beyond: int,
    also: str,
    params: Sequence[int | str],
    limit: int,
    *,
    recent: bool,
) -> list[int]:
    """The newest messages from `first` to before `beyond` that the query finds. `also`: SQL that must hold of `{id}`,
    with its `params`. `recent`: those messages are few and are read one by one; else the index of words is asked.

    The planner is not left to choose: it walks all mail by date for a rare word, and sorts all hits of a common one.
    """
    asked = "words @@ to_tsquery('simple', ?)"
    source = "message_search"
    if recent:
        asked = f"({asked}) IS TRUE"  # no index of words takes that
    else:
        source, asked = f"(SELECT message_id FROM message_search WHERE {asked} OFFSET 0)", "true"
    rows = read.rows(
        f"""SELECT s.message_id FROM {source} AS s WHERE {asked} AND s.message_id >= ? AND s.message_id < ?
            AND {also.replace("{id}", "s.message_id")} ORDER BY s.message_id DESC LIMIT {int(limit)}""",
        (tsquery_of(query), first, beyond, *params),
    )
    return [message for (message,) in rows]


def among(read: Connection, query: Query, message_ids: Sequence[int]) -> set[int]:
    """Those of some messages that the query finds; also with nothing but exclusions."""
    rows = read.rows(
        f"""SELECT s.message_id FROM message_search s WHERE s.words @@ to_tsquery('simple', ?)
            AND s.message_id IN {places(message_ids)}""",
        (tsquery_of(query), *message_ids),
    )
    return {message for (message,) in rows}


_WEIGHTS = {Part.SENDER: "A", Part.RECIPIENTS: "B", Part.SUBJECT: "C", Part.BODY: "D", Part.FILES: "D"}
#: Longer words are not indexed, and are an error in a query.
_LONGEST_WORD = 500


def tsquery_of(query: Query) -> str:
    """The text search query, as `to_tsquery` reads it. Words are letters and digits only: none is an operator."""
    return " & ".join(("!" if term.excluded else "") + _term(term) for term in query.terms)


def _term(term: Term) -> str:
    weight = _WEIGHTS[term.part] if term.part else ""
    words = [f"'{words_only(word)[:_LONGEST_WORD]}'" for word in term.words]
    marks = [weight] * (len(words) - 1) + [("*" if term.prefix else "") + weight]
    return (
        "("
        + " <-> ".join(word + (f":{mark}" if mark else "") for word, mark in zip(words, marks, strict=True))
        + ")"
    )
