"""Every step on a lead, in every state, by everybody, for everybody: what comes of it, and why it is refused."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.crm.kinds import LeadResult, LeadState
from app.domain.crm.reasons import FinishReason
from app.domain.errors import PostkorbError
from app.domain.leads.rules import (
    Assign,
    ChangedMeanwhile,
    Fail,
    HasItAlready,
    InactiveAssignee,
    LeadFinished,
    LeadRefusal,
    LeadStep,
    NoAssignee,
    NotAssigned,
    NotFinished,
    NotYours,
    ReadsOnly,
    ReasonNeedsText,
    ReasonNotOffered,
    Reopen,
    Standing,
    Succeed,
    TakeBack,
    UnknownAssignee,
    begun,
    called,
    check_works,
    decide,
    refusal,
)
from app.domain.team.members import Member, MemberRole, NotAMember

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EARLIER = NOW - timedelta(days=3)
ROLES = tuple(MemberRole)
TEAM = {
    member.login: member
    for member in (
        Member("anna", "Anna Berg"),
        Member("ben", "Ben Kurz", MemberRole.ADMIN),
        Member("cem", "Cem Arslan", active=False),
        Member("dora", "Dora Lenz", MemberRole.PRIVACY),
        Member("emil", "emil"),
    )
}
TARGETS = (*TEAM, "nobody")
REASON = FinishReason("competitor")
OTHER = FinishReason("other", needs_text=True)
GONE = FinishReason("too far away", active=False)
STANDINGS = {
    LeadState.NEW: Standing(),
    LeadState.ACTIVE: Standing("anna", activated_at=EARLIER),
    LeadState.DONE: Standing("anna", LeadResult.FAILURE, "other", "gone", EARLIER, EARLIER),
}
STEPS: tuple[LeadStep, ...] = (
    *(Assign(to) for to in TARGETS),
    *(Assign("emil", seen) for seen in ("", "anna", "emil")),
    TakeBack(),
    Succeed(),
    Fail(REASON),
    Fail(OTHER, "moved away"),
    Fail(OTHER, " "),
    Fail(GONE),
    Reopen(),
)


def expected(
    standing: Standing, step: LeadStep, actor: Member
) -> type[PostkorbError] | tuple[LeadState, str]:
    """The rules once more, as a table: the refusal, or the state and the assignee that come of it."""
    state = standing.state
    mine = actor.role is MemberRole.ADMIN or standing.assignee == actor.login
    if not actor.active:
        return NotAMember
    if actor.role is MemberRole.PRIVACY:
        return ReadsOnly
    if isinstance(step, Assign):
        bad = {"nobody": UnknownAssignee, "cem": InactiveAssignee, "dora": NoAssignee}
        if step.to in bad:
            return bad[step.to]
        return {
            LeadState.NEW: ChangedMeanwhile if step.seen else (LeadState.ACTIVE, step.to),
            LeadState.ACTIVE: HasItAlready
            if step.to == standing.assignee or (step.seen is not None and step.seen != standing.assignee)
            else (LeadState.ACTIVE, step.to)
            if mine
            else NotYours,
            LeadState.DONE: LeadFinished,
        }[state]
    if isinstance(step, Reopen):
        if state is not LeadState.DONE:
            return NotFinished
        if not mine:
            return NotYours
        former = TEAM.get(standing.assignee)
        works = former is not None and former.active and former.role is not MemberRole.PRIVACY
        return (LeadState.ACTIVE, standing.assignee) if works else (LeadState.NEW, "")
    if state is not LeadState.ACTIVE:
        return LeadFinished if state is LeadState.DONE else NotAssigned
    if not mine:
        return NotYours
    if isinstance(step, TakeBack):
        return (LeadState.NEW, "")
    if isinstance(step, Fail) and step.reason is GONE:
        return ReasonNotOffered
    if isinstance(step, Fail) and step.reason is OTHER and not step.text.strip():
        return ReasonNeedsText
    return (LeadState.DONE, standing.assignee)


def every_case() -> Iterator[tuple[Standing, LeadStep, Member]]:
    for standing, step, role, active in product(STANDINGS.values(), STEPS, ROLES, (True, False)):
        holders = ("anna", *(login for login in TEAM if login != "anna"), "left long ago")
        for holder in holders if standing.assignee else ("",):
            for login in ("anna", "fremd"):  # one who has it, when the holder is anna, and one who has not
                actor = Member(login, login.title(), role, active)
                yield replace(standing, assignee=holder), step, actor
    nobody_had_it = replace(STANDINGS[LeadState.DONE], assignee="")
    for step, role, active in product(STEPS, ROLES, (True, False)):
        yield nobody_had_it, step, Member("anna", "Anna", role, active)


@pytest.mark.parametrize("state", list(LeadState))
@pytest.mark.parametrize("role", ROLES)
def test_every_step_comes_out_as_the_rules_say(state: LeadState, role: MemberRole) -> None:
    cases = [case for case in every_case() if case[0].state is state and case[2].role is role]
    assert len(cases) > 50
    for standing, step, actor in cases:
        wanted = expected(standing, step, actor)
        why = refusal(standing, step, actor, TEAM, NOW)
        if isinstance(wanted, tuple):
            assert why is None, (standing, step, actor, why)
            found = decide(standing, step, actor, TEAM, NOW)
            assert (found.state, found.assignee) == wanted, (standing, step, actor)
        else:
            assert type(why) is wanted, (standing, step, actor, why)
            assert why.cause, "it says why"


def test_whoever_takes_a_new_lead_has_it_since_then_and_a_colleague_keeps_that_time() -> None:
    active = decide(Standing(), Assign("emil"), TEAM["anna"], TEAM, NOW)
    assert active == Standing("emil", activated_at=NOW)
    later = decide(active, Assign("anna"), TEAM["emil"], TEAM, NOW + timedelta(days=1))
    assert later == Standing("anna", activated_at=NOW)


def test_a_lead_taken_back_is_as_if_it_had_never_been_given_away() -> None:
    assert decide(STANDINGS[LeadState.ACTIVE], TakeBack(), TEAM["anna"], TEAM, NOW) == Standing()


def test_finishing_keeps_who_did_it_when_and_why() -> None:
    active = STANDINGS[LeadState.ACTIVE]
    won = decide(active, Succeed(), TEAM["anna"], TEAM, NOW)
    assert won == Standing("anna", LeadResult.SUCCESS, "", "", EARLIER, NOW)
    failed = decide(active, Fail(OTHER, "moved away"), TEAM["anna"], TEAM, NOW)
    assert failed == Standing("anna", LeadResult.FAILURE, "other", "moved away", EARLIER, NOW)


def test_a_reopened_lead_has_no_result_any_more() -> None:
    assert decide(STANDINGS[LeadState.DONE], Reopen(), TEAM["anna"], TEAM, NOW) == Standing(
        "anna", activated_at=EARLIER
    )


def test_a_lead_of_somebody_who_left_is_new_when_it_is_reopened() -> None:
    for gone in ("cem", "dora", "left long ago"):
        done = replace(STANDINGS[LeadState.DONE], assignee=gone)
        assert decide(done, Reopen(), TEAM["ben"], TEAM, NOW) == Standing()


def test_the_one_who_was_slower_is_told_whose_it_is() -> None:
    taken = Standing("anna", activated_at=EARLIER)
    for actor in (TEAM["ben"], TEAM["emil"]):
        with pytest.raises(HasItAlready, match=r"Anna Berg \(anna\) has it already"):
            decide(taken, Assign("emil", seen=""), actor, TEAM, NOW)
    with pytest.raises(NotYours, match=r"Only Anna Berg \(anna\), who has it, or an admin"):
        decide(taken, Assign("emil"), TEAM["emil"], TEAM, NOW)


def test_a_member_is_called_by_name_and_login() -> None:
    assert [called(login, TEAM) for login in ("anna", "emil", "left long ago")] == [
        *("Anna Berg (anna)", "emil", "left long ago")
    ]


def test_a_new_lead_is_active_when_somebody_is_named_who_works_here() -> None:
    assert begun("", TEAM, NOW) == Standing()
    assert begun("emil", TEAM, NOW) == Standing("emil", activated_at=NOW)
    for login, refused in (("nobody", UnknownAssignee), ("cem", InactiveAssignee), ("dora", NoAssignee)):
        with pytest.raises(refused):
            begun(login, TEAM, NOW)


def test_notes_and_calls_are_for_active_reps_and_admins() -> None:
    check_works(TEAM["anna"])
    check_works(TEAM["ben"])
    with pytest.raises(NotAMember):
        check_works(TEAM["cem"])
    with pytest.raises(ReadsOnly):
        check_works(TEAM["dora"])


def test_a_refusal_survives_the_way_between_processes() -> None:
    why = refusal(Standing("anna"), Assign("anna"), TEAM["ben"], TEAM, NOW)
    again = pickle.loads(pickle.dumps(why))
    assert isinstance(again, HasItAlready)
    assert (again.cause, again.told) == (why.cause if why else "", why.told if why else "")


@given(
    st.lists(
        st.tuples(
            st.sampled_from(STEPS), st.sampled_from([*TEAM.values()]), st.integers(min_value=0, max_value=99)
        ),
        max_size=12,
    )
)
def test_whatever_is_done_the_state_follows_from_the_facts(steps: list[tuple[LeadStep, Member, int]]) -> None:
    standing = Standing()
    for step, actor, day in steps:
        before = standing
        try:
            standing = decide(standing, step, actor, TEAM, NOW + timedelta(days=day))
        except (LeadRefusal, NotAMember):
            continue
        assert standing != before
        assert actor.active
        assert actor.role is not MemberRole.PRIVACY
        assert (standing.state is LeadState.NEW) == (not standing.assignee)
        assert (standing.state is LeadState.NEW) == (standing.activated_at is None)
        assert (standing.state is LeadState.DONE) == bool(standing.result) == bool(standing.finished_at)
        assert bool(standing.reason) == (standing.result is LeadResult.FAILURE)
        if standing.assignee:
            assert TEAM[standing.assignee].active
