"""Making and changing contacts, leads and tasks by a form; the rules are the services'."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.domain.crm.agenda import EntryKind
from app.domain.crm.kinds import RecordRow, TaskState
from app.domain.crm.record_input import TaskInput
from app.domain.undo import Done
from app.screens.place import does
from app.screens.records.editing import Editing
from app.screens.records.history_keys import HistoryKeys
from app.screens.records.lines import FORMS
from app.screens.records.merge import MergeKeys
from app.services.tasks import steps

if TYPE_CHECKING:
    from app.services.crm.records import Record


#: A step on an entry of the personal task list.
TaskStep = Callable[..., Done]


class RecordKeys(HistoryKeys, Editing, MergeKeys):
    """What the list and the page of a kind have in common."""

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

    def came_back(self, done: Done) -> None:
        own = [number for kind, number in done.records if kind is self.kind]
        if own:
            self.stored(own[0])
        elif self._follow is not None:
            self._follow()

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

    def _take(self, step: TaskStep) -> None:
        """Carry out a step on the task, and show it as it is then."""
        store, record, author, now = self.desk.store, self.record, self.desk.author, self.desk.clock()
        if store is not None and record is not None:
            number = record.row.id

            def after(done: Done) -> None:
                self.say_done(done.text)
                self.stored(number)

            self.write(lambda: step(store, EntryKind.TASK, number, author=author, now=now), after)
