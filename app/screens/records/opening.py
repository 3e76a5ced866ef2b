"""What Enter does on the page of a record: a mail in the mail screen, a document, a record that belongs to it, a text whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.domain.crm.history import Event, HistoryLine, LineKey, Source
from app.domain.crm.kinds import Kind, RecordRow
from app.domain.mail.listing import ListFilter
from app.domain.mail.messages import MailRow
from app.domain.paths import expanded
from app.language import _
from app.screens.dialogs.boxes import Picker, TextPrompt
from app.screens.place import does
from app.screens.records.history_lines import BETWEEN, MORE
from app.screens.records.keys import RecordKeys
from app.screens.records.known import open_page
from app.widgets.choices import Choice
from app.widgets.words import long_date

if TYPE_CHECKING:
    from app.services.crm.documents import Document
    from app.services.crm.page import Page
    from app.services.triage import Store


class Opening(RecordKeys):
    """Its lines are those of `app.screens.records.history_lines`."""

    record_id: int

    @property
    def page(self) -> Page | None:
        """What is shown; None while it is being read."""
        raise NotImplementedError

    def can_open(self) -> bool:
        """Whether the line under the cursor leads somewhere."""
        return self.line is not None and self.line.key != BETWEEN

    @does("records.open", when="can_open")
    def open_line(self) -> None:
        key, page = self.line.key if self.line else None, self.page
        if page is None:
            return
        if key == MORE:
            self.open_one_of([row for row, _done in page.belonging])
        elif isinstance(key, LineKey):
            self._open_history(key)
        elif isinstance(key, tuple):
            kind, number = key
            open_page(self, RecordRow(Kind(kind), int(number), ""))

    def _open_history(self, key: LineKey) -> None:
        store, kind, number = self.desk.store, self.kind, self.record_id
        if key.source is Source.MAIL:
            self._open_mail(key.id)
        elif store is not None:

            def work() -> HistoryLine:
                from app.services.crm.history import whole_line

                return whole_line(store, kind, number, key)

            self.read(work, self._show_line)

    def _show_line(self, line: HistoryLine) -> None:
        from app.domain.crm.history_words import told, word_for
        from app.screens.records.boxes import TextBox

        task = line.details.get("task")
        if line.event is Event.DOCUMENT and line.document_id is not None:
            self._ask_document(line.document_id)
        elif line.event in (Event.TASK_MADE, Event.TASK_DONE) and task is not None:
            open_page(self, RecordRow(Kind.TASK, int(task), ""))
        elif line.event is Event.CREATED and line.record is not None:
            open_page(self, line.record)
        else:
            when = long_date(line.at.astimezone(self.desk.clock().tzinfo))
            about = "  ".join(filter(None, (line.name, when)))
            self.app.push_screen(TextBox(word_for(line), about, told(line) or word_for(line)))

    # -- mail

    def _open_mail(self, message_id: int) -> None:
        """Go to the mail screen, which lists the linked mails with this one under the cursor."""
        from app.screens.mail.view import Views

        home, reader = self.app.screen_stack[0], self.desk.reader
        linked = ListFilter(linked=(self.kind.value, self.record_id))

        def show(found: tuple[MailRow | None, bool]) -> None:
            row, is_listed = found
            if row is None:
                self.say(_("This mail lies in no folder any more."), "warning")
            elif isinstance(home, Views):
                self.go_home()
                home.look_at(linked if is_listed else ListFilter(folder_id=row.folder_id), row)

        self.read(lambda: reader.first_of(linked, [message_id]), show)

    # -- documents

    def _ask_document(self, document_id: int) -> None:
        store = self.desk.store
        if store is None:
            return

        def work() -> tuple[Document, bool]:
            from app.services.crm.documents import can_read, document

            found = document(store, document_id)
            return found, can_read(found)

        def ask(found: tuple[Document, bool]) -> None:
            document, is_text = found
            if not is_text:
                self._ask_folder(document)
                return
            ways: list[tuple[str, Callable[[], None]]] = [
                (_("Read {name}").format(name=document.name), lambda: self._read_document(document)),
                (_("Save {name}").format(name=document.name), lambda: self._ask_folder(document)),
            ]
            choices = [Choice(number, words) for number, (words, _go) in enumerate(ways)]

            def answer(choice: Choice | None) -> None:
                if choice is not None:
                    ways[int(str(choice.value))][1]()

            self.app.push_screen(Picker(_("Document"), choices, enter=_("do it")), answer)

        self.read(work, ask)

    def _read_document(self, document: Document) -> None:
        from app.screens.records.boxes import TextBox

        store = self.desk.store
        if store is None:
            return

        def work() -> str:
            from app.services.crm.documents import document_text

            return document_text(store, document.id)

        def show(text: str) -> None:
            self.app.push_screen(TextBox(document.name, "", text))

        self.read(work, show)

    def _ask_folder(self, document: Document) -> None:
        store = self.desk.store

        def answer(folder: str | None) -> None:
            if folder and store is not None:
                self.read(
                    lambda: _save(store, document.id, folder),
                    lambda path: self.say(_("Saved: {where}").format(where=path)),
                )

        line, value = document.name, str(self.desk.downloads)
        self.app.push_screen(TextPrompt(_("Save into folder"), line, value=value, enter=_("save")), answer)


def _save(store: Store, document_id: int, folder: str) -> str:
    from app.services.crm.documents import save_document

    return str(save_document(store, document_id, expanded(folder)))
