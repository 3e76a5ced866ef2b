"""An IMAP mailbox as the sync sees it: puts the parts of this package behind the contract of `app.mail.source`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from app.domain.mail.messages import Flags, FolderStatus, RemoteFolder
from app.mail.errors import CommandRefused
from app.mail.imap import changing, selecting
from app.mail.imap.connecting import Client, connect, explained
from app.mail.imap.fetching import fetch_flags, fetch_mails
from app.mail.imap.folders import Folders
from app.mail.imap.session import Session
from app.mail.imap.stream import READ_SECONDS
from app.mail.imap.waiting import wait_for_news
from app.mail.source import RawMail, Selected, Since, StopSignal
from app.mail.urls import MailUrl


class ImapSource:
    """One logged-in connection; see `MailSource`. Connects on construction, and raises what `connect` raises."""

    def __init__(
        self, url: MailUrl, password: str, ca_file: Path | None = None, *, timeout: float = READ_SECONDS
    ) -> None:
        client = connect(url, password, ca_file)
        try:
            with explained(url.host, url.port):
                self._capabilities = frozenset(
                    word.decode("ascii", "replace") for word in client.capabilities()
                )
                self._enabled = self._enable(client)
        except BaseException:
            client.bytes_stream.close()
            raise
        client.bytes_stream.timeout = timeout
        client.bytes_stream.deadline = None
        self._session = Session(client.bytes_stream, self._capabilities)
        self._folders = Folders(self._session, self._capabilities)

    def _enable(self, client: Client) -> frozenset[bytes]:
        """Ask for what must be asked for (RFC 5161)."""
        wanted = next((word for word in ("QRESYNC", "CONDSTORE") if self._has(word)), None)
        if wanted is None or not self._has("ENABLE"):
            return frozenset()
        return frozenset(word.upper() for word in client.enable(wanted))

    def _has(self, capability: str) -> bool:
        return capability in self._capabilities

    @property
    def capabilities(self) -> frozenset[str]:
        return self._capabilities

    @property
    def can_condstore(self) -> bool:
        return self._has("CONDSTORE") or self.can_qresync

    @property
    def can_qresync(self) -> bool:
        return b"QRESYNC" in self._enabled

    @property
    def can_idle(self) -> bool:
        return self._has("IDLE")

    @property
    def can_move(self) -> bool:
        return self._has("MOVE")

    def folders(self) -> list[RemoteFolder]:
        return self._folders.all()

    def statuses(self, folders: Sequence[RemoteFolder]) -> dict[str, FolderStatus]:
        return self._folders.statuses(folders)

    def create_folder(self, name: str) -> str:
        return self._folders.create(name)

    def select(self, path: str, since: Since | None = None, *, readonly: bool = False) -> Selected:
        return selecting.select(self._session, path, since, qresync=self.can_qresync, readonly=readonly)

    def uids(self, arrived_since: date | None = None) -> list[int]:
        return selecting.search_uids(self._session, arrived_since, esearch=self._has("ESEARCH"))

    def find_message_id(self, message_id: str) -> list[int]:
        return selecting.search_message_id(self._session, message_id, esearch=self._has("ESEARCH"))

    def flags(self, uids: Sequence[int] | None = None, changed_since: int | None = None) -> dict[int, Flags]:
        if changed_since is not None and not self.can_condstore:
            raise CommandRefused("the server keeps no record of changes (CONDSTORE)")
        return fetch_flags(self._session, uids, changed_since)

    def fetch(self, uids: Sequence[int]) -> Iterator[RawMail]:
        return fetch_mails(self._session, uids)

    def change_flags(self, uids: Sequence[int], add: Sequence[str], remove: Sequence[str]) -> None:
        changing.change_flags(self._session, uids, add, remove)

    def move(self, uids: Sequence[int], target: str) -> dict[int, int]:
        if self.can_move:
            return changing.move(self._session, uids, target)
        return changing.move_by_copy(
            self._session, uids, target, uidplus=self._has("UIDPLUS"), esearch=self._has("ESEARCH")
        )

    def copy(self, uids: Sequence[int], target: str) -> dict[int, int]:
        return changing.copy(self._session, uids, target)

    def delete(self, uids: Sequence[int]) -> tuple[int, ...]:
        return changing.delete(
            self._session, uids, uidplus=self._has("UIDPLUS"), esearch=self._has("ESEARCH")
        )

    def append(self, path: str, raw: bytes, flags: Sequence[str], arrived: datetime) -> int | None:
        return changing.append(self._session, path, raw, flags, arrived)

    def idle(self, seconds: float, stop: StopSignal) -> bool:
        return wait_for_news(self._session, seconds, stop, can_idle=self.can_idle)

    def interrupt(self) -> None:
        self._session.stream.interrupt()

    def close(self) -> None:
        self._session.close()
