"""A board: cards in columns side by side, any number of them; it holds those near the screen and asks for the others.

It knows nothing of what the cards stand for, and moves none of them.

    board = Board((LaneTitle("new", "Neu", ("Nothing is new.",)), LaneTitle("done", "Erledigt")), card_lines=3)
    board.open({"new": Pile(50_000, 0, cards, cursor=0), "done": Pile(0)})
    board.fill("new", 50, cards)              # the answer to RowsWanted(column, first, count, turn), unless turn.is_over
    board.step(1), .page(1), .go(place), .side(1)     # j, page down, home, l
    board.toggle(), .select(keys), .selection         # keys of cards
    board.column, .current, .current_of("new")        # where the cursor is
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from textual import events
from textual.geometry import Offset
from textual.message import Message

from app.widgets.board_picture import BoardPicture
from app.widgets.card import Card
from app.widgets.lane import Lane, LaneTitle, Pile
from app.widgets.signs import UNICODE, Signs
from app.widgets.turns import Turn, Turns


class Board(BoardPicture):
    """Each column has a cursor of its own; that of the column in use is shown."""

    class CursorMoved(Message):
        """Another card is under the cursor, or it has changed (None: there is none, or not yet)."""

        def __init__(self, column: str, card: Card | None) -> None:
            super().__init__()
            self.column = column
            self.card = card

    class RowsWanted(Message):
        """These places of a column are missing; the answer goes to `fill`, unless its turn is over by then."""

        def __init__(self, column: str, first: int, count: int, turn: Turn) -> None:
            super().__init__()
            self.column = column
            self.first = first
            self.count = count
            self.turn = turn

    class OpenWanted(Message):
        """The card under the cursor was clicked twice."""

    class SelectionChanged(Message):
        """More or fewer cards are selected."""

        def __init__(self, count: int) -> None:
            super().__init__()
            self.count = count

    def __init__(
        self, columns: Sequence[LaneTitle], signs: Signs = UNICODE, *, card_lines: int, id: str | None = None
    ) -> None:
        """`card_lines`: how high a card is; a blank line follows each."""
        super().__init__(columns, signs, card_lines, id)
        self._turns = Turns()  # of what it was given

    # -- what it shows

    @property
    def columns(self) -> tuple[LaneTitle, ...]:
        """Its columns, from left to right."""
        return tuple(lane.title for lane in self._lanes)

    @columns.setter
    def columns(self, titles: Sequence[LaneTitle]) -> None:
        """A column that stays, by its key, keeps its cards; `open` follows for the others."""
        if tuple(titles) == self.columns:
            return
        here, known = self.column, {lane.title.key: lane for lane in self._lanes}
        self._lanes = [known.get(title.key) or Lane(title) for title in titles]
        for lane, title in zip(self._lanes, titles, strict=True):
            lane.title = title
        self._here = next((i for i, title in enumerate(titles) if title.key == here), 0)
        self._show_column()
        self.refresh()

    @property
    def column(self) -> str:
        """The key of the column in use."""
        return self._lane.title.key

    @property
    def current(self) -> Card | None:
        """The card under the cursor; None in an empty column, or while it is being fetched."""
        return self._lane.current

    @property
    def cursor(self) -> int:
        """The place under the cursor in the column in use."""
        return self._lane.cursor

    @property
    def total(self) -> int:
        """How many cards the column in use has."""
        return self._lane.total

    def current_of(self, column: str) -> Card | None:
        """The card under the cursor of a column."""
        return self._lane_of(column).current

    def cursor_of(self, column: str) -> int:
        """The place of the cursor of a column."""
        return self._lane_of(column).cursor

    def held(self, column: str) -> list[Card]:
        """The cards of a column that are held, from top to bottom."""
        return self._lane_of(column).held()

    def open(self, piles: Mapping[str, Pile], column: str | None = None) -> None:
        """Show these cards, in a column that is not named none; the cursor goes to this column if one is given.

        Cursors stay at their height of the screen. Nothing is drawn where nothing has changed.
        """
        self._turns.begin()
        if column is not None:
            self._use(self._lanes.index(self._lane_of(column)))
        for lane in self._lanes:
            before = lane.picture(self.height)
            lane.open(piles.get(lane.title.key, Pile(0)), self.height)
            if lane.picture(self.height) != before:
                self._repaint(lane)
        self._ask()
        self._tell()

    def fill(self, column: str, first: int, cards: Sequence[Card | None]) -> None:
        """The answer to the `RowsWanted` of what is shown; None for a card that is gone."""
        lane = self._lane_of(column)
        before = lane.picture(self.height)
        lane.fill(first, cards, self.height)
        if lane.is_behind or lane.picture(self.height) != before:
            self._repaint_when_whole(lane)
        self._tell()

    @property
    def _lane(self) -> Lane:
        return self._lanes[self._here]

    def _lane_of(self, column: str) -> Lane:
        return next(lane for lane in self._lanes if lane.title.key == column)

    # -- moving

    def step(self, cards: int) -> None:
        """Move the cursor by so many cards."""
        self.go(self._lane.cursor + cards)

    def page(self, pages: int) -> None:
        """Move the cursor by so many screenfuls."""
        self.go(self._lane.cursor + pages * self.height)

    def go(self, place: int) -> None:
        """Put the cursor on a place of its column, the nearest one there is."""
        lane = self._lane
        before, top = lane.cursor, lane.top
        lane.go(place, self.height)
        self._ask()
        if lane.top != top:
            self._repaint_when_whole(lane)
        elif lane.cursor != before:
            self._repaint_cards(lane, before, lane.cursor)
        self._tell()

    def side(self, columns: int) -> None:
        """Go so many columns to the right."""
        before = self._lane
        if self._use(max(0, min(self._here + columns, len(self._lanes) - 1))):
            self._repaint_cards(before, before.cursor)
            self._repaint_cards(self._lane, self._lane.cursor)
            self._tell()

    def _repaint_when_whole(self, lane: Lane) -> None:
        """Draw a column again as soon as its cards in sight are there, so that none is drawn blank first."""
        lane.is_behind = not lane.is_whole(self.height)
        if not lane.is_behind:
            self._repaint(lane)

    def _use(self, number: int) -> bool:
        """Let this column be the one in use; whether it was not."""
        if number == self._here:
            return False
        self._here = number
        self._show_column()
        self._repaint_head()
        return True

    def _show_column(self) -> None:
        """Move the columns sideways as far as the one in use needs."""
        seen = self._seen
        first = max(self._here - seen + 1, min(self._first, self._here))
        first = max(0, min(first, len(self._lanes) - seen))
        if first != self._first:
            self._first = first
            self._ask()
            self.refresh()

    def _ask(self) -> None:
        for lane in self._lanes[self._first : self._first + self._seen]:
            for first, count in lane.ask(self.height):
                self.post_message(self.RowsWanted(lane.title.key, first, count, self._turns.last))

    def _tell(self) -> None:
        lane = self._lane
        if self.has_focus and (stands := self._stands(lane)) is not None:
            # Where screen readers and magnifiers look; sent with the next frame.
            line = self.HEAD + (lane.cursor - lane.top) * self._pitch
            self.app.cursor_position = self.region.offset + Offset(stands[0], line)
        self.post_message(self.CursorMoved(lane.title.key, lane.current))

    # -- selecting

    def toggle(self) -> None:
        """Select the card under the cursor or not, and go on to the next."""
        card = self.current
        if card is not None:
            self.selection ^= {card.key}
            self._repaint_cards(self._lane, self._lane.cursor)
            self.post_message(self.SelectionChanged(len(self.selection)))
            self.step(1)

    def select(self, keys: Collection[object]) -> None:
        """Select the cards with these keys and no others."""
        if self.selection != set(keys):
            self.selection = set(keys)
            self.refresh()
            self.post_message(self.SelectionChanged(len(self.selection)))

    # -- the mouse and what happens to the widget

    def on_click(self, event: events.Click) -> None:
        self.side(self._column_at(event.x) - self._here)
        place = self._lane.top + (event.y - self.HEAD) // self._pitch
        if event.y < self.HEAD or place >= self._lane.total:
            return
        self.go(place)
        if (stands := self._stands(self._lane)) is not None and event.x == stands[0]:
            self.toggle()
        elif event.chain == 2:
            self.post_message(self.OpenWanted())

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        self._scroll(self._lanes[self._column_at(event.x)], 1)

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        self._scroll(self._lanes[self._column_at(event.x)], -1)

    def _scroll(self, lane: Lane, cards: int) -> None:
        before = lane.top
        lane.scroll(cards, self.height)
        if lane.top != before:
            self._ask()
            self._repaint_when_whole(lane)
            self._tell()

    def on_resize(self) -> None:
        self._show_column()
        for lane in self._lanes:
            lane.reveal(self.height)
        self._ask()
        self.refresh()

    def on_focus(self) -> None:
        self._repaint_cards(self._lane, self._lane.cursor)

    def on_blur(self) -> None:
        self._repaint_cards(self._lane, self._lane.cursor)
