"""What the sync asks of a place that holds mail, whether IMAP server or Maildir: the contract, no implementation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from app.domain.mail.messages import Flags, FolderStatus, RemoteFolder


@dataclass(frozen=True, slots=True)
class RawMail:
    """A message as the source hands it over. `arrived`: INTERNALDATE, aware UTC."""

    uid: int
    flags: Flags
    arrived: datetime
    raw: bytes


@dataclass(frozen=True, slots=True)
class Since:
    """What the store knew of a folder when it was last in step (RFC 7162 section 3.2.5.1)."""

    uidvalidity: int
    highestmodseq: int | None
    uidnext: int


@dataclass(frozen=True, slots=True)
class Selected:
    """A folder's state after SELECT. With QRESYNC, `vanished` and `changed` hold all that happened since `Since`;
    else they are None and the caller asks for flags and UIDs itself.

    `vanished`: ascending, below `Since.uidnext`, possibly UIDs that never existed. `changed`: messages that are new since
    then are among them. Both None too when UIDVALIDITY is another or the server forgot its history.
    """

    status: FolderStatus
    vanished: tuple[int, ...] | None = None
    changed: dict[int, Flags] | None = None


class MailSource(Protocol):
    """One open connection, owned by one thread. Every method may raise `app.mail.errors.MailError`.

    Paths are the wire names of `RemoteFolder.path`. UIDs are those of the selected folder. After ConnectionLost the
    source is of no more use; after CommandRefused and FolderMissing it goes on.
    """

    @property
    def capabilities(self) -> frozenset[str]:
        """What the server announces after login, in capitals; for `doctor` and logs."""
        ...

    @property
    def can_condstore(self) -> bool: ...
    @property
    def can_qresync(self) -> bool: ...
    @property
    def can_idle(self) -> bool: ...
    @property
    def can_move(self) -> bool: ...

    def folders(self) -> list[RemoteFolder]:
        """All folders with their roles (SPECIAL-USE, else usual names)."""
        ...

    def statuses(self, folders: Sequence[RemoteFolder]) -> dict[str, FolderStatus]:
        """Status by path, in one round trip where LIST-STATUS is offered; a folder that refuses is left out."""
        ...

    def select(self, path: str, since: Since | None = None, *, readonly: bool = False) -> Selected: ...

    def uids(self, arrived_since: date | None = None) -> list[int]:
        """All UIDs of the selected folder, ascending; only those that arrived on or after the day, if given."""
        ...

    def flags(self, uids: Sequence[int] | None = None, changed_since: int | None = None) -> dict[int, Flags]:
        """Flags by UID; of all messages when `uids` is None; `changed_since`: a modseq (needs CONDSTORE)."""
        ...

    def fetch(self, uids: Sequence[int]) -> Iterator[RawMail]:
        """The messages in any order; those that vanished meanwhile are left out.

        Give as many UIDs as you like: they are asked for in portions, the next one before the last was read. Any other
        call ends an iteration that was not read to its end.
        """
        ...

    def find_message_id(self, message_id: str) -> list[int]:
        """UIDs in the selected folder whose Message-ID field is exactly this."""
        ...

    def change_flags(self, uids: Sequence[int], add: Sequence[str], remove: Sequence[str]) -> None:
        """Flags by their IMAP names, such as `\\\\Seen`. Unknown UIDs are no error."""
        ...

    def move(self, uids: Sequence[int], target: str) -> dict[int, int]:
        """Move to the folder with wire name `target`; new UIDs by old ones as far as the server tells (UIDPLUS).

        Without MOVE a connection lost on the way may leave a message in both folders; it is never in none.
        """
        ...

    def copy(self, uids: Sequence[int], target: str) -> dict[int, int]:
        """Copy, as `move` does."""
        ...

    def delete(self, uids: Sequence[int]) -> tuple[int, ...]:
        """Mark deleted and expunge exactly these; the UIDs that had to stay, marked.

        Some stay where the server lacks UIDPLUS and the folder holds mail that somebody else marked deleted, or where the
        rights on the folder allow the mark only.
        """
        ...

    def append(self, path: str, raw: bytes, flags: Sequence[str], arrived: datetime) -> int | None:
        """Store a message; its UID if the server tells (APPENDUID)."""
        ...

    def create_folder(self, name: str) -> str:
        """Create a folder by its decoded name with `/` between levels; returns its wire path."""
        ...

    def idle(self, seconds: float, stop: StopSignal) -> bool:
        """Wait in the selected folder until something happens (True), the time is over or `stop` is set (False).

        True at once if the server told of something since `select`. Reacts to `stop` within half a second. Where the
        server has no IDLE, it is asked once a minute.
        """
        ...

    def interrupt(self) -> None:
        """Break the connection; what the owner is waiting for raises ConnectionLost. For any other thread."""
        ...

    def close(self) -> None:
        """Log out; never raises."""
        ...


class StopSignal(Protocol):
    def is_set(self) -> bool: ...
