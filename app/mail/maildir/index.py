"""UIDs and a history of changes for the files of a Maildir, kept in a small SQLite file of our own.

The files are the truth: the index is brought in step with them before each answer, and only lists a directory that has
changed since. The Maildir itself gets no file of ours.
"""

from __future__ import annotations

import contextlib
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.domain.mail.messages import FolderStatus
from app.mail.errors import MailError
from app.mail.maildir import files

#: A directory that changed so recently may change again within the same tick of its file system's clock.
TICK_NS = 2_000_000_000
#: So many removals are remembered for each folder.
MAX_GONE = 50_000
_BUSY_SECONDS = 30.0
_VERSION = 1

_SCHEMA = """
CREATE TABLE folder (
  id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, uidvalidity INTEGER NOT NULL, uidnext INTEGER NOT NULL DEFAULT 1,
  modseq INTEGER NOT NULL DEFAULT 1, forgotten INTEGER NOT NULL DEFAULT 0,
  messages INTEGER NOT NULL DEFAULT 0, unseen INTEGER NOT NULL DEFAULT 0,
  new_stamp INTEGER NOT NULL DEFAULT 0, cur_stamp INTEGER NOT NULL DEFAULT 0);
CREATE TABLE mail (
  folder INTEGER NOT NULL, uid INTEGER NOT NULL, base BLOB NOT NULL, name BLOB NOT NULL, arrived INTEGER NOT NULL,
  modseq INTEGER NOT NULL, PRIMARY KEY (folder, uid)) WITHOUT ROWID;
CREATE INDEX mail_modseq ON mail (folder, modseq);
CREATE TABLE gone (
  folder INTEGER NOT NULL, uid INTEGER NOT NULL, modseq INTEGER NOT NULL, PRIMARY KEY (folder, uid)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder as the index knows it. `forgotten`: removals up to this modseq are no longer told one by one."""

    id: int
    uidvalidity: int
    uidnext: int
    modseq: int
    forgotten: int
    messages: int
    unseen: int
    stamps: tuple[int, int]

    @property
    def status(self) -> FolderStatus:
        return FolderStatus(self.uidvalidity, self.uidnext, self.messages, self.modseq, self.unseen)


