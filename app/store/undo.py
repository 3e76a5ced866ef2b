"""The steps that can be taken back, of each person the last ones; what an inverse means is the services'.

A step that is done in several transactions has a line of inverses for each, written in it, and is taken back by these parts,
the last one first: whatever is cut short, what was done is in the step, and what was taken back is not.
"""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.undo import KEPT_STEPS
from app.store.connection import Connection


@dataclass(frozen=True, slots=True)
class StepPart:
    """The last part of a step. `title`: what the step is called; `before`: the parts before it, empty when it is the first."""

    step: int
    title: str
    inverses: str
    before: str


def push_step(tx: Connection, author: str, title: str, inverses: str, at: int) -> int:
    """Keep a step of this author and forget the oldest beyond `KEPT_STEPS`; its id."""
    sql = "INSERT INTO undo_step (author, title, inverse, created_at) VALUES (?, ?, ?, ?) RETURNING id"
    step = int(tx.value(sql, (author, title, inverses, at)))
    tx.run(
        """DELETE FROM undo_step WHERE author = ? AND id NOT IN
  (SELECT id FROM undo_step WHERE author = ? ORDER BY id DESC LIMIT ?)""",
        (author, author, KEPT_STEPS),
    )
    return step


def extend_step(tx: Connection, step: int, title: str, inverses: str) -> bool:
    """Add a part to a step, which is called so from now on; whether the step was still there."""
    sql = "UPDATE undo_step SET title = ?, inverse = inverse || ? WHERE id = ?"
    return tx.run(sql, (title, f"\n{inverses}", step)) > 0


def drop_steps(tx: Connection, inverses: str) -> None:
    """Forget steps that do nothing but this: it was done by another way."""
    tx.run("DELETE FROM undo_step WHERE inverse = ?", (inverses,))


def clear_steps(tx: Connection) -> None:
    """Forget all steps of everybody."""
    tx.run("DELETE FROM undo_step")


def last_step(read: Connection, author: str) -> int | None:
    """The last step of this author; None if there is none."""
    step = read.value("SELECT max(id) FROM undo_step WHERE author = ?", (author,))
    return None if step is None else int(step)


def last_part(read: Connection, step: int) -> StepPart | None:
    """The last part of a step; None when the step is gone."""
    row = read.row("SELECT title, inverse FROM undo_step WHERE id = ?", (step,))
    if row is None:
        return None
    before, _line, inverses = row[1].rpartition("\n")
    return StepPart(step, row[0], inverses, before)


def take_part(tx: Connection, part: StepPart) -> bool:
    """Take away the last part of a step, and the step with its first one; whether it was still the last one."""
    whole = f"{part.before}\n{part.inverses}" if part.before else part.inverses
    if not part.before:
        return tx.run("DELETE FROM undo_step WHERE id = ? AND inverse = ?", (part.step, whole)) > 0
    sql = "UPDATE undo_step SET inverse = ? WHERE id = ? AND inverse = ?"
    return tx.run(sql, (part.before, part.step, whole)) > 0
