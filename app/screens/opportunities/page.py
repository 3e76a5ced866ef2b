"""The page of an opportunity: that of every record, with what is done with opportunities alone."""

from __future__ import annotations

from app.domain.crm.kinds import Kind
from app.domain.opportunities.rules import Opportunity
from app.domain.opportunities.stages import Stage, next_stage
from app.language import _
from app.screens.desk import Desk
from app.screens.opportunities.verbs import OpportunityVerbs
from app.screens.place import does
from app.screens.records.page import RecordPage
from app.services.opportunities.lists import portion
from app.services.opportunities.stages import list_stages


class OpportunityPage(OpportunityVerbs, RecordPage):
    """Passed on, won, lost, reopened and moved by the keys of the board."""

    def __init__(self, desk: Desk, record_id: int) -> None:
        super().__init__(desk, Kind.OPPORTUNITY, record_id)
        self._chance: Opportunity | None = None
        self._stages: list[Stage] = []

    @property
    def contexts(self) -> tuple[str, ...]:
        return ("chances", "history", "records", "table", "cards", "everywhere")

    @property
    def chance(self) -> Opportunity | None:
        return self._chance

    def worked(self, number: int) -> None:  # noqa: ARG002 - there is but one here
        self.load()

    def load(self) -> None:
        super().load()
        store, number = self.desk.store, self.record_id
        if store is not None:
            self.read(lambda: (portion(store, [number]), list_stages(store)), self._found)

    def _found(self, found: tuple[list[Opportunity], list[Stage]]) -> None:
        chances, self._stages = found
        self._chance = chances[0] if chances else None  # gone: then the page is left
        self.show_keys()

    def can_edit(self) -> bool:
        return super().can_edit() and self.can_change()

    def has_chance(self) -> bool:
        """Whether it has been read."""
        return self._chance is not None

    @does("cards.move_left", when="has_chance")
    def move_left(self) -> None:
        self._step(-1)

    @does("cards.move_right", when="has_chance")
    def move_right(self) -> None:
        self._step(1)

    def _step(self, way: int) -> None:
        if self._chance is None:
            return
        to = next_stage(self._stages, self._chance.stage, way)
        if to is None:
            self.say(_("There is no stage on that side."), "warning")
        else:
            self.move_to(self._chance, to.name)
