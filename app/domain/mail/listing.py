"""What a mail list shows and in which order; the words that screens and the command line ask the store with."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum

from app.domain.mail.messages import MailRow

#: Where a row stands in the order of dates: `(message_id, copy_id)`.
Position = tuple[int, int]


class SortOrder(StrEnum):
    """Orders of a list. Those by date are paged in the index and cost the same at any size; the others are sorted
    once for the whole list (some seconds for a million mails) and kept."""

    NEWEST = "newest"
    OLDEST = "oldest"
    SENDER = "sender"
    SUBJECT = "subject"
    SIZE = "size"

    @property
    def by_date(self) -> bool:
        return self in (SortOrder.NEWEST, SortOrder.OLDEST)


@dataclass(frozen=True, slots=True)
class ListFilter:
    """Which copies a list shows. Everything given must hold.

    Without `folder_id`: the folders of the mailbox, or of all, except junk, trash and the server's "all mail". `after`
    is the first day shown, `before` the first day not shown any more, both in the rep's zone. `linked` is the kind and
    id of a record. `query` is what was typed into the search (see `app.domain.mail.query_language`); with one, every message is shown
    once. `typing`: more of the query may follow, so that its last word counts as the beginning of one.
    """

    mailbox_id: int | None = None
    folder_id: int | None = None
    unprocessed: bool = False
    unread: bool = False
    flagged: bool = False
    answered: bool = False
    with_attachment: bool = False
    after: date | None = None
    before: date | None = None
    thread_id: int | None = None
    linked: tuple[str, int] | None = None
    query: str = ""
    typing: bool = False
    order: SortOrder = SortOrder.NEWEST

    @property
    def narrowed(self) -> bool:
        """True when something beside mailbox, folder and order leaves mail out: "Filter aktiv"."""
        place = ("mailbox_id", "folder_id", "typing", "order")
        return any(getattr(self, f.name) != f.default for f in fields(self) if f.name not in place)


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums of the folders' counters."""

    total: int
    unread: int
    unprocessed: int


@dataclass(frozen=True, slots=True)
class MailboxRow:
    """A mailbox as the folder pane shows it. `error`: why its last sync failed as a whole, or empty."""

    id: int
    name: str
    address: str
    unread: int
    unprocessed: int
    synced_at: datetime | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Hits:
    """An answer of the search, newest first.

    `more`: older hits follow after the last row. `partial`: the time was up before the page was full; `resume` is
    where to go on (for `more` too), `searched_to` how far back it looked. `hint`: an untranslated source text about
    what in the query was not understood, with `hint_about` to fill in; `unclear`: for that nothing was searched.
    """

    rows: tuple[MailRow, ...]
    more: bool = False
    partial: bool = False
    resume: Position | None = None
    searched_to: datetime | None = None
    hint: str = ""
    hint_about: str = ""
    unclear: bool = False
