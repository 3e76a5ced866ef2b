"""A Maildir as the sync sees it: the contract of `app.mail.source` over files and their index."""

from __future__ import annotations

import contextlib
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TypeVar

from app.domain.mail.messages import Flags, FolderStatus, RemoteFolder
from app.mail.errors import CommandRefused, ConnectionLost, FolderMissing, MailError
from app.mail.maildir import files, tree
from app.mail.maildir.index import Folder, Index
from app.mail.source import RawMail, Selected, Since, StopSignal

#: How often a folder is looked at while waiting, and how often the stop signal.
LOOK_SECONDS = 1.0
TICK = 0.25
#: Messages whose names are looked up at a time.
PORTION = 500

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Selection:
    """The selected folder as it was when it was selected."""

    path: str
    directory: Path
    folder: Folder
    is_read_only: bool


class MaildirSource:
    """The Maildir at `root`; see `MailSource`. `state_dir`: where its index is kept, if it shall last.

    Raises FolderMissing and MailError.

    CONDSTORE and QRESYNC are offered because the index keeps a history. Other programs may use the Maildir at the same
    time: files are renamed only as the specification says, and looked for anew when they have another name.
    """

    capabilities = frozenset({"MAILDIR"})
    can_condstore = True
    can_qresync = True
    can_idle = True
    can_move = True

    def __init__(self, root: Path, state_dir: Path | None) -> None:
        if not root.is_dir():
            raise FolderMissing(str(root))
        self._root = root
        digest = hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:16]
        self._index = Index(state_dir and state_dir / f"{digest}.db")
        self._selection: _Selection | None = None
        self._is_interrupted = False

    def folders(self) -> list[RemoteFolder]:
        self._check_open()
        return tree.list_folders(self._root)

    def statuses(self, folders: Sequence[RemoteFolder]) -> dict[str, FolderStatus]:
        self._check_open()
        told = {}
        for folder in folders:
            if folder.selectable:
                with contextlib.suppress(MailError):  # such a folder is left out; selecting it tells why
                    told[folder.path] = self._refresh(folder.path)[0].status
        return told

    def select(self, path: str, since: Since | None = None, *, readonly: bool = False) -> Selected:
        self._check_open()
        self._selection = None
        folder, directory = self._refresh(path)
        self._selection = _Selection(path, directory, folder, readonly)
        if since is None or since.highestmodseq is None or since.uidvalidity != folder.uidvalidity:
            return Selected(folder.status)
        if not folder.forgotten <= since.highestmodseq <= folder.modseq:
            return Selected(folder.status)
        vanished = self._index.gone(folder, since.highestmodseq)
        changed = _flags(self._index.all_names(folder, since.highestmodseq))
        return Selected(folder.status, tuple(uid for uid in vanished if uid < since.uidnext), changed)

    def uids(self, arrived_since: date | None = None) -> list[int]:
        folder, _directory = self._refresh_selected()
        midnight = time.mktime((*arrived_since.timetuple()[:3], 0, 0, 0, 0, 0, -1)) if arrived_since else 0
        return self._index.uids(folder, midnight)

    def flags(self, uids: Sequence[int] | None = None, changed_since: int | None = None) -> dict[int, Flags]:
        folder, _directory = self._refresh_selected()
        names = self._index.all_names(folder, changed_since or 0)
        wanted = None if uids is None else set(uids)
        return _flags({uid: name for uid, name in names.items() if wanted is None or uid in wanted})

    def fetch(self, uids: Sequence[int]) -> Iterator[RawMail]:
        selected = self._selected()
        for at in range(0, len(uids), PORTION):
            some = uids[at : at + PORTION]
            names = self._index.names(selected.folder, some)
            for uid in some:
                mail = self._on_file(selected, uid, names.get(uid), _read)
                if mail is not None:
                    yield mail

    def find_message_id(self, message_id: str) -> list[int]:
        wanted = " ".join(message_id.split()).encode("utf-8", "replace")
        folder, _directory = self._refresh_selected()
        selected = self._selected()
        found = []
        for uid, name in sorted(self._index.all_names(folder).items()):
            if wanted and self._on_file(selected, uid, name, _message_id) == wanted:
                found.append(uid)
        return found

    def change_flags(self, uids: Sequence[int], add: Sequence[str], remove: Sequence[str]) -> None:
        files.letters_for([*add, *remove])

        def rename(directory: Path, name: bytes, _uid: int) -> None:
            new_name = files.with_flags(name, add, remove)
            if new_name != name:
                files.rename(directory, name, new_name)

        self._change(uids, rename)

    def move(self, uids: Sequence[int], target: str) -> dict[int, int]:
        return self._transfer(uids, target, files.move_file)

    def copy(self, uids: Sequence[int], target: str) -> dict[int, int]:
        return self._transfer(uids, target, files.copy_file)

    def delete(self, uids: Sequence[int]) -> tuple[int, ...]:
        self._change(uids, lambda directory, name, _uid: files.remove(directory, name))
        return ()

    def append(self, path: str, raw: bytes, flags: Sequence[str], arrived: datetime) -> int | None:
        self._check_open()
        directory = tree.directory_of(self._root, path)
        name = files.unique_name(files.letters_for(flags))
        try:
            files.deliver(directory, raw, name, arrived)
        except OSError as error:
            raise CommandRefused(str(error)) from error
        return self._new_uids(path, [name]).get(name)

    def create_folder(self, name: str) -> str:
        self._check_open()
        return tree.create_folder(self._root, name)

    def idle(self, seconds: float, stop: StopSignal) -> bool:
        end = time.monotonic() + seconds
        while True:
            if self._refresh_selected()[0].modseq != self._selected().folder.modseq:
                return True
            look_again = min(time.monotonic() + LOOK_SECONDS, end)
            while (left := look_again - time.monotonic()) > 0 and not stop.is_set():
                time.sleep(min(left, TICK))
                self._check_open()
            if stop.is_set() or time.monotonic() >= end:
                return False

    def interrupt(self) -> None:
        self._is_interrupted = True

    def close(self) -> None:
        self._is_interrupted = True
        self._index.close()

    def _check_open(self) -> None:
        if self._is_interrupted:
            raise ConnectionLost("it was closed here")

    def _refresh(self, path: str) -> tuple[Folder, Path]:
        directory = tree.directory_of(self._root, path)
        return self._index.refresh(path, directory), directory

    def _selected(self) -> _Selection:
        self._check_open()
        if self._selection is None:
            raise CommandRefused("no folder is selected")
        return self._selection

    def _refresh_selected(self) -> tuple[Folder, Path]:
        return self._refresh(self._selected().path)

    def _change(self, uids: Sequence[int], deed: Callable[[Path, bytes, int], None]) -> None:
        selected = self._selected()
        if selected.is_read_only:
            raise CommandRefused("the folder is read-only", "READ-ONLY")
        for uid, name in self._index.names(selected.folder, uids).items():
            self._on_file(selected, uid, name, deed)

    def _transfer(
        self,
        uids: Sequence[int],
        target: str,
        deed: Callable[[Path, bytes, Path, bytes], None],
    ) -> dict[int, int]:
        there = tree.directory_of(self._root, target)
        new_names: dict[int, bytes] = {}

        def carry_out(directory: Path, name: bytes, uid: int) -> None:
            new_name = files.renewed(name)
            deed(directory, name, there, new_name)
            new_names[uid] = new_name

        self._change(uids, carry_out)
        known = self._new_uids(target, new_names.values())
        return {uid: known[name] for uid, name in new_names.items() if name in known}

    def _new_uids(self, path: str, names: Iterable[bytes]) -> dict[bytes, int]:
        """UIDs by names, of what we have just put into a folder."""
        by_base = {files.base_of(name): name for name in names}
        if not by_base:
            return {}
        folder, _directory = self._refresh(path)
        return {by_base[base]: uid for base, uid in self._index.uids_of_bases(folder, by_base).items()}

    def _on_file(
        self, selected: _Selection, uid: int, name: bytes | None, deed: Callable[[Path, bytes, int], T]
    ) -> T | None:
        """Do something with a message's file, under its new name if it was renamed meanwhile; None if it is gone."""
        for _attempt in range(3):
            if name is None:
                return None
            self._check_open()
            try:
                return deed(selected.directory, name, uid)
            except FileNotFoundError:
                folder, _directory = self._refresh(selected.path)
                name = self._index.names(folder, [uid]).get(uid)
            except OSError as error:
                raise CommandRefused(str(error)) from error
        return None


def _read(directory: Path, name: bytes, uid: int) -> RawMail:
    raw, arrived = files.read_message(directory, name)
    return RawMail(uid, files.flags_of(name), datetime.fromtimestamp(arrived, UTC), raw)


def _message_id(directory: Path, name: bytes, _uid: int) -> bytes:
    return files.message_id_of(directory, name)


def _flags(names: dict[int, bytes]) -> dict[int, Flags]:
    return {uid: files.flags_of(name) for uid, name in names.items()}
