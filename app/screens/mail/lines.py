"""The lines above the mail list: where the rep is, what is unread and unprocessed, how the sync stands. No keys."""

from __future__ import annotations

from dataclasses import replace

from app.domain.due import short_day
from app.domain.mail.listing import SortOrder
from app.domain.mail.messages import Role
from app.domain.text import clean_line
from app.language import _, ngettext
from app.screens.mail.search import Searching
from app.screens.mail.view import Views, order_names
from app.widgets.bar import Bar, Item
from app.widgets.folder_entries import entries_of
from app.widgets.key_names import key_name
from app.widgets.words import number, told_error


class Lines(Views, Searching):
    """Draws the top line, the headline of the list, the yellow line, the folder pane and the empty list."""

    def headlines(self) -> None:
        self.pane.show(entries_of(self.folders), self.wanted.folder_id)
        self.query_exactly_one("#top", Bar).items = self._top_items()
        self.query_exactly_one("#headline", Bar).items = self.headline_items()
        self._show_filter()
        self.mails.empty = self._empty_text()
        self.show_keys()

    def notes(self) -> list[Item]:
        return self.search_items()

    # -- the top line

    def _top_items(self) -> list[Item]:
        items = [Item("Postkorb", "brand", 5), Item(_("Mail"), "here", 4, command="place.mail")]
        unread = sum(row.unread for row in self.folders if row.role is Role.INBOX)
        if unread:
            items.append(Item(_("{n} unread").format(n=number(unread)), "text", 6))
        if self.folders:
            items.append(self._unprocessed_item())
        items += self.news_items()
        if self.desk.name:
            items.append(Item(self.desk.name, "quiet", 8, right=True))
        return [*items, *self._sync_items()]

    def _unprocessed_item(self) -> Item:
        unprocessed = sum(box.unprocessed for box in self.mailboxes)
        if not unprocessed:
            return Item(_("nothing unprocessed"), "good", 1)
        text = _("{n} unprocessed").format(n=number(unprocessed))
        return Item(text, "unprocessed", 1, command="view.unprocessed")

    def _sync_items(self) -> list[Item]:
        """How the sync stands: what went wrong before what goes on before when it was done."""
        wrong = [box for box in self.mailboxes if box.error]
        if wrong:
            error = told_error(wrong[0].error)
            text = _("{mailbox}: {error}").format(mailbox=clean_line(wrong[0].name), error=error)
            short = _("{mailbox}: sync failed").format(mailbox=clean_line(wrong[0].name))
            return [Item(text, "error", 2, short=short, command="place.ledger", right=True)]
        if not self.mailboxes:
            return []
        if any(box.synced_at is None for box in self.mailboxes):
            total = sum(row.total for row in self.folders)
            text = ngettext("first sync: {n} mail", "first sync: {n} mails", total).format(n=number(total))
            return [Item(text, "warning", 3, command="place.ledger", right=True)]
        now = self.desk.clock()
        done = min(box.synced_at for box in self.mailboxes if box.synced_at).astimezone(now.tzinfo)
        when = f"{done:%H:%M}" if done.date() == now.date() else f"{short_day(done)} {done:%H:%M}"
        return [Item(_("synced {time}").format(time=when), "quiet", 7, command="place.ledger", right=True)]

    # -- the list's own lines

    def headline_items(self) -> list[Item]:
        """Where the rep is, and how much there is."""
        folder, total = self.folder, self.mails.total
        items = [Item(self.place_title(), "here")]
        counted = ngettext("{n} mail", "{n} mails", total).format(n=number(total))
        items.append(Item(self.found_text() if self.wanted.query else counted, "text", 3))
        if folder and folder.unread and not self.wanted.narrowed:
            items.append(Item(_("{n} unread").format(n=number(folder.unread)), "text", 2))
        if folder and folder.unprocessed and not self.wanted.narrowed:
            items.append(Item(_("{n} unprocessed").format(n=number(folder.unprocessed)), "unprocessed", 1))
        if folder and folder.last_error:
            items.append(Item(told_error(folder.last_error), "error", 1, _("not read"), "place.ledger"))
        if self.wanted.order is not SortOrder.NEWEST and not self.wanted.query:
            items.append(Item(order_names()[self.wanted.order], "warning", 4, command="view.sort"))
        if chosen := len(self.mails.selection):
            items.append(Item(_("{n} selected").format(n=number(chosen)), "warning", 0, right=True))
        return items

    def _show_filter(self) -> None:
        text = self.filter_text()
        bar = self.query_exactly_one("#filter", Bar)
        keys = self.keymap.keys_of("view.clear")
        what = Item(_("Filter active: {what}").format(what=text), "warning", command="view.clear")
        clears = _("{key} shows all").format(key=key_name(keys[0])) if keys else ""
        bar.items = (what, Item(clears, "warning", 1, command="view.clear", right=True))
        self.show_panes()

    def _empty_text(self) -> tuple[str, ...]:
        if not self.mailboxes:
            return (_("No mailbox is connected yet."), "", self._connect_hint())
        if self.wanted.query and self.is_searching():
            return (_("Searching …"),)
        if self.wanted.query and self.why_nothing():
            return (_("Nothing was searched."), "", self.why_nothing())
        if self.wanted.query:
            return (_("Nothing was found."), "", _("Fewer words, or a word with * at its end, find more."))
        if self.wanted.unprocessed and not replace(self.wanted, unprocessed=False).narrowed:
            left = sum(box.unprocessed for box in self.mailboxes)
            if left:
                return (_("Here everything is processed."), "", self._elsewhere_hint(left))
            empty = (_("The tray is empty."), "", _("Every mail is linked to a contact, a lead or a task."))
            return self._not_here_yet() or empty
        if self.wanted.narrowed:
            return (_("No mail passes the filter."),)
        empty = (_("This folder is empty."), "", _("New mail appears here by itself."))
        return self._not_here_yet() or empty

    def _not_here_yet(self) -> tuple[str, ...]:
        """Why mail that may be on the server is not here; empty when all of it is."""
        folder = self.folder
        if folder and folder.last_error:
            told = told_error(folder.last_error)
            return (_("This folder cannot be read."), "", told, *self._ledger_hint())
        here = [box for box in self.mailboxes if folder is None or box.id == folder.mailbox_id]
        waiting = [box for box in here if box.synced_at is None]
        stuck = next((box for box in waiting if box.error), None)
        if stuck:
            title = _("The mail of {mailbox} cannot be fetched.").format(mailbox=clean_line(stuck.name))
            return (title, "", told_error(stuck.error), *self._ledger_hint())
        return (_("The first mails are being fetched."),) if waiting else ()

    def _ledger_hint(self) -> tuple[str, ...]:
        """Where there is more to see and to do."""
        keys = self.keymap.keys_of("place.ledger") if self.offers("place.ledger") else ()
        text = _("It is tried again and again; {key} shows how it stands.")
        return ("", text.format(key=key_name(keys[0]))) if keys else ()

    def _elsewhere_hint(self, left: int) -> str:
        keys = self.keymap.keys_of("mail.next_unprocessed")
        text = ngettext(
            "{key} leads to {n} unprocessed mail elsewhere.",
            "{key} leads to {n} unprocessed mails elsewhere.",
            left,
        )
        return text.format(key=key_name(keys[0]), n=number(left)) if keys else ""

    def _connect_hint(self) -> str:
        keys = self.keymap.keys_of("app.mailbox")
        if self.offers("app.mailbox") and keys:
            return _("{key} connects one.").format(key=key_name(keys[0]))
        return _("“postkorb account add” connects one.")
