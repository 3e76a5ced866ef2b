"""Opportunities as board and list: which ones are shown, in which order, and what they come to; nothing is done with them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.domain.opportunities.keeping import from_json, to_json
from app.domain.opportunities.pipeline import OpportunityFilter, Pipeline, Sort
from app.domain.opportunities.rules import Opportunity
from app.domain.opportunities.stages import Outcome, Stage, stage_word
from app.domain.opportunities.words import sort_word, sum_words
from app.language import _
from app.screens.cards_look import CardsLook
from app.screens.cards_shown import LIST, Listing
from app.screens.desk import Desk
from app.screens.dialogs.boxes import Picker
from app.screens.members import KnowsWho
from app.screens.opportunities import lines
from app.screens.opportunities.told import told_filter
from app.screens.place import does
from app.services.opportunities import lists
from app.services.team.acting import AtKeyboard, at_keyboard, name_of
from app.widgets.bar import Item
from app.widgets.card import Card
from app.widgets.choices import Choice
from app.widgets.lane import LaneTitle
from app.widgets.table import Column, Line
from app.widgets.words import number


@dataclass(frozen=True, slots=True)
class ChanceListing(Listing):
    """`name`: whose they are, if the filter asks for one; `who`: is at the keyboard."""

    stages: Sequence[Stage] = ()
    pipeline: Pipeline = field(default_factory=Pipeline)
    name: str = ""
    who: AtKeyboard | None = None


class ListedOpportunities(CardsLook[Opportunity, OpportunityFilter, Sort], KnowsWho):
    """What the filter lets through, and the words about it."""

    place_name = "opportunities"
    everything = OpportunityFilter()
    card_lines = lines.CARD_LINES
    at_first = lines.AT_FIRST

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.sort = Sort.EXPECTED
        self._stages: Sequence[Stage] = ()
        self.pipeline = Pipeline()
        self._whose = ""

    # -- what is listed

    def look(self) -> Callable[[], Listing]:
        store, wanted, is_board = self.desk.store, self.wanted, self.is_board
        sort, today, author = self.sort, self.desk.clock().date(), self.desk.author

        def work() -> ChanceListing:
            if store is None:
                return ChanceListing({})
            found, who = lists.found(store, wanted, today), at_keyboard(store.read, author)
            name = name_of(store, wanted.assignee) if wanted.assignee else ""
            if not is_board:
                ids = lists.list_ids(store, wanted, sort, today)
                return ChanceListing({LIST: ids}, {}, found.stages, found.pipeline, name, who)
            sums = found.pipeline.by_stage()
            notes = {
                stage.name: lines.short_amount(
                    sums[stage.name].weighted if stage.outcome is Outcome.OPEN else sums[stage.name].value
                )
                for stage in found.stages
                if stage.name in sums and sums[stage.name].value
            }
            columns = lists.board_ids(store, wanted, found, today)
            return ChanceListing(columns, notes, found.stages, found.pipeline, name, who)

        return work

    def heard(self, listing: Listing) -> None:
        if isinstance(listing, ChanceListing):
            self._stages, self.pipeline, self._whose = listing.stages, listing.pipeline, listing.name
            self.know(listing.who)

    def rows_of(self, ids: Sequence[int]) -> list[Opportunity]:
        return lists.portion(self.desk.store, ids) if self.desk.store is not None else []

    def id_of(self, row: Opportunity) -> int:
        return row.id

    def column_of(self, row: Opportunity) -> str:
        return row.stage

    def card_of(self, row: Opportunity) -> Card:
        return lines.card_of(row, self.desk.clock())

    def line_of(self, row: Opportunity) -> Line:
        return lines.line_of(row, self.chosen, self.desk.clock())

    def all_columns(self) -> Mapping[str, Column]:
        return lines.list_columns()

    def kept_query(self, wanted: OpportunityFilter, order: Sort) -> dict[str, Any]:
        return to_json(wanted, order)

    def read_query(self, query: Mapping[str, Any] | None) -> tuple[OpportunityFilter, Sort]:
        return from_json(query)

    # -- what stands around them

    def lane_titles(self) -> Sequence[LaneTitle]:
        how = self.key_words("records.new", _("{key} makes a new one."))
        empty = {
            Outcome.OPEN: (_("Nothing is at this stage."), how),
            Outcome.WON: (_("Nothing is won yet."),),
            Outcome.LOST: (_("Nothing is lost."),),
        }
        if self.is_mounted and self.wanted.narrowed:
            empty = dict.fromkeys(Outcome, (_("None here fits the filter."),))
        titles = [
            LaneTitle(stage.name, stage_word(stage.name), empty[stage.outcome]) for stage in self._stages
        ]
        return titles or [LaneTitle("", _("Opportunities"))]  # until they are read

    def empty_list(self) -> tuple[str, ...]:
        if self.wanted.narrowed:
            return (_("No opportunity fits the filter."), "", self.clear_words())
        return (
            _("There is no opportunity yet."),
            "",
            self.key_words("records.new", _("{key} makes a new one.")),
        )

    def heading(self) -> str:
        return _("Opportunities")

    def told_filter(self) -> str:
        return told_filter(self.wanted, self._whose, self.desk.clock().date())

    def headline_items(self) -> list[Item]:
        items = [Item(number(self.pipeline.all.count), "count", 1)]
        here = self.pipeline.of(Outcome.OPEN)
        if here.count:
            text = f"{_('{n} undecided').format(n=number(here.count))}, {sum_words(here, counted=False)}"
            items.append(Item(text, "text", 2, sum_words(here, counted=False), command="chances.sums"))
        if not self.is_board:
            items.append(Item(sort_word(self.sort), "quiet", 5, command="cards.sort"))
        return items

    # -- sort, sums

    @does("cards.sort", when="is_list")
    def ask_sort(self) -> None:
        def answer(choice: Choice | None) -> None:
            if choice is not None and isinstance(choice.value, Sort):
                self.sort_by(choice.value)
                self.load()

        choices = [Choice(sort, sort_word(sort)) for sort in Sort]
        self.app.push_screen(Picker(_("Sort"), choices, enter=_("sort")), answer)

    @does("chances.sums")
    def ask_sums(self) -> None:
        from app.screens.opportunities.sums import sums_picker

        def answer(choice: Choice | None) -> None:
            if choice is not None and isinstance(choice.value, OpportunityFilter):
                self.show_only(choice.value)

        today = self.desk.clock().date()
        self.app.push_screen(sums_picker(self.pipeline, self._stages, self.wanted, today), answer)
