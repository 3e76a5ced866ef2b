"""Making and changing contacts, leads and tasks by a form; the rules are the services'."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.domain.agenda import EntryKind
from app.domain.crm import Kind, RecordRow, TaskState
from app.domain.record_input import INPUTS, TaskInput, read_input
from app.domain.triage import Done
from app.language import _
from app.screens.place import does
from app.screens.records.form import FormLine, RecordForm, Typed
from app.screens.records.history_keys import HistoryKeys
from app.screens.records.lines import FORMS, form_lines
from app.screens.records.merge import MergeKeys
from app.screens.table_place import TablePlace
from app.services.crm import records as crm
from app.services.crm.changing import change
from app.services.tasks import steps
from app.widgets.choices import Choice

if TYPE_CHECKING:
    from app.services.crm.records import Record


#: A step on an entry of the personal task list.
TaskStep = Callable[..., Done]
#: Records offered at a time.
OFFERED = 12


class RecordKeys(HistoryKeys, TablePlace, MergeKeys):
    """What the list and the page of a kind have in common."""

    kind: Kind

    @property
    def record(self) -> Record | None:
        """The record that keys work on."""
        raise NotImplementedError

    @property
    def about(self) -> RecordRow | None:
        return self.record.row if self.record is not None else None

    @property
    def merged_row(self) -> RecordRow | None:
        return self.about

    def has_record(self) -> bool:
        """Whether there is a record to work on."""
        return self.record is not None

    def is_open_task(self) -> bool:
        """Whether that is a task that is to be done."""
        data = self.record.data if self.record is not None else None
        return isinstance(data, TaskInput) and data.state is TaskState.OPEN

    def is_done_task(self) -> bool:
        """Whether that is a task that is done."""
        data = self.record.data if self.record is not None else None
        return isinstance(data, TaskInput) and data.state is TaskState.DONE

    def can_edit(self) -> bool:
        """Whether there is a record that has a form."""
        return self.has_record() and self.kind in FORMS

    @does("records.edit", when="can_edit")
    def edit(self) -> None:
        if self.record is not None:
            self.ask_changes(self.record)

    @does("records.done", when="is_open_task")
    def done(self) -> None:
        self._take(steps.finish)

    @does("records.reopen", when="is_done_task")
    def open_again(self) -> None:
        self._take(steps.reopen)

    def stored(self, record_id: int) -> None:
        """A record was made or changed: show it."""
        raise NotImplementedError

    def ask_changes(self, record: Record) -> None:
        """Let the rep change a record."""
        store, kind, desk = self.desk.store, self.kind, self.desk

        def keep(values: Typed) -> None:
            if store is not None:
                now = desk.clock()
                self._store(
                    lambda: change(store, kind, record.row.id, values, author=desk.author, now=now).id
                )

        lines = form_lines(kind, record, desk.author)
        self._ask(record.row.title, _("store"), lines, keep, record.data.model_dump())

    def _ask(
        self,
        title: str,
        enter: str,
        lines: Sequence[FormLine],
        keep: Callable[[Typed], None],
        given: Typed | None = None,
    ) -> None:
        """Let the rep fill in a record, or change the one that was `given`: what is to be kept is passed on."""
        desk, kind = self.desk, self.kind

        def check(typed: Typed) -> object:
            return read_input(INPUTS[kind], {**(given or {}), **changed(typed)}, desk.clock().date(), given)

        def changed(typed: Typed) -> Typed:
            """Only what was typed anew: a form shows less of some fields than they hold."""
            return {
                line.name: typed[line.name] for line in lines if typed[line.name] != line.given or not given
            }

        def answer(typed: Typed | None) -> None:
            if typed is not None:
                keep(changed(typed))

        self.app.push_screen(RecordForm(title, "", lines, enter=enter, check=check, find=self._find), answer)

    def _find(self, kind: Kind, typed: str, show: Callable[[Sequence[Choice]], None]) -> None:
        """Records to choose from: those that the words find, else the first ones of their list."""
        store = self.desk.store
        if store is not None:
            self.read(
                lambda: [
                    Choice(row, row.title, row.detail)
                    for row in crm.list_records(store, kind, text=typed, limit=OFFERED)
                ],
                show,
            )

    def _take(self, step: TaskStep) -> None:
        """Carry out a step on the task, and show it as it is then."""
        store, record, author, now = self.desk.store, self.record, self.desk.author, self.desk.clock()
        if store is not None and record is not None:
            number = record.row.id

            def after(done: Done) -> None:
                self.say(done.text)
                self.stored(number)

            self.write(lambda: step(store, EntryKind.TASK, number, author=author, now=now), after)

    def _store(self, work: Callable[[], int], told: str = "") -> None:
        def after(record_id: int) -> None:
            self.say(told or _("Stored."))
            self.stored(record_id)

        self.write(work, after)
