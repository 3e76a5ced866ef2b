"""What of two changes to one record goes together, and what somebody must choose for."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.domain.crm.versions import Written, changed_fields, compare

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def written(author: str, *fields: str, minutes: int = 0) -> Written:
    return Written(author, NOON + timedelta(minutes=minutes), frozenset(fields))


def test_only_what_differs_counts_as_changed() -> None:
    before = {"title": "Pumpen", "value": 100, "note": ""}
    assert changed_fields(before, before | {"value": 200, "note": "eilt"}) == {
        "value": (100, 200),
        "note": ("", "eilt"),
    }


def test_changes_of_different_fields_go_together_and_are_told() -> None:
    bert = written("bert", "value")
    clashes, merged = compare(
        {"value": 100, "note": ""}, {"value": 200, "note": ""}, {"note": "eilt"}, [bert]
    )
    assert clashes == []
    assert [(each.name, each.value, each.by) for each in merged] == [("value", 200, bert)]


def test_a_field_that_both_changed_is_to_be_chosen_and_names_whoever_wrote_last() -> None:
    carl = written("carl", "value", minutes=5)
    since = [written("bert", "value", "note"), carl, written("dora", "note", minutes=9)]
    clashes, merged = compare({"value": 100}, {"value": 200}, {"value": 300}, since)
    assert merged == []
    (clash,) = clashes
    assert (clash.before, clash.theirs, clash.mine, clash.by) == (100, 200, 300, carl)


def test_the_same_value_twice_and_a_value_that_was_given_back_are_no_clash() -> None:
    since = [written("bert", "value")]
    assert compare({"value": 100}, {"value": 200}, {"value": 200}, since) == ([], [])
    assert compare({"value": 100}, {"value": 100}, {"value": 300}, since) == ([], [])


def test_a_field_of_which_nobody_knows_who_wrote_it_is_asked_about_all_the_same() -> None:
    (clash,), _merged = compare({"value": 100}, {"value": 200}, {"value": 300}, [])
    assert clash.by is None


STATES = st.fixed_dictionaries({name: st.integers(0, 2) for name in "abc"})


@given(STATES, STATES, st.dictionaries(st.sampled_from("abc"), st.integers(0, 2)))
def test_nothing_that_others_wrote_is_replaced_without_being_asked_about(
    before: dict[str, int], now: dict[str, int], mine: dict[str, int]
) -> None:
    clashes, merged = compare(before, now, mine, [])
    asked = {clash.name for clash in clashes}
    for name in mine:
        assert (name in asked) == (now[name] != before[name] and mine[name] != now[name])
    assert {each.name for each in merged} == {n for n in now if now[n] != before[n] and n not in mine}
