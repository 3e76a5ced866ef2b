"""Asks which leads are shown, and keeps filters under a name; what they let through, the services find."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.domain.leads.filter import LeadFilter, to_json
from app.domain.saved_filter import SavedFilter
from app.screens.leads.filter_box import FilterOptions, LeadFilterBox, ShowKept, Shown
from app.screens.leads.listing import ListedLeads
from app.screens.place import does
from app.services.leads import lists
from app.services.team import saved_filters
from app.services.team.acting import team

if TYPE_CHECKING:
    from app.services.triage import Store

#: Whose filters these are.
PLACE = "leads"


class LeadFiltering(ListedLeads):
    """The key for the filter dialog."""

    @does("cards.filter")
    def ask_filter(self) -> None:
        store, author = self.desk.store, self.desk.author
        if store is None:
            return

        def work() -> FilterOptions:
            kept = saved_filters.list_filters(store, PLACE, owner=author)
            return FilterOptions(team(store), lists.campaigns(store), lists.sources(store), kept)

        self.read(work, self._ask_filter)

    def _ask_filter(self, options: FilterOptions) -> None:
        def answer(shown: Shown | None) -> None:
            if shown is not None:
                wanted, self.sort = shown
                self.show_only(wanted)

        today = self.desk.clock().date()
        box = LeadFilterBox(self.wanted, self.sort, options, today, keep=self._keep, forget=self._forget)
        self.app.push_screen(box, answer)

    def _keep(self, name: str, wanted: LeadFilter, show: ShowKept) -> None:
        query, owner = to_json(wanted, self.sort), self.desk.author
        self._change_kept(
            lambda store: saved_filters.store_filter(store, PLACE, name, query, owner=owner), show
        )

    def _forget(self, saved: SavedFilter, show: ShowKept) -> None:
        owner = self.desk.author
        self._change_kept(lambda store: saved_filters.delete_filter(store, saved.id, owner=owner), show)

    def _change_kept(self, change: Callable[[Store], object], show: ShowKept) -> None:
        store, owner = self.desk.store, self.desk.author
        if store is None:
            return

        def work() -> Sequence[SavedFilter]:
            change(store)
            return saved_filters.list_filters(store, PLACE, owner=owner)

        self.write(work, show)
