"""What members are to do, and how tasks and opportunities come to others; leads are worked on by steps of their own."""

from __future__ import annotations

from collections.abc import Mapping

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind
from app.store.connection import Connection, run_in
from app.store.crm.history import Happened, add_entries

#: The records that somebody works on.
KINDS = (Kind.LEAD, Kind.TASK, Kind.OPPORTUNITY)
#: Of each kind, what is still to be done.
_OPEN: Mapping[Kind, str] = {
    Kind.LEAD: "state = 'active'",
    Kind.TASK: "state = 'open'",
    Kind.OPPORTUNITY: "NOT EXISTS (SELECT 1 FROM stage WHERE stage.name = opportunity.stage AND stage.outcome <> '')",
}


def open_records(read: Connection, kind: Kind, login: str) -> list[int]:
    """Ids of what this member is to do."""
    sql = f"SELECT id FROM {kind.value} WHERE assignee = ? AND {_OPEN[kind]} ORDER BY id"
    return [number for (number,) in read.rows(sql, (login,))]


def open_counts(read: Connection) -> dict[str, dict[Kind, int]]:
    """How much of each kind every member is to do, by login."""
    counts: dict[str, dict[Kind, int]] = {}
    for kind, condition in _OPEN.items():
        sql = f"SELECT assignee, count(*) FROM {kind.value} WHERE assignee <> '' AND {condition} GROUP BY assignee"
        for login, count in read.rows(sql):
            counts.setdefault(login, {})[kind] = count
    return counts


def pass_records(tx: Connection, kind: Kind, login: str, to: str, author: str, at: int) -> int:
    """Let somebody else do all that a member is to do; how much it was. `at`: epoch seconds."""
    found = open_records(tx, kind, login)
    run_in(
        tx,
        f"""UPDATE {kind.value} SET assignee = ?,
  changed_at = CASE WHEN changed_at < ? THEN ? ELSE changed_at + 1 END WHERE id IN """,
        found,
        (to, at, at),
    )
    details = {"assignee": [login, to]}
    add_entries(tx, kind, author, (Happened(number, Event.ASSIGNED, at, "", details) for number in found))
    return len(found)
