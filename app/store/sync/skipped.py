"""Mail that could not be taken over: which, why, and when it is tried again; plain SQL.

It is tried again when somebody asks, when the parser has changed, and once a day, for a server may have been mended.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from app.domain.mail.messages import SkippedMail
from app.domain.text import clean_line
from app.store.connection import Connection, run_in

AGAIN_AFTER = timedelta(days=1)


def note_skipped(
    tx: Connection, folder_id: int, skipped: Sequence[SkippedMail], version: int, now: datetime
) -> None:
    """Keep why these could not be had. `version`: of the parser."""
    tx.run_many(
        """INSERT INTO skipped_message (folder_id, uid, reason, at, version) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (folder_id, uid) DO UPDATE SET reason = excluded.reason, at = excluded.at, version = excluded.version,
  again = 0""",
        [(folder_id, mail.uid, clean_line(mail.reason), int(now.timestamp()), version) for mail in skipped],
    )


def forget_skipped(tx: Connection, folder_id: int, uids: Sequence[int]) -> None:
    """These are here now, or no longer on the server."""
    run_in(tx, "DELETE FROM skipped_message WHERE folder_id = ? AND uid IN ", uids, [folder_id])


def skipped_of(read: Connection, folder_id: int) -> tuple[SkippedMail, ...]:
    rows = read.rows("SELECT uid, reason FROM skipped_message WHERE folder_id = ? ORDER BY uid", (folder_id,))
    return tuple(SkippedMail(uid, reason) for uid, reason in rows)


def skipped_uids(read: Connection, folder_id: int) -> dict[int, bool]:
    """UIDs of the skipped mails, and whether each is to be tried again."""
    rows = read.rows("SELECT uid, again FROM skipped_message WHERE folder_id = ?", (folder_id,))
    return {uid: bool(again) for uid, again in rows}


def skipped_folders(read: Connection, mailbox_id: int) -> set[int]:
    """The folders of a mailbox that have skipped mail."""
    sql = "SELECT DISTINCT folder_id FROM skipped_message JOIN folder ON folder.id = folder_id WHERE mailbox_id = ?"
    return {row[0] for row in read.rows(sql, (mailbox_id,))}


_DUE = """again = 0 AND (version <> ? OR at < ? OR at > ?)
  AND folder_id IN (SELECT id FROM folder WHERE mailbox_id = ?)"""


def is_any_due(read: Connection, mailbox_id: int, version: int, now: datetime) -> bool:
    """Whether `let_due_try` would change anything."""
    sql = f"SELECT 1 FROM skipped_message WHERE {_DUE} LIMIT 1"
    return read.value(sql, _params(mailbox_id, version, now)) is not None


def let_due_try(tx: Connection, mailbox_id: int, version: int, now: datetime) -> None:
    """Have those tried again that an older parser could not read, or whose last attempt was a day ago."""
    tx.run(f"UPDATE skipped_message SET again = 1 WHERE {_DUE}", _params(mailbox_id, version, now))


def let_try(tx: Connection, folder_id: int) -> None:
    """Have every skipped mail of a folder tried again."""
    tx.run("UPDATE skipped_message SET again = 1 WHERE folder_id = ?", (folder_id,))


def _params(mailbox_id: int, version: int, now: datetime) -> tuple[int, int, int, int]:
    at = int(now.timestamp())
    return version, at - int(AGAIN_AFTER.total_seconds()), at, mailbox_id
