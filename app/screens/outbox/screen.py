"""The outbox: drafts, what is on its way, and what became of it; the rules of its keys are the services'."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical

from app.domain.mail.listing import ListFilter
from app.domain.mail.messages import MailRow, subject_word
from app.domain.mail.outbox import OutboxRow, OutState, RecipientState
from app.language import _, ngettext
from app.screens.correspondence import Left
from app.screens.desk import Desk
from app.screens.list_place import ListPlace
from app.screens.outbox.lines import drop_question, why_not
from app.screens.place import does
from app.widgets.bar import Bar, Item
from app.widgets.outbox_list import OutboxList
from app.widgets.outbox_pane import OutboxPane
from app.widgets.words import number

WATCH = 0.5
SENT_SHOWN = 100
_OPEN = frozenset(OutState) - {OutState.SENT}
#: What needs the rep comes first.
_ORDER = (
    OutState.UNCERTAIN,
    OutState.FAILED,
    OutState.SENDING,
    OutState.WAITING,
    OutState.DRAFT,
    OutState.SENT,
)


class OutboxScreen(ListPlace):
    """Opened over the place it was called from."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._wanted = 0  # the mail that the cursor goes to once it is listed

    def compose(self) -> ComposeResult:
        yield Bar(id="top")
        yield Bar(id="headline")
        with Vertical(id="outbox"):
            yield OutboxList(self.desk.clock, id="mails")
            yield Bar(id="which")
            yield OutboxPane(self.desk.clock, self.desk.signs, id="detail")
        yield Bar(id="keys", gap=2)

    def on_mount(self) -> None:
        self.mails.empty = (
            _("The outbox is empty."),
            _("What you write and what is on its way stands here."),
        )
        self.mails.focus()
        self.headlines()
        self.watch_store(WATCH, self.load)

    @property
    def contexts(self) -> tuple[str, ...]:
        return ("outbox", "table", "everywhere")

    @property
    def mails(self) -> OutboxList:
        return self.query_exactly_one("#mails", OutboxList)

    @property
    def listed(self) -> OutboxList:
        return self.mails

    @property
    def row(self) -> OutboxRow | None:
        """The mail under the cursor."""
        return self.mails.current

    # -- what is listed

    def load(self) -> None:
        """Read the outbox anew."""

        def work() -> list[OutboxRow]:
            outbox = self.outbox_service()
            return [*outbox.rows(_OPEN), *outbox.rows({OutState.SENT}, SENT_SHOWN)]

        def show(rows: list[OutboxRow]) -> None:
            self.mails.show(sorted(rows, key=lambda row: _ORDER.index(row.state)))
            self._go_to_wanted()
            self.headlines()

        self.read_newest(work, show)

    def _go_to_wanted(self) -> None:
        place = next((i for i, row in enumerate(self.mails.rows) if row.id == self._wanted), None)
        if place is not None:
            self._wanted = 0
            self.mails.go(place)

    def on_outbox_list_cursor_moved(self, message: OutboxList.CursorMoved) -> None:
        row = message.row
        self.query_exactly_one("#which", Bar).items = [Item(subject_word(row.subject), "here")] if row else []
        self.query_exactly_one("#which").display = row is not None
        self.query_exactly_one("#detail", OutboxPane).show(row)
        self.cursor_moved()

    def on_outbox_list_open_wanted(self) -> None:
        self.run("outbox.open")

    def headlines(self) -> None:
        """Draw the lines above the list again."""
        self.query_exactly_one("#top", Bar).items = self.top_items(_("Outbox"))
        rows = self.mails.rows
        drafts = sum(row.state is OutState.DRAFT for row in rows)
        sent = sum(row.state is OutState.SENT for row in rows)
        told = [Item(_("Outbox"), "here")]
        if drafts:
            told.append(Item(ngettext("{n} draft", "{n} drafts", drafts).format(n=number(drafts)), "text", 1))
        if sent:
            told.append(Item(_("{n} sent lately").format(n=number(sent)), "quiet", 2))
        self.query_exactly_one("#headline", Bar).items = told
        self.show_keys()

    @does("outbox.close")
    def close_place(self) -> None:
        self.back()

    @does("place.outbox")
    def go_to_outbox(self) -> None:
        self.load()

    # -- deciding

    def _is(self, *states: OutState) -> bool:
        return self.row is not None and self.row.state in states

    def can_come_back(self) -> bool:
        """Whether it may become a draft again."""
        row = self.row
        has_it = row is not None and any(r.state is RecipientState.ACCEPTED for r in row.recipients)
        return self._is(OutState.WAITING, OutState.FAILED, OutState.UNCERTAIN) and not has_it

    def can_try(self) -> bool:
        """Whether it may be sent (again) at once."""
        return self._is(OutState.FAILED, OutState.UNCERTAIN) or self._pauses()

    def _pauses(self) -> bool:
        return self.row is not None and self.row.state is OutState.WAITING and self.row.attempts > 0

    def is_uncertain(self) -> bool:
        """Whether nobody knows if it was sent."""
        return self._is(OutState.UNCERTAIN)

    def can_drop(self) -> bool:
        """Whether it may be taken off the list."""
        return self.row is not None and self.row.state is not OutState.SENDING

    def why_not(self, command_id: str) -> str:
        if not command_id.startswith("outbox."):
            return super().why_not(command_id)
        if self.row is None:
            return _("There is no mail here.")
        return why_not(self.row.state, command_id)

    def can_open(self) -> bool:
        """Whether it can be written on, or read as it was sent."""
        return self._is(OutState.DRAFT, OutState.SENT)

    @does("outbox.open", when="can_open")
    def open_here(self) -> None:
        row = self.row
        if row is not None and row.state is OutState.DRAFT:
            self.open_draft(row.id)
        elif row is not None:
            self._read_sent(row)

    def _read_sent(self, row: OutboxRow) -> None:
        """Open the copy of a sent mail on the mail screen; without one, show here what was written."""
        reader = self.desk.reader

        def work() -> tuple[list[MailRow], str]:
            outbox = self.outbox_service()
            found = reader.rows_of(outbox.copies_of_sent(row.id)[:1])
            return found, "" if found else outbox.load(row.id)[1].body

        def show(found: tuple[list[MailRow], str]) -> None:
            from app.screens.mail.reading import ReadingKeys

            copies, text = found
            home = self.app.screen_stack[0]
            if copies and isinstance(home, ReadingKeys):
                self.go_home()
                home.list_and_open(ListFilter(folder_id=copies[0].folder_id), copies[0])
            elif self.row is not None and self.row.id == row.id:
                self.query_exactly_one("#detail", OutboxPane).show_text(text)
                self.say(_("No copy of this mail is here: below stands what was written."))

        self.read(work, show)

    @does("outbox.take_back", when="can_come_back")
    def take_back(self) -> None:
        row = self.row
        if row is None:
            return

        def go() -> None:
            self.write(
                lambda: self.outbox_service().take_back(row.id, uncertain=uncertain),
                lambda _draft: self.open_draft(row.id),
            )

        uncertain = row.state is OutState.UNCERTAIN
        if uncertain:
            self.confirm(_("Write it anew?"), _("The recipients may have it already."), _("take back"), go)
        else:
            go()

    @does("outbox.retry", when="can_try")
    def retry(self) -> None:
        row = self.row
        if row is None:
            return
        if row.state is OutState.WAITING:
            self.write_and_tell(lambda: self.outbox_service().hurry(), _("It is tried again now."))
            return

        def go() -> None:
            self.write_and_tell(lambda: self.outbox_service().retry(row.id), _("It is sent again now."))

        if row.state is OutState.UNCERTAIN:
            line = _("The recipients may have it already; then they get it twice.")
            self.confirm(_("Send it again?"), line, _("send"), go)
        else:
            go()

    @does("outbox.is_sent", when="is_uncertain")
    def is_sent(self) -> None:
        row = self.row
        if row is not None:
            line = _("It is filed under sent mail and not sent again.")
            self.confirm(
                _("The mail has arrived?"),
                line,
                _("it has arrived"),
                lambda: self.write_and_tell(
                    lambda: self.outbox_service().confirm_sent(row.id), _("It counts as sent.")
                ),
            )

    @does("outbox.drop", when="can_drop")
    def drop(self) -> None:
        row = self.row
        if row is not None:
            title, line = drop_question(row.state)
            self.confirm(
                title,
                f"{subject_word(row.subject)}\n{line}",
                _("remove"),
                lambda: self.write_and_tell(
                    lambda: self.outbox_service().drop(row.id), _("It is removed from the outbox.")
                ),
            )

    def writing_left(self, left: Left) -> None:
        super().writing_left(left)
        self._wanted = left.queued
        self.load()
