"""Which records belong to a record, the open ones first; one query."""

from __future__ import annotations

from app.domain.crm.kinds import Kind
from app.store.connection import Connection
from app.store.crm.records import RecordKey

#: Of each kind: the column that names a record, its day, and whether it is finished.
_PARTS = {
    Kind.LEAD: ("due_on", "CASE state WHEN 'done' THEN 1 ELSE 0 END"),
    Kind.OPPORTUNITY: ("expected_on", "CASE WHEN closed_at IS NULL THEN 0 ELSE 1 END"),
    Kind.TASK: ("due_on", "CASE state WHEN 'done' THEN 1 ELSE 0 END"),
}
_COLUMN = {Kind.CONTACT: "contact_id", Kind.LEAD: "lead_id", Kind.OPPORTUNITY: "opportunity_id"}
#: Which kinds name a record of this kind.
_BELONGING = {
    Kind.CONTACT: (Kind.LEAD, Kind.OPPORTUNITY, Kind.TASK),
    Kind.LEAD: (Kind.OPPORTUNITY, Kind.TASK),
    Kind.OPPORTUNITY: (Kind.TASK,),
    Kind.TASK: (),
}


def belonging(read: Connection, kind: Kind, record_id: int) -> list[tuple[RecordKey, bool]]:
    """The records that name this one, each with whether it is finished: open ones first, by kind and by their day."""
    parts = [
        f"SELECT '{of.value}', id, {done}, {place}, CASE {day} WHEN '' THEN 1 ELSE 0 END, {day} FROM {of.value} WHERE {_COLUMN[kind]} = ?"
        for place, of in enumerate(_BELONGING[kind])
        for day, done in (_PARTS[of],)
    ]
    if not parts:
        return []
    sql = " UNION ALL ".join(parts) + " ORDER BY 3, 4, 5, 6, 2"
    return [((Kind(row[0]), row[1]), bool(row[2])) for row in read.rows(sql, [record_id] * len(parts))]
