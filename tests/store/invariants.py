"""What holds for a store after every transaction; tests that touch a store end with `check(store)`."""

from __future__ import annotations

from app.domain.mail.messages import NOT_RECEIVED
from app.domain.mail.operations import Move, OperationKind, OperationState, read_effect
from app.store.connection import Connection
from app.store.database import Store

KEPT_STEPS = 20
_RECORDS = ("contact", "lead", "task", "opportunity")


def check(store: Store) -> None:
    """Raise AssertionError naming everything that is not as it must be."""
    read = store.read
    broken = [
        *_foreign_keys(read),
        *_counters(read),
        *_unprocessed(read),
        *_links(read),
        *_copies(read),
        *_operations(read),
        *_undo_steps(read),
    ]
    assert not broken, "\n".join(broken)


def _foreign_keys(read: Connection) -> list[str]:
    if read.dialect != "sqlite":
        return []  # PostgreSQL checks them itself, whoever writes
    return [f"{row[0]} {row[1]} refers to no {row[2]}" for row in read.rows("PRAGMA foreign_key_check")]


def _counters(read: Connection) -> list[str]:
    rows = read.rows(
        """SELECT folder.id, folder.total, folder.unread, folder.unprocessed, count(mail_copy.id),
  coalesce(sum(1 - mail_copy.seen), 0), coalesce(sum(mail_copy.unprocessed), 0)
  FROM folder LEFT JOIN mail_copy ON mail_copy.folder_id = folder.id
  GROUP BY folder.id, folder.total, folder.unread, folder.unprocessed"""
    )
    return [
        f"folder {row[0]} counts total, unread, unprocessed {row[1:4]}, but holds {row[4:]}"
        for row in rows
        if tuple(row[1:4]) != tuple(row[4:])
    ]


def _unprocessed(read: Connection) -> list[str]:
    linked = {row[0] for row in read.rows("SELECT message_id FROM link")}
    rows = read.rows(
        """SELECT mail_copy.id, mail_copy.message_id, mail_copy.unprocessed, folder.role
  FROM mail_copy JOIN folder ON folder.id = mail_copy.folder_id"""
    )
    outside = {role.value for role in NOT_RECEIVED}
    return [
        f"copy {copy} in a folder {role!r} says unprocessed = {unprocessed}"
        for copy, message, unprocessed, role in rows
        if bool(unprocessed) != (role not in outside and message not in linked)
    ]


def _links(read: Connection) -> list[str]:
    broken = [
        f"{kind} link {number} refers to no record"
        for kind in _RECORDS
        for (number,) in read.rows(
            f"SELECT id FROM link WHERE kind = ? AND record_id NOT IN (SELECT id FROM {kind})", (kind,)
        )
    ]
    kinds = {row[0] for row in read.rows("SELECT DISTINCT kind FROM link")}
    return broken + [f"there are links of the unknown kind {kind!r}" for kind in kinds - set(_RECORDS)]


def _copies(read: Connection) -> list[str]:
    twice = read.rows(
        """SELECT folder_id, uid, count(*) FROM mail_copy WHERE uid IS NOT NULL
  GROUP BY folder_id, uid HAVING count(*) > 1"""
    )
    lost = read.rows(
        """SELECT id FROM message WHERE source_id <> 0 AND source_id NOT IN (SELECT id FROM message_source)"""
    )
    ghosts = read.rows(
        """SELECT mail_copy.id, operation.id FROM operation JOIN mail_copy
  ON mail_copy.folder_id = operation.folder_id AND mail_copy.uid = operation.uid
  WHERE operation.kind IN ('move', 'delete') AND mail_copy.id <> operation.copy_id"""
    )
    forgotten = read.rows(
        """SELECT id FROM message WHERE NOT EXISTS (SELECT 1 FROM mail_copy WHERE message_id = message.id)
  AND NOT EXISTS (SELECT 1 FROM link WHERE message_id = message.id)
  AND NOT EXISTS (SELECT 1 FROM comment WHERE message_id = message.id)
  AND NOT EXISTS (SELECT 1 FROM mark WHERE message_id = message.id)
  AND NOT EXISTS (SELECT 1 FROM operation WHERE operation.message_id = message.id)
  AND NOT EXISTS (SELECT 1 FROM outbox WHERE answers_message_id = message.id)
  AND id NOT IN (SELECT message_id FROM loose_message)"""
    )
    return [
        *(
            f"message {row[0]} lies nowhere, nothing hangs on it, and nobody will take it away"
            for row in forgotten
        ),
        *(f"folder {row[0]} has {row[2]} copies with UID {row[1]}" for row in twice),
        *(f"message {row[0]} has lost its source" for row in lost),
        *(f"copy {row[0]} is a second one of what operation {row[1]} takes away" for row in ghosts),
    ]


def _operations(read: Connection) -> list[str]:
    rows = read.rows(
        """SELECT operation.id, operation.mailbox_id, operation.folder_id, operation.uid, operation.kind,
  operation.arguments, operation.state, operation.copy_id, operation.message_id, folder.mailbox_id,
  mail_copy.id, mail_copy.folder_id, message.id FROM operation
  LEFT JOIN folder ON folder.id = operation.folder_id LEFT JOIN mail_copy ON mail_copy.id = operation.copy_id
  LEFT JOIN message ON message.id = operation.message_id ORDER BY operation.id"""
    )
    mailboxes = dict(read.rows("SELECT id, mailbox_id FROM folder"))
    states = {state.value for state in OperationState}
    erased = {row[7] for row in rows if row[4] == OperationKind.DELETE}
    broken: list[str] = []
    places: dict[int, tuple[int, int | None]] = {}
    lies: dict[int, tuple[int, int, int]] = {}
    for (
        number,
        mailbox,
        folder,
        uid,
        kind,
        arguments,
        state,
        copy,
        message,
        owner,
        here,
        lying,
        known,
    ) in rows:
        effect = read_effect(kind, arguments)
        if mailbox != owner:
            broken.append(f"operation {number} is for mailbox {mailbox}, its folder for {owner}")
        if state not in states:
            broken.append(f"operation {number} has the unknown state {state!r}")
        if message is not None and known is None:
            broken.append(f"operation {number} refers to no message")
        if copy is not None and here is None and copy not in erased:
            broken.append(f"operation {number} ({kind}) refers to no copy")
        if copy is not None and places.setdefault(copy, (folder, uid)) != (folder, uid):
            broken.append(f"operation {number} seeks copy {copy} elsewhere than the one before it")
        if isinstance(effect, Move):
            if mailboxes.get(effect.target_folder_id) != mailbox:
                broken.append(f"operation {number} moves out of its mailbox")
            if here is not None:
                lies[copy] = (number, effect.target_folder_id, lying)
    return broken + [
        f"operation {number} moves copy {copy} to {target}, but it is shown in {lying}"
        for copy, (number, target, lying) in lies.items()
        if target != lying
    ]


def _undo_steps(read: Connection) -> list[str]:
    rows = read.rows("SELECT author, count(*) FROM undo_step GROUP BY author")
    return [f"{author} has {count} undo steps" for author, count in rows if count > KEPT_STEPS]
