"""The place of the opportunities: a board with a column for each stage, and a list beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.domain.crm.kinds import Kind, RecordRow
from app.domain.crm.record_input import FIELD_NAMES
from app.domain.opportunities.rules import Opportunity, read_opportunity
from app.domain.opportunities.stages import Outcome, Stage, first_stage, stage_word
from app.domain.team.members import Member
from app.language import _
from app.screens.members import member_words
from app.screens.opportunities.filtering import OpportunityFiltering
from app.screens.opportunities.verbs import OpportunityVerbs
from app.screens.place import does
from app.screens.records.form import FormLine, RecordForm, Typed
from app.screens.records.keys import RecordKeys
from app.screens.records.known import open_page
from app.services.crm import records as crm
from app.services.opportunities import making
from app.services.opportunities.stages import list_stages
from app.services.team.acting import team

if TYPE_CHECKING:
    from app.services.crm.records import Record


class OpportunitiesScreen(OpportunityVerbs, OpportunityFiltering, RecordKeys):
    """Opens, makes and changes opportunities; the rest stands beside."""

    kind = Kind.OPPORTUNITY

    @property
    def contexts(self) -> tuple[str, ...]:
        return ("search",) if self.is_typing() else ("chances", "history", *super().contexts)

    @property
    def record(self) -> Record | None:
        """A whole record is read only when it is to be changed."""
        return None

    @property
    def about(self) -> RecordRow | None:
        row = self.row
        return RecordRow(Kind.OPPORTUNITY, row.id, row.title) if row is not None else None

    @property
    def chance(self) -> Opportunity | None:
        return self.row

    def chances(self) -> Sequence[int]:
        return self.targets()

    def worked(self, number: int) -> None:
        self.shown.select(())
        self.load(number)

    def stored(self, record_id: int) -> None:
        self.load(record_id)

    def move(self, row: Opportunity, column: str) -> None:
        self.move_to(row, column)

    def on_board_open_wanted(self) -> None:
        self.run("records.open")

    def on_table_open_wanted(self) -> None:
        self.run("records.open")

    @does("records.open", when="has_row")
    def open_record(self) -> None:
        if self.about is not None:
            open_page(self, self.about)

    @does("records.edit", when="can_change")
    def edit(self) -> None:
        store, row = self.desk.store, self.row
        if store is not None and row is not None:
            self.read(lambda: crm.show(store, Kind.OPPORTUNITY, row.id), self.ask_changes)

    # -- a new one

    @does("records.new")
    def new(self) -> None:
        store = self.desk.store
        if store is None:
            return
        self.read(lambda: (list_stages(store), team(store)), lambda known: self._ask_new(*known))

    def _ask_new(self, stages: Sequence[Stage], members: Sequence[Member]) -> None:
        store, desk = self.desk.store, self.desk
        if store is None or self.only_reads(members):
            return
        lines = _new_lines(stages, members, desk.author)

        def given(typed: Typed) -> Typed:
            return {name: value for name, value in typed.items() if name != "probability" or value}

        def answer(typed: Typed | None) -> None:
            if typed is not None:
                now = desk.clock()
                self._store(lambda: making.create(store, given(typed), author=desk.author, now=now).id)

        form = RecordForm(
            _("New opportunity"),
            "",
            lines,
            enter=_("create"),
            check=lambda typed: read_opportunity(given(typed), desk.clock().date()),
            find=self._find,
        )
        self.app.push_screen(form, answer)


def _new_lines(stages: Sequence[Stage], members: Sequence[Member], author: str) -> list[FormLine]:
    """The form of a new opportunity."""
    usable = [stage for stage in stages if stage.active and stage.outcome is Outcome.OPEN]
    people = member_words(members) or ((author, author),)
    first = first_stage(stages, Outcome.OPEN)
    return [
        FormLine("title", FIELD_NAMES["title"]),
        FormLine("contact_id", FIELD_NAMES["contact_id"], kind=Kind.CONTACT),
        FormLine("lead_id", FIELD_NAMES["lead_id"], kind=Kind.LEAD),
        FormLine("value", FIELD_NAMES["value"]),
        FormLine("probability", FIELD_NAMES["probability"], "", _("as the stage has it"), beside=True),
        FormLine("expected_on", FIELD_NAMES["expected_on"], "", _("for example {day}").format(day="12/2026")),
        FormLine(
            "stage",
            FIELD_NAMES["stage"],
            first.name,
            words=tuple((each.name, stage_word(each.name)) for each in usable),
        ),
        FormLine("assignee", FIELD_NAMES["assignee"], author, words=people),
        FormLine("note", FIELD_NAMES["note"], note=True),
    ]
