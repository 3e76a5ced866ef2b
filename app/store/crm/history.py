"""Writes the history of records and takes out again what was written by hand, and tells who changed which field; what an entry tells is the caller's."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from app.domain.crm.history import WRITES, Event, changes_in
from app.domain.crm.kinds import Kind
from app.domain.crm.versions import Written
from app.store.connection import Connection, rows_in

_ADD = """INSERT INTO history_entry (kind, record_id, at, author, event, text, details, document_id)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)"""


def add_entry(
    tx: Connection,
    kind: Kind,
    record_id: int,
    event: Event,
    author: str,
    at: int,
    text: str = "",
    details: Mapping[str, Any] | None = None,
    document_id: int | None = None,
) -> int:
    """Tell that something happened to a record, in the transaction in which it does; the id of the entry. `at`: epoch seconds;
    `details`: what JSON can hold."""
    values = (kind.value, record_id, at, author, event.value, text, _told(details), document_id)
    return int(tx.value(f"{_ADD} RETURNING id", values))


def remove_entry(tx: Connection, entry_id: int) -> bool:
    """Remove an entry with the document that was added by it; whether it was there."""
    row = tx.row("DELETE FROM history_entry WHERE id = ? RETURNING document_id", (entry_id,))
    if row is not None and row[0] is not None:
        tx.run("DELETE FROM document WHERE id = ?", (row[0],))
    return row is not None


def forget_task(tx: Connection, task_id: int, belongs_to: Iterable[tuple[Kind, int]]) -> None:
    """Let the histories of the records that a task belongs to tell of it no more."""
    told = (Event.TASK_MADE.value, Event.TASK_DONE.value)
    sql = "SELECT id, details FROM history_entry WHERE kind = ? AND record_id = ? AND event IN (?, ?)"
    for kind, record_id in belongs_to:
        for number, details in tx.rows(sql, (kind.value, record_id, *told)):
            if json.loads(details)["task"] == task_id:
                remove_entry(tx, number)


@dataclass(frozen=True, slots=True)
class Happened:
    """What happened to one of many records. `at`: epoch seconds; `details`: what JSON can hold."""

    record_id: int
    event: Event
    at: int
    text: str = ""
    details: Mapping[str, Any] | None = None


def add_entries(tx: Connection, kind: Kind, author: str, happened: Iterable[Happened]) -> None:
    """Tell what one person did to many records: a server of a database is not waited for after each."""
    tx.run_many(
        _ADD,
        [
            (kind.value, one.record_id, one.at, author, one.event.value, one.text, _told(one.details), None)
            for one in happened
        ],
    )


def _told(details: Mapping[str, Any] | None) -> str:
    return json.dumps(details, ensure_ascii=False) if details else ""


def told_by_others(read: Connection, kind: Kind, ids: Sequence[int], author: str, since: int) -> set[int]:
    """Those of these records of which somebody else told anything after what this author told of them at that time (epoch
    seconds). It goes by the order of what was told: a note has no version, and the clocks of two machines differ. That a
    record came out of another one again is told of that one."""
    sql = """SELECT DISTINCT record_id FROM history_entry AS later WHERE kind = ? AND author <> ?
  AND NOT (event = 'unmerged' AND details LIKE '%"survivor": %')
  AND id > (SELECT coalesce(min(step.id), 0) FROM history_entry AS step WHERE step.kind = later.kind
    AND step.record_id = later.record_id AND step.author = ? AND step.at = ?) AND record_id IN """
    return {row[0] for row in rows_in(read, sql, ids, [kind.value, author, author, since])}


def written_since(read: Connection, kind: Kind, record_id: int, since: datetime) -> list[Written]:
    """Who wrote which fields of a record after this time, oldest first."""
    rows = read.rows(
        """SELECT author, at, event, details FROM history_entry WHERE kind = ? AND record_id = ? AND at > ?
  ORDER BY at, id""",
        (kind.value, record_id, int(since.timestamp())),
    )
    return [
        Written(author, datetime.fromtimestamp(at, UTC), frozenset(_fields(event, details)))
        for author, at, event, details in rows
    ]


def _fields(event: str, details: str) -> Iterable[str]:
    told = json.loads(details) if details else {}
    return (*WRITES.get(Event(event), ()), *changes_in(told))
