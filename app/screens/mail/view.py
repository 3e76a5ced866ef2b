"""Keys that change what is listed: the filter "Nicht verarbeitet", search, order, and the way to the next unprocessed mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.domain.due import format_day
from app.domain.mail.listing import ListFilter, Position, SortOrder
from app.domain.mail.messages import FolderRow, MailRow, Role
from app.language import _, ngettext
from app.screens.mail.base import MailPlace
from app.screens.mail.feed import position
from app.screens.place import does
from app.widgets.choices import Choice
from app.widgets.folder_entries import folder_title
from app.widgets.words import number

#: More mails than this are not selected at once.
MOST_SELECTED = 10_000


def order_names() -> dict[SortOrder, str]:
    """The orders of a list as a person names them."""
    return {
        SortOrder.NEWEST: _("newest first"),
        SortOrder.OLDEST: _("oldest first"),
        SortOrder.SENDER: _("by sender"),
        SortOrder.SUBJECT: _("by subject"),
        SortOrder.SIZE: _("by size"),
    }


class Views(MailPlace):
    """What is listed."""

    def look_at(self, wanted: ListFilter, at: MailRow | None = None) -> None:
        """List this."""
        self.wanted = wanted
        self.list_again(at)

    def is_narrowed(self) -> bool:
        """Whether something is left out, or selected, so that there is something to clear."""
        return self.wanted.narrowed or bool(self.mails.selection)

    @does("view.unprocessed")
    def toggle_unprocessed(self) -> None:
        self.look_at(replace(self.wanted, unprocessed=not self.wanted.unprocessed), self.current)

    def can_sort(self) -> bool:
        """What a search finds is always shown newest first."""
        return not self.wanted.query

    @does("view.sort", when="can_sort")
    def ask_order(self) -> None:
        from app.screens.dialogs.boxes import Picker

        choices = [Choice(order, name) for order, name in order_names().items() if order != self.wanted.order]

        def answer(choice: Choice | None) -> None:
            if choice is not None:
                self.look_at(replace(self.wanted, order=SortOrder(str(choice.value))))

        self.app.push_screen(Picker(_("Sort"), choices, enter=_("sort")), answer)

    @does("mail.select_all", when="has_mail")
    def select_all(self) -> None:
        wanted, reader = self.wanted, self.desk.reader

        def show(found: list[Position]) -> None:
            if wanted != self.wanted:
                return
            every = {copy_id: message_id for message_id, copy_id in found}
            if every.keys() == self.mails.selection.keys():
                self.mails.select({})
                self.say(_("Nothing is selected any more."))
                return
            self.mails.select(every)
            count = number(len(every))
            if len(every) == MOST_SELECTED < self.mails.total:
                self.say(_("Only the first {n} mails were selected.").format(n=count), "warning")
            else:
                self.say(ngettext("{n} mail selected", "{n} mails selected", len(every)).format(n=count))

        self.read(lambda: reader.positions(wanted, MOST_SELECTED), show)

    @does("view.filter")
    def ask_filter(self) -> None:
        from app.screens.dialogs.filter import FilterDialog

        def apply(wanted: ListFilter | None) -> None:
            if wanted is not None:
                self.look_at(wanted, self.current)

        self.app.push_screen(FilterDialog(self.wanted, self.folders, self.desk.clock()), apply)

    @does("view.clear", when="is_narrowed")
    def clear(self) -> None:
        if self.mails.selection:
            self.mails.select({})
            return
        everywhere = self.wanted.mailbox_id is None and self.wanted.folder_id is None
        origin = self._before_search if self.wanted.query and everywhere else self.wanted
        place = ListFilter(origin.mailbox_id, origin.folder_id, order=origin.order)
        self.look_at(place, self._searched_from if self.wanted.query else self.current)

    def filter_text(self) -> str:
        """What the list leaves out, for the yellow line; empty when it shows everything."""
        wanted = self.wanted
        words = [
            text
            for on, text in (
                (wanted.unprocessed, _("unprocessed")),
                (wanted.unread, _("unread")),
                (wanted.flagged, _("important")),
                (wanted.answered, _("answered")),
                (wanted.with_attachment, _("with attachment")),
            )
            if on
        ]
        if wanted.after:
            words.append(_("from {day}").format(day=format_day(wanted.after)))
        if wanted.before:
            words.append(_("until {day}").format(day=format_day(wanted.before - timedelta(days=1))))
        if wanted.linked:
            words.append(_("linked with a record"))
        if wanted.query:
            words.append(_("search “{query}”").format(query=wanted.query))
        return ", ".join(words)

    # -- the next one to deal with

    @does("mail.next_unprocessed")
    def next_unprocessed(self) -> None:
        reader, here = self.desk.reader, self.current
        after = position(here) if here else None
        if here is not None and here.unprocessed and self._keys_pressed == 1:
            self.say(_("This mail is unprocessed: begin with it."))  # nobody has looked at it yet
            return

        def go(row: MailRow | None) -> None:
            if row is not None:
                self._tell_jump(here, row)
                self.go_to(row)
            elif here is not None and here.unprocessed:
                self.say(_("This is the last unprocessed mail."))
            else:
                self.say(_("Everything is processed."))

        below = self.mails.below
        known = next((row for row in below if row.unprocessed), None)
        if known is not None:
            self.go_to(known)
        else:
            wanted = self.wanted
            self.read(lambda: reader.next_unprocessed(wanted, after), go)

    def _tell_jump(self, here: MailRow | None, row: MailRow) -> None:
        """Say when the next unprocessed mail is not just further down."""
        folder = next((folder for folder in self.folders if folder.id == row.folder_id), None)
        if here is not None and here.folder_id != row.folder_id and folder is not None:
            self.say(_("Next unprocessed mail: in “{folder}”").format(folder=self.full_title(folder)))
        elif here is not None and (row.message_id < here.message_id) is (
            self.wanted.order is SortOrder.OLDEST
        ):
            self.say(_("Further down nothing is unprocessed: again from the top."))

    def go_to(self, row: MailRow) -> None:
        place = self.mails.place_of(row)
        if place is not None:
            self.mails.go(place)
        elif self._would_show(row):
            self.list_again(row)
        else:
            unprocessed = self.wanted.unprocessed and row.unprocessed
            self.look_at(ListFilter(folder_id=row.folder_id, unprocessed=unprocessed), row)

    def _would_show(self, row: MailRow) -> bool:
        """Whether what is listed holds this mail for certain."""
        folder = self.wanted.folder_id
        here = folder == row.folder_id or (
            folder is None and self.wanted.mailbox_id is None and row.unprocessed
        )
        let_through = row.unprocessed or not self.wanted.unprocessed
        return here and let_through and not replace(self.wanted, unprocessed=False).narrowed

    # -- for the lines on top

    def place_title(self) -> str:
        """The name of what is listed."""
        return self.full_title(self.folder) if self.folder is not None else _("All mailboxes")

    def full_title(self, folder: FolderRow) -> str:
        """The name of a folder, with its mailbox if there are several."""
        several = len({row.mailbox_id for row in self.folders if row.role is Role.INBOX}) > 1
        return f"{folder_title(folder)}  {folder.mailbox}" if several else folder_title(folder)
