"""What the overviews of leads tell, as frozen figures with their rates; it reads no store and knows no clock.

Which day puts a lead or an opportunity into a period is said by `BASES`: an overview that is about leads counts those that
came in it, the reasons those that failed in it, the opportunities those that are expected in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.folding import fold
from app.domain.periods import EVER, Period


class View(StrEnum):
    """The overviews there are."""

    LEADS = "leads"
    FUNNEL = "funnel"
    LOAD = "load"
    REASONS = "reasons"
    OPPORTUNITIES = "opportunities"


class Basis(StrEnum):
    """The day by which a period takes in or leaves out."""

    CAME = "came"
    ENDED = "ended"
    EXPECTED = "expected"


BASES: dict[View, Basis] = {
    View.LEADS: Basis.CAME,
    View.FUNNEL: Basis.CAME,
    View.LOAD: Basis.CAME,
    View.REASONS: Basis.ENDED,
    View.OPPORTUNITIES: Basis.EXPECTED,
}


class Group(StrEnum):
    """State and result of a lead in one word."""

    NEW = "new"
    ACTIVE = "active"
    SUCCESS = "success"
    FAILURE = "failure"


class Step(StrEnum):
    """The steps of the funnel."""

    NEW = "new"
    ACTIVE = "active"
    SUCCESS = "success"
    FAILURE = "failure"
    OPPORTUNITY = "opportunity"
    WON = "won"


#: The step that a lead must have reached before; its leads are the whole of the rate.
BEFORE: dict[Step, Step] = {
    Step.ACTIVE: Step.NEW,
    Step.SUCCESS: Step.ACTIVE,
    Step.FAILURE: Step.ACTIVE,
    Step.OPPORTUNITY: Step.SUCCESS,
    Step.WON: Step.OPPORTUNITY,
}


@dataclass(frozen=True, slots=True)
class Scope:
    """What an overview takes in: one campaign or all, a period, one assignee (login) or all."""

    campaign_id: int | None = None
    period: Period = EVER
    assignee: str = ""


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """The leads of a group. `value` in cents, `seconds`: the median of how old the open ones are, and of how long the
    finished ones took; None where there is none."""

    group: Group
    leads: int = 0
    overdue: int = 0
    value: int = 0
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class StepFigures:
    """The leads that reached a step of those that reached the one before (`whole`; None for the first), and the median of
    the seconds between the two; None where nobody knows it."""

    step: Step
    leads: int
    whole: int | None
    seconds: float | None = None

    @property
    def rate(self) -> float | None:
        """The part of the step before that came here."""
        return None if self.whole is None else rate(self.leads, self.whole)


@dataclass(frozen=True, slots=True)
class Load:
    """What an assignee has on the desk; with an empty login what nobody has.

    `value`: of the open leads; `weighted`: of the open opportunities by their probability, both in cents. `age` and
    `oldest`: median and most of the seconds since the open leads came.
    """

    login: str
    name: str
    new: int = 0
    active: int = 0
    overdue: int = 0
    success: int = 0
    failure: int = 0
    value: int = 0
    opportunities: int = 0
    weighted: int = 0
    age: float | None = None
    oldest: float | None = None

    @property
    def open(self) -> int:
        return self.new + self.active

    @property
    def done(self) -> int:
        return self.success + self.failure

    @property
    def rate(self) -> float | None:
        """The part of the finished leads that succeeded."""
        return rate(self.success, self.done)


@dataclass(frozen=True, slots=True)
class ReasonFigures:
    """The leads that failed for a reason, of all that failed (`whole`); `value` in cents, `seconds`: the median from when
    they came until they failed."""

    reason: str
    leads: int
    whole: int
    value: int = 0
    seconds: float | None = None

    @property
    def rate(self) -> float | None:
        return rate(self.leads, self.whole)


@dataclass(frozen=True, slots=True)
class StageFigures:
    """The opportunities at a stage that are expected in a month ("2026-12", or empty where nobody has said). `outcome`:
    "", "won" or "lost"; `value` and `weighted` in cents: only what is open is weighted."""

    month: str
    stage: str
    outcome: str
    opportunities: int
    value: int = 0
    weighted: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """The figures of one overview, by what it is about."""

    view: View
    scope: Scope
    groups: tuple[GroupFigures, ...] = ()
    steps: tuple[StepFigures, ...] = ()
    loads: tuple[Load, ...] = ()
    reasons: tuple[ReasonFigures, ...] = ()
    stages: tuple[StageFigures, ...] = ()
    campaign: str = ""
    assignee: str = ""  # that person's name

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted."""
        counted = (
            *(part.leads for part in self.groups),
            *(part.leads for part in self.steps),
            *(part.leads for part in self.reasons),
            *(load.open + load.done + load.opportunities for load in self.loads),
            *(part.opportunities for part in self.stages),
        )
        return not any(counted)


def rate(part: int, whole: int) -> float | None:
    """How much of the whole a part is, from 0 to 1; None of nothing."""
    return part / whole if whole else None


def funnel(reached: Mapping[Step, tuple[int, float | None]]) -> tuple[StepFigures, ...]:
    """The steps in their order, from how many leads reached each and the median seconds there; a missing one has none."""
    counted = {step: reached.get(step, (0, None)) for step in Step}
    return tuple(
        StepFigures(step, leads, counted[BEFORE[step]][0] if step in BEFORE else None, seconds)
        for step, (leads, seconds) in counted.items()
    )


def loads(found: Sequence[Load]) -> tuple[Load, ...]:
    """What nobody has first, then who has most to do, equals by name."""
    return tuple(
        sorted(
            found, key=lambda load: (load.login != "", -load.open, fold(load.name or load.login), load.login)
        )
    )
