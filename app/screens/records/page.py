"""One contact, lead or task: its fields, and the mails that are linked to it, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import ComposeResult

from app.domain.crm import Kind
from app.domain.listing import ListFilter
from app.domain.mail import MailRow, subject_word
from app.domain.text import fit
from app.language import _, ngettext
from app.screens.desk import Desk
from app.screens.place import does
from app.screens.records.keys import RecordKeys
from app.screens.records.lines import fields_of, titles
from app.services.crm import records as crm
from app.widgets.bar import Bar, Item
from app.widgets.story import Sheet
from app.widgets.table import Cell, Column, Line, Table
from app.widgets.text_pane import Span
from app.widgets.words import day_and_time, number

if TYPE_CHECKING:
    from app.services.crm.records import Record

WATCH = 0.5
MAILS = 500
LABEL = 17


class RecordPage(RecordKeys):
    """Opened over its list."""

    def __init__(self, desk: Desk, kind: Kind, record_id: int) -> None:
        super().__init__(desk)
        self.kind = kind
        self.record_id = record_id
        self._record: Record | None = None
        self._mails: list[MailRow] = []

    def compose(self) -> ComposeResult:
        yield Bar(id="top")
        yield Bar(id="headline")
        yield Sheet(id="fields")
        yield Bar(id="mails-title")
        columns = (Column(_("Date"), 14), Column(_("From"), 18, 1), Column(_("Subject"), 20, 3))
        yield Table(columns, self.desk.signs, id="table")
        yield Bar(id="keys", gap=2)

    def on_mount(self) -> None:
        self.table.focus()
        self.query_exactly_one("#top", Bar).items = self.top_items(titles()[self.kind][0])
        self.watch_store(WATCH, self.load)

    @property
    def contexts(self) -> tuple[str, ...]:
        return ("records", "table", "everywhere")

    @property
    def record(self) -> Record | None:
        return self._record

    def load(self) -> None:
        """Read the record anew."""
        store, reader, linked = self.desk.store, self.desk.reader, (self.kind.value, self.record_id)
        if store is None:
            return

        def work() -> tuple[Record, list[MailRow]]:
            found = crm.show(store, self.kind, self.record_id)
            return found, reader.window(ListFilter(linked=linked), limit=MAILS)

        self.read_newest(work, self._show)

    def _show(self, found: tuple[Record, list[MailRow]]) -> None:
        self._record, self._mails = found
        now = self.desk.clock()
        record = self._record
        sheet = [
            (Span(fit(label, LABEL), "quiet"), Span(text, "note" if style == "error" else style))
            for label, text, style in fields_of(record, now.date())
        ]
        self.query_exactly_one("#fields", Sheet).show(sheet)
        self.query_exactly_one("#headline", Bar).items = [Item(record.row.title, "here")]
        n = len(self._mails)
        told = ngettext("{n} linked mail", "{n} linked mails", n).format(n=number(n))
        self.query_exactly_one("#mails-title", Bar).items = [Item(told, "text")]
        self.table.empty = (_("No mail is linked yet."), "", _("In the mail list the key l links one."))
        self.table.show(
            [
                Line(
                    mail.copy_id,
                    (
                        Cell(day_and_time(mail.date.astimezone(now.tzinfo), now), "quiet"),
                        Cell(mail.sender_name or mail.sender_address),
                        Cell(subject_word(mail.subject), "text" if mail.seen else "strong"),
                    ),
                )
                for mail in self._mails
            ]
        )
        self.show_keys()

    def on_table_cursor_moved(self, message: Table.CursorMoved) -> None:
        message.stop()

    def on_table_open_wanted(self) -> None:
        self.run("records.open")

    def stored(self, record_id: int) -> None:  # noqa: ARG002 - there is but one here
        self.load()

    # -- keys

    @does("records.open", when="has_line")
    def open_mail(self) -> None:
        """Go to the mail screen, which lists the linked mails with this one under the cursor."""
        from app.screens.mail.view import Views

        mail = next((mail for mail in self._mails if self.line and mail.copy_id == self.line.key), None)
        home = self.app.screen_stack[0]
        if mail is not None and isinstance(home, Views):
            self.go_home()
            home.look_at(ListFilter(linked=(self.kind.value, self.record_id)), mail)
