"""Asks which opportunities are shown; keeping filters is done for all places of cards alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.opportunities.pipeline import OpportunityFilter, Sort
from app.domain.opportunities.rules import Opportunity
from app.screens.cards_filter_box import Keeping
from app.screens.cards_filtering import CardsFiltering, MakeBox
from app.screens.opportunities.filter_box import FilterOptions, OpportunityFilterBox
from app.screens.opportunities.listing import ListedOpportunities
from app.services.team.acting import team

if TYPE_CHECKING:
    from app.services.triage import Store


class OpportunityFiltering(ListedOpportunities, CardsFiltering[Opportunity, OpportunityFilter, Sort]):
    """What the dialog offers."""

    def filter_box(self, store: Store) -> MakeBox[OpportunityFilter, Sort]:
        members = team(store)

        def make(keeping: Keeping[OpportunityFilter, Sort]) -> OpportunityFilterBox:
            stages = [(title.key, title.title) for title in self.lane_titles()]
            months = list(self.pipeline.by_month())
            options = FilterOptions(members, stages, months, self.desk.author, self.desk.clock().date())
            return OpportunityFilterBox(self.wanted, self.sort, options, keeping)

        return make
