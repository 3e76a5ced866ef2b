"""Reads tasks and mentions as the rules see them, and changes single columns of records; plain SQL, no rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.crm.kinds import Kind, TaskKind, TaskState
from app.domain.crm.tasks import TaskFacts
from app.domain.due import Due
from app.store.connection import Connection, rows_in


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody was named in a note or comment. `kind`: that of a record, or "mail"; `record_id`: of a mail its message.
    `due_on`: the day to which it was put off, or empty."""

    id: int
    login: str
    author: str
    kind: str
    record_id: int
    text: str
    due_on: str
    done_at: int | None


def task_facts(read: Connection, task_id: int) -> TaskFacts | None:
    """A task; None when it is gone."""
    row = read.row(
        """SELECT title, kind, state, due_on, remind_at, assignee, contact_id, lead_id, opportunity_id
  FROM task WHERE id = ?""",
        (task_id,),
    )
    if row is None:
        return None
    title, kind, state, due_on, remind_at, assignee, *belongs = row
    due = Due.of(due_on, remind_at)
    return TaskFacts(task_id, title, TaskKind(kind), TaskState(state), due, assignee, *belongs)


def change_columns(tx: Connection, kind: Kind, record_id: int, values: Mapping[str, Any], at: int) -> int:
    """Set these columns of a record; its new `changed_at`, strictly later than before. `at`: epoch seconds."""
    sets = ", ".join(f"{name} = ?" for name in values)
    sql = f"""UPDATE {kind.value} SET {sets}, changed_at = CASE WHEN changed_at < ? THEN ? ELSE changed_at + 1 END
  WHERE id = ? RETURNING changed_at"""
    return int(tx.value(sql, (*values.values(), at, at, record_id)))


def columns_of(read: Connection, kind: Kind, record_id: int, names: tuple[str, ...]) -> dict[str, Any] | None:
    """These columns of a record; None when it is gone."""
    row = read.row(f"SELECT {', '.join(names)} FROM {kind.value} WHERE id = ?", (record_id,))
    return None if row is None else dict(zip(names, row, strict=True))


def mention(read: Connection, mention_id: int) -> Mention | None:
    """A mention; None when it is gone."""
    row = read.row(
        "SELECT id, login, author, kind, record_id, text, due_on, done_at FROM mention WHERE id = ?",
        (mention_id,),
    )
    return None if row is None else Mention(*row)


def finish_mention(tx: Connection, mention_id: int, at: int) -> bool:
    """It has been read; whether it had not been before."""
    sql = "UPDATE mention SET done_at = ? WHERE id = ? AND done_at IS NULL"
    return tx.run(sql, (at, mention_id)) > 0


def reopen_mention(tx: Connection, mention_id: int, done_at: int | None = None) -> bool:
    """It is unread again; whether it had been read, at this time if one is given."""
    sql = "UPDATE mention SET done_at = NULL WHERE id = ? AND done_at = coalesce(?, done_at)"
    return tx.run(sql, (mention_id, done_at)) > 0


def put_off_mention(tx: Connection, mention_id: int, due_on: str, was: str) -> bool:
    """It comes back on another day; whether it has not been read, and that `was` its day."""
    sql = "UPDATE mention SET due_on = ? WHERE id = ? AND done_at IS NULL AND due_on = ?"
    return tx.run(sql, (due_on, mention_id, was)) > 0


def add_mention(tx: Connection, found: Mention, login: str, author: str, at: int) -> int:
    """The same mention for somebody else; its id."""
    sql = """INSERT INTO mention (login, author, kind, record_id, text, created_at)
  VALUES (?, ?, ?, ?, ?, ?) RETURNING id"""
    return int(tx.value(sql, (login, author, found.kind, found.record_id, found.text, at)))


def remove_mention(tx: Connection, mention_id: int) -> bool:
    """Remove a mention about which whoever it is for has done nothing yet; whether it was there."""
    return tx.run("DELETE FROM mention WHERE id = ? AND done_at IS NULL AND due_on = ''", (mention_id,)) > 0


def take_reminders(tx: Connection, login: str, now: int) -> list[tuple[int, TaskKind, str, int]]:
    """(task, kind, title, time) of the open tasks of which this member is to be told by now and was not yet; each is handed out
    once."""
    sql = """UPDATE task SET reminded_at = remind_at WHERE state = 'open' AND assignee = ? AND remind_at <= ?
  AND (reminded_at IS NULL OR reminded_at <> remind_at) RETURNING id, kind, title, remind_at"""
    found = [(row[0], TaskKind(row[1]), row[2], row[3]) for row in tx.rows(sql, (login, now))]
    return sorted(found, key=lambda row: (row[3], row[0]))


def has_reminders(read: Connection, login: str, now: int) -> bool:
    """Whether `take_reminders` would hand one out."""
    sql = """SELECT 1 FROM task WHERE state = 'open' AND assignee = ? AND remind_at <= ?
  AND (reminded_at IS NULL OR reminded_at <> remind_at) LIMIT 1"""
    return read.value(sql, (login, now)) is not None


def standing_reminders(read: Connection, login: str, ids: Sequence[int]) -> set[tuple[int, int]]:
    """(task, time) of those of these tasks that this member has still to do."""
    sql = "SELECT id, remind_at FROM task WHERE state = 'open' AND assignee = ? AND id IN "
    return {(row[0], row[1]) for row in rows_in(read, sql, ids, [login])}
