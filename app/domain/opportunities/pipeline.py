"""What a list of opportunities lets through, in which order, and what it comes to (Pipeline); pure, it reads nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.list_filter import ListFilter
from app.domain.months import parse_month
from app.domain.opportunities.stages import Outcome
from app.language import _


@dataclass(frozen=True, slots=True)
class Sum:
    """So many opportunities, worth so many cents, and that by their probability."""

    count: int = 0
    value: int = 0
    weighted: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.count + other.count, self.value + other.value, self.weighted + other.weighted)


@dataclass(frozen=True, slots=True)
class Part:
    """The sum of what is at a stage and expected in a month (empty: in none)."""

    stage: str
    outcome: Outcome
    month: str
    sum: Sum


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Sums of the opportunities of a list, out of parts that overlap nowhere."""

    parts: tuple[Part, ...] = ()

    @property
    def all(self) -> Sum:
        return _added(part.sum for part in self.parts)

    def of(self, outcome: Outcome) -> Sum:
        """The sum of what is open, won or lost."""
        return _added(part.sum for part in self.parts if part.outcome is outcome)

    def by_stage(self) -> dict[str, Sum]:
        """The sum at each stage that has something."""
        found: dict[str, Sum] = {}
        for part in self.parts:
            found[part.stage] = found.get(part.stage, Sum()) + part.sum
        return found

    def by_month(self) -> dict[str, Sum]:
        """The sum of what is open, by the month in which it is expected, in order; what has none is last."""
        found: dict[str, Sum] = {}
        for part in sorted(self.parts, key=lambda part: (not part.month, part.month)):
            if part.outcome is Outcome.OPEN:
                found[part.month] = found.get(part.month, Sum()) + part.sum
        return found


def _added(sums: Iterable[Sum]) -> Sum:
    return sum(sums, Sum())


class Sort(StrEnum):
    """The order of a list; what is open comes first in each."""

    EXPECTED = "expected"
    VALUE = "value"
    WEIGHTED = "weighted"
    STAGE = "stage"
    TITLE = "title"
    ASSIGNEE = "assignee"
    CHANGED = "changed"


#: `OpportunityFilter.month` for what is expected in none, and for what should have been decided by now.
NO_MONTH, OVERDUE = "none", "overdue"


def read_month_wish(typed: str, today: date) -> str:
    """A month as `OpportunityFilter` has it, by its words too. Raises ValueError."""
    words = {
        "": "",
        NO_MONTH: NO_MONTH,
        OVERDUE: OVERDUE,
        _("without a month"): NO_MONTH,
        _("overdue"): OVERDUE,
    }
    wanted = typed.strip().casefold()
    return words[wanted] if wanted in words else parse_month(typed, today)


@dataclass(frozen=True, slots=True)
class OpportunityFilter(ListFilter):
    """What is listed; what is empty holds nothing back. `assignee` is a login; `month` as "2027-01", NO_MONTH or OVERDUE;
    `text`: each of its words begins a word of the title or of the contact."""

    assignee: str = ""
    stage: str = ""
    outcome: Outcome | None = None
    month: str = ""
