"""What a team may make of the list of stages, and what it may not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput, Refused
from app.domain.opportunities.stages import (
    Outcome,
    Stage,
    StageNotFound,
    check_may_set,
    check_removal,
    checked,
    find_stage,
    first_stage,
    moved,
    next_stage,
    stage_name,
    stage_probability,
    stage_word,
    usable_stage,
)
from app.domain.team.members import Member, MemberRole
from app.language import in_english

STAGES = [
    Stage("Qualifiziert", 1, Outcome.OPEN, 25),
    Stage("Angebot", 2, Outcome.OPEN, 50),
    Stage("Gewonnen", 3, Outcome.WON, 100),
    Stage("Verloren", 4, Outcome.LOST, 0),
]
NAMES = [stage.name for stage in STAGES]


def with_inactive(name: str) -> list[Stage]:
    return [replace(stage, active=stage.name != name) for stage in STAGES]


@pytest.mark.parametrize("role", MemberRole)
@pytest.mark.parametrize("active", [True, False])
def test_only_admins_change_the_stages(role: MemberRole, active: bool) -> None:
    member = Member("anna", "Anna Berg", role, active)
    if role is MemberRole.ADMIN and active:
        check_may_set(member)
    else:
        with pytest.raises(Refused):
            check_may_set(member)


@pytest.mark.parametrize("name", ["Gewonnen", "Verloren"])
def test_what_is_decided_needs_a_stage(name: str) -> None:
    with pytest.raises(Refused):
        checked(with_inactive(name))
    with pytest.raises(Refused):
        checked([stage for stage in STAGES if stage.name != name])


def test_what_is_open_needs_a_stage_and_one_is_enough() -> None:
    assert checked(with_inactive("Angebot"))
    with pytest.raises(Refused):
        checked([replace(stage, active=stage.outcome is not Outcome.OPEN) for stage in STAGES])


def test_two_stages_have_two_names() -> None:
    with pytest.raises(Refused):
        checked([*STAGES, Stage("ANGEBOT", 5)])


@given(st.sampled_from(NAMES), st.integers(-2, 8))
def test_a_stage_goes_to_a_place_and_the_others_keep_their_order(name: str, place: int) -> None:
    if not 1 <= place <= len(STAGES):
        with pytest.raises(BadInput):
            moved(STAGES, name, place)
        return
    after = moved(STAGES, name, place)
    assert after[place - 1].name == name
    assert [stage.name for stage in after if stage.name != name] == [each for each in NAMES if each != name]
    assert [stage.position for stage in after] == [1, 2, 3, 4]


def test_a_name_is_cleaned_and_not_empty_or_too_long() -> None:
    assert stage_name("  Zusage\n") == "Zusage"
    assert "\x1b" not in stage_name("Zu\x1b[2Jsage")
    for typed in ("", " \n ", "x" * 41):
        with pytest.raises(BadInput):
            stage_name(typed)


@pytest.mark.parametrize("percent", [None, -1, 0, 1, 99, 100, 101])
@pytest.mark.parametrize("outcome", Outcome)
def test_the_probability_of_what_is_decided_is_fixed(outcome: Outcome, percent: int | None) -> None:
    fixed = {Outcome.WON: 100, Outcome.LOST: 0}.get(outcome)
    fits = percent in (None, fixed) if fixed is not None else percent is None or 0 <= percent <= 100
    if fits:
        assert stage_probability(outcome, percent) == (fixed if fixed is not None else percent or 0)
    else:
        with pytest.raises(BadInput):
            stage_probability(outcome, percent)


def test_a_stage_is_found_by_its_name_in_any_case() -> None:
    assert find_stage(STAGES, " angebot ").name == "Angebot"
    with pytest.raises(StageNotFound):
        find_stage(STAGES, "Quark")


def test_opportunities_come_to_active_stages_only_and_who_errs_is_told_which() -> None:
    inactive = with_inactive("Angebot")
    assert usable_stage(STAGES, "ANGEBOT").name == "Angebot"
    with pytest.raises(BadInput, match="Qualifiziert, Gewonnen, Verloren"):
        usable_stage(inactive, "Angebot")
    assert first_stage(with_inactive("Qualifiziert"), Outcome.OPEN).name == "Angebot"


def test_the_next_stage_leaves_out_those_that_are_inactive_but_not_the_one_it_begins_at() -> None:
    inactive = with_inactive("Angebot")
    assert next_stage(inactive, "Qualifiziert", 1) == STAGES[2]
    assert next_stage(inactive, "Angebot", 1) == STAGES[2]
    assert next_stage(inactive, "Angebot", -1) == STAGES[0]
    assert next_stage(STAGES, "Qualifiziert", -1) is None
    assert next_stage(STAGES, "Verloren", 1) is None
    assert next_stage(STAGES, "Quark", 1) is None


def test_a_stage_in_use_goes_only_when_its_opportunities_have_where_to_go() -> None:
    open_one, other, won, lost = STAGES
    check_removal(open_one, 0, None)
    check_removal(open_one, 3, other)
    for to in (None, open_one, won, lost, replace(other, active=False)):
        with pytest.raises(Refused):
            check_removal(open_one, 3, to)


def test_stages_that_are_built_in_are_read_and_meant_in_both_languages() -> None:
    qualified = Stage("Qualifiziert", 1)
    assert stage_word("Qualifiziert") == "Qualifiziert"
    with in_english():
        assert stage_word("Qualifiziert") == "Qualified"
        assert stage_word("Vorführung") == "Vorführung"
        assert find_stage([qualified], "qualified") == find_stage([qualified], "QUALIFIZIERT") == qualified
        assert usable_stage([qualified], "Qualified") == qualified
