"""Making a contact or a lead by a form, also when one like it is there already; the rules are the services'."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from app.domain.crm.kinds import RecordRow
from app.language import _
from app.screens.place import does
from app.screens.records.form import FormLine, Typed
from app.screens.records.keys import RecordKeys
from app.screens.records.known import ask_known
from app.screens.records.lines import form_lines, titles
from app.services.crm import records as crm
from app.services.crm.checks import AlreadyKnown


class RecordMaking(RecordKeys):
    """The key for a new one."""

    @does("records.new")
    def new(self) -> None:
        self._ask_new(form_lines(self.kind, None, self.new_assignee()))

    def new_assignee(self) -> str:
        """The login of whoever a new one is for, unless the rep chooses otherwise; empty: nobody."""
        return self.desk.author

    def _ask_new(self, lines: Sequence[FormLine]) -> None:
        """Let the rep fill in a new record."""

        def back(values: Typed) -> None:
            """Ask again, with all that was typed and chosen."""
            self.read(lambda: [self._again(line, values[line.name]) for line in lines], self._ask_new)

        self._ask(titles()[self.kind][2], _("create"), lines, lambda values: self._make(values, back))

    def _again(self, line: FormLine, value: Any) -> FormLine:
        """A line with what was typed there, or the record that was chosen. Not for the event loop's thread."""
        store = self.desk.store
        if line.kind is None or store is None:
            return replace(line, value=str(value))
        return replace(line, record=None if value is None else crm.row(store, line.kind, int(value)))

    def _make(self, values: Typed, back: Callable[[Typed], None], beside: tuple[int, ...] = ()) -> None:
        """Make a record; when others than `beside` are likely the same, go on as the rep chooses."""
        store, kind, desk = self.desk.store, self.kind, self.desk
        if store is None:
            return

        def work() -> RecordRow | AlreadyKnown:
            try:
                now = desk.clock()
                return crm.create(store, kind, values, author=desk.author, now=now, beside=beside)
            except AlreadyKnown as error:
                return error

        def after(made: RecordRow | AlreadyKnown) -> None:
            if isinstance(made, RecordRow):
                self.say_done(_("Stored."))
                self.stored(made.id)
                return
            all_known = tuple(row.id for row in made.known)
            ask_known(
                self,
                made.known,
                second=lambda: self._make(values, back, all_known),
                back=lambda: back(values),
            )

        self.write(work, after)
