"""Keys of the reading pane, and how a mail gets there: fetched and taken apart in a thread, stale ones dropped."""

from __future__ import annotations

import time
from collections.abc import Sequence

from textual import events

from app.domain.due import short_day
from app.domain.mail.cards import Card
from app.domain.mail.listing import ListFilter
from app.domain.mail.messages import MailRow
from app.language import _
from app.screens.desk import Desk
from app.screens.dialogs.boxes import Picker
from app.screens.mail.panes import Panes
from app.screens.mail.source import source_text
from app.screens.place import does
from app.widgets.bar import Bar, Item
from app.widgets.choices import Choice
from app.widgets.mail_line import kind_word
from app.widgets.mail_list import MailList
from app.widgets.reading_layout import Reading, View, layout, sender_text
from app.widgets.reading_pane import ReadingPane
from app.widgets.text_pane import TextLine
from app.widgets.turns import Turn, Turns
from app.widgets.words import day_and_time, long_date

#: While the cursor runs, the reading pane waits so many seconds for it to rest.
PREVIEW_PAUSE = 0.15
#: A mail that lay open beside the list for so long counts as read.
SEEN_AFTER = 2.0


def read_reading(desk: Desk, row: MailRow, view: View) -> tuple[Reading, list[TextLine]]:
    """The mail as it is shown, and its lines; for a thread."""
    from app.services.triage import comments_on

    mail = desk.reader.readable(row.message_id)
    thread = [other.message_id for other in desk.reader.thread(row.message_id)]
    place = thread.index(row.message_id) + 1 if row.message_id in thread else 1
    comments = tuple(comments_on(desk.store, row.message_id)) if desk.store and row.comments else ()
    reading = Reading(row, mail, place, max(1, len(thread)), comments)
    return reading, layout(reading, view)


