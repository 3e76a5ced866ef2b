"""Rows of mailboxes and of the folders chosen in them, in plain SQL; the sync's own columns are kept elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.mail.accounts import FolderChoice, Mailbox, SecretPlace, Unsent
from app.domain.mail.messages import Role
from app.store.connection import Connection, Row, places

#: What a person sets, in the order of `_settings`; then what the sync writes.
_SETTINGS = (
    "name, address, source, outgoing, display_name, senders, secret, password_command, ca_file, signature,"
    " fetch_days, only_folders, position"
)
_SELECT = f"SELECT {_SETTINGS}, sync_wanted, synced_at, sync_error, created_at, id FROM mailbox"


def mailboxes(read: Connection) -> list[Mailbox]:
    """All mailboxes in the order the rep gave them."""
    return [_mailbox(row) for row in read.rows(f"{_SELECT} ORDER BY position, id")]


def mailbox_named(read: Connection, name: str) -> Mailbox | None:
    row = read.row(f"{_SELECT} WHERE name = ?", (name,))
    return _mailbox(row) if row else None


def mailbox_by_id(read: Connection, mailbox_id: int) -> Mailbox | None:
    row = read.row(f"{_SELECT} WHERE id = ?", (mailbox_id,))
    return _mailbox(row) if row else None


def add_mailbox(tx: Connection, mailbox: Mailbox) -> int:
    """A new row after the others; its id."""
    last = tx.value("SELECT coalesce(max(position), 0) FROM mailbox")
    values = (*_settings(replace(mailbox, position=last + 1)), mailbox.created_at)
    sql = f"INSERT INTO mailbox ({_SETTINGS}, created_at) VALUES {places(values)} RETURNING id"
    return int(tx.value(sql, values))


def change_mailbox(tx: Connection, mailbox: Mailbox) -> None:
    """Keep the settings of a mailbox; what the sync writes stays, and its worker is told. When more days are wanted than
    before, the folders are no longer complete."""
    days = tx.value("SELECT fetch_days FROM mailbox WHERE id = ?", (mailbox.id,))
    if days is not None and (mailbox.fetch_days is None or mailbox.fetch_days > days):
        tx.run("UPDATE folder SET complete = 0 WHERE mailbox_id = ?", (mailbox.id,))
    columns = ", ".join(f"{name} = ?" for name in _SETTINGS.split(", "))
    sql = f"UPDATE mailbox SET {columns}, sync_wanted = sync_wanted + 1 WHERE id = ?"
    tx.run(sql, (*_settings(mailbox), mailbox.id))


def remove_copies(tx: Connection, mailbox_id: int, limit: int) -> list[int]:
    """Take away up to `limit` copies in the folders of a mailbox; the messages they were copies of. None: all are gone."""
    found = tx.rows(
        "SELECT id, message_id FROM mail_copy WHERE folder_id IN (SELECT id FROM folder WHERE mailbox_id = ?) LIMIT ?",
        (mailbox_id, limit),
    )
    tx.run_many("DELETE FROM operation WHERE copy_id = ?", [(copy,) for copy, _ in found])
    tx.run_many("DELETE FROM mail_copy WHERE id = ?", [(copy,) for copy, _ in found])
    return list(dict.fromkeys(message for _, message in found))


def remove_mailbox(tx: Connection, mailbox_id: int) -> None:
    """Take away a mailbox with its folders, waiting changes, drafts and outbox."""
    tx.run("DELETE FROM mailbox WHERE id = ?", (mailbox_id,))


def contents(read: Connection) -> dict[int, tuple[int, int, int, int, int]]:
    """By mailbox id: folders on the server, mails, unread, unprocessed, and what waits to leave (changes and mails)."""
    found = read.rows(
        "SELECT mailbox.id, count(folder.id), coalesce(sum(folder.total), 0), coalesce(sum(folder.unread), 0),"
        " coalesce(sum(folder.unprocessed), 0),"
        " (SELECT count(*) FROM operation WHERE operation.mailbox_id = mailbox.id)"
        " + (SELECT count(*) FROM outbox WHERE outbox.mailbox_id = mailbox.id AND outbox.state <> 'sent')"
        " FROM mailbox LEFT JOIN folder ON folder.mailbox_id = mailbox.id AND folder.gone = 0 GROUP BY mailbox.id"
    )
    return {
        id: (folders, total, unread, open_, waiting) for id, folders, total, unread, open_, waiting in found
    }


def unsent(read: Connection, mailbox_id: int) -> Unsent:
    """What of a mailbox its servers do not have yet."""
    by_kind: dict[int, int] = dict(
        read.rows(
            "SELECT CASE state WHEN 'draft' THEN 1 ELSE 0 END, count(*) FROM outbox"
            " WHERE mailbox_id = ? AND state <> 'sent' GROUP BY 1",
            (mailbox_id,),
        )
    )
    changes = read.value("SELECT count(*) FROM operation WHERE mailbox_id = ?", (mailbox_id,))
    return Unsent(by_kind.get(0, 0), by_kind.get(1, 0), int(changes))


def folder_choices(read: Connection, mailbox_id: int) -> list[FolderChoice]:
    """The folders of a mailbox that are on the server, by name."""
    found = read.rows(
        "SELECT id, path, name, role, role_by_hand, selectable, synced FROM folder"
        " WHERE mailbox_id = ? AND gone = 0 ORDER BY name, id",
        (mailbox_id,),
    )
    return [
        FolderChoice(id, path, name, Role(role), bool(by_hand), bool(selectable), bool(synced))
        for id, path, name, role, by_hand, selectable, synced in found
    ]


def choose_folders(tx: Connection, mailbox_id: int, folder_ids: Sequence[int]) -> None:
    """Sync exactly these folders of the mailbox. One that was not synced before is no longer complete."""
    tx.run("UPDATE folder SET synced = -synced WHERE mailbox_id = ?", (mailbox_id,))
    tx.run_many(
        """UPDATE folder SET complete = CASE synced WHEN 0 THEN 0 ELSE complete END, synced = 1
  WHERE mailbox_id = ? AND id = ?""",
        [(mailbox_id, folder) for folder in folder_ids],
    )
    tx.run("UPDATE folder SET synced = 0 WHERE mailbox_id = ? AND synced < 0", (mailbox_id,))


def set_role(tx: Connection, folder_id: int, role: Role) -> None:
    """Let a person say what a folder is for; no other folder of its mailbox keeps that role.

    The caller refreshes what depends on it (`app.store.mail.processed`).
    """
    if role is not Role.NONE:
        tx.run(
            "UPDATE folder SET role = '', role_by_hand = 1 WHERE role = ? AND id <> ?"
            " AND mailbox_id = (SELECT mailbox_id FROM folder WHERE id = ?)",
            (role.value, folder_id, folder_id),
        )
    tx.run("UPDATE folder SET role = ?, role_by_hand = 1 WHERE id = ?", (role.value, folder_id))


def want_sync(tx: Connection, at: int) -> None:
    """Note that somebody asked for a sync of every mailbox (`at`: epoch seconds); twice in a second are two wishes."""
    tx.run(
        "UPDATE mailbox SET sync_wanted = CASE WHEN sync_wanted >= ? THEN sync_wanted + 1 ELSE ? END",
        (at, at),
    )


def want_sync_of(tx: Connection, mailbox_id: int, at: int) -> int:
    """The same for one mailbox; the number of the wish."""
    sql = """UPDATE mailbox SET sync_wanted = CASE WHEN sync_wanted >= ? THEN sync_wanted + 1 ELSE ? END WHERE id = ?
  RETURNING sync_wanted"""
    return int(tx.value(sql, (at, at, mailbox_id)) or 0)


def _mailbox(row: Row) -> Mailbox:
    (
        name, address, source, outgoing, display_name, senders, secret, password_command, ca_file, signature,
        fetch_days, only_folders, position, sync_wanted, synced_at, sync_error, created_at, id,
    ) = row  # fmt: skip
    return Mailbox(
        name=name,
        address=address,
        source=source,
        outgoing=outgoing,
        display_name=display_name,
        senders=_lines(senders),
        secret=SecretPlace(secret),
        password_command=password_command,
        ca_file=ca_file,
        signature=signature,
        fetch_days=fetch_days,
        only_folders=_lines(only_folders),
        position=position,
        sync_wanted=sync_wanted,
        synced_at=synced_at,
        sync_error=sync_error,
        created_at=created_at,
        id=id,
    )


def _settings(mailbox: Mailbox) -> tuple[object, ...]:
    return (
        mailbox.name,
        mailbox.address,
        mailbox.source,
        mailbox.outgoing,
        mailbox.display_name,
        "\n".join(mailbox.senders),
        mailbox.secret.value,
        mailbox.password_command,
        mailbox.ca_file,
        mailbox.signature,
        mailbox.fetch_days,
        "\n".join(mailbox.only_folders),
        mailbox.position,
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(text.split("\n")) if text else ()
