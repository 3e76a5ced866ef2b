"""What the sync remembers of folders between two passes: how far each is in step, and the ledger."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.mail import FolderStatus, RemoteFolder, Role, SkippedMail
from app.domain.sync import FolderReport, FolderState
from app.store.connection import Connection, places
from app.store.processed import refresh_folder


@dataclass(frozen=True, slots=True)
class KnownFolder:
    """A folder of a mailbox as the sync sees it."""

    id: int
    path: str
    name: str
    role: Role
    synced: bool
    state: FolderState


_FOLDERS = """SELECT id, path, name, role, synced, uidvalidity, uidnext, messages, highestmodseq, complete,
  total, (SELECT count(*) FROM mail_copy WHERE folder_id = folder.id AND uid IS NULL),
  (SELECT count(*) FROM skipped_message WHERE folder_id = folder.id)
  FROM folder WHERE mailbox_id = ? AND selectable = 1 AND gone = 0 ORDER BY CASE role WHEN 'inbox' THEN 0 ELSE 1 END, id"""


def known_folders(read: Connection, mailbox_id: int) -> list[KnownFolder]:
    """The selectable folders of a mailbox, the inbox first."""
    return [
        KnownFolder(
            number,
            path,
            name,
            Role(role),
            bool(synced),
            FolderState(
                validity, uidnext, messages, modseq, bool(complete), total - unbound, unbound, skipped
            ),
        )
        for number, path, name, role, synced, validity, uidnext, messages, modseq, complete, total, unbound, skipped in (
            read.rows(_FOLDERS, (mailbox_id,))
        )
    ]


def listing_changed(read: Connection, mailbox_id: int, listed: Sequence[RemoteFolder]) -> bool:
    """Whether `take_listing` would change anything; asked first, so that a pass with nothing new writes nothing."""
    rows = read.rows(
        "SELECT path, name, role, role_by_hand, selectable, gone FROM folder WHERE mailbox_id = ?",
        (mailbox_id,),
    )
    have = {
        path: (name, role, hand, selectable) for path, name, role, hand, selectable, gone in rows if not gone
    }
    if set(have) != {folder.path for folder in listed}:
        return True
    return any(
        have[folder.path][0] != folder.name
        or have[folder.path][3] != int(folder.selectable)
        or (not have[folder.path][2] and have[folder.path][1] != folder.role.value)
        for folder in listed
    )


def take_listing(
    tx: Connection, mailbox_id: int, listed: Sequence[RemoteFolder], only: Collection[str] = ()
) -> None:
    """Bring the folders of a mailbox in step with what the server lists. A role set by hand stays.

    `only`: decoded names of the folders to sync, for those seen for the first time; none: all but a view of all mail.
    A folder that is no longer listed is marked gone and its copies go; their messages stay with all that hangs on them.
    """
    by_hand = {
        row[0]
        for row in tx.rows("SELECT role FROM folder WHERE mailbox_id = ? AND role_by_hand = 1", (mailbox_id,))
    }
    for folder in listed:
        role = "" if folder.role.value in by_hand else folder.role.value
        tx.run(
            """INSERT INTO folder (mailbox_id, path, name, role, selectable, synced) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (mailbox_id, path) DO UPDATE SET name = excluded.name, selectable = excluded.selectable, gone = 0,
  role = CASE WHEN folder.role_by_hand = 1 THEN folder.role ELSE excluded.role END""",
            (mailbox_id, folder.path, folder.name, role, int(folder.selectable), int(_wanted(folder, only))),
        )
    paths = [folder.path for folder in listed]
    missing = tx.rows(
        f"SELECT id FROM folder WHERE mailbox_id = ? AND gone = 0 AND path NOT IN {places(paths)}",
        [mailbox_id, *paths],
    )
    for (folder_id,) in missing:
        tx.run("DELETE FROM operation WHERE folder_id = ?", (folder_id,))
        tx.run("DELETE FROM mail_copy WHERE folder_id = ?", (folder_id,))
        tx.run("UPDATE folder SET gone = 1, complete = 0, uidvalidity = 0 WHERE id = ?", (folder_id,))
    for (folder_id,) in tx.rows("SELECT id FROM folder WHERE mailbox_id = ?", (mailbox_id,)):
        refresh_folder(tx, folder_id)


def _wanted(folder: RemoteFolder, only: Collection[str]) -> bool:
    return folder.name in only if only else folder.role is not Role.ALL


def start_reread(tx: Connection, folder_id: int, status: FolderStatus) -> None:
    """Note the new UIDVALIDITY; the folder counts as incomplete from here."""
    tx.run(
        "UPDATE folder SET uidvalidity = ?, uidnext = 0, highestmodseq = NULL, complete = 0 WHERE id = ?",
        (status.uidvalidity, folder_id),
    )


def compare_again(tx: Connection, folder_id: int) -> None:
    """Have the next pass compare every UID and every flag of the folder."""
    tx.run("UPDATE folder SET highestmodseq = NULL WHERE id = ?", (folder_id,))


def fetch_again(tx: Connection, mailbox_id: int) -> None:
    """Have the next pass look for wanted mail in every folder that is not here."""
    tx.run("UPDATE folder SET complete = 0 WHERE mailbox_id = ?", (mailbox_id,))


def note_opened(tx: Connection, folder_id: int, status: FolderStatus) -> None:
    """The folder was opened but is not in step yet."""
    tx.run("UPDATE folder SET uidvalidity = ?, complete = 0 WHERE id = ?", (status.uidvalidity, folder_id))


def note_in_step(
    tx: Connection, folder_id: int, status: FolderStatus, report: FolderReport, now: datetime
) -> None:
    """The folder is in step with `status`, the state it had when the pass opened it."""
    tx.run(
        """UPDATE folder SET uidvalidity = ?, uidnext = ?, highestmodseq = ?, messages = ?, complete = 1 WHERE id = ?""",
        (status.uidvalidity, status.uidnext, status.highestmodseq, status.messages, folder_id),
    )
    note_report(tx, folder_id, report, now)


def note_report(tx: Connection, folder_id: int, report: FolderReport, now: datetime) -> None:
    """Write the ledger of one pass over a folder, done or failed."""
    at = int(now.timestamp())
    tx.run(
        """UPDATE folder SET last_attempt = ?, last_error = ?, last_new = ?, last_changed = ?, last_gone = ?,
  last_seconds = ?, last_success = CASE WHEN ? = '' THEN ? ELSE last_success END WHERE id = ?""",
        (
            at,
            report.error,
            report.new,
            report.changed,
            report.gone,
            report.seconds,
            report.error,
            at,
            folder_id,
        ),
    )


def note_skipped(tx: Connection, folder_id: int, skipped: Sequence[SkippedMail], now: datetime) -> None:
    tx.run_many(
        """INSERT INTO skipped_message (folder_id, uid, reason, at) VALUES (?, ?, ?, ?)
  ON CONFLICT (folder_id, uid) DO UPDATE SET reason = excluded.reason, at = excluded.at""",
        [(folder_id, mail.uid, mail.reason, int(now.timestamp())) for mail in skipped],
    )


def forget_skipped(tx: Connection, folder_id: int, uids: Sequence[int]) -> None:
    """These are here now, or no longer on the server."""
    tx.run_many(
        "DELETE FROM skipped_message WHERE folder_id = ? AND uid = ?", [(folder_id, uid) for uid in uids]
    )


def skipped_of(read: Connection, folder_id: int) -> list[SkippedMail]:
    rows = read.rows("SELECT uid, reason FROM skipped_message WHERE folder_id = ? ORDER BY uid", (folder_id,))
    return [SkippedMail(uid, reason) for uid, reason in rows]


def note_mailbox(tx: Connection, mailbox_id: int, error: str, now: datetime) -> None:
    """The pass over a mailbox ended, with `error` or well."""
    at = int(now.timestamp())
    tx.run(
        "UPDATE mailbox SET sync_error = ?, synced_at = CASE WHEN ? = '' THEN ? ELSE synced_at END WHERE id = ?",
        (error, error, at, mailbox_id),
    )


def orphans(tx: Connection, message_ids: Sequence[int]) -> list[int]:
    """Of these messages, the ones without a copy on which nothing of a person hangs."""
    return [
        row[0]
        for start in range(0, len(message_ids), 500)
        for chunk in (message_ids[start : start + 500],)
        for row in tx.rows(
            f"""SELECT id FROM message WHERE id IN {places(chunk)}
  AND NOT EXISTS (SELECT 1 FROM mail_copy WHERE message_id = message.id)
  AND NOT EXISTS (SELECT 1 FROM link WHERE message_id = message.id)
  AND NOT EXISTS (SELECT 1 FROM comment WHERE message_id = message.id)
  AND NOT EXISTS (SELECT 1 FROM mark WHERE message_id = message.id)
  AND NOT EXISTS (SELECT 1 FROM outbox WHERE answers_message_id = message.id)""",
            chunk,
        )
    ]
