"""What ties a successful lead to its opportunity: it is never without one, and what it became goes on once; reads no store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.crm.kinds import LeadResult
from app.domain.errors import Refused
from app.domain.leads.rules import Standing
from app.domain.opportunities.stages import Outcome


@dataclass(frozen=True, slots=True)
class Became:
    """An opportunity that a lead became. `made_at`: epoch seconds."""

    id: int
    title: str
    outcome: Outcome
    made_at: int = 0

    @property
    def is_kept(self) -> bool:
        """Whether the lead keeps it when it is successful again. What is lost stays lost, with its reason: the new success is
        a new chance."""
        return self.outcome is not Outcome.LOST


def success_of(chances: Iterable[Became]) -> Became | None:
    """The one of the opportunities of a lead, in the order in which they were made, that its success stands on: the first
    that it keeps, else the last; None: it has none, and cannot be successful."""
    last: Became | None = None
    for last in chances:
        if last.is_kept:
            return last
    return last


def stands_for_success(number: int, standing: Standing, chances: Iterable[Became]) -> bool:
    """Whether a lead is successful because of the opportunity with this id."""
    found = success_of(chances)
    return standing.result is LeadResult.SUCCESS and found is not None and found.id == number


def check_may_leave(number: int, title: str, standing: Standing, chances: Iterable[Became]) -> None:
    """Raise Refused when the opportunity with this id cannot leave its lead, called `title`: that would be successful
    without one."""
    if stands_for_success(number, standing, chances):
        raise Refused("The lead “{title}” is successful because of it; reopen the lead first.", title=title)


def check_may_go_on(number: int, lost_at: int, chances: Iterable[Became]) -> None:
    """Raise Refused when what was lost then (epoch seconds) cannot go on: its lead has become another opportunity since."""
    for other in chances:
        if other.id != number and other.is_kept and other.made_at >= lost_at:
            raise Refused(
                "Its lead has become the opportunity “{title}” since; work on that one.", title=other.title
            )
