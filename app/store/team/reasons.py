"""Reads and writes the reasons that a team keeps for what comes to nothing; knows no rules."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.crm.reasons import FinishReason
from app.store.connection import Connection


def reasons(read: Connection) -> list[FinishReason]:
    """All of them in their order, active or not."""
    rows = read.rows("SELECT name, needs_text, active FROM finish_reason ORDER BY position, id")
    return [FinishReason(name, bool(needs_text), bool(active)) for name, needs_text, active in rows]


def put_reasons(tx: Connection, wanted: Sequence[FinishReason]) -> None:
    """Let the list be this one; none ever leaves it, because what ended for it names it."""
    tx.run_many(
        """INSERT INTO finish_reason (name, position, needs_text, active) VALUES (?, ?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET position = excluded.position, needs_text = excluded.needs_text,
  active = excluded.active""",
        [
            (reason.name, position, int(reason.needs_text), int(reason.active))
            for position, reason in enumerate(wanted, 1)
        ],
    )


def rename_reason(tx: Connection, before: str, after: str) -> None:
    """Give a reason another name, and what ended for it with it: that has not changed by that."""
    tx.run("UPDATE finish_reason SET name = ? WHERE name = ?", (after, before))
    for table in ("lead", "opportunity"):
        tx.run(f"UPDATE {table} SET reason = ? WHERE reason = ?", (after, before))


def used(read: Connection) -> dict[str, int]:
    """How many leads and opportunities ended for each reason, if any did."""
    sql = """SELECT reason, count(*) FROM (SELECT reason FROM lead WHERE reason <> ''
  UNION ALL SELECT reason FROM opportunity WHERE reason <> '') AS ended GROUP BY reason"""
    return dict(read.rows(sql))
