"""A place of cards that a filter and a search line narrow: the lines above the cards, and the ways to narrow, widen and sort.

Which records and filters these are, and what the lines say, is the place's own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Generic, TypeVar

from textual.app import ComposeResult

from app.domain.crm.kinds import Kind
from app.domain.list_filter import ListFilter
from app.language import _
from app.screens.cards_place import CardsPlace
from app.screens.cards_shown import WATCH
from app.screens.desk import Desk
from app.screens.place import does
from app.screens.search_line import SearchLine
from app.widgets.bar import Bar, Item
from app.widgets.board import Board
from app.widgets.table import Table
from app.widgets.words import number

Row = TypeVar("Row")
Wanted = TypeVar("Wanted", bound=ListFilter)


class CardsListing(CardsPlace[Row], SearchLine, Generic[Row, Wanted]):
    """The words typed into the search line are part of the filter."""

    #: What its cards are.
    kind: Kind
    #: The filter that lets all through.
    everything: Wanted
    #: How many lines a card of the board has.
    card_lines: int
    #: The commands that are for the list alone.
    list_commands: frozenset[str] = frozenset({"cards.sort", "cards.columns"})

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._filter = self.everything  # without the words typed

    def compose(self) -> ComposeResult:
        yield Bar(id="top")
        yield Bar(id="headline")
        yield Bar(id="filter")
        yield from self.search_line()
        yield Board(self.lane_titles(), self.desk.signs, card_lines=self.card_lines, id="board")
        yield Table(self.list_columns(), self.desk.signs, id="table")
        yield Bar(id="keys", gap=2)

    def on_mount(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Show what there is, from now on."""
        self.draw_view()
        self.headlines()
        self._go_to = self.desk.begin_at.pop(self.kind, None)
        self.watch_store(WATCH, self.load)

    # -- what the place itself knows

    def heading(self) -> str:
        """What the place is called."""
        raise NotImplementedError

    def headline_items(self) -> list[Item]:
        """What the headline says after that: how many are listed, and what they come to."""
        raise NotImplementedError

    def told_filter(self) -> str:
        """What the filter in use asks for, in words; empty when it lets all through."""
        raise NotImplementedError

    # -- what stands above the cards

    @property
    def wanted(self) -> Wanted:
        """Which records are shown."""
        return replace(self._filter, text=self.typed)

    def headlines(self) -> None:
        self.query_exactly_one("#top", Bar).items = self.top_items(self.heading())
        self.query_exactly_one("#headline", Bar).items = [
            Item(self.heading(), "here"),
            *self.headline_items(),
            *self._selected(),
        ]
        what = self.told_filter()
        bar = self.query_exactly_one("#filter", Bar)
        bar.items = (
            Item(_("Filter active: {what}").format(what=what), "warning", command="cards.filter"),
            Item(self.clear_words(), "warning", 1, command="cards.clear", right=True),
        )
        bar.display = bool(what) and not self.is_typing()
        self.show_keys()

    def _selected(self) -> list[Item]:
        chosen = len(self.shown.selection)
        text = _("{n} selected").format(n=number(chosen))
        return [Item(text, "warning", 0, right=True)] if chosen else []

    def clear_words(self) -> str:
        """The key that shows all again."""
        return self.key_words("cards.clear", _("{key} shows all"))

    # -- search, filter, sort

    def show_only(self, wanted: Wanted) -> None:
        """Show these records and no others."""
        self._filter = replace(wanted, text="")
        if self.typed != wanted.text:
            self.set_typed(wanted.text)
        self.remove_class("-searching")
        self.load()

    def on_descendant_focus(self) -> None:
        self.headlines()  # what is typed stands on its own line while it is typed

    @does("search.done")
    def end_search(self) -> None:
        self.remove_class("-searching")  # the line above tells what was typed
        self.focus_list()

    @does("cards.clear")
    def clear(self) -> None:
        if self.shown.selection:
            self.shown.select(())
        elif self.wanted.narrowed:
            self.show_only(self.everything)
        else:
            self.back()

    def is_list(self) -> bool:
        """Whether the list is seen."""
        return not self.is_board

    def why_not(self, command_id: str) -> str:
        if command_id in self.list_commands and self.is_board:
            return self.key_words("cards.view", _("The board has an order of its own; {key} shows the list."))
        return super().why_not(command_id)
