"""Reads how leads stand, and writes it, many at a time; plain SQL, no rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.domain.crm.kinds import LeadResult
from app.domain.leads.rules import Standing
from app.domain.leads.success import Became, success_of
from app.domain.opportunities.stages import Outcome
from app.domain.undo import StandingColumns
from app.store.connection import Connection, Row, rows_in, time_of

#: The columns that a standing is made of, in the order that `standing_of` takes them.
STANDING = "assignee, result, reason, reason_text, activated_at, finished_at"


@dataclass(frozen=True, slots=True)
class StandingLead:
    """How a lead stands, with what an opportunity takes over from it. `value` in cents; `changed_at`, in epoch seconds, is
    its version."""

    id: int
    title: str
    contact_id: int | None
    value: int | None
    standing: Standing
    changed_at: int

    def next_version(self, at: int) -> int:
        """That of a change at this time, in epoch seconds: it grows strictly."""
        return max(at, self.changed_at + 1)


def standing_leads(read: Connection, ids: Sequence[int]) -> dict[int, StandingLead]:
    """The leads with these ids; those that are gone are left out."""
    sql = f"SELECT id, title, contact_id, value, changed_at, {STANDING} FROM lead WHERE id IN "
    return {
        number: StandingLead(number, title, contact, value, standing_of(columns), changed)
        for number, title, contact, value, changed, *columns in rows_in(read, sql, ids)
    }


def standing_of(columns: Sequence[object] | Row) -> Standing:
    """The standing that these columns hold: see `STANDING`."""
    assignee, result, reason, text, activated, finished = columns
    return Standing(assignee, LeadResult(result), reason, text, time_of(activated), time_of(finished))  # type: ignore[arg-type]


def write_standings(tx: Connection, leads: Iterable[tuple[int, Standing, int]]) -> None:
    """Let leads stand so: (id, standing, version), the version in epoch seconds."""
    tx.run_many(
        """UPDATE lead SET assignee = ?, result = ?, reason = ?, reason_text = ?, activated_at = ?, finished_at = ?,
  state = ?, changed_at = ? WHERE id = ?""",
        [
            (*columns_of(standing), standing.state.value, version, number)
            for number, standing, version in leads
        ],
    )


def columns_of(standing: Standing) -> StandingColumns:
    """The columns that hold this standing: see `STANDING`."""
    began, ended = standing.activated_at, standing.finished_at
    return (
        standing.assignee,
        standing.result.value,
        standing.reason,
        standing.reason_text,
        None if began is None else int(began.timestamp()),
        None if ended is None else int(ended.timestamp()),
    )


def opportunities_of(read: Connection, ids: Sequence[int]) -> dict[int, Became]:
    """The opportunity of each of these leads that has one: see `success_of`."""
    chances = chances_of(read, ids)
    return {lead: found for lead in chances if (found := success_of(chances[lead])) is not None}


def chances_of(read: Connection, ids: Sequence[int]) -> dict[int, list[Became]]:
    """All opportunities of each of these leads, in the order in which they were made."""
    sql = """SELECT opportunity.id, title, coalesce(stage.outcome, ''), created_at, lead_id FROM opportunity
  LEFT JOIN stage ON stage.name = opportunity.stage WHERE lead_id IN """
    chances: dict[int, list[Became]] = {number: [] for number in ids}
    for number, title, outcome, made_at, lead in sorted(rows_in(read, sql, ids)):
        chances[lead].append(Became(number, title, Outcome(outcome or Outcome.OPEN), made_at))
    return chances
