"""Asks which leads are shown; keeping filters is done for all places of cards alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.leads.filter import LeadFilter, LeadSort
from app.domain.leads.rows import LeadRow
from app.screens.cards_filter_box import Keeping
from app.screens.cards_filtering import CardsFiltering, MakeBox
from app.screens.leads.filter_box import FilterOptions, LeadFilterBox
from app.screens.leads.listing import ListedLeads
from app.services.leads import lists
from app.services.team.acting import team

if TYPE_CHECKING:
    from app.services.triage import Store


class LeadFiltering(ListedLeads, CardsFiltering[LeadRow, LeadFilter, LeadSort]):
    """What the dialog offers."""

    def filter_box(self, store: Store) -> MakeBox[LeadFilter, LeadSort]:
        options = FilterOptions(
            team(store), lists.campaigns(store), lists.sources(store), self.desk.clock().date()
        )

        def make(keeping: Keeping[LeadFilter, LeadSort]) -> LeadFilterBox:
            return LeadFilterBox(self.wanted, self.sort, options, keeping)

        return make
