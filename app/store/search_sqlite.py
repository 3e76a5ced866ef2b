"""Full-text search in SQLite's FTS5; the table keeps no text, and its `rowid` is `message.id`, the order of dates."""

from __future__ import annotations

from collections.abc import Sequence

from app.store.connection import Connection

Words = tuple[str, str, str, str, str]


def insert(tx: Connection, rows: Sequence[tuple[int, Words]]) -> None:
    """Index messages; ids must rise, or FTS5 would write a segment for each step back."""
    tx.run_many(
        "INSERT INTO message_fts (rowid, sender, recipients, subject, body, files) VALUES (?, ?, ?, ?, ?, ?)",
        ((message, *words) for message, words in rows),
    )


def delete(tx: Connection, rows: Sequence[tuple[int, Words]]) -> None:
    """Forget messages, told by the very words they were indexed with."""
    tx.run_many(
        """INSERT INTO message_fts (message_fts, rowid, sender, recipients, subject, body, files)
           VALUES ('delete', ?, ?, ?, ?, ?, ?)""",
        ((message, *words) for message, words in rows),
    )
