"""One column of a board: which of its cards are held, where its cursor stands and what is in sight; it draws nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.widgets.card import Card

#: Cards asked for at once, and how many such portions are held before and behind those in sight.
PORTION, KEPT = 50, 4


@dataclass(frozen=True, slots=True)
class LaneTitle:
    """What a column stands for: `key` names it, `empty` stands in it when it has no card."""

    key: str
    title: str
    empty: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pile:
    """The cards of a column: `total` of them, of which those from place `first` on are given, None for one that is gone.
    `cursor`: the place of its cursor; `note`: a few words for its title line, such as a sum."""

    total: int
    first: int = 0
    cards: Sequence[Card | None] = ()
    cursor: int = 0
    note: str = ""


class Lane:
    """Places are counted from 0, the card on top. `height`: the cards that there is room for."""

    def __init__(self, title: LaneTitle) -> None:
        self.title = title
        self.total = 0
        self.cursor = 0
        self.top = 0
        self.note = ""
        self.is_behind = False  # what is in sight was not drawn yet, because cards are on their way
        self._cards: dict[int, Card] = {}
        self._asked: set[int] = set()
        self._awaited: set[int] = set()  # of those asked for, the portions that are on their way

    @property
    def current(self) -> Card | None:
        """The card under its cursor; None in an empty column, or while it is being fetched."""
        return self._cards.get(self.cursor)

    def get(self, place: int) -> Card | None:
        """The card at this place, if it is held."""
        return self._cards.get(place)

    def held(self) -> list[Card]:
        """The cards held, from top to bottom."""
        return [self._cards[place] for place in sorted(self._cards)]

    def in_sight(self, height: int) -> range:
        """The places on the screen, and the one below, of which the upper lines may be seen."""
        return range(self.top, min(self.top + height + 1, self.total))

    def is_whole(self, height: int) -> bool:
        """Whether no card in sight is on its way."""
        return all(
            place in self._cards or place // PORTION not in self._awaited for place in self.in_sight(height)
        )

    def picture(self, height: int) -> tuple[object, ...]:
        """All that the picture of the column depends on."""
        cards = [self._cards.get(place) for place in self.in_sight(height)]
        return self.title, self.note, self.total, self.top, self.cursor, cards

    def open(self, pile: Pile, height: int) -> None:
        """Hold these cards instead; the cursor stays at its height of the screen, if it can."""
        line = self.cursor - self.top
        self.total, self.note = pile.total, pile.note
        self._cards = {place: card for place, card in enumerate(pile.cards, pile.first) if card is not None}
        self._asked.clear()
        self._awaited.clear()
        self.cursor = max(0, min(pile.cursor, pile.total - 1))
        self.top = self.cursor - line
        self.reveal(height)

    def fill(self, first: int, cards: Sequence[Card | None], height: int) -> None:
        """Hold these cards too, None for one that is gone; those far from what is in sight are let go."""
        self._awaited.discard(first // PORTION)
        self._cards.update((place, card) for place, card in enumerate(cards, first) if card is not None)
        nearest = (self.top + height // 2) // PORTION
        for portion in {place // PORTION for place in self._cards}:
            if abs(portion - nearest) > KEPT:
                self._asked.discard(portion)
                for place in range(portion * PORTION, (portion + 1) * PORTION):
                    self._cards.pop(place, None)

    def ask(self, height: int) -> Iterator[tuple[int, int]]:
        """First places and counts of the portions that are missing in sight or a screenful around, each told once."""
        first, last = max(0, self.top - height), min(self.top + 2 * height, self.total)
        for portion in range(first // PORTION, -(-last // PORTION)):
            begin = portion * PORTION
            count = min(PORTION, self.total - begin)
            wanted = range(max(begin, first), min(begin + count, last))
            if portion not in self._asked and any(place not in self._cards for place in wanted):
                self._asked.add(portion)
                self._awaited.add(portion)
                yield begin, count

    def go(self, place: int, height: int) -> None:
        """Put the cursor on a place, the nearest one there is."""
        self.cursor = max(0, min(place, self.total - 1))
        self.reveal(height)

    def scroll(self, cards: int, height: int) -> None:
        """Move what is in sight; the cursor only if it would leave it."""
        self.top = max(0, min(self.top + cards, self.total - height))
        self.cursor = max(self.top, min(self.cursor, self.top + height - 1, self.total - 1))

    def reveal(self, height: int) -> None:
        """Move what is in sight as far as the cursor needs."""
        self.top = max(self.cursor - height + 1, min(self.top, self.cursor))
        self.top = max(0, min(self.top, self.total - height))
