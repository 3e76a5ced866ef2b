"""A successful lead is never without its opportunity, and what it became goes on once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.crm.kinds import LeadResult
from app.domain.errors import Refused
from app.domain.leads.rules import Standing
from app.domain.leads.success import (
    Became,
    check_may_go_on,
    check_may_leave,
    stands_for_success,
    success_of,
)
from app.domain.opportunities.stages import Outcome

AT = datetime(2026, 11, 22, tzinfo=UTC)
SUCCESS = Standing("anna", LeadResult.SUCCESS, activated_at=AT, finished_at=AT)
OPEN = Standing("anna", activated_at=AT)


def became(*outcomes: Outcome) -> list[Became]:
    return [Became(number, f"Pumpen {number}", each, number) for number, each in enumerate(outcomes, 1)]


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ((), None),
        ((Outcome.OPEN, Outcome.OPEN), 1),
        ((Outcome.LOST, Outcome.OPEN), 2),
        ((Outcome.LOST, Outcome.WON, Outcome.OPEN), 2),
        ((Outcome.LOST, Outcome.LOST), 2),
    ],
)
def test_a_success_stands_on_the_first_that_is_kept_else_the_last(
    outcomes: tuple[Outcome, ...], expected: int | None
) -> None:
    found = success_of(became(*outcomes))
    assert (found.id if found else None) == expected


def test_only_what_a_lead_is_successful_because_of_cannot_leave_it() -> None:
    chances = became(Outcome.OPEN, Outcome.OPEN)
    assert stands_for_success(1, SUCCESS, chances)
    assert not stands_for_success(1, OPEN, chances)
    check_may_leave(2, "Messe", SUCCESS, chances)
    check_may_leave(1, "Messe", OPEN, chances)
    with pytest.raises(Refused, match="“Messe” is successful because of it"):
        check_may_leave(1, "Messe", SUCCESS, chances)


def test_what_is_lost_goes_on_unless_another_one_came_after_it() -> None:
    check_may_go_on(1, 2, became(Outcome.LOST))
    check_may_go_on(1, 2, became(Outcome.LOST, Outcome.LOST))
    check_may_go_on(1, 3, became(Outcome.LOST, Outcome.OPEN))
    with pytest.raises(Refused, match="“Pumpen 2” since"):
        check_may_go_on(1, 2, became(Outcome.LOST, Outcome.OPEN))
