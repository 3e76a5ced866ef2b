"""The postman's rows: what waits to be carried out on a server, in order, and what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.mail.operations import Effect, OperationState, read_effect
from app.domain.text import clean_line
from app.store.connection import Connection, Row, rows_in
from app.store.mail import copies, messages

_COLUMNS = """operation.id, operation.folder_id, folder.path, operation.copy_id, operation.message_id,
  coalesce(operation.uid, (SELECT uid FROM mail_copy WHERE mail_copy.id = operation.copy_id
    AND mail_copy.folder_id = operation.folder_id)), operation.kind, operation.arguments, operation.state,
  operation.attempts, operation.tried, operation.target_uidvalidity, operation.target_uidnext"""
_FROM = " FROM operation JOIN folder ON folder.id = operation.folder_id "
#: Seconds. Longer than any pause: what seems to wait for longer was written before the clock was set back.
_NEVER_PAUSES = 7200
_DUE = """operation.mailbox_id = ? AND operation.state <> 'failed' AND (operation.due_at <= ? OR operation.due_at > ?)
  AND NOT EXISTS (SELECT 1 FROM operation AS earlier WHERE earlier.copy_id = operation.copy_id
    AND earlier.id < operation.id AND earlier.state <> 'failed' AND earlier.due_at > ? AND earlier.due_at <= ?)
  AND NOT (operation.kind = 'move' AND operation.tried = 0 AND EXISTS (SELECT 1 FROM operation AS twin
    WHERE twin.message_id = operation.message_id AND twin.kind = 'move' AND twin.arguments = operation.arguments
    AND twin.tried = 1 AND twin.state <> 'failed'))"""


@dataclass(frozen=True, slots=True)
class Job:
    """An operation that can be carried out. `path`: wire name of the folder that holds the mail on the server. `tried`: it
    may have had its effect already, or half of it. `before`: UIDVALIDITY and UIDNEXT of the folder that it copies into,
    from before it was first tried; None if they are not known."""

    id: int
    folder_id: int
    path: str
    copy_id: int | None
    message_id: int | None
    uid: int | None
    effect: Effect
    state: OperationState
    attempts: int
    tried: bool
    before: tuple[int, int] | None


def next_jobs(read: Connection, mailbox_id: int, now: datetime, *, limit: int) -> list[Job]:
    """The first operation that is due, with those right behind it that ask the same of the same folder. What was cut off
    together is tried together once more: marks that some of them left are not those of others. One that failed again, or
    was refused, goes alone, so that its outcome is its own; while it pauses, only what is about the same mail waits.

    Of several copies of one message (twins) that are moved into the same folder, the next one goes when the outcome of
    the last is known: else nobody could tell later which of them has arrived.
    """
    rows = read.rows(
        f"SELECT {_COLUMNS}{_FROM}WHERE {_DUE} ORDER BY operation.id LIMIT ?",
        (*_due_params(mailbox_id, now), limit),
    )
    if not rows:
        return []
    first = rows[0]
    alike, moved = [first], {first[4]}
    cut_off = first[8] == OperationState.RUNNING and first[9] == 1
    if (not first[9] or cut_off) and first[6] != "append":
        for row in rows[1:]:
            if (row[1], *row[6:11]) != (first[1], *first[6:11]):
                break
            if first[6] == "move" and row[4] in moved:
                continue
            moved.add(row[4])
            alike.append(row)
    return [_job(row) for row in alike]


def job(read: Connection, operation_id: int) -> Job | None:
    row = read.row(f"SELECT {_COLUMNS}{_FROM}WHERE operation.id = ?", (operation_id,))
    return None if row is None else _job(row)


def _job(row: Row) -> Job:
    number, folder, path, copy, message, uid, kind, arguments, state, attempts, tried, validity, uidnext = row
    return Job(
        number,
        folder,
        path,
        copy,
        message,
        uid,
        read_effect(kind, arguments),
        OperationState(state),
        attempts,
        bool(tried),
        (validity, uidnext) if validity and uidnext else None,
    )


def has_waiting(read: Connection, mailbox_id: int) -> bool:
    sql = "SELECT 1 FROM operation WHERE mailbox_id = ? AND state <> 'failed' LIMIT 1"
    return read.value(sql, (mailbox_id,)) is not None


def has_due(read: Connection, mailbox_id: int, now: datetime) -> bool:
    """Whether anything could be carried out now."""
    sql = f"SELECT 1 FROM operation WHERE {_DUE} LIMIT 1"
    return read.value(sql, _due_params(mailbox_id, now)) is not None


def _due_params(mailbox_id: int, now: datetime) -> tuple[int, ...]:
    at = int(now.timestamp())
    return mailbox_id, at, at + _NEVER_PAUSES, at, at + _NEVER_PAUSES


def path_of(read: Connection, folder_id: int) -> str:
    return str(read.value("SELECT path FROM folder WHERE id = ?", (folder_id,)))


def mailbox_of(read: Connection, folder_id: int) -> int:
    return int(read.value("SELECT mailbox_id FROM folder WHERE id = ?", (folder_id,)))


def has_move_of(read: Connection, copy_id: int) -> bool:
    """Whether a move of this copy waits."""
    sql = "SELECT 1 FROM operation WHERE copy_id = ? AND kind = 'move'"
    return read.value(sql, (copy_id,)) is not None


def uid_there(read: Connection, moved: Job, folder_id: int, lowest: int) -> int | None:
    """The UID from `lowest` on under which the mail of an operation was found in this folder on the server, as its own copy
    or as another one; None if it was not."""
    found = read.value(
        """SELECT uid FROM (
  SELECT uid, id FROM mail_copy WHERE folder_id = ? AND message_id = ? AND uid IS NOT NULL
  UNION ALL SELECT uid, copy_id FROM operation WHERE id = ? AND folder_id = ? AND uid IS NOT NULL) AS places
  WHERE uid >= ? ORDER BY CASE id WHEN ? THEN 0 ELSE 1 END, uid DESC LIMIT 1""",
        (folder_id, moved.message_id, moved.id, folder_id, lowest, moved.copy_id),
    )
    return None if found is None else int(found)


def uids_of(read: Connection, folder_id: int, message_id: int | None) -> set[int]:
    """UIDs in a folder that copies of this message bear, or that something waits to be done to."""
    rows = read.rows(
        """SELECT uid FROM mail_copy WHERE folder_id = ? AND message_id = ? AND uid IS NOT NULL
  UNION SELECT uid FROM operation WHERE folder_id = ? AND message_id = ? AND uid IS NOT NULL""",
        (folder_id, message_id, folder_id, message_id),
    )
    return {row[0] for row in rows}


def begun_deletions(read: Connection, folder_id: int) -> set[int]:
    """UIDs in a folder whose deletion may be half done and was not refused."""
    rows = read.rows(
        """SELECT uid FROM operation WHERE folder_id = ? AND uid IS NOT NULL AND kind = 'delete' AND tried = 1
  AND state <> 'failed'""",
        (folder_id,),
    )
    return {row[0] for row in rows}


def message_of(read: Connection, wanted: Job) -> tuple[str, bytes] | None:
    """Message-ID field and source of the message that an append is about; None if it is no longer here."""
    header_id = read.value("SELECT header_message_id FROM message WHERE id = ?", (wanted.message_id,))
    if header_id is None or wanted.message_id is None:
        return None
    return header_id, messages.source(read, wanted.message_id)


def claim(tx: Connection, jobs: Sequence[Job]) -> list[Job]:
    """Mark as running those that nobody has changed or taken back since they were read. They are returned as they were:
    whether they were tried *before*."""
    sql = f"SELECT {_COLUMNS}{_FROM}WHERE operation.id IN "
    now = {row[0]: _job(row) for row in rows_in(tx, sql, [job.id for job in jobs])}
    still = [job for job in jobs if now.get(job.id) == job]
    tx.run_many(
        "UPDATE operation SET state = 'running', tried = 1 WHERE id = ?", [(job.id,) for job in still]
    )
    return still


def note_target(tx: Connection, jobs: Sequence[Job], uidvalidity: int, uidnext: int) -> None:
    """What lies below this UID in the folder that these copy into is not theirs, should nobody tell how they end."""
    tx.run_many(
        "UPDATE operation SET target_uidvalidity = ?, target_uidnext = ? WHERE id = ?",
        [(uidvalidity, uidnext, job.id) for job in jobs],
    )


def note_untried(tx: Connection, operation_ids: Sequence[int]) -> None:
    """Nothing of these is on the server, whatever was tried."""
    tx.run_many(
        "UPDATE operation SET tried = 0, target_uidvalidity = 0, target_uidnext = 0 WHERE id = ?",
        [(number,) for number in operation_ids],
    )


def uidvalidity_of(read: Connection, folder_id: int) -> int:
    """The UIDVALIDITY that the UIDs of this folder belong to; 0 if it was never read."""
    return int(read.value("SELECT uidvalidity FROM folder WHERE id = ?", (folder_id,)))


def identity_of(read: Connection, message_id: int | None) -> tuple[str, bytes] | None:
    """Message-ID field and digest of a message; None if it is no longer here."""
    row = read.row("SELECT header_message_id, digest FROM message WHERE id = ?", (message_id,))
    return None if row is None else (str(row[0]), bytes(row[1]))


def note_uid(tx: Connection, found: Job, uid: int) -> None:
    """The mail was found: all operations of its copy that seek it in that folder are told."""
    tx.run(
        "UPDATE operation SET uid = ? WHERE (id = ? OR copy_id = ?) AND folder_id = ? AND uid IS NULL",
        (uid, found.id, found.copy_id, found.folder_id),
    )


def remove(tx: Connection, operation_ids: Sequence[int]) -> None:
    """These are carried out, or have nothing left to do."""
    tx.run_many("DELETE FROM operation WHERE id = ?", [(number,) for number in operation_ids])


def note_moved(tx: Connection, moved: Job, target_folder_id: int, new_uid: int | None) -> None:
    """The mail lies in the target folder on the server: tell its copy and the operations behind this one."""
    new_uid = believed(tx, moved, target_folder_id, new_uid)
    remove(tx, [moved.id])
    tx.run(
        "UPDATE operation SET folder_id = ?, uid = ? WHERE copy_id = ? AND id > ?",
        (target_folder_id, new_uid, moved.copy_id, moved.id),
    )
    _bind(tx, moved.copy_id, target_folder_id, new_uid)


def note_appended(tx: Connection, appended: Job, uid: int | None) -> None:
    uid = believed(tx, appended, appended.folder_id, uid)
    remove(tx, [appended.id])
    _bind(tx, appended.copy_id, appended.folder_id, uid)


def believed(read: Connection, done: Job, folder_id: int, uid: int | None) -> int | None:
    """The UID that a server tells of a new copy, unless another mail bears it: then the next visit finds the right one."""
    sql = "SELECT 1 FROM mail_copy WHERE folder_id = ? AND uid = ? AND message_id <> ?"
    return None if read.value(sql, (folder_id, uid, done.message_id)) is not None else uid


def _bind(tx: Connection, copy_id: int | None, folder_id: int, uid: int | None) -> None:
    """Give a copy its UID. If a sync has made a copy with this UID meanwhile, that one stays, unless the first was moved on
    or erased: then there is no more to show here."""
    if uid is None or copy_id is None:
        return
    other = tx.value("SELECT id FROM mail_copy WHERE folder_id = ? AND uid = ?", (folder_id, uid))
    if other is None:
        tx.run(
            "UPDATE mail_copy SET uid = ? WHERE id = ? AND folder_id = ? AND uid IS NULL",
            (uid, copy_id, folder_id),
        )
    elif other != copy_id and copies.waits_in(tx, copy_id, folder_id):
        tx.run("UPDATE operation SET copy_id = ? WHERE copy_id = ?", (other, copy_id))
        copies.remove(tx, copy_id)
    elif other != copy_id:
        copies.remove(tx, other)


def note_alone(tx: Connection, operation_ids: Sequence[int]) -> None:
    """Each of these is to be asked again by itself."""
    tx.run_many(
        "UPDATE operation SET state = 'waiting', attempts = attempts + 1 WHERE id = ?",
        [(number,) for number in operation_ids],
    )


def note_failed(tx: Connection, operation_ids: Sequence[int], reason: str) -> None:
    """Refused; the rep decides whether it is tried again or dropped."""
    tx.run_many(
        "UPDATE operation SET state = 'failed', attempts = attempts + 1, error = ? WHERE id = ?",
        [(clean_line(reason), number) for number in operation_ids],
    )


def note_again(tx: Connection, operation_id: int, now: datetime) -> None:
    """Try it now. One that is `running` stays so, and that it was tried is not forgotten: the server may have carried it
    out."""
    at = int(now.timestamp())
    tx.run(
        """UPDATE operation SET due_at = ?, error = '', attempts = CASE state WHEN 'failed' THEN 0 ELSE attempts END,
  state = CASE state WHEN 'failed' THEN 'waiting' ELSE state END WHERE id = ?""",
        (at, operation_id),
    )


def note_later(tx: Connection, operation_ids: Sequence[int], reason: str, due: datetime) -> None:
    """The connection broke. The state stays `running`: the server may have carried it out."""
    tx.run_many(
        "UPDATE operation SET attempts = attempts + 1, error = ?, due_at = ? WHERE id = ?",
        [(clean_line(reason), int(due.timestamp()), number) for number in operation_ids],
    )
