"""The filter dialog of the opportunities: what can be asked for; it stores nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.domain.opportunities.pipeline import NO_MONTH, OVERDUE, OpportunityFilter, Sort
from app.domain.opportunities.stages import Outcome
from app.domain.opportunities.words import outcome_word
from app.domain.team.members import Member
from app.language import _
from app.screens.cards_filter_box import CardsFilterBox, Keeping, Options
from app.screens.opportunities.told import month_wish


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """What can be filtered by: stages by name with their words, months in which something is expected; `me`: a login."""

    members: Sequence[Member]
    stages: Sequence[tuple[str, str]]
    months: Sequence[str]
    me: str
    today: date


class OpportunityFilterBox(CardsFilterBox[OpportunityFilter, Sort]):
    """Words are typed; the rest is chosen."""

    def __init__(
        self,
        wanted: OpportunityFilter,
        sort: Sort,
        options: FilterOptions,
        keeping: Keeping[OpportunityFilter, Sort],
    ) -> None:
        super().__init__(_("Shows only opportunities for which all of this holds."), wanted, sort, keeping)
        self._options = options

    def rows(self) -> list[tuple[str, ...]]:
        return [
            ("assignee", _("Assignee")),
            ("stage", _("Stage")),
            ("outcome", _("State")),
            ("month", _("Expected")),
            ("text", _("Words")),
        ]

    def choices(self, wanted: OpportunityFilter) -> dict[str, Options]:
        options, today = self._options, self._options.today
        months = dict.fromkeys([OVERDUE, *(month or NO_MONTH for month in options.months), wanted.month])
        others = [(member.login, member.name) for member in options.members if member.login != options.me]
        return {
            "assignee": [("", _("all")), (options.me, _("mine")), *others],
            "stage": [("", _("all")), *options.stages],
            "outcome": [(None, _("all")), *((each, outcome_word(each)) for each in Outcome)],
            "month": [("", _("all")), *((month, month_wish(month, today)) for month in months if month)],
        }

    def typed(self, wanted: OpportunityFilter) -> dict[str, str]:
        return {"text": wanted.text}

    def asked(self) -> OpportunityFilter:
        return replace(self.wanted, text=self.field("text").value.strip(), **self.chosen())