class Index:
    """The index of one Maildir tree. Every method raises MailError if the index or a directory cannot be read."""

    def __init__(self, file: Path | None) -> None:
        """`file` None: kept in memory, for one connection."""
        with _explained():
            if file is not None:
                file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._db = sqlite3.connect(
                file or ":memory:", timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
            )
            if file is not None:
                file.chmod(0o600)
            with self._transaction():
                if self._db.execute("PRAGMA user_version").fetchone()[0] != _VERSION:
                    for statement in _SCHEMA.split(";")[:-1]:
                        self._db.execute(statement)
                    self._db.execute(f"PRAGMA user_version = {_VERSION}")

    def close(self) -> None:
        """Give the file free; never raises."""
        with contextlib.suppress(sqlite3.Error):
            self._db.close()

    def refresh(self, path: str, directory: Path) -> Folder:
        """The folder, after everything that happened to its files was taken over."""
        with _explained():
            folder = self._folder(path)
            stamps = files.stamp(directory)
            if folder is not None and stamps == folder.stamps:
                return folder
            with self._transaction():
                folder = self._folder(path) or self._add(path)
                stamps = files.stamp(directory)  # before the listing: what happens after it will be noticed
                self._take_over(folder, directory, files.list_messages(directory))
                is_old = max(stamps) < time.time_ns() - TICK_NS
                self._db.execute(
                    "UPDATE folder SET new_stamp = ?, cur_stamp = ? WHERE id = ?",
                    (*(stamps if is_old else (0, 0)), folder.id),
                )
            refreshed = self._folder(path)
            assert refreshed is not None
            return refreshed

    def names(self, folder: Folder, uids: Sequence[int]) -> dict[int, bytes]:
        """Place and file name by UID; those that are gone are left out."""
        with _explained():
            found: dict[int, bytes] = {}
            for at in range(0, len(uids), 500):
                some = uids[at : at + 500]
                marks = ",".join("?" * len(some))
                rows = self._db.execute(
                    f"SELECT uid, name FROM mail WHERE folder = ? AND uid IN ({marks})",  # noqa: S608 - marks only
                    (folder.id, *some),
                )
                found.update(rows)
            return found

    def all_names(self, folder: Folder, after_modseq: int = 0) -> dict[int, bytes]:
        """Place and file name of all messages by UID, or of those that changed after a modseq."""
        query = "SELECT uid, name FROM mail WHERE folder = ? AND modseq > ?"
        with _explained():
            return dict(self._db.execute(query, (folder.id, after_modseq)))

    def uids(self, folder: Folder, arrived_from: float = 0) -> list[int]:
        """All UIDs, or of what arrived at or after an epoch second, ascending."""
        query = "SELECT uid FROM mail WHERE folder = ? AND arrived >= ? ORDER BY uid"
        with _explained():
            return [uid for (uid,) in self._db.execute(query, (folder.id, arrived_from))]

    def gone(self, folder: Folder, after_modseq: int) -> tuple[int, ...]:
        """UIDs of what was removed after a modseq, ascending; complete down to `Folder.forgotten`."""
        query = "SELECT uid FROM gone WHERE folder = ? AND modseq > ? ORDER BY uid"
        with _explained():
            return tuple(uid for (uid,) in self._db.execute(query, (folder.id, after_modseq)))

    def uids_of_bases(self, folder: Folder, bases: Iterable[bytes]) -> dict[bytes, int]:
        """UIDs by unique base names."""
        wanted = set(bases)
        with _explained():
            query = "SELECT base, uid FROM mail WHERE folder = ? AND uid > ? - ? - 1000"
            rows = self._db.execute(query, (folder.id, folder.uidnext, len(wanted)))
            return {base: uid for base, uid in rows if base in wanted}

    def _take_over(self, folder: Folder, directory: Path, listed: dict[bytes, bytes]) -> None:
        rows = self._db.execute("SELECT base, uid, name FROM mail WHERE folder = ?", (folder.id,))
        known = {base: (uid, name) for base, uid, name in rows}
        modseq, uidnext = folder.modseq + 1, folder.uidnext
        renamed = [
            (listed[base], modseq, folder.id, uid)
            for base, (uid, name) in known.items()
            if base in listed and listed[base] != name
        ]
        lost = [(folder.id, uid, modseq) for base, (uid, _name) in known.items() if base not in listed]
        fresh = []
        for arrived, base in sorted(_arrivals(directory, listed, listed.keys() - known.keys())):
            fresh.append((folder.id, uidnext, base, listed[base], arrived, modseq))
            uidnext += 1
        if not renamed and not lost and not fresh:
            return
        db = self._db
        db.executemany("UPDATE mail SET name = ?, modseq = ? WHERE folder = ? AND uid = ?", renamed)
        db.executemany("DELETE FROM mail WHERE folder = ? AND uid = ?", [(f, uid) for f, uid, _ in lost])
        db.executemany("INSERT INTO gone VALUES (?, ?, ?)", lost)
        db.executemany("INSERT INTO mail VALUES (?, ?, ?, ?, ?, ?)", fresh)
        self._forget_old(folder)
        names = {base: listed[base] for base in known if base in listed} | {row[2]: row[3] for row in fresh}
        unseen = sum("S" not in files.letters_of(name) for name in names.values())
        db.execute(
            "UPDATE folder SET uidnext = ?, modseq = ?, messages = ?, unseen = ? WHERE id = ?",
            (uidnext, modseq, len(names), unseen, folder.id),
        )

    def _forget_old(self, folder: Folder) -> None:
        query = "SELECT modseq FROM gone WHERE folder = ? ORDER BY modseq DESC LIMIT 1 OFFSET ?"
        row = self._db.execute(query, (folder.id, MAX_GONE)).fetchone()
        if row is not None:
            self._db.execute("DELETE FROM gone WHERE folder = ? AND modseq <= ?", (folder.id, row[0]))
            self._db.execute("UPDATE folder SET forgotten = ? WHERE id = ?", (row[0], folder.id))

    def _folder(self, path: str) -> Folder | None:
        query = (
            "SELECT id, uidvalidity, uidnext, modseq, forgotten, messages, unseen, new_stamp, cur_stamp "
            "FROM folder WHERE path = ?"
        )
        row = self._db.execute(query, (path,)).fetchone()
        if row is None:
            return None
        number, uidvalidity, uidnext, modseq, forgotten, messages, unseen, *stamps = row
        return Folder(
            number, uidvalidity, uidnext, modseq, forgotten, messages, unseen, (stamps[0], stamps[1])
        )

    def _add(self, path: str) -> Folder:
        """A new folder. Its UIDVALIDITY, milliseconds, is above all earlier ones, also after the index was lost."""
        highest = self._db.execute("SELECT coalesce(max(uidvalidity), 0) FROM folder").fetchone()[0]
        validity = max(highest + 1, time.time_ns() // 1_000_000)
        self._db.execute("INSERT INTO folder (path, uidvalidity) VALUES (?, ?)", (path, validity))
        folder = self._folder(path)
        assert folder is not None
        return folder

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")


def _arrivals(
    directory: Path, listed: dict[bytes, bytes], bases: Iterable[bytes]
) -> Iterator[tuple[int, bytes]]:
    """When each message arrived (epoch seconds); without those that have gone again."""
    for base in bases:
        with contextlib.suppress(FileNotFoundError):
            yield files.arrival(directory, listed[base]), base


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """Errors of the index and of directories as errors of the house."""
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise MailError(str(error)) from error
