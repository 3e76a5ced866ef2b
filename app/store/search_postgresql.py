"""Full-text search in PostgreSQL: a tsvector a message, weights A sender, B recipients, C subject, D body and files."""

from __future__ import annotations

import re
from collections.abc import Sequence

from app.store.connection import Connection

Words = tuple[str, str, str, str, str]

#: A tsvector holds at most 1 MB; what lies behind this many characters of one part is not indexed.
LONGEST = 200_000

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
