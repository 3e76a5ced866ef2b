"""What the parts of the mail screen share: its widgets, and what is listed. No key stands here."""

from __future__ import annotations

from app.domain.crm.kinds import Kind, RecordRow
from app.domain.mail.cards import Card
from app.domain.mail.listing import ListFilter, MailboxRow
from app.domain.mail.messages import FolderRow, MailRow
from app.screens.desk import Desk
from app.screens.following import Find, Following
from app.screens.outgoing import Outgoing
from app.widgets.folder_pane import FolderPane
from app.widgets.mail_list import MailList


class MailPlace(Outgoing, Following):
    """The mail screen as its parts see it."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.wanted = ListFilter()
        self._before_search = ListFilter()  # what was listed when the search began,
        self._searched_from: MailRow | None = None  # and the mail that the rep stood on
        self._keys_pressed = 0
        self.folders: list[FolderRow] = []
        self.mailboxes: list[MailboxRow] = []

    @property
    def mails(self) -> MailList:
        return self.query_exactly_one("#list", MailList)

    @property
    def pane(self) -> FolderPane:
        return self.query_exactly_one("#folders", FolderPane)

    @property
    def folder(self) -> FolderRow | None:
        """The folder that is listed; None for several."""
        return next((row for row in self.folders if row.id == self.wanted.folder_id), None)

    @property
    def current(self) -> MailRow | None:
        """The mail under the cursor."""
        return self.mails.current

    def has_mail(self) -> bool:
        """Whether there is a mail for a command to work on."""
        return self.current is not None

    def belonging(self) -> Find | None:
        """The records that the mail under the cursor is linked with."""
        links = self.current.links if self.current is not None else ()
        rows = [RecordRow(Kind(link.kind), link.id, link.title) for link in links]
        return (lambda _store: rows) if rows else None

    # -- what the parts ask of each other

    def list_again(self, at: MailRow | None = None) -> None:
        """List what is wanted now, from its top or from this mail on."""
        raise NotImplementedError

    def follow_store(self) -> None:
        """Show what has changed in the store, once what is being read is there; the mail under the cursor stays where it is."""
        raise NotImplementedError

    def go_on_following(self) -> None:
        """The list has been read: show what has changed since that was asked for."""
        raise NotImplementedError

    def show_again(self, at: MailRow) -> None:
        """List anew what is wanted, with the cursor on this mail, which is in the list."""
        raise NotImplementedError

    def go_to(self, row: MailRow) -> None:
        """Put the cursor on this mail, in the list or in the folder where it lies."""
        raise NotImplementedError

    def filter_text(self) -> str:
        """What the list leaves out; empty when it shows everything."""
        raise NotImplementedError

    def mark_seen(self) -> None:
        """The mail under the cursor has been read."""
        raise NotImplementedError

    def opened_cards(self) -> tuple[MailRow, tuple[Card, ...]] | None:
        """The visiting cards that lie open in the reading pane, and the mail they came with; None: there are none."""
        raise NotImplementedError

    def find_more(self) -> None:
        """The cursor has moved: in a search, find more if it is near the end."""
        raise NotImplementedError

    def headlines(self) -> None:
        """Draw the lines above the list, the folder pane and the keys again."""
        raise NotImplementedError

    def open_mail(self) -> None:
        """Show the mail under the cursor for reading."""
        raise NotImplementedError
