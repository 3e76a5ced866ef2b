"""Every action on an opportunity, in every state, by everybody; what is typed; and sums to the cent."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.crm.reasons import FinishReason, UnknownReason
from app.domain.crm.record_fields import LONGEST_NOTE
from app.domain.due import DuePast
from app.domain.errors import BadInput, Refused
from app.domain.leads.rules import LeadRefusal, ReasonNeedsText
from app.domain.money import MOST_CENTS
from app.domain.opportunities.pipeline import Part, Pipeline, Sum
from app.domain.opportunities.rules import (
    Action,
    Opportunity,
    check_lost,
    check_move,
    check_pass_on,
    read_opportunity,
    read_said,
    refusal,
    weighted,
)
from app.domain.opportunities.stages import Outcome, Stage
from app.domain.team.members import Member, MemberRole, NotAMember

TODAY = date(2026, 11, 22)
ANNA, BEN = Member("anna", "Anna Berg"), Member("ben", "Ben Kurz", MemberRole.ADMIN)
DORA, CEM = Member("dora", "Dora Lenz", MemberRole.PRIVACY), Member("cem", "Cem Arslan", active=False)
TEAM = {member.login: member for member in (ANNA, BEN, DORA, CEM, Member("emil", "Emil"))}
OPEN, WON, LOST = Outcome.OPEN, Outcome.WON, Outcome.LOST


def one(outcome: Outcome = OPEN, assignee: str = "anna", **more: object) -> Opportunity:
    return Opportunity(1, "Pumpen", stage="Angebot", outcome=outcome, assignee=assignee, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("role", "active", "owner", "outcome", "action"),
    list(product(MemberRole, (True, False), ("me", "other", ""), Outcome, Action)),
)
def test_who_may_do_what(
    role: MemberRole, active: bool, owner: str, outcome: Outcome, action: Action
) -> None:
    me = Member("me", "Ich", role, active)
    why = refusal(action, me, one(outcome, owner))
    works = active and role is not MemberRole.PRIVACY
    theirs = role is MemberRole.ADMIN or owner == "me" or (not owner and action is Action.HAND_ON)
    fits = action is Action.CHANGE or (outcome is OPEN) == (action is not Action.REOPEN)
    assert (why is None) == (works and theirs and fits)
    if not active:
        assert isinstance(why, NotAMember)
    elif why is not None:
        assert isinstance(why, Refused)
        assert why.told_cause.endswith(".")


@pytest.mark.parametrize(("role", "active"), list(product(MemberRole, (True, False))))
def test_reps_and_admins_make_new_ones(role: MemberRole, active: bool) -> None:
    why = refusal(Action.CREATE, Member("me", "Ich", role, active))
    assert (why is None) == (active and role is not MemberRole.PRIVACY)


@pytest.mark.parametrize("to", [*TEAM, "nobody", ""])
def test_it_is_passed_on_to_somebody_who_works_here(to: str) -> None:
    if to in ("ben", "emil"):
        check_pass_on(ANNA, one(), to, TEAM)
    else:
        with pytest.raises(Refused):
            check_pass_on(ANNA, one(), to, TEAM)


def test_a_move_goes_to_another_active_stage_and_a_loss_needs_its_reason() -> None:
    for to in (Stage("Verhandlung", 3), Stage("Gewonnen", 4, WON, 100)):
        check_move(ANNA, one(), to)
    for to in (Stage("Angebot", 2), Stage("Alt", 3, active=False), Stage("Verloren", 5, LOST)):
        with pytest.raises(Refused):
            check_move(ANNA, one(), to)


REASONS = [FinishReason("competitor"), FinishReason("other", True), FinishReason("too early", active=False)]


def test_a_loss_has_one_of_the_reasons_and_some_need_a_text() -> None:
    assert check_lost("Competitor", "", REASONS) == (REASONS[0], "")
    assert check_lost("other: zu weit weg ", "", REASONS) == (REASONS[1], "zu weit weg")
    assert check_lost("other", "zu weit", REASONS) == (REASONS[1], "zu weit")
    with pytest.raises(ReasonNeedsText):
        check_lost("other", " \n ", REASONS)
    for typed in ("too early", "quark", ""):
        with pytest.raises(UnknownReason):
            check_lost(typed, "", REASONS)


def test_what_is_said_has_an_end() -> None:
    assert read_said(" a\nb\n") == "a\nb"
    assert "\x1b" not in read_said("a\x1b[31mb")
    with pytest.raises(BadInput):
        read_said("x" * (LONGEST_NOTE + 1))


# -- what is typed


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("24.12.", date(2026, 12, 24)),
        ("2027-01", date(2027, 1, 31)),
        ("Februar 2028", date(2028, 2, 29)),
        ("november", date(2026, 11, 30)),
        ("nächsten Monat", date(2026, 12, 31)),
        ("heute", TODAY),
        ("", None),
    ],
)
def test_a_day_or_a_month_is_expected(typed: str, day: date | None) -> None:
    assert read_opportunity({"title": "A", "expected_on": typed}, TODAY).expected_on == day


@pytest.mark.parametrize(
    "values",
    [
        {"title": " "},
        {"value": "-5"},
        {"value": -5},
        {"value": "viel"},
        {"probability": "101"},
        {"probability": -1},
        {"probability": "halb"},
        {"expected_on": "21.11.2026"},
        {"expected_on": "10/2026"},
        {"expected_on": "irgendwann"},
        {"note": "x" * (LONGEST_NOTE + 1)},
    ],
)
def test_what_cannot_be_used_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        read_opportunity({"title": "A", **values}, TODAY)


def test_a_day_that_has_passed_may_stay_but_not_be_set() -> None:
    before = one(expected_on=TODAY - timedelta(days=9))
    assert read_opportunity({"title": "B"}, TODAY, before).expected_on == before.expected_on
    with pytest.raises(DuePast):
        read_opportunity({"expected_on": "20.11.2026"}, TODAY, before)


def test_the_probability_of_what_is_decided_stays() -> None:
    assert read_opportunity({"value": "7"}, TODAY, one(WON, probability=100)).value == 700
    with pytest.raises(Refused):
        read_opportunity({"probability": 50}, TODAY, one(WON, probability=100))


# -- sums

CENTS, PERCENT = st.integers(0, MOST_CENTS), st.integers(0, 100)


@given(CENTS | st.none(), PERCENT)
def test_the_weighted_value_is_exact_to_half_a_cent(value: int | None, probability: int) -> None:
    exact = Fraction((value or 0) * probability, 100)
    assert abs(weighted(value, probability) - exact) <= Fraction(1, 2)
    assert weighted(value, 100) == (value or 0)
    assert weighted(value, 0) == 0


sums = st.builds(Sum, st.integers(1, 9), CENTS, CENTS)
parts = st.builds(
    Part,
    st.sampled_from(["A", "B"]),
    st.sampled_from(Outcome),
    st.sampled_from(["", "2026-12", "2027-01"]),
    sums,
)


@given(st.lists(parts))
def test_stages_months_and_outcomes_come_to_the_same_total(found: list[Part]) -> None:
    pipeline = Pipeline(tuple(found))
    nothing = Sum()
    assert sum(pipeline.by_stage().values(), nothing) == pipeline.all
    assert sum(map(pipeline.of, Outcome), nothing) == pipeline.all
    assert sum(pipeline.by_month().values(), nothing) == pipeline.of(OPEN)
    months = list(pipeline.by_month())
    assert months == sorted(months, key=lambda month: (not month, month))


def test_refusals_of_leads_are_refusals_here() -> None:
    with pytest.raises(LeadRefusal):
        check_pass_on(DORA, one(assignee="dora"), "anna", TEAM)
