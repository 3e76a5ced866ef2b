"""Keys that write into the history of a record: notes, calls, mails, documents, tasks, follow-ups; on its page and in lists.

The rules are the services', which are imported when first used: no place waits for them to open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.domain.crm.calls import CallOutcome
from app.domain.crm.kinds import RecordRow, TaskKind
from app.domain.errors import PostkorbError
from app.domain.team.members import Member
from app.language import _
from app.screens.following import Find, Following
from app.screens.list_place import ListPlace
from app.screens.members import KnowsWho, member_words, with_team
from app.screens.place import does
from app.screens.records.undo import UndoKeys
from app.widgets.choices import Choice

if TYPE_CHECKING:
    from app.screens.records.form import FormLine, Typed
    from app.services.outbox.originals import Begun
    from app.services.triage import Store


class HistoryKeys(ListPlace, Following, UndoKeys, KnowsWho):
    """A place in which one record is at hand."""

    _folder = "~/"

    @property
    def about(self) -> RecordRow | None:
        """The record that is at hand."""
        raise NotImplementedError

    def belonging(self) -> Find | None:
        row = self.about
        return (lambda store: _related(store, row)) if row is not None else None

    def noted(self) -> None:
        """Something was written into its history: show it."""
        if self._follow is not None:
            self._follow()

    def can_note(self) -> bool:
        """Whether there is a record that who is at the keyboard may write about."""
        return self.has_store() and self.about is not None and self.why_no_work() is None

    def why_not(self, command_id: str) -> str:
        error = self.why_no_work() if command_id.startswith("history.") else None
        return error.told_cause if error is not None else super().why_not(command_id)

    def _write_about(self, work: Callable[[Store], str | None], told: str, back: Callable[[], None]) -> None:
        """Have something written, and tell it, with what the `work` says more; when that is refused, tell why and lead
        `back` to what was typed."""
        from app.screens.dialogs.boxes import MessageBox

        store = self.desk.store
        assert store is not None

        def attempt() -> PostkorbError | str:
            try:
                return work(store) or ""
            except PostkorbError as error:
                return error

        def after(more: PostkorbError | str) -> None:
            if isinstance(more, PostkorbError):
                self.app.push_screen(MessageBox.of(more), lambda _closed: back())
                return
            self.say_done(f"{told} {more}".strip(), "warning" if more else "good")
            self.noted()

        self.write(attempt, after)

    # -- notes and calls

    @does("history.note", when="can_note")
    def note(self) -> None:
        if self.about is not None:
            self._ask_note(self.about)

    def _ask_note(self, row: RecordRow, typed: str = "") -> None:
        from app.screens.records.boxes import NoteBox

        desk = self.desk

        def answer(text: str | None) -> None:
            if text:
                self._write_about(
                    lambda store: _note(store, row, text, desk.author, desk.clock()),
                    _("Noted."),
                    lambda: self._ask_note(row, text),
                )

        self.app.push_screen(NoteBox(_("Note"), row.title, typed, team=partial(with_team, self)), answer)

    @does("history.call", when="can_note")
    def call(self) -> None:
        if self.about is not None:
            self._ask_call(self.about)

    def _ask_call(self, row: RecordRow, given: Typed | None = None) -> None:
        from app.screens.records.boxes import CallForm, again_of

        desk = self.desk

        def answer(typed: Typed | None) -> None:
            if typed is None:
                return
            again = again_of(str(typed["again"]), desk.clock())
            told = _("Call logged; a follow-up reminds you.") if again else _("Call logged.")

            def work(store: Store) -> str:
                from app.services.crm.history import log_call
                from app.services.crm.mentions import named_in_vain

                by, now, outcome = desk.author, desk.clock(), CallOutcome(typed["outcome"])
                text = str(typed["text"])
                log_call(store, row.kind, row.id, outcome, text=text, again=again, author=by, now=now)
                return named_in_vain(store, text)

            self._write_about(work, told, lambda: self._ask_call(row, typed))

        self.app.push_screen(
            CallForm(row.title, desk.clock, given or {}, team=partial(with_team, self)), answer
        )

    # -- mail and documents

    @does("history.write", when="can_note")
    def write_about(self) -> None:
        row, store, author = self.about, self.desk.store, self.desk.author
        if row is None or store is None:
            return

        def work() -> Begun:
            from app.services.outbox.about import mail_about

            return mail_about(store, self.answering(), row.kind, row.id, author=author)

        self.begin_mail(work)

    @does("history.document", when="can_note")
    def add_document(self) -> None:
        self._ask_file(self._folder)

    def _ask_file(self, start: str) -> None:
        """Ask for a file; `start`: what stands there."""
        from app.screens.dialogs.file import FileDialog, matching

        row, desk = self.about, self.desk
        if row is None:
            return

        def search(typed: str, show: Callable[[Sequence[Choice]], None]) -> None:
            self.read(lambda: matching(typed), show)

        def answer(path: Path | None) -> None:
            if path is None:
                return
            self._folder = f"{path.parent}/".replace("//", "/")  # where there was a file there are more

            def work(store: Store) -> None:
                from app.services.crm.documents import add_document

                add_document(store, row.kind, row.id, path, author=desk.author, now=desk.clock())

            self._write_about(work, _("Document added."), lambda: self._ask_file(str(path)))

        box = FileDialog(_("Add a document"), search, start, enter=_("add"))
        self.app.push_screen(box, answer)

    # -- tasks

    @does("history.task", when="can_note")
    def new_task(self) -> None:
        from app.screens.records.form import FormLine

        row = self.about
        if row is None:
            return

        def ask(team: Sequence[Member]) -> None:
            lines = [
                FormLine("title", "Title"),
                FormLine("due_on", "Due", hint=_("for example {day}").format(day=_("tomorrow, Fri 14:30"))),
                FormLine("assignee", "Assignee", self.desk.author, words=member_words(team)),
                FormLine("note", "Note", note=True, quick=True),
            ]
            self._ask_task(row, _("New task"), lines, {}, _("Task created."))

        with_team(self, ask)

    @does("history.follow_up", when="can_note")
    def follow_up(self) -> None:
        from app.screens.records.form import FormLine

        row = self.about
        if row is None:
            return
        lines = [
            FormLine("due_on", "Due", _("tomorrow"), hint=_("tomorrow, Fri 14:30")),
            FormLine("title", "Title", row.title),
            FormLine("note", "Note", note=True, quick=True),
        ]
        kind = {"kind": TaskKind.FOLLOW_UP}
        self._ask_task(row, _("Follow-up"), lines, kind, _("It comes back then."))

    def _ask_task(
        self, row: RecordRow, title: str, lines: Sequence[FormLine], more: Mapping[str, Any], told: str
    ) -> None:
        """Let the rep fill in a task that belongs to a record."""
        from app.domain.crm.record_input import TaskInput, read_input
        from app.domain.due import Due, check_ahead
        from app.screens.records.form import RecordForm

        desk = self.desk

        def check(typed: Typed) -> None:
            data = read_input(TaskInput, {**typed, **more}, desk.clock().date())
            check_ahead(Due.of(data.due_on.isoformat() if data.due_on else "", data.remind_at), desk.clock())

        def answer(typed: Typed | None) -> None:
            if typed is None:
                return

            def work(store: Store) -> None:
                from app.services.crm.history import add_task

                values = {**typed, **more}
                add_task(store, row.kind, row.id, values, author=desk.author, now=desk.clock())

            again = [replace(line, value=str(typed[line.name])) for line in lines]
            self._write_about(work, told, lambda: self._ask_task(row, title, again, more, told))

        self.app.push_screen(RecordForm(title, row.title, lines, enter=_("create"), check=check), answer)


def _related(store: Store, row: RecordRow) -> list[RecordRow]:
    from app.services.crm.related import related

    return related(store, row.kind, row.id)


def _note(store: Store, row: RecordRow, text: str, author: str, now: datetime) -> str:
    from app.services.crm.history import note
    from app.services.crm.mentions import named_in_vain

    note(store, row.kind, row.id, text, author=author, now=now)
    return named_in_vain(store, text)
