"""Reads the sync ledger: how mailboxes and folders stand, and what waits to be carried out; plain SQL."""

from __future__ import annotations

from app.domain.mail.ledger import ChangeLine, FolderLine, MailboxLine, SkippedLine
from app.domain.mail.messages import Role
from app.domain.mail.operations import FlagsChange, Move, OperationKind, OperationState, read_effect
from app.store.connection import Connection, Row

_MAILBOXES = "SELECT id, name, address, synced_at, sync_error FROM mailbox ORDER BY position, id"
_FOLDERS = """SELECT mailbox_id, id, name, role, synced, complete, total, last_success, last_attempt, last_error, last_new,
  last_changed, last_gone, (SELECT count(*) FROM skipped_message WHERE folder_id = folder.id)
  FROM folder WHERE gone = 0 AND selectable = 1
  ORDER BY mailbox_id, CASE role WHEN 'inbox' THEN 0 ELSE 1 END, name, id"""
_CHANGES = """SELECT operation.id, operation.kind, operation.arguments, operation.state, message.subject,
  message.sender_name, message.sender_address, folder.name, folder.role, operation.attempts, operation.due_at,
  operation.error FROM operation JOIN folder ON folder.id = operation.folder_id
  LEFT JOIN message ON message.id = operation.message_id
  WHERE operation.mailbox_id = ? ORDER BY CASE operation.state WHEN 'failed' THEN 0 ELSE 1 END, operation.id LIMIT ?"""


def ledger(read: Connection, changes: int) -> list[MailboxLine]:
    """Every mailbox with its folders, and up to so many of its changes, the refused ones first."""
    folders: dict[int, list[FolderLine]] = {}
    names: dict[int, tuple[str, Role]] = {}
    for mailbox, number, name, role, synced, complete, *rest in read.rows(_FOLDERS):
        line = FolderLine(number, name, Role(role), bool(synced), bool(complete), *rest)
        folders.setdefault(mailbox, []).append(line)
        names[number] = (name, line.role)
    waiting: dict[int, int] = dict(
        read.rows("SELECT mailbox_id, count(*) FROM operation GROUP BY mailbox_id")
    )
    lines = []
    for number, name, address, synced_at, error in read.rows(_MAILBOXES):
        found = read.rows(_CHANGES, (number, changes)) if number in waiting else []
        lines.append(
            MailboxLine(
                id=number,
                name=name,
                address=address,
                synced_at=synced_at,
                error=error,
                folders=tuple(folders.get(number, ())),
                changes=tuple(_change(row, names) for row in found),
                waiting=waiting.get(number, 0),
            )
        )
    return lines


def skipped(read: Connection, folder_id: int) -> list[SkippedLine]:
    """The mails of a folder that could not be taken over, the newest first."""
    rows = read.rows(
        "SELECT uid, reason, at FROM skipped_message WHERE folder_id = ? ORDER BY uid DESC", (folder_id,)
    )
    return [SkippedLine(*row) for row in rows]


def _change(row: Row, names: dict[int, tuple[str, Role]]) -> ChangeLine:
    number, kind, arguments, state, subject, name, address, folder, role, attempts, due_at, error = row
    effect = read_effect(kind, arguments)
    target, target_role = (
        names.get(effect.target_folder_id, ("", Role.NONE)) if isinstance(effect, Move) else ("", Role.NONE)
    )
    flags = (
        (*(f"+{flag}" for flag in effect.add), *(f"-{flag}" for flag in effect.remove))
        if isinstance(effect, FlagsChange)
        else ()
    )
    return ChangeLine(
        id=number,
        kind=OperationKind(kind),
        state=OperationState(state),
        subject=subject or "",
        sender=name or address or "",
        folder=folder,
        folder_role=Role(role),
        target=target,
        target_role=target_role,
        flags=flags,
        attempts=attempts,
        due_at=due_at,
        error=error,
    )
