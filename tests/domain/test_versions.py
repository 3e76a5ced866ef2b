"""What of two changes to one record goes together, and what somebody must choose for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain.versions import Written, changed_fields, compare

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def written(author: str, minutes: int = 0, **fields: tuple[Any, Any]) -> Written:
    return Written(author, NOON + timedelta(minutes=minutes), fields)


def test_only_what_differs_counts_as_changed() -> None:
    before = {"title": "Pumpen", "value": 100, "note": ""}
    assert changed_fields(before, before | {"value": 200, "note": "eilt"}) == {
        "value": (100, 200),
        "note": ("", "eilt"),
    }


def test_changes_of_different_fields_go_together_and_are_told() -> None:
    clashes, merged = compare({"value": 200, "note": ""}, {"note": "eilt"}, [written("bert", value=(100, 200))])
    assert clashes == []
    assert [(each.name, each.value, each.author) for each in merged] == [("value", 200, "bert")]


def test_a_field_that_both_changed_is_to_be_chosen_and_names_whoever_wrote_last() -> None:
    since = [written("bert", value=(100, 150)), written("carl", 5, value=(150, 200))]
    clashes, merged = compare({"value": 200}, {"value": 300}, since)
    assert merged == []
    (clash,) = clashes
    assert (clash.before, clash.theirs, clash.mine, clash.author) == (100, 200, 300, "carl")
    assert clash.at == NOON + timedelta(minutes=5)


def test_the_same_value_twice_and_a_value_that_was_given_back_are_no_clash() -> None:
    assert compare({"value": 200}, {"value": 200}, [written("bert", value=(100, 200))]) == ([], [])
    back = [written("bert", value=(100, 200)), written("bert", value=(200, 100))]
    assert compare({"value": 100}, {"value": 300}, back) == ([], [])


STATES = st.fixed_dictionaries({name: st.integers(0, 2) for name in "abc"})


@given(STATES, st.lists(STATES, max_size=4), st.dictionaries(st.sampled_from("abc"), st.integers(0, 2)))
def test_nothing_that_others_wrote_is_replaced_without_being_asked_about(
    start: dict[str, int], states: list[dict[str, int]], mine: dict[str, int]
) -> None:
    since, now = [], start
    for state in states:
        since.append(written("bert", **changed_fields(now, state)))
        now = state
    clashes, merged = compare(now, mine, since)
    asked = {clash.name for clash in clashes}
    for name in mine:
        lost = now[name] != start[name] and mine[name] != now[name]
        assert (name in asked) == lost
    assert {each.name for each in merged} == {n for n in now if now[n] != start[n] and n not in mine}