class ReadingKeys(Panes):
    """Reading on the mail screen."""

    _moved_at = 0.0

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.reading_turns = Turns()  # what comes into the pane, one mail after the other
        self._opening: Turn | None = None  # that of a mail which somebody wants to read, until it is there

    @property
    def reading(self) -> ReadingPane:
        return self.query_exactly_one("#reading", ReadingPane)

    def is_reading(self) -> bool:
        """Whether a mail is shown."""
        return self.shows_reader() and self.reading.reading is not None

    def opened_cards(self) -> tuple[MailRow, tuple[Card, ...]] | None:
        reading = self.reading.reading
        if not self.is_reading() or reading is None or not reading.mail.cards:
            return None
        return reading.row, reading.mail.cards

    # -- a mail comes into the pane

    def on_resize(self, _event: events.Resize) -> None:
        """There may be room for the reading pane now (the panes' own handler is called too)."""
        if self.is_whole() and self.shows_reader() and self.reading.reading is None:
            self.load()

    def list_and_open(self, wanted: ListFilter, row: MailRow) -> None:
        """List this, and open the mail in it."""
        self.reading_turns.begin()
        self.wanted = wanted
        self.show_panes(reading=True)
        self.reading.focus()  # so that what comes under the cursor is read here at once
        if self.current is not None and self.current.copy_id == row.copy_id:
            self.open_mail()  # it is there already
        else:
            self.reading.show(None)
            self._show_head(None)
        self.list_again(row)

    def open_mail(self) -> None:
        self.load(enter=True)

    def on_mail_list_open_wanted(self, message: MailList.OpenWanted) -> None:
        message.stop()
        self.open_mail()

    def on_mail_list_cursor_moved(self, message: MailList.CursorMoved) -> None:
        message.stop()
        self.find_more()
        if not self.shows_reader():
            return
        if message.row is None:
            self.reading_turns.begin()
            self.reading.show(None)
            self._show_head(None)
            self.show_keys()  # nothing can be unfolded or saved any more
            return
        now = time.monotonic()
        rested, self._moved_at = now - self._moved_at > PREVIEW_PAUSE, now
        if rested or self.reading.has_focus:
            self.load()
            return
        self.set_timer(PREVIEW_PAUSE, self.reading_turns.begin().unless_over(self.load))

    def load(self, *, enter: bool = False) -> None:
        """Show the mail under the cursor in the reading pane; `enter`: and go there, in the same frame."""
        row = self.current
        if row is None:
            return
        turn, desk, view, pane = self.reading_turns.begin(), self.desk, self.reading.view(), self.reading
        self._opening = turn if enter else None

        def show(answer: tuple[Reading, list[TextLine]]) -> None:
            self._opening = None
            if enter:
                self.show_panes(reading=True)
                pane.focus()
                pane.close_nested()
            pane.show(*answer, view.width)
            self._show_head(pane.reading)
            self._suggest(turn, answer[0])
            self.show_keys()
            if enter or pane.has_focus:
                self.mark_seen()
            else:
                self.set_timer(SEEN_AFTER, turn.unless_over(self.mark_seen))

        self.read(lambda: read_reading(desk, row, view), show, turn)

    def _suggest(self, turn: Turn, reading: Reading) -> None:
        """Look for the record that the mail most likely belongs to, and name it above the text."""
        store, row = self.desk.store, reading.row
        if store is None or not row.unprocessed:
            return

        def work() -> str:
            from app.services.crm.suggest import suggest

            found = suggest(store, row.message_id, 1, text=reading.mail.text)
            if not found:
                return ""
            record = found[0].record
            return _("{kind} “{title}”").format(kind=kind_word(record.kind), title=record.title)

        def show(title: str) -> None:
            if title:
                self.reading.suggest(title)

        self.read(work, show, turn)

    def _show_head(self, reading: Reading | None) -> None:
        """Draw the line over the reading pane: who, when, and where in the thread."""
        items = []
        if reading is not None:
            sent = (reading.mail.date or reading.row.date).astimezone(self.desk.clock().tzinfo)
            when = Item(long_date(sent), "quiet", 2, f"{short_day(sent)} {sent:%H:%M}", right=True)
            is_file = self.reading.is_nested and not reading.mail.sender.address
            items = [Item(_("Attachment") if is_file else sender_text(reading.mail), "here"), when]
            makes = self.key_item("mail.contact", _("new contact")) if reading.mail.cards else None
            items += [makes] if makes else []
            if reading.of > 1:
                place = _("{n} of {of} in the thread").format(n=reading.place, of=reading.of)
                items.append(Item(place, "quiet", 1, right=True))
        self.query_exactly_one("#reading-head", Bar).items = items

    def is_opening(self) -> bool:
        """Whether a mail is on its way into the pane because somebody wants to read it."""
        return self._opening is not None and not self._opening.is_over

    def stop_opening(self) -> None:
        """The mail on its way is not wanted any more."""
        self.reading_turns.begin()

    def load_nested(self, reading: Reading, lines: Sequence[TextLine], width: int) -> None:
        """Show something inside the mail that is shown, until it is closed; `lines`: its layout for this width."""
        self.reading_turns.begin()
        self.show_panes(reading=True)
        self.reading.focus()
        self.reading.show_nested(reading, lines, width)
        self._show_head(reading)
        self.show_keys()

    # -- keys

    @does("reading.down")
    def reading_down(self) -> None:
        self.reading.step(1)

    @does("reading.up")
    def reading_up(self) -> None:
        self.reading.step(-1)

    @does("reading.page_down")
    def reading_page_down(self) -> None:
        self.reading.page(1)

    @does("reading.page_up")
    def reading_page_up(self) -> None:
        self.reading.page(-1)

    @does("reading.first")
    def reading_first(self) -> None:
        self.reading.go(0)

    @does("reading.last")
    def reading_last(self) -> None:
        self.reading.go(len(self.reading.lines))

    @does("reading.next")
    def next_mail(self) -> None:
        self.mails.step(1)

    @does("reading.previous")
    def previous_mail(self) -> None:
        self.mails.step(-1)

    @does("reading.close")
    def close_reading(self) -> None:
        if self.reading.shows_source:
            self.reading.toggle_source()
            return
        if self.reading.is_nested:
            self.reading.close_nested()
            self._show_head(self.reading.reading)
            return
        self.show_panes(reading=False)
        self.mails.focus()

    def has_thread_mates(self) -> bool:
        """Whether the mail that is shown has others in its thread."""
        reading = self.reading.reading
        return self.is_reading() and reading is not None and reading.of > 1

    @does("reading.thread", when="has_thread_mates")
    def choose_of_thread(self) -> None:
        reading, reader, now = self.reading.reading, self.desk.reader, self.desk.clock()
        if reading is None:
            return
        message_id = reading.row.message_id

        def ask(rows: list[MailRow]) -> None:
            choices = [
                Choice(
                    row,
                    f"{row.sender_name or row.sender_address}: {row.subject}",
                    day_and_time(row.date.astimezone(now.tzinfo), now).strip(),
                )
                for row in reversed(rows)
                if row.message_id != message_id
            ]
            self.app.push_screen(Picker(_("Thread"), choices, enter=_("open")), answer)

        def answer(choice: Choice | None) -> None:
            if choice is not None and isinstance(choice.value, MailRow):
                self.go_to(choice.value)

        self.read(lambda: reader.thread(message_id), ask)

    @does("reading.fold", when="is_reading")
    def fold(self) -> None:
        self.reading.toggle_folds()

    @does("reading.headers", when="is_reading")
    def headers(self) -> None:
        self.reading.toggle_headers()

    @does("reading.source", when="is_reading")
    def show_source(self) -> None:
        reading = self.reading.reading
        if reading is None or reading.source or self.reading.shows_source:
            self.reading.toggle_source()
            return
        reader, message_id, turn = self.desk.reader, reading.row.message_id, self.reading_turns.last
        self.read(lambda: source_text(reader.source(message_id)), self.reading.show_source, turn)
