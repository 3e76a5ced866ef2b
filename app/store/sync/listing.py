"""Brings the folders of a mailbox in step with what its server lists; their mail is the business of `sync_state`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.domain.mail.messages import FolderStatus, RemoteFolder, Role
from app.store.connection import Connection
from app.store.mail.processed import refresh_folder, refresh_processed
from app.store.sync.sync_state import distrust_uids


@dataclass(frozen=True, slots=True)
class Renamed:
    """A folder that seems to have got another name. `samples`: digests by UID of some of its mail. `doubtful`: it is left out,
    and other folders bear the same UIDVALIDITY. It takes some of its mail to tell: a new folder must not be left out."""

    folder_id: int
    path: str
    samples: Mapping[int, bytes]
    doubtful: bool = False


_SAMPLES = 6  # of the oldest and of the newest mail each


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


def renamed(
    read: Connection, mailbox_id: int, listed: Sequence[RemoteFolder], told: Mapping[str, FolderStatus]
) -> list[Renamed]:
    """Folders that went while a new one came that bears their UIDVALIDITY and at least their UIDs. Servers are known that
    give all folders the same UIDVALIDITY: only the mail itself tells."""
    rows = read.rows(
        "SELECT id, path, uidvalidity, uidnext, gone, synced FROM folder WHERE mailbox_id = ?", (mailbox_id,)
    )
    known, there = {row[1] for row in rows}, {folder.path for folder in listed}
    left_out = {row[0] for row in rows if not row[5]}
    bearers = Counter(row[2] for row in rows)
    went: dict[int, list[tuple[int, int]]] = {}
    came: dict[int, list[tuple[str, int]]] = {}
    for number, path, validity, uidnext, gone, _synced in rows:
        if path not in there and not gone and validity:
            went.setdefault(validity, []).append((number, uidnext))
    for path in there - known:
        if path in told:
            came.setdefault(told[path].uidvalidity, []).append((path, told[path].uidnext))
    found = []
    for validity, folders in went.items():
        new = came.get(validity, [])
        if len(folders) == len(new) == 1 and new[0][1] >= folders[0][1]:
            number = folders[0][0]
            doubtful = number in left_out and bearers[validity] > 1
            found.append(Renamed(number, new[0][0], _samples(read, number), doubtful))
    return found


def note_identity(tx: Connection, told: Mapping[int, FolderStatus]) -> None:
    """Keep by what folders that are left out and were never read (by id) can be known again when they are renamed."""
    tx.run_many(
        "UPDATE folder SET uidvalidity = ?, uidnext = ? WHERE id = ? AND uidvalidity = 0 AND synced = 0 AND total = 0",
        [(status.uidvalidity, status.uidnext, folder) for folder, status in told.items()],
    )


def _samples(read: Connection, folder_id: int) -> dict[int, bytes]:
    rows = [
        row
        for order in ("ASC", "DESC")
        for row in read.rows(
            f"""SELECT mail_copy.uid, message.digest FROM mail_copy JOIN message ON message.id = mail_copy.message_id
  WHERE mail_copy.folder_id = ? AND mail_copy.uid IS NOT NULL ORDER BY mail_copy.uid {order} LIMIT ?""",
            (folder_id, _SAMPLES),
        )
    ]
    return {uid: bytes(digest) for uid, digest in rows}


def follow_renamed(tx: Connection, found: Renamed, *, same: bool) -> None:
    """Let a folder have its new name; what waits for its mail goes on. `same`: the samples were found there under their
    UIDs, so that nothing has to be read again; else all is compared by contents, and no UID is believed until then."""
    tx.run("UPDATE folder SET path = ? WHERE id = ?", (found.path, found.folder_id))
    if not same:
        distrust_uids(tx, found.folder_id)


def take_listing(
    tx: Connection, mailbox_id: int, listed: Sequence[RemoteFolder], only: Collection[str] = ()
) -> None:
    """Bring the folders of a mailbox in step with what the server lists. A role set by hand stays.

    `only`: decoded names of the folders to sync, for those seen for the first time; none: all but a view of all mail, and
    but those below a folder that the rep has left out. A folder that is no longer listed is marked gone;
    `remove_gone_copies` takes away its mail.
    """
    rows = tx.rows("SELECT id, role, role_by_hand FROM folder WHERE mailbox_id = ?", (mailbox_id,))
    before: dict[int, str] = {number: role for number, role, _ in rows}
    by_hand = {role for _, role, hand in rows if hand}
    left_out = {
        row[0]
        for row in tx.rows(
            "SELECT name FROM folder WHERE mailbox_id = ? AND synced = 0 AND selectable = 1 AND gone = 0 AND role <> ?",
            (mailbox_id, Role.ALL.value),
        )
    }
    for folder in listed:
        role = "" if folder.role.value in by_hand else folder.role.value
        wanted = folder.name in only if only else _wanted(folder, left_out)
        tx.run(
            """INSERT INTO folder (mailbox_id, path, name, role, selectable, synced) VALUES (?, ?, ?, ?, ?, ?)
  ON CONFLICT (mailbox_id, path) DO UPDATE SET name = excluded.name, selectable = excluded.selectable, gone = 0,
  role = CASE WHEN folder.role_by_hand = 1 THEN folder.role ELSE excluded.role END""",
            (mailbox_id, folder.path, folder.name, role, int(folder.selectable), int(wanted)),
        )
    paths = {folder.path for folder in listed}
    known = tx.rows("SELECT id, path FROM folder WHERE mailbox_id = ? AND gone = 0", (mailbox_id,))
    for folder_id in [number for number, path in known if paths and path not in paths]:
        tx.run("UPDATE folder SET gone = 1, complete = 0, uidvalidity = 0 WHERE id = ?", (folder_id,))
        _leave(tx, folder_id)
    for folder_id, role in tx.rows("SELECT id, role FROM folder WHERE mailbox_id = ?", (mailbox_id,)):
        if before.get(folder_id, role) != role:
            refresh_folder(tx, folder_id)


def _wanted(folder: RemoteFolder, left_out: Collection[str]) -> bool:
    """Whether a new folder is synced: a rep who left out "Newsletter" does not want "Newsletter/2027" either."""
    levels = folder.name.split("/")
    above = {"/".join(levels[:depth]) for depth in range(1, len(levels))}
    return folder.role is not Role.ALL and above.isdisjoint(left_out)


def _leave(tx: Connection, folder_id: int) -> None:
    """Mail that was only on its way into a folder that went still lies where it came from, and is shown there again; what
    was to be done with the mail that went is no longer to be done."""
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
        """DELETE FROM operation WHERE folder_id = ? OR EXISTS (SELECT 1 FROM mail_copy
  WHERE mail_copy.id = operation.copy_id AND mail_copy.folder_id = ?)""",
        (folder_id, folder_id),
    )


def gone_folders_with_mail(read: Connection, mailbox_id: int) -> list[int]:
    """Folders that went from the server and whose mail is still here."""
    sql = "SELECT id FROM folder WHERE mailbox_id = ? AND gone = 1 AND total > 0"
    return [row[0] for row in read.rows(sql, (mailbox_id,))]


def remove_gone_copies(tx: Connection, folder_id: int, limit: int) -> int:
    """Take away up to `limit` copies in a folder that went with its mail, unless it is back; how many."""
    return tx.run(
        """DELETE FROM mail_copy WHERE id IN (SELECT mail_copy.id FROM mail_copy JOIN folder
  ON folder.id = mail_copy.folder_id WHERE mail_copy.folder_id = ? AND folder.gone = 1 LIMIT ?)""",
        (folder_id, limit),
    )
