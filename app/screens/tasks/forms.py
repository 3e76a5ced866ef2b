"""Tasks made and changed by a form; the rules are the services'."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.domain.crm.agenda import Entry, EntryKind
from app.domain.crm.kinds import Kind
from app.language import _
from app.screens.place import does
from app.screens.records.lines import form_lines
from app.screens.tasks.steps import TaskSteps
from app.services.crm import records as crm

if TYPE_CHECKING:
    from app.services.crm.records import Record


class TaskForms(TaskSteps):
    """Forms of new tasks and of the one under the cursor."""

    kind = Kind.TASK

    def is_changeable(self) -> bool:
        """Whether the entry is a task, which is changed here; a lead is on its page."""
        entry = self.entry
        return entry is not None and entry.kind in (EntryKind.TASK, EntryKind.FOLLOW_UP)

    @does("tasks.new", when="has_store")
    def new(self) -> None:
        lines = form_lines(Kind.TASK, None, self.desk.author)
        self._ask(_("New task"), _("create"), lines, self._make)

    def _make(self, values: object) -> None:
        store, desk = self.desk.store, self.desk
        if store is not None:
            now = desk.clock()
            self._store(lambda: crm.create(store, Kind.TASK, values, author=desk.author, now=now).id)  # type: ignore[arg-type]

    @does("tasks.edit", when="is_changeable")
    def edit_task(self) -> None:
        entry = self.entry
        if entry is not None:
            self.with_task(entry, self.ask_changes)

    def with_task(self, entry: Entry, follow: Callable[[Record], None]) -> None:
        """Go on with the whole task of an entry."""
        store = self.desk.store
        if store is not None:
            self.read(lambda: crm.show(store, Kind.TASK, entry.key.id), follow)
