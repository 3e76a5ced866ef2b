"""The steps that can be taken back, of each person the last ones; what an inverse means is the services'."""

from __future__ import annotations

from app.domain.undo import KEPT_STEPS
from app.store.connection import Connection


def push_step(tx: Connection, author: str, title: str, inverse: str, at: int) -> None:
    """Keep a step of this author and forget the oldest beyond `KEPT_STEPS`."""
    sql = "INSERT INTO undo_step (author, title, inverse, created_at) VALUES (?, ?, ?, ?)"
    tx.run(sql, (author, title, inverse, at))
    tx.run(
        """DELETE FROM undo_step WHERE author = ? AND id NOT IN
  (SELECT id FROM undo_step WHERE author = ? ORDER BY id DESC LIMIT ?)""",
        (author, author, KEPT_STEPS),
    )


def pop_step(tx: Connection, author: str) -> tuple[str, str] | None:
    """Take away the last step of this author: its title and inverse; None if there is none."""
    row = tx.row(
        "SELECT id, title, inverse FROM undo_step WHERE author = ? ORDER BY id DESC LIMIT 1", (author,)
    )
    if row is None:
        return None
    tx.run("DELETE FROM undo_step WHERE id = ?", (row[0],))
    return row[1], row[2]
