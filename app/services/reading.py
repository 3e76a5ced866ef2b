"""What screens and the command line read: lists, folders, threads and the sources of mails; it changes nothing.

Every call is one or a few quick queries on the connection of the calling thread; none may run on the event loop's.
"""

from __future__ import annotations

from collections.abc import Iterator

from app.domain.errors import NotFound
from app.domain.listing import ListFilter, MailboxRow, Position, Totals
from app.domain.mail import FolderRow, MailRow
from app.store import lists, messages
from app.store.database import Store

#: Rows fetched at once when a whole list is printed.
PAGE = 500


class MailReader:
    """Reads from one store; may be used from any thread."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def window(
        self,
        wanted: ListFilter,
        *,
        after: Position | None = None,
        before: Position | None = None,
        limit: int,
    ) -> list[MailRow]:
        """The next `limit` rows after a position (from the top without one), or the last ones before `before`."""
        return lists.window(self._store.read, wanted, after=after, before=before, limit=limit)

    def window_at(self, wanted: ListFilter, offset: int, limit: int) -> list[MailRow]:
        """`limit` rows from the `offset`-th on."""
        return lists.window_at(self._store.read, wanted, offset, limit)

    def every(self, wanted: ListFilter) -> Iterator[MailRow]:
        """The whole list, a page at a time."""
        position: Position | None = None
        while page := self.window(wanted, after=position, limit=PAGE):
            yield from page
            position = (page[-1].message_id, page[-1].copy_id)

    def count(self, wanted: ListFilter) -> int:
        """How many rows the list has; at once for a folder's mail, unread and unprocessed mail, else counted."""
        return lists.count(self._store.read, wanted)

    def offset_of(self, wanted: ListFilter, position: Position) -> int:
        """How many rows stand before this position, whether a row is still there or not."""
        return lists.offset_of(self._store.read, wanted, position)

    def rows_of(self, copy_ids: list[int]) -> list[MailRow]:
        """The rows of these copies, in this order; copies that are gone are left out."""
        return lists.rows_of(self._store.read, copy_ids)

    def folders(self) -> list[FolderRow]:
        """Every folder that can hold mail, in the order of the folder pane."""
        return lists.folders(self._store.read)

    def mailboxes(self) -> list[MailboxRow]:
        """The mailboxes in the rep's order, with their counters."""
        return lists.mailboxes(self._store.read)

    def totals(self, mailbox_id: int | None = None) -> Totals:
        """The counters of a mailbox, or of all: junk, trash and "all mail" left out."""
        return lists.totals(self._store.read, mailbox_id)

    def next_unprocessed(self, after: Position | None = None) -> MailRow | None:
        """The next unprocessed mail in any mailbox, older than `after`, else the newest; None when the tray is empty."""
        wanted = ListFilter(unprocessed=True)
        found = self.window(wanted, after=after, limit=1)
        if not found and after is not None:
            found = [r for r in self.window(wanted, limit=2) if (r.message_id, r.copy_id) != after][:1]
        return found[0] if found else None

    def row(self, message_id: int) -> MailRow:
        """The message as a list row, by its most telling copy. Raises NotFound when it is in no folder."""
        copies = messages.best_copies(self._store.read, [message_id])
        rows = lists.rows_of(self._store.read, list(copies.values()))
        if not rows:
            raise NotFound(str(message_id))
        return rows[0]

    def thread(self, message_id: int) -> list[MailRow]:
        """The messages of the same thread, one row each, oldest first; the message itself is among them."""
        read = self._store.read
        copies = messages.best_copies(read, messages.thread_of(read, message_id))
        return lists.rows_of(read, list(copies.values()))

    def source(self, message_id: int) -> bytes:
        """The message as it came, byte for byte. Raises NotFound."""
        return messages.source(self._store.read, message_id)

    def version(self) -> int:
        """A number that changes when any process has written; ask from one thread only."""
        return self._store.version()
