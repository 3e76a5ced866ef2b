"""Leads as board and list: which ones are shown, what stands above them, search, sort and the columns of the list.

What is done with leads is not done here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.crm.kinds import LeadState
from app.domain.leads.filter import LeadFilter, LeadSort, SortKey, from_json, to_json
from app.domain.leads.rows import LeadCount, LeadRow
from app.domain.money import format_euros
from app.language import _, ngettext
from app.screens.cards_look import CardsLook
from app.screens.cards_shown import LIST, Listing
from app.screens.desk import Desk
from app.screens.leads.lines import (
    AT_FIRST,
    CARD_LINES,
    lead_card,
    lead_line,
    list_columns,
    sort_words,
    state_word,
)
from app.screens.leads.told import FilterNames, told_filter
from app.screens.members import KnowsWho
from app.screens.place import does
from app.services.leads import lists
from app.services.team import acting as team
from app.services.team.acting import AtKeyboard
from app.widgets.bar import Item
from app.widgets.card import Card
from app.widgets.choices import Choice
from app.widgets.lane import LaneTitle
from app.widgets.table import Column, Line
from app.widgets.words import number


@dataclass(frozen=True, slots=True)
class LeadListing(Listing):
    """`counts`: of what the filter lets through; `names`: of what it filters by; `who`: is at the keyboard."""

    counts: Mapping[LeadState, LeadCount] = field(default_factory=dict)
    names: FilterNames = field(default_factory=FilterNames)
    who: AtKeyboard | None = None


class ListedLeads(CardsLook[LeadRow, LeadFilter, LeadSort], KnowsWho):
    """What the filter lets through, and the words about it."""

    place_name = "leads"
    everything = LeadFilter()
    card_lines = CARD_LINES
    at_first = AT_FIRST

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.sort = LeadSort()
        self._counts: Mapping[LeadState, LeadCount] = {}
        self._names = FilterNames()

    # -- what is listed

    def look(self) -> Callable[[], Listing]:
        store, wanted, sort, is_board = self.desk.store, self.wanted, self.sort, self.is_board
        today, author = self.desk.clock().date(), self.desk.author

        def work() -> LeadListing:
            if store is None:
                return LeadListing({})
            who = team.at_keyboard(store.read, author)
            counts = lists.lead_counts(store, wanted, today)
            names = FilterNames(
                team.name_of(store, wanted.assignee) if wanted.assignee else "",
                dict(lists.campaigns(store)).get(wanted.campaign_id, "") if wanted.campaign_id else "",
            )
            if not is_board:
                return LeadListing({LIST: lists.list_ids(store, wanted, sort, today)}, {}, counts, names, who)
            ids = {state.value: found for state, found in lists.board_ids(store, wanted, today).items()}
            notes = {state.value: format_euros(count.value) for state, count in counts.items() if count.value}
            return LeadListing(ids, notes, counts, names, who)

        return work

    def heard(self, listing: Listing) -> None:
        if isinstance(listing, LeadListing):
            self._counts, self._names = listing.counts, listing.names
            self.know(listing.who)

    def rows_of(self, ids: Sequence[int]) -> list[LeadRow]:
        return lists.lead_rows(self.desk.store, ids) if self.desk.store is not None else []

    def id_of(self, row: LeadRow) -> int:
        return row.id

    def column_of(self, row: LeadRow) -> str:
        return row.state.value

    def card_of(self, row: LeadRow) -> Card:
        return lead_card(row, self.desk.clock())

    def line_of(self, row: LeadRow) -> Line:
        return lead_line(row, self.chosen, self.desk.clock())

    def all_columns(self) -> Mapping[str, Column]:
        return list_columns()

    def kept_query(self, wanted: LeadFilter, order: LeadSort) -> dict[str, Any]:
        return to_json(wanted, order)

    def read_query(self, query: Mapping[str, Any] | None) -> tuple[LeadFilter, LeadSort]:
        return from_json(query)

    # -- what stands around them

    def lane_titles(self) -> Sequence[LaneTitle]:
        empty: dict[LeadState, tuple[str, ...]] = {
            LeadState.NEW: (
                _("No lead waits to be assigned."),
                self.key_words("records.new", _("{key} makes one.")),
            ),
            LeadState.ACTIVE: (
                _("Nobody works on a lead."),
                self.key_words("leads.assign", _("{key} assigns a new one.")),
            ),
            LeadState.DONE: (
                _("No lead is finished yet."),
                self.key_words("leads.finish", _("{key} finishes an active one.")),
            ),
        }
        if self.is_mounted and self.wanted.narrowed:
            empty = dict.fromkeys(LeadState, (_("None here fits the filter."),))
        return [LaneTitle(state.value, state_word(state), empty[state]) for state in LeadState]

    def empty_list(self) -> tuple[str, ...]:
        if self.wanted.narrowed:
            return (_("No lead fits the filter."), "", self.clear_words())
        return (_("There is no lead yet."), "", self.key_words("records.new", _("{key} makes one.")))

    def heading(self) -> str:
        return _("Leads")

    def told_filter(self) -> str:
        return told_filter(self.wanted, self._names)

    def headline_items(self) -> list[Item]:
        total = sum(count.leads for count in self._counts.values())
        items = [Item(number(total), "count", 1)]
        overdue = sum(count.overdue for count in self._counts.values())
        if overdue:
            text = ngettext("{n} overdue", "{n} overdue", overdue).format(n=number(overdue))
            items.append(Item(text, "error", 2))
        if not self.is_board:
            counts = [(state, self._counts.get(state, LeadCount()).leads) for state in LeadState]
            items += [Item(f"{state_word(state)} {number(n)}", "text", 4) for state, n in counts]
            way = _("descending") if self.sort.descending else ""
            words = " ".join(filter(None, (sort_words()[self.sort.key], way)))
            items.append(Item(_("order: {what}").format(what=words), "quiet", 5, command="cards.sort"))
        return items

    # -- sort

    @does("cards.sort", when="is_list")
    def ask_sort(self) -> None:
        from app.screens.dialogs.boxes import Picker

        words = sort_words()
        choices = [Choice(LeadSort(key), words[key], self._way(key)) for key in SortKey]

        def answer(choice: Choice | None) -> None:
            if choice is not None and isinstance(choice.value, LeadSort):
                key = choice.value.key
                self.sort_by(LeadSort(key, key is self.sort.key and not self.sort.descending))
                self.load()

        line = _("The one that is in use once more: the other way round.")
        self.app.push_screen(Picker(_("Sort by"), choices, line=line, enter=_("sort")), answer)

    def _way(self, key: SortKey) -> str:
        if key is not self.sort.key:
            return ""
        return _("descending") if self.sort.descending else _("ascending")
