"""A record changed by its form: what others have changed meanwhile goes together with it or is chosen for, field by field, and
what was typed is there again whatever stands in the way. The rules are the services'.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.domain.crm.kinds import Kind
from app.domain.crm.record_input import FIELD_NAMES, INPUTS, read_input
from app.domain.errors import PostkorbError
from app.domain.leads.rules import check_works
from app.domain.team.members import Member
from app.language import _
from app.screens.dialogs.boxes import MessageBox
from app.screens.members import with_team
from app.screens.records.clash import BOTH, THEIRS, ClashBox
from app.screens.records.form import FormLine, RecordForm, Typed, with_members
from app.screens.records.known import ask_known
from app.screens.records.lines import form_lines
from app.screens.records.undo import UndoKeys
from app.screens.table_place import TablePlace
from app.services.crm import records as crm
from app.services.crm.changing import Changed, ChangedMeanwhile, change
from app.services.crm.checks import ContactKnown
from app.widgets.choices import Choice

if TYPE_CHECKING:
    from app.services.crm.records import Record

#: Records offered at a time.
OFFERED = 12


class Editing(TablePlace, UndoKeys):
    """A place from which records are made and changed."""

    kind: Kind

    def only_reads(self, team: Sequence[Member]) -> bool:
        """Whether who is at the keyboard works on no leads, tasks and opportunities; then it is told before a form opens."""
        me = next((member for member in team if member.login == self.desk.author), None)
        try:
            if me is not None:
                check_works(me)
        except PostkorbError as error:
            self.tell_error(error)
            return True
        return False

    def stored(self, record_id: int) -> None:
        """A record was made or changed: show it."""
        raise NotImplementedError

    def _store(self, work: Callable[[], int]) -> None:
        """Have a record made, and show it."""

        def after(record_id: int) -> None:
            self.say_done(_("Stored."))
            self.stored(record_id)

        self.write(work, after)

    def ask_changes(self, record: Record, typed: Typed | None = None) -> None:
        """Let the rep change a record; `typed`: what stood in the form when it was left before."""
        lines = form_lines(record.row.kind, record, self.desk.author)

        def keep(values: Typed) -> None:
            self._change(record, values, lambda: self.ask_changes(record, values))

        self._ask(record.row.title, _("store"), lines, keep, record.data.model_dump(), typed)

    def _change(
        self, record: Record, values: Typed, back: Callable[[], None], beside: tuple[int, ...] = ()
    ) -> None:
        """Store what was changed of a record as it was read, and go on as the rep chooses where somebody stands in the way;
        `back` leads to the form."""
        store, desk, kind, number = self.desk.store, self.desk, record.row.kind, record.row.id
        if store is None:
            return

        def work() -> Changed | PostkorbError:
            try:
                return change(
                    store,
                    kind,
                    number,
                    values,
                    author=desk.author,
                    now=desk.clock(),
                    based_on=record,
                    beside=beside,
                )
            except PostkorbError as error:
                return error

        def after(answer: Changed | PostkorbError) -> None:
            match answer:
                case Changed():
                    self.say_done(_told(answer))
                    self.stored(number)
                case ContactKnown():
                    self._ask_all_the_same(answer, record, values, back)
                case ChangedMeanwhile():
                    self._choose(answer, values, back, beside)
                case _error:
                    self.app.push_screen(MessageBox.of(answer), lambda _closed: back())

        self.write(work, after)

    def _ask_all_the_same(
        self, error: ContactKnown, record: Record, values: Typed, back: Callable[[], None]
    ) -> None:
        """Show the contacts that have the same addresses, and store it beside them if the rep says so."""
        known = tuple(row.id for row in error.known)
        ask_known(
            self,
            error.known,
            second=lambda: self._change(record, values, back, known),
            back=back,
            second_words=_("Store it all the same"),
        )

    def _choose(
        self, error: ChangedMeanwhile, values: Typed, back: Callable[[], None], beside: tuple[int, ...]
    ) -> None:
        """Let the rep choose for each field that somebody else has changed too."""

        def answer(chosen: Any) -> None:
            if chosen is None:
                back()
                return
            kept: dict[str, Any] = {
                name: value for name, value in values.items() if chosen.get(name) != THEIRS
            }
            for clash in error.clashes:
                if chosen[clash.name] == BOTH:
                    kept[clash.name] = f"{clash.theirs}\n{clash.mine}"
            self._change(error.record, kept, back, beside)

        box = ClashBox(error.clashes, error.told_values, error.names, self.desk.clock())
        self.app.push_screen(box, answer)

    def _ask(
        self,
        title: str,
        enter: str,
        lines: Sequence[FormLine],
        keep: Callable[[Typed], None],
        given: Typed | None = None,
        again: Typed | None = None,
    ) -> None:
        """Let the rep fill in a record, or change the one that was `given`: what is to be kept is passed on. `again`: what
        was typed before."""
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

        shown = [
            replace(line, value=str(again[line.name]))
            if again and line.name in again and not line.kind
            else line
            for line in lines
        ]

        def ask(team: Sequence[Member]) -> None:
            if kind is not Kind.CONTACT and self.only_reads(team):
                return
            fields = with_members(shown, team)
            form = RecordForm(title, "", fields, enter=enter, check=check, find=self._find)
            self.app.push_screen(form, answer)

        with_team(self, ask)

    def _find(self, kind: Kind, typed: str, show: Callable[[Sequence[Choice]], None]) -> None:
        """Records to choose from: those that the words find, else the first ones of their list."""
        store = self.desk.store
        if store is not None:
            self.read(
                lambda: [
                    Choice(row, row.title, row.detail) for row in crm.offered(store, kind, typed, OFFERED)
                ],
                show,
            )


def _told(changed: Changed) -> str:
    """That it is stored, and what others have changed meanwhile."""
    if not changed.merged:
        return _("Stored.")
    fields = ", ".join(_(FIELD_NAMES.get(each.name, each.name)) for each in changed.merged)
    return _("Stored. Changed by others meanwhile: {fields}").format(fields=fields)
