"""What the screens work with: the reader, the settings, the clock, and threads for everything that may take its time.

No screen talks to the store on the event loop's thread: it hands the work in here and gets the answer as a call.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from app.commands.key_map import KeyMap
from app.domain.crm.kinds import Kind
from app.domain.mail.listing import Hits, ListFilter, MailboxRow, Position, Totals
from app.domain.mail.messages import FolderRow, LinkLabel, MailRow
from app.domain.mail.reading import ReadableMail
from app.widgets.signs import UNICODE, Signs

if TYPE_CHECKING:
    from app.services.triage import Store
    from app.settings import Home, Settings

T = TypeVar("T")


class Reader(Protocol):
    """What the mail screen reads (`app.services.reading.reader.MailReader`); from any thread but the event loop's."""

    def window(
        self, wanted: ListFilter, *, after: Position | None = None, before: Position | None = None, limit: int
    ) -> list[MailRow]: ...
    def window_at(self, wanted: ListFilter, offset: int, limit: int) -> list[MailRow]: ...
    def count(self, wanted: ListFilter) -> int: ...
    def positions(self, wanted: ListFilter, limit: int) -> list[Position]: ...
    def first_of(self, wanted: ListFilter, message_ids: Sequence[int]) -> tuple[MailRow | None, bool]: ...
    def offset_of(self, wanted: ListFilter, position: Position) -> int: ...
    def search(
        self,
        wanted: ListFilter,
        *,
        after: Position | None = None,
        limit: int = 50,
        seconds: float | None = 0.15,
        stop: Callable[[], bool] = ...,
    ) -> Hits: ...
    def rows_of(self, copy_ids: Sequence[int]) -> list[MailRow]: ...
    def folders(self) -> list[FolderRow]: ...
    def mailboxes(self) -> list[MailboxRow]: ...
    def totals(self, mailbox_id: int | None = None) -> Totals: ...
    def next_unprocessed(self, wanted: ListFilter, after: Position | None = None) -> MailRow | None: ...
    def thread(self, message_id: int) -> list[MailRow]: ...
    def source(self, message_id: int) -> bytes: ...
    def readable(self, message_id: int) -> ReadableMail: ...
    def get_ready(self) -> None: ...
    def get_ready_for_records(self) -> None: ...
    def linked_by_thread(self, after: int, since: datetime) -> tuple[int, int, LinkLabel | None]: ...
    def version(self) -> int: ...


def local_time() -> datetime:
    """Now, in the rep's zone."""
    return datetime.now().astimezone()


@dataclass
class Desk:
    """Built once at the front door and handed to the app."""

    reader: Reader
    settings: Settings
    store: Store | None = None  # None: nothing can be changed
    keymap: KeyMap = field(default_factory=KeyMap)
    clock: Callable[[], datetime] = local_time
    signs: Signs = UNICODE
    author: str = ""  # the login of who is at the keyboard
    name: str = ""  # and what others read for it
    home: Home | None = None  # None: no mailbox can be connected
    first_run: bool = False  # show the keys that matter
    downloads: Path = field(default_factory=lambda: Path.home() / "Downloads")
    begin_at: dict[Kind, int] = field(
        default_factory=dict
    )  # where the place of a kind begins when it is opened next

    def __post_init__(self) -> None:
        self._readers = ThreadPoolExecutor(3, thread_name_prefix="read")
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="write")
        self._watcher = ThreadPoolExecutor(1, thread_name_prefix="watch")

    def read(self, work: Callable[[], T]) -> Future[T]:
        """Have this done while the screens go on; several at a time."""
        return self._readers.submit(work)

    def write(self, work: Callable[[], T]) -> Future[T]:
        """Have this done while the screens go on; one after the other, in the order given."""
        return self._writer.submit(work)

    def version(self) -> Future[int]:
        """A number that changes when anybody has written."""
        return self._watcher.submit(self.reader.version)

    def close(self) -> None:
        """Finish what was given to `write`, drop what only would have been read."""
        self._readers.shutdown(wait=False, cancel_futures=True)
        self._watcher.shutdown(wait=False, cancel_futures=True)
        self._writer.shutdown(wait=True)
