"""What the sync remembers of folders between two passes: how far each is in step, and the ledger."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.mail import FolderStatus, RemoteFolder, Role, SkippedMail
from app.domain.sync import FolderReport, FolderState
from app.domain.text import clean_line
from app.store.connection import Connection, places, run_in
from app.store.mail import copies
from app.store.mail.processed import refresh_folder, refresh_processed


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
    by_hand = {role for _, _, role, hand, _, _ in rows if hand}
    have = {
        path: (name, "" if hand else role, selectable)
        for path, name, role, hand, selectable, gone in rows
        if not gone
    }
    hands = {path for path, _, _, hand, _, _ in rows if hand}
    return have != {
        folder.path: (
            folder.name,
            "" if folder.path in hands or folder.role.value in by_hand else folder.role.value,
            int(folder.selectable),
        )
        for folder in listed
    }


def follow_renamed(
    tx: Connection, mailbox_id: int, listed: Sequence[RemoteFolder], told: Mapping[str, FolderStatus]
) -> None:
    """A folder that went, and a new one that bears its UIDVALIDITY and at least its UIDs, are one folder that was renamed:
    what waits for its mail goes on. Servers are known that give all folders the same UIDVALIDITY, so the mail is
    compared again by its contents, and no UID is believed until then."""
    rows = tx.rows(
        "SELECT id, path, uidvalidity, uidnext, gone FROM folder WHERE mailbox_id = ?", (mailbox_id,)
    )
    known, there = {row[1] for row in rows}, {folder.path for folder in listed}
    went: dict[int, list[tuple[int, int]]] = {}
    came: dict[int, list[tuple[str, int]]] = {}
    for number, path, validity, uidnext, gone in rows:
        if path not in there and not gone and validity:
            went.setdefault(validity, []).append((number, uidnext))
    for path in there - known:
        if path in told:
            came.setdefault(told[path].uidvalidity, []).append((path, told[path].uidnext))
    for validity, folders in went.items():
        new = came.get(validity, [])
        if len(folders) == len(new) == 1 and new[0][1] >= folders[0][1]:
            folder_id = folders[0][0]
            copies.unbind(tx, folder_id)
            tx.run(
                "UPDATE folder SET path = ?, uidvalidity = 0, complete = 0 WHERE id = ?",
                (new[0][0], folder_id),
            )


def take_listing(
    tx: Connection, mailbox_id: int, listed: Sequence[RemoteFolder], only: Collection[str] = ()
) -> list[int]:
    """Bring the folders of a mailbox in step with what the server lists. A role set by hand stays.

    `only`: decoded names of the folders to sync, for those seen for the first time; none: all but a view of all mail.
    A folder that is no longer listed is marked gone and its copies go; the messages they were copies of are returned.
    """
    before: dict[int, str] = dict(tx.rows("SELECT id, role FROM folder WHERE mailbox_id = ?", (mailbox_id,)))
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
    paths = {folder.path for folder in listed}
    known = tx.rows("SELECT id, path FROM folder WHERE mailbox_id = ? AND gone = 0", (mailbox_id,))
    missing = [number for number, path in known if paths and path not in paths]
    for folder_id in missing:
        tx.run("UPDATE folder SET gone = 1, complete = 0, uidvalidity = 0 WHERE id = ?", (folder_id,))
    left = [message for folder_id in missing for message in _leave(tx, folder_id)]
    for folder_id, role in tx.rows("SELECT id, role FROM folder WHERE mailbox_id = ?", (mailbox_id,)):
        if before.get(folder_id, role) != role:
            refresh_folder(tx, folder_id)
    return left


def _leave(tx: Connection, folder_id: int) -> list[int]:
    """Take away the copies in a folder that went with its mail; the messages. Mail that was only on its way into it still
    lies where it came from, and is shown there again."""
    moves = tx.rows(
        """SELECT DISTINCT mail_copy.id, mail_copy.message_id, operation.folder_id, operation.uid FROM mail_copy
  JOIN operation ON operation.copy_id = mail_copy.id JOIN folder ON folder.id = operation.folder_id
  WHERE mail_copy.folder_id = ? AND operation.folder_id <> ? AND folder.gone = 0""",
        (folder_id, folder_id),
    )
    for copy, _message, origin, uid in moves:
        tx.run("DELETE FROM operation WHERE copy_id = ? AND kind = 'move'", (copy,))
        tx.run("UPDATE mail_copy SET folder_id = ?, uid = ? WHERE id = ?", (origin, uid, copy))
    refresh_processed(tx, [move[1] for move in moves])
    tx.run(
        """DELETE FROM operation WHERE folder_id = ? OR copy_id IN (SELECT id FROM mail_copy WHERE folder_id = ?)""",
        (folder_id, folder_id),
    )
    messages = [
        row[0] for row in tx.rows("SELECT message_id FROM mail_copy WHERE folder_id = ?", (folder_id,))
    ]
    tx.run("DELETE FROM mail_copy WHERE folder_id = ?", (folder_id,))
    return messages


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
    at, said = int(now.timestamp()), clean_line(report.error)
    tx.run(
        """UPDATE folder SET last_attempt = ?, last_error = ?, last_new = ?, last_changed = ?, last_gone = ?,
  last_seconds = ?, last_success = CASE WHEN ? = '' THEN ? ELSE last_success END WHERE id = ?""",
        (
            at,
            said,
            report.new,
            report.changed,
            report.gone,
            report.seconds,
            said,
            at,
            folder_id,
        ),
    )


def note_idle(tx: Connection, folder_ids: Sequence[int], now: datetime) -> None:
    """A pass found these folders in step, without a visit."""
    at = int(now.timestamp())
    sql = """UPDATE folder SET last_attempt = ?, last_success = ?, last_error = '', last_new = 0, last_changed = 0,
  last_gone = 0, last_seconds = 0 WHERE id IN """
    run_in(tx, sql, folder_ids, [at, at])


def note_skipped(tx: Connection, folder_id: int, skipped: Sequence[SkippedMail], now: datetime) -> None:
    tx.run_many(
        """INSERT INTO skipped_message (folder_id, uid, reason, at) VALUES (?, ?, ?, ?)
  ON CONFLICT (folder_id, uid) DO UPDATE SET reason = excluded.reason, at = excluded.at""",
        [(folder_id, mail.uid, clean_line(mail.reason), int(now.timestamp())) for mail in skipped],
    )


def forget_skipped(tx: Connection, folder_id: int, uids: Sequence[int]) -> None:
    """These are here now, or no longer on the server."""
    tx.run_many(
        "DELETE FROM skipped_message WHERE folder_id = ? AND uid = ?", [(folder_id, uid) for uid in uids]
    )


def skipped_of(read: Connection, folder_id: int) -> list[SkippedMail]:
    rows = read.rows("SELECT uid, reason FROM skipped_message WHERE folder_id = ? ORDER BY uid", (folder_id,))
    return [SkippedMail(uid, reason) for uid, reason in rows]


def wish_of(read: Connection, mailbox_id: int) -> int:
    """The last wish for a sync of a mailbox; 0 if there was none."""
    return int(read.value("SELECT sync_wanted FROM mailbox WHERE id = ?", (mailbox_id,)) or 0)


def answer_to(read: Connection, mailbox_id: int, wish: int) -> str | None:
    """What became of a wish for a sync: why it failed as a whole, or "" if it was done; None while it waits."""
    row = read.row("SELECT sync_error, sync_answered FROM mailbox WHERE id = ?", (mailbox_id,))
    return None if row is None or row[1] < wish else str(row[0])


def ledger(read: Connection, mailbox_id: int, since: datetime) -> tuple[FolderReport, ...]:
    """What the passes since then noted of the folders of a mailbox."""
    rows = read.rows(
        """SELECT id, name, last_new, last_changed, last_gone, last_seconds, last_error FROM folder
  WHERE mailbox_id = ? AND synced = 1 AND gone = 0 AND last_attempt >= ? ORDER BY name""",
        (mailbox_id, int(since.timestamp())),
    )
    return tuple(
        FolderReport(name, new, changed, gone, 0, tuple(skipped_of(read, number)), round(seconds, 3), error)
        for number, name, new, changed, gone, seconds, error in rows
    )


def note_mailbox(tx: Connection, mailbox_id: int, error: str, wish: int, now: datetime) -> None:
    """The pass over a mailbox ended, with `error` or well. `wish`: the last wish for a sync when it began."""
    at, said = int(now.timestamp()), clean_line(error)
    tx.run(
        """UPDATE mailbox SET sync_error = ?, sync_answered = ?,
  synced_at = CASE WHEN ? = '' THEN ? ELSE synced_at END WHERE id = ?""",
        (said, wish, said, at, mailbox_id),
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
  AND NOT EXISTS (SELECT 1 FROM operation WHERE operation.message_id = message.id)
  AND NOT EXISTS (SELECT 1 FROM outbox WHERE answers_message_id = message.id)""",
            chunk,
        )
    ]
