"""Reads and writes the list of stages; what may be made of it is the domain's."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.opportunities.stages import Outcome, Stage
from app.store.connection import Connection


def stages(read: Connection) -> list[Stage]:
    """All stages in their order, active or not."""
    sql = "SELECT name, position, outcome, probability, active FROM stage ORDER BY position, id"
    return [
        Stage(name, position, Outcome(outcome or Outcome.OPEN), probability, bool(active))
        for name, position, outcome, probability, active in read.rows(sql)
    ]


def put_stages(tx: Connection, wanted: Sequence[Stage]) -> None:
    """Let the list be this one. Opportunities at stages that leave it are the caller's."""
    kept = {stage.name for stage in wanted}
    for name in [stage.name for stage in stages(tx) if stage.name not in kept]:
        tx.run("DELETE FROM stage WHERE name = ?", (name,))
    tx.run_many(
        """INSERT INTO stage (name, position, outcome, probability, active) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET position = excluded.position, outcome = excluded.outcome,
  probability = excluded.probability, active = excluded.active""",
        [
            (
                stage.name,
                stage.position,
                "" if stage.outcome is Outcome.OPEN else stage.outcome.value,
                stage.probability,
                int(stage.active),
            )
            for stage in wanted
        ],
    )


def rename_stage(tx: Connection, before: str, after: str) -> None:
    """Give a stage another name, and with it the opportunities that are there: they have not changed by that."""
    tx.run("UPDATE stage SET name = ? WHERE name = ?", (after, before))
    tx.run("UPDATE opportunity SET stage = ? WHERE stage = ?", (after, before))


def at_stage(read: Connection, name: str) -> list[int]:
    """Ids of the opportunities at a stage."""
    return [row[0] for row in read.rows("SELECT id FROM opportunity WHERE stage = ? ORDER BY id", (name,))]


def used(read: Connection) -> dict[str, int]:
    """How many opportunities are at each stage that has any."""
    return dict(read.rows("SELECT stage, count(*) FROM opportunity GROUP BY stage"))
