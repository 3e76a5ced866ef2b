"""The folders and mailboxes with their counters, which triggers keep; reads only."""

from __future__ import annotations

from app.domain.mail.listing import MailboxRow, Totals
from app.domain.mail.messages import FolderRow, Role
from app.store.connection import Connection, places, time_of
from app.store.lists.scope import APART

_FOLDER_ORDER = (Role.INBOX, Role.NONE, Role.ARCHIVE, Role.DRAFTS, Role.SENT, Role.JUNK, Role.TRASH, Role.ALL)


def folders(read: Connection) -> list[FolderRow]:
    """Every folder that can hold mail, by mailbox: the inbox, the rep's own by name, then those with a role."""
    rows = read.rows(
        """SELECT f.id, f.mailbox_id, b.name, f.name, f.role, f.total, f.unread, f.unprocessed, f.synced,
             f.last_success, f.last_error
           FROM folder f JOIN mailbox b ON b.id = f.mailbox_id
           WHERE f.selectable = 1 AND (f.gone = 0 OR f.total > 0) ORDER BY b.position, b.name, b.id"""
    )
    found = [
        FolderRow(
            key,
            box,
            mailbox,
            name,
            Role(role),
            total,
            unread,
            unprocessed,
            bool(synced),
            time_of(success),
            error,
        )
        for key, box, mailbox, name, role, total, unread, unprocessed, synced, success, error in rows
    ]
    place = {mailbox: number for number, mailbox in enumerate(dict.fromkeys(row.mailbox_id for row in found))}
    found.sort(key=lambda row: (place[row.mailbox_id], _FOLDER_ORDER.index(row.role), row.name.casefold()))
    return found


def mailboxes(read: Connection) -> list[MailboxRow]:
    """The mailboxes in the rep's order, with the sums of their folders' counters."""
    rows = read.rows(
        f"""SELECT b.id, b.name, b.address, coalesce(sum(f.unread), 0), coalesce(sum(f.unprocessed), 0),
              b.synced_at, b.sync_error
            FROM mailbox b LEFT JOIN folder f ON f.mailbox_id = b.id AND f.role NOT IN {places(APART)}
            GROUP BY b.id, b.name, b.address, b.synced_at, b.sync_error, b.position ORDER BY b.position, b.name, b.id""",
        APART,
    )
    return [
        MailboxRow(key, name, address, int(unread), int(unprocessed), time_of(synced), error)
        for key, name, address, unread, unprocessed, synced, error in rows
    ]


def totals(read: Connection, mailbox_id: int | None = None) -> Totals:
    """The sums over a mailbox, or all, as a list without a folder shows them (junk, trash and "all mail" left out)."""
    mailbox = "" if mailbox_id is None else f" AND mailbox_id = {int(mailbox_id)}"
    row = read.row(
        f"""SELECT coalesce(sum(total), 0), coalesce(sum(unread), 0), coalesce(sum(unprocessed), 0) FROM folder
            WHERE role NOT IN {places(APART)}{mailbox}""",
        APART,
    )
    assert row is not None
    return Totals(int(row[0]), int(row[1]), int(row[2]))
