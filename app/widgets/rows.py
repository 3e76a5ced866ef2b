"""The lines that a long list holds: those on the screen and a few screenfuls around them; it fetches nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.domain.mail.messages import MailRow

#: Screenfuls held before and after the one that is shown, and how near to the edge more are asked for.
PAGES, NEAR = 3, 1


@dataclass(frozen=True, slots=True)
class Missing:
    """Lines to fetch: `count` from place `first` on. They follow the mail `after` or precede the mail `before`, if held."""

    first: int
    count: int
    after: MailRow | None = None
    before: MailRow | None = None


class Window:
    """A stretch of the list without gaps."""

    def __init__(self) -> None:
        self.total = 0
        self.first = 0
        self.rows: list[MailRow] = []

    @property
    def last(self) -> int:
        """The place behind the last line held."""
        return self.first + len(self.rows)

    def __iter__(self) -> Iterator[tuple[int, MailRow]]:
        return enumerate(self.rows, self.first)

    def get(self, index: int) -> MailRow | None:
        """The mail at this place if it is held."""
        return self.rows[index - self.first] if self.first <= index < self.last else None

    def place_of(self, copy_id: int) -> int | None:
        """Where this copy stands, if it is held."""
        return next((place for place, row in self if row.copy_id == copy_id), None)

    def holds(self, first: int, height: int) -> bool:
        """Whether a screenful from this place on can be drawn."""
        return self.first <= first and self.last >= min(first + height, self.total)

    def missing(self, first: int, height: int) -> Missing | None:
        """What to fetch for the screenful from this place on, in time before the edge comes into sight."""
        near = height * NEAR
        want_first, want_last = max(0, first - height * PAGES), min(self.total, first + height * (PAGES + 1))
        if self.first <= max(0, first - near) and self.last >= min(self.total, first + height + near):
            return None
        if self.rows and self.first <= first <= self.last < want_last:
            return Missing(self.last, want_last - self.last, after=self.rows[-1])
        if self.rows and want_first < self.first <= first + height <= self.last:
            return Missing(want_first, self.first - want_first, before=self.rows[0])
        return Missing(want_first, want_last - want_first) if want_last > want_first else None

    def put(self, first: int, rows: Sequence[MailRow]) -> None:
        """Hold these lines too if they continue those that are held, else instead of them."""
        if self.rows and first == self.last:
            self.rows += rows
        elif self.rows and first + len(rows) == self.first:
            self.rows[:0] = rows
            self.first = first
        else:
            self.rows, self.first = list(rows), first

    def trim(self, first: int, height: int) -> None:
        """Let go of what is far from the screenful from this place on."""
        keep_first, keep_last = first - height * (PAGES + 1), first + height * (PAGES + 2)
        if self.first < keep_first < self.last:
            del self.rows[: keep_first - self.first]
            self.first = keep_first
        if self.last > keep_last > self.first:
            del self.rows[keep_last - self.first :]
