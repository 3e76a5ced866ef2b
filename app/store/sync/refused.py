"""Changes that the server refused, and how they are asked for again or given up; plain SQL, decides nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.operations import Append, Delete, Effect, FlagsChange, Move, read_effect
from app.domain.triage import Selection
from app.store.connection import Connection, rows_in, run_in
from app.store.mail.processed import refresh_processed
from app.store.sync.changes import copies_of, show_flags


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A refused operation. `target`: name of the folder that a move leads to, or empty."""

    id: int
    mailbox_id: int
    mailbox: str
    folder_id: int
    folder: str
    uid: int | None
    copy_id: int | None
    message_id: int | None
    subject: str
    effect: Effect
    target: str
    reason: str
    at: datetime


_ROWS = """SELECT operation.id, operation.mailbox_id, mailbox.name, operation.folder_id, folder.name, operation.uid,
  operation.copy_id, operation.message_id, coalesce(message.subject, ''), operation.kind, operation.arguments,
  operation.error, operation.created_at
  FROM operation JOIN folder ON folder.id = operation.folder_id JOIN mailbox ON mailbox.id = operation.mailbox_id
  LEFT JOIN message ON message.id = operation.message_id WHERE operation.state = 'failed'"""


def refused_rows(read: Connection, ids: Sequence[int] | None = None) -> list[RefusedRow]:
    """All refused operations, or those of these ids that are refused still; the oldest first."""
    found = read.rows(_ROWS) if ids is None else list(rows_in(read, f"{_ROWS} AND operation.id IN ", ids))
    names: dict[int, str] = dict(read.rows("SELECT id, name FROM folder")) if found else {}
    rows = []
    for (
        number,
        mailbox,
        name,
        folder,
        path,
        uid,
        copy,
        message,
        subject,
        kind,
        arguments,
        reason,
        at,
    ) in found:
        effect = read_effect(kind, arguments)
        target = names.get(effect.target_folder_id, "") if isinstance(effect, Move) else ""
        when = datetime.fromtimestamp(at, UTC)
        rows.append(
            RefusedRow(
                number, mailbox, name, folder, path, uid, copy, message, subject, effect, target, reason, when
            )
        )
    return sorted(rows, key=lambda row: row.id)


def ask_again(tx: Connection, ids: Sequence[int], at: int) -> None:
    """Let the postman try these once more, at once."""
    sql = "UPDATE operation SET state = 'waiting', attempts = 0, error = '', due_at = ? WHERE id IN "
    run_in(tx, sql, ids, [at])


def give_up(tx: Connection, refused: Sequence[RefusedRow]) -> None:
    """Forget these operations and show their mails as the server has them."""
    run_in(tx, "DELETE FROM operation WHERE id IN ", [row.id for row in refused])
    for row in refused:
        match row.effect:
            case FlagsChange() as change:
                _turn_back_flags(tx, row, change)
            case Move():
                _put_back(tx, row)
            case Delete() | Append():
                # What is here and what is there differ: only a comparison of the whole folder finds it.
                tx.run("UPDATE folder SET complete = 0 WHERE id = ?", (row.folder_id,))
    refresh_processed(tx, [row.message_id for row in refused if row.message_id is not None])


def _turn_back_flags(tx: Connection, row: RefusedRow, change: FlagsChange) -> None:
    """The flags as they were, but for what later operations change about them."""
    for copy in copies_of(tx, Selection(copies=() if row.copy_id is None else (row.copy_id,))):
        flags = (copy.flags - set(change.add)) | set(change.remove)
        later = tx.rows(
            "SELECT arguments FROM operation WHERE copy_id = ? AND kind = 'flags' AND id > ? ORDER BY id",
            (copy.id, row.id),
        )
        for (arguments,) in later:
            effect = FlagsChange.from_json(arguments)
            flags = (flags | set(effect.add)) - set(effect.remove)
        show_flags(tx, flags, [copy.id])


def _put_back(tx: Connection, row: RefusedRow) -> None:
    """The copy where the server has it, unless another move of it waits."""
    tx.run(
        """UPDATE mail_copy SET folder_id = ?, uid = ? WHERE id = ?
  AND NOT EXISTS (SELECT 1 FROM operation WHERE operation.copy_id = mail_copy.id AND operation.kind = 'move')""",
        (row.folder_id, row.uid, row.copy_id),
    )
