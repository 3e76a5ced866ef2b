"""What screens and the command line read: lists, searches, folders, threads and sources; it changes nothing.

Every call is one or a few queries on the connection of the calling thread; none may run on the event loop's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from app.domain.errors import MailNotFound
from app.domain.mail.listing import Hits, ListFilter, MailboxRow, Position, SortOrder, Totals
from app.domain.mail.messages import FolderRow, LinkLabel, MailRow
from app.domain.mail.query import Hint, Query
from app.domain.mail.query_language import parse
from app.domain.mail.reading import ReadableMail
from app.services.reading.snapshots import Snapshot, Snapshots
from app.store.database import Store
from app.store.fulltext import search
from app.store.lists import windows
from app.store.lists.rows import linked_by_thread
from app.store.lists.scope import Scope, scope_of
from app.store.mail import messages

#: Rows fetched at once when a whole list is printed.
PAGE = 500
#: How long a search may take before it shows what it has.
SEARCH_SECONDS = 0.15


def local_today() -> date:
    """The day it is for the rep."""
    return datetime.now(UTC).astimezone().date()


class MailReader:
    """Reads from one store; may be used from any thread. `today` is asked when a query names a day."""

    def __init__(self, store: Store, today: Callable[[], date] = local_today) -> None:
        self._store = store
        self._today = today
        self._snapshots = Snapshots()

    # --- lists

    def window(
        self,
        wanted: ListFilter,
        *,
        after: Position | None = None,
        before: Position | None = None,
        limit: int,
    ) -> list[MailRow]:
        """The next `limit` rows after a position (from the top without one), or the last ones before `before`."""
        if self._is_walked(wanted):
            return windows.window(self._store.read, wanted, after=after, before=before, limit=limit)
        if before is None and wanted.order == SortOrder.NEWEST:
            return list(self.search(wanted, after=after, limit=limit, seconds=None).rows)
        kept = self._snapshot(wanted)
        if before is not None:
            end = kept.offset_of(before)
            return kept.rows(self._store.read, end - limit, end)
        start = 0 if after is None else kept.offset_of(after) + 1
        return kept.rows(self._store.read, start, start + limit)

    def window_at(self, wanted: ListFilter, offset: int, limit: int) -> list[MailRow]:
        """`limit` rows from the `offset`-th on."""
        if self._is_walked(wanted):
            return windows.window_at(self._store.read, wanted, offset, limit)
        return self._snapshot(wanted).rows(self._store.read, offset, offset + limit)

    def every(self, wanted: ListFilter) -> Iterator[MailRow]:
        """The whole list, read a page at a time."""
        if not self._is_walked(wanted) and wanted.order != SortOrder.NEWEST:
            kept = self._snapshot(wanted)
            for start in range(0, len(kept.ids), PAGE):
                yield from kept.rows(self._store.read, start, start + PAGE)
            return
        position: Position | None = None
        while page := self.window(wanted, after=position, limit=PAGE):
            yield from page
            position = (page[-1].message_id, page[-1].copy_id)

    def count(self, wanted: ListFilter) -> int:
        """How many rows the list has; at once for a folder's mail, unread and unprocessed mail, else counted."""
        if not wanted.query.strip():
            return windows.count(self._store.read, wanted)
        return len(self._snapshot(wanted).ids)

    def offset_of(self, wanted: ListFilter, position: Position) -> int:
        """How many rows stand before this position. By date, the row need not be there any more; else it is 0 then."""
        if self._is_walked(wanted):
            return windows.offset_of(self._store.read, wanted, position)
        return self._snapshot(wanted).offset_of(position)

    def positions(self, wanted: ListFilter, limit: int) -> list[Position]:
        """Message and copy ids of the first `limit` rows."""
        read = self._store.read
        if self._is_walked(wanted):
            oldest = wanted.order == SortOrder.OLDEST
            return windows.keys(read, scope_of(read, wanted), limit=limit, oldest_first=oldest)
        if wanted.order == SortOrder.NEWEST:
            query = parse(wanted.query, self._today(), typing=wanted.typing)
            return search.find(read, scope_of(read, wanted, query), query, limit=limit).positions
        return [(row.message_id, row.copy_id) for row in self.window(wanted, limit=limit)]

    def first_of(self, wanted: ListFilter, message_ids: Sequence[int]) -> tuple[MailRow | None, bool]:
        """The first of these messages in a list, words that are searched left aside, and True; when none is in it, one
        of them as it lies elsewhere, or None, and False."""
        read = self._store.read
        narrowed = scope_of(read, replace(wanted, query=""))
        some = message_ids[:PAGE]
        found = search.copies(read, narrowed, sorted(some, reverse=wanted.order != SortOrder.OLDEST))
        listed = found or [(0, copy) for copy in messages.best_copies(read, some).values()]
        rows = windows.rows_of(read, [copy for _, copy in listed[:1]])
        return (rows[0] if rows else None), bool(found)

    def rows_of(self, copy_ids: Sequence[int]) -> list[MailRow]:
        """The rows of these copies, in this order; copies that are gone are left out."""
        return windows.rows_of(self._store.read, copy_ids)

    def next_unprocessed(self, wanted: ListFilter, after: Position | None = None) -> MailRow | None:
        """The next unprocessed mail behind `after` in a list, else the first in it, else the newest in any mailbox; never
        that of `after` itself. None: there is none. Of a list that is not by date only the last way is looked at."""
        places = [(replace(wanted, unprocessed=True), after)] if self._is_walked(wanted) else []
        if after is not None:
            places += [(where, None) for where, _ in places]
        for where, behind in (*places, (ListFilter(unprocessed=True), None)):
            found = self.window(where, after=behind, limit=2)
            others = [row for row in found if (row.message_id, row.copy_id) != after]
            if others:
                return others[0]
        return None

    # --- search

    def search(
        self,
        wanted: ListFilter,
        *,
        after: Position | None = None,
        limit: int = 50,
        seconds: float | None = SEARCH_SECONDS,
        stop: Callable[[], bool] = lambda: False,
    ) -> Hits:
        """The newest mails that `wanted.query` finds, each once; `after`: those that follow, see `Hits.resume`.

        Shows what it has after `seconds` (None: searches to the end) or when `stop` says so, which is asked from this
        thread every few milliseconds. Always newest first.
        """
        read = self._store.read
        query = parse(wanted.query, self._today(), typing=wanted.typing)
        scope = scope_of(read, wanted, query)
        below = {} if after is None else {"below": after[0]}
        found = search.find(read, scope, query, limit=limit + 1, seconds=seconds, stop=stop, **below)
        more = len(found.positions) > limit
        positions = found.positions[:limit]
        partial = not more and found.down_to > 0
        resume = positions[-1] if more else (found.down_to, 0) if partial else None
        hint, about = _hint(query, scope)
        return Hits(
            rows=tuple(windows.rows_of(read, [copy for _, copy in positions])),
            more=more,
            partial=partial,
            resume=resume,
            searched_to=datetime.fromtimestamp(found.down_to >> 20, UTC) if partial else None,
            hint=hint,
            hint_about=about,
            unclear=query.unclear,
        )

    # --- folders

    def folders(self) -> list[FolderRow]:
        """Every folder that can hold mail, in the order of the folder pane."""
        return windows.folders(self._store.read)

    def mailboxes(self) -> list[MailboxRow]:
        """The mailboxes in the rep's order, with their counters."""
        return windows.mailboxes(self._store.read)

    def totals(self, mailbox_id: int | None = None) -> Totals:
        """The counters of a mailbox, or of all: junk, trash and "all mail" left out."""
        return windows.totals(self._store.read, mailbox_id)

    def linked_by_thread(self, after: int, since: datetime) -> tuple[int, int, LinkLabel | None]:
        """The number of the last link; how many mails their thread has linked since `after` and `since`, and to what."""
        return linked_by_thread(self._store.read, after, int(since.timestamp()))

    # --- single messages

    def row(self, message_id: int) -> MailRow:
        """The message as a list row, by its most telling copy. Raises NotFound when it is in no folder."""
        copies = messages.best_copies(self._store.read, [message_id])
        rows = windows.rows_of(self._store.read, list(copies.values()))
        if not rows:
            raise MailNotFound(str(message_id))
        return rows[0]

    def thread(self, message_id: int) -> list[MailRow]:
        """The messages of the same thread, one row each, oldest first; the message itself is among them."""
        read = self._store.read
        copies = messages.best_copies(read, messages.thread_of(read, message_id))
        return windows.rows_of(read, list(copies.values()))

    def source(self, message_id: int) -> bytes:
        """The message as it came, byte for byte. Raises NotFound."""
        return messages.source(self._store.read, message_id)

    def readable(self, message_id: int) -> ReadableMail:
        """The message taken apart for reading; away from the screens, for the worst take a second. Raises NotFound."""
        from app.mail.mime.reading import read_mail

        return read_mail(self.source(message_id))

    @staticmethod
    def get_ready() -> None:
        """Import what taking mail apart needs, so that the first mail does not wait for it."""
        import html2text  # noqa: F401

        import app.mail.mime.reading  # noqa: F401

    @staticmethod
    def get_ready_for_records() -> None:
        """Import what linking mail and making records of it needs."""
        import app.services.crm.from_mail
        import app.services.crm.suggest
        import app.store.crm.record_entry  # noqa: F401

    def version(self) -> int:
        """A number that changes when any process has written; ask from one thread only."""
        return self._store.version()

    @staticmethod
    def _is_walked(wanted: ListFilter) -> bool:
        return wanted.order.by_date and not wanted.query.strip()

    def _snapshot(self, wanted: ListFilter) -> Snapshot:
        today = self._today()
        query = parse(wanted.query, today, typing=wanted.typing) if wanted.query.strip() else None
        return self._snapshots.of(self._store.read, wanted, query, today)


def _hint(query: Query, scope: Scope) -> tuple[str, str]:
    if query.hint is not None:
        return query.hint.value, query.about
    if scope.no_folder:
        return Hint.NO_FOLDER.value, scope.no_folder
    return "", ""
