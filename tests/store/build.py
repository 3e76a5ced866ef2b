"""Puts mailboxes, folders and mails into a store for a test, in the shape that a sync leaves behind."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.mail.messages import NOT_RECEIVED, Role
from app.store.connection import Connection
from app.store.database import Store

NOON = 1_795_000_000  # 18 November 2026


@dataclass(frozen=True, slots=True)
class Copy:
    """A mail that was put into a folder."""

    id: int
    message: int
    folder: int
    uid: int


def add_mailbox(store: Store, name: str = "vertrieb", address: str = "vertrieb@haus.example") -> int:
    with store.write() as tx:
        return _insert(
            tx,
            "INSERT INTO mailbox (name, address, source) VALUES (?, ?, ?)",
            (name, address, "imap://x.example"),
        )


def add_folder(store: Store, mailbox: int, name: str = "INBOX", role: Role = Role.INBOX) -> int:
    with store.write() as tx:
        return _insert(
            tx,
            "INSERT INTO folder (mailbox_id, path, name, role) VALUES (?, ?, ?, ?)",
            (mailbox, name, name, role.value),
        )


def add_mail(
    store: Store,
    folder: int,
    *,
    subject: str = "Anfrage",
    sender: tuple[str, str] = ("Silke Berger", "silke.berger@vogel.example"),
    thread: int = 0,
    seen: bool = False,
    date: int = NOON,
    message: int = 0,
    uid: int = 0,
) -> Copy:
    """One mail in a folder; `message`: another copy of a message that is there already."""
    with store.write() as tx:
        if not message:
            last = int(tx.value("SELECT coalesce(max(id), 0) FROM message"))
            message = max(date << 20, last + 1)
            tx.run(
                """INSERT INTO message (id, digest, header_message_id, thread_id, date, sender_name, sender_address,
  subject) VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                (
                    message,
                    message.to_bytes(16),
                    f"<{message}@x.example>",
                    thread or message,
                    date,
                    *sender,
                    subject,
                ),
            )
        role = Role(tx.value("SELECT role FROM folder WHERE id = ?", (folder,)))
        linked = tx.value("SELECT 1 FROM link WHERE message_id = ?", (message,))
        sql = "SELECT coalesce(max(uid), 0) + 1 FROM mail_copy WHERE folder_id = ?"
        uid = uid or int(tx.value(sql, (folder,)))
        copy = _insert(
            tx,
            "INSERT INTO mail_copy (folder_id, message_id, uid, seen, unprocessed) VALUES (?, ?, ?, ?, ?)",
            (folder, message, uid, int(seen), int(role not in NOT_RECEIVED and not linked)),
        )
    return Copy(copy, message, folder, uid)


def _insert(tx: Connection, sql: str, params: tuple[object, ...]) -> int:
    return int(tx.value(f"{sql} RETURNING id", params))


def steps_of(store: Store, author: str) -> list[str]:
    """Titles of the steps that can be taken back, the last one first."""
    sql = "SELECT title FROM undo_step WHERE author = ? ORDER BY id DESC"
    return [title for (title,) in store.read.rows(sql, (author,))]
