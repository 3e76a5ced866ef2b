"""What the sync remembers of folders between two passes: how far each is in step, and the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.mail.messages import FolderStatus, Role
from app.domain.mail.sync import FolderReport, FolderState
from app.domain.text import clean_line
from app.store.connection import Connection, run_in
from app.store.sync.skipped import skipped_of


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
  (SELECT count(*) FROM skipped_message WHERE folder_id = folder.id AND again = 1)
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


def distrust_uids(tx: Connection, folder_id: int) -> None:
    """Believe no UID of this folder any more: UIDVALIDITY has changed, or it may have. `forget_uids` takes them out of the
    copies, and `start_reread` ends it; until then nothing compares one of them with what a server says."""
    tx.run(
        "UPDATE folder SET uidvalidity = 0, uidnext = 0, highestmodseq = NULL, complete = 0 WHERE id = ?",
        (folder_id,),
    )
    tx.run("UPDATE operation SET uid = NULL WHERE folder_id = ?", (folder_id,))
    tx.run("DELETE FROM skipped_message WHERE folder_id = ?", (folder_id,))


def forget_uids(tx: Connection, folder_id: int, limit: int) -> int:
    """Take the UIDs out of up to `limit` copies of a folder; how many. They stay until they are found again."""
    return tx.run(
        """UPDATE mail_copy SET uid = NULL WHERE id IN
  (SELECT id FROM mail_copy WHERE folder_id = ? AND uid IS NOT NULL LIMIT ?)""",
        (folder_id, limit),
    )


def start_reread(tx: Connection, folder_id: int, status: FolderStatus) -> None:
    """Note the new UIDVALIDITY; the folder counts as incomplete from here. What the rep did since `distrust_uids` may have
    brought UIDs back into copies, and into what waits: they are forgotten in the same instant."""
    tx.run("UPDATE operation SET uid = NULL WHERE folder_id = ?", (folder_id,))
    tx.run("UPDATE mail_copy SET uid = NULL WHERE folder_id = ? AND uid IS NOT NULL", (folder_id,))
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
    tx.run(
        "UPDATE folder SET uidvalidity = ?, highestmodseq = ?, complete = 0 WHERE id = ?",
        (status.uidvalidity, status.highestmodseq, folder_id),
    )


def opened_as(tx: Connection, folder_id: int) -> tuple[int, bool]:
    """The UIDVALIDITY that the UIDs in the store belong to, and whether the folder is synced."""
    row = tx.row("SELECT uidvalidity, synced FROM folder WHERE id = ? AND gone = 0", (folder_id,))
    return (int(row[0]), bool(row[1])) if row else (0, False)


def note_in_step(
    tx: Connection,
    folder_id: int,
    status: FolderStatus,
    report: FolderReport,
    now: datetime,
    *,
    fetch_days: int | None,
    had_modseq: bool,
) -> None:
    """The folder is in step with `status`, the state it had when the pass opened it. What was asked for since stands: other
    days than `fetch_days` to fetch, and, if it `had_modseq` then, that all is compared again."""
    tx.run(
        f"""UPDATE folder SET uidvalidity = ?, uidnext = ?, messages = ?,
  highestmodseq = {"CASE WHEN highestmodseq IS NULL THEN NULL ELSE ? END" if had_modseq else "?"},
  complete = (SELECT CASE WHEN coalesce(fetch_days, -1) = ? THEN 1 ELSE 0 END FROM mailbox WHERE id = folder.mailbox_id)
  WHERE id = ?""",
        (
            status.uidvalidity,
            status.uidnext,
            status.messages,
            status.highestmodseq,
            -1 if fetch_days is None else fetch_days,
            folder_id,
        ),
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
        FolderReport(name, new, changed, gone, 0, skipped_of(read, number), round(seconds, 3), error)
        for number, name, new, changed, gone, seconds, error in rows
    )


def note_answer(tx: Connection, mailbox_id: int) -> None:
    """The server answers again: why the last pass failed is no longer true. That one has ended well is told by `note_mailbox`."""
    tx.run("UPDATE mailbox SET sync_error = '' WHERE id = ?", (mailbox_id,))


def failed_lately(read: Connection, mailbox_id: int) -> bool:
    """Whether the last pass over the mailbox failed as a whole."""
    return bool(read.value("SELECT sync_error FROM mailbox WHERE id = ?", (mailbox_id,)))


def note_mailbox(tx: Connection, mailbox_id: int, error: str, wish: int, now: datetime) -> None:
    """The pass over a mailbox ended, with `error` or well. `wish`: the last wish for a sync when it began."""
    at, said = int(now.timestamp()), clean_line(error)
    tx.run(
        """UPDATE mailbox SET sync_error = ?, sync_answered = ?,
  synced_at = CASE WHEN ? = '' THEN ? ELSE synced_at END WHERE id = ?""",
        (said, wish, said, at, mailbox_id),
    )
