"""The mail screen: folders, list and reading pane put together; it wires, what its keys do stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from app.domain.mail.listing import ListFilter, MailboxRow
from app.domain.mail.messages import FolderRow, LinkLabel, MailRow, Role
from app.domain.text import clean_line
from app.language import _, ngettext
from app.screens.desk import Desk
from app.screens.going import Going
from app.screens.mail.answering import MailAnswering
from app.screens.mail.attachments import Attachments
from app.screens.mail.contacts import Contacts
from app.screens.mail.feed import Stretch, fetch, stretch_at
from app.screens.mail.filing import Filing
from app.screens.mail.lines import Lines
from app.screens.mail.moves import Moves
from app.screens.place import does
from app.widgets.bar import Bar
from app.widgets.field import Field
from app.widgets.folder_pane import FolderPane
from app.widgets.key_names import key_name
from app.widgets.mail_line import kind_word
from app.widgets.mail_list import MailList
from app.widgets.reading_pane import ReadingPane
from app.widgets.turns import Turn
from app.widgets.words import number

Overview = tuple[list[FolderRow], list[MailboxRow]]

#: Seconds between looks at the store for changes that others made.
WATCH = 0.25
#: Longer than a batch of a sync takes; what is restored by undoing is older.
A_SYNC = timedelta(minutes=1)
#: Seconds after the start when the rest is made ready; before that the first screen has the machine to itself.
GET_READY = 0.3


def get_ready_for_leads() -> None:
    """Import what the place of leads and the pages of records need, a third of a second's work, before the rep first goes
    there."""
    import app.screens.leads.page
    import app.screens.leads.screen
    import app.screens.opportunities.page  # noqa: F401


class MailScreen(MailAnswering, Filing, Moves, Lines, Contacts, Attachments, Going):
    """The place where a rep lives."""

    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 - Textual declares it as what an instance has
        (0, "-narrow"),
        (100, "-medium"),
        (190, "-broad"),
    ]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (32, "-tall")]  # noqa: RUF012 - see above

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._last_link: int | None = None
        self._looked_at = desk.clock()
        self._connect_offered = False
        self._changes = 0  # how often the store was to be followed,
        self._followed = 0  # and how many of these times what is listed shows

    def compose(self) -> ComposeResult:
        desk = self.desk
        yield Bar(id="top")
        with Horizontal(id="body"):
            yield FolderPane(desk.signs, id="folders")
            with Vertical(id="main"):
                yield Bar(id="headline")
                yield Bar(id="filter")
                with Horizontal(id="search"):
                    yield Static(_("Search") + " ", id="search-label")
                    yield Field(
                        placeholder=_("words, from: to: subject: before: after: has:attachment is:unread"),
                        id="query",
                    )
                with Horizontal(id="panes"):
                    yield MailList(desk.clock, desk.signs, id="list")
                    with Vertical(id="reader"):
                        yield Bar(id="reading-head")
                        yield ReadingPane(desk.clock, desk.signs, **self._reading_keys(), id="reading")
        yield Bar(id="keys", gap=2)
        if desk.first_run:
            from app.screens.dialogs.first_run import FirstRunHint

            yield FirstRunHint(desk.keymap)

    def _reading_keys(self) -> dict[str, str]:
        """The keys that the reading pane names in its text."""
        commands = {
            "fold_key": "reading.fold",
            "link_key": "mail.link",
            "open_key": "place.belonging",
        }
        keys = {name: self.desk.keymap.keys_of(command) for name, command in commands.items()}
        return {name: key_name(found[0]) if found else "" for name, found in keys.items()}

    def is_whole(self) -> bool:
        # The deepest of them goes first.
        return super().is_whole() and bool(self.query("#list"))

    def on_mount(self) -> None:
        self.show_panes()
        self.mails.focus()
        if self.keymap.problems:
            self.say(self.keymap.problems[0], "warning")
        self.watch_store(WATCH, self._look_around)
        ready = self.desk.reader
        for seconds, work in (
            (1, ready.get_ready),
            (6, ready.get_ready_for_records),
            (8, get_ready_for_leads),
        ):
            self.set_timer(GET_READY * seconds, partial(self.desk.read, work))
        self.set_timer(GET_READY, self.deskapp.news.look)

    def on_key(self, event: events.Key) -> None:  # noqa: ARG002 - the place's own handler is called too
        self._keys_pressed += 1
        for hint in self.query("#first-run"):
            hint.remove()

    @property
    def contexts(self) -> tuple[str, ...]:
        focused = self.focused.id if self.focused is not None else ""
        if focused == "query":
            return ("search",)
        return (focused if focused in ("folders", "reading") else "list", "mail", "everywhere")

    def why_not(self, command_id: str) -> str:
        if not self.has_mail():
            is_about_mail = command_id.startswith("mail.")
            return _("There is no mail here.") if is_about_mail else super().why_not(command_id)
        if command_id.startswith("reading.") and not self.is_reading():
            return _("Only when a mail is open: Enter opens it.")
        return {
            "reading.attachments": _("This mail has no attachments."),
            "reading.thread": _("This mail is the only one of its thread."),
            "mail.unlink": _("This mail is not linked."),
            "place.belonging": _("This mail is not linked."),
            "mail.link_thread": _("First link a mail whose thread has more of them."),
            "view.sort": _("What a search finds always stands newest first."),
        }.get(command_id) or super().why_not(command_id)

    @does("app.back")
    def back(self) -> None:
        if self.is_opening():
            self.stop_opening()
        elif self.reading_open or self.reading.shows_source:
            self.close_reading()
        elif self.is_narrowed():
            self.clear()
        elif self.deskapp.news.mails_waiting:
            self.quit()
        else:
            self.confirm(_("Quit Postkorb?"), _("Everything is stored."), _("quit"), self.quit)

    # -- the store

    def _start(self) -> None:
        """There were no folders yet: list the inbox, or offer to connect a mailbox."""
        inbox = next((row for row in self.folders if row.role is Role.INBOX), None)
        inbox = inbox or next(iter(self.folders), None)
        self.wanted = ListFilter(folder_id=inbox.id if inbox else None)
        self.list_again()
        if not self.mailboxes and self.can_connect() and not self._connect_offered:
            self._connect_offered = True
            self.connect_mailbox()

    def _look_around(self) -> None:
        """Anybody has written, or nothing was looked at yet."""
        self.follow_store()
        self.tell_linked()

    def tell_linked(self) -> None:
        """Say which of the mails that came were linked by their thread."""
        reader, after, now = self.desk.reader, self._last_link, self.desk.clock()
        since = self._looked_at - A_SYNC

        def show(news: tuple[int, int, LinkLabel | None]) -> None:
            self._last_link, count, label = news
            self._looked_at = now
            if after is not None and label is not None and not self.is_telling:
                words = ngettext(
                    "{n} new mail linked by its thread: {record}",
                    "{n} new mails linked by their threads, the last: {record}",
                    count,
                )
                record = f"{kind_word(label.kind)} {clean_line(label.title)}"
                self.say(words.format(n=number(count), record=record))

        self.read(lambda: reader.linked_by_thread(after or 0, since), show, Turn())

    def list_again(self, at: MailRow | None = None) -> None:
        if self.wanted.query:
            self.find()
            return
        wanted, height, reader = self.wanted, self._height(), self.desk.reader

        def show(stretch: Stretch) -> None:
            self.mails.outgoing = self.folder is not None and self.folder.role in (Role.SENT, Role.DRAFTS)
            self.mails.open(stretch.total, stretch.first, stretch.rows, stretch.place)
            self.headlines()
            self.go_on_following()

        self.read_newest(lambda: stretch_at(reader, wanted, height, at), show)

    def show_again(self, at: MailRow) -> None:
        if self.wanted.query:
            self.find_again(at)
            return
        wanted, height, reader = self.wanted, self._height(), self.desk.reader

        def show(stretch: Stretch) -> None:
            self.mails.land(stretch.total, stretch.first, stretch.rows, stretch.place)
            self.follow_store()

        self.read_newest(lambda: stretch_at(reader, wanted, height, at), show)

    def follow_store(self) -> None:
        self._changes += 1
        self.go_on_following()

    def go_on_following(self) -> None:
        if self._followed == self._changes or self.listing.last.awaits:
            return  # until that is there: what is under the cursor then decides what is read
        changes, wanted, height, anchor = self._changes, self.wanted, self._height(), self.current
        under_cursor = (anchor.copy_id if anchor else 0, self.mails.cursor)
        reader, is_first = self.desk.reader, not self.folders

        def look() -> tuple[Overview, Stretch | None]:
            listed = None if wanted.query or is_first else stretch_at(reader, wanted, height, anchor)
            return (reader.folders(), reader.mailboxes()), listed

        def show(answer: tuple[Overview, Stretch | None]) -> None:
            self._followed = changes
            (self.folders, self.mailboxes), stretch = answer
            if is_first:
                self._start()
                return
            if stretch is not None:
                self.mails.follow(stretch.total, stretch.first, stretch.rows, under_cursor, stretch.place)
            else:
                self.find_again()
            self.headlines()
            self.go_on_following()

        self.read(look, show, self.listing.last)

    def _height(self) -> int:
        return max(20, self.mails.size.height or self.app.size.height)

    def on_mail_list_rows_wanted(self, message: MailList.RowsWanted) -> None:
        wanted, missing, reader = self.wanted, message.missing, self.desk.reader

        def show(rows: Sequence[MailRow]) -> None:
            self.mails.fill(missing.first, rows)

        if wanted.query:
            message.turn.unless_over(show)(self.found(missing.first, missing.count))
        else:
            self.read(lambda: fetch(reader, wanted, missing), show, message.turn)

    def on_folder_pane_chosen(self, message: FolderPane.Chosen) -> None:
        self.wanted = ListFilter(folder_id=message.folder_id, unprocessed=message.folder_id is None)
        self.show_panes(folders=False)
        self.mails.focus()
        self.list_again()

    def on_mail_list_selection_changed(self, message: MailList.SelectionChanged) -> None:
        message.stop()
        self.query_exactly_one("#headline", Bar).items = self.headline_items()

    def on_descendant_focus(self) -> None:
        self.show_keys()
