"""Operations survive their way through the table, and flag changes add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.operations import Append, Delete, Effect, FlagsChange, Move, kind_of, read_effect

FLAGS = ("\\Answered", "\\Flagged", "\\Seen")


@st.composite
def changes(draw: st.DrawFn) -> FlagsChange:
    wanted = {flag: draw(st.sampled_from("+- ")) for flag in FLAGS}
    add = tuple(flag for flag, sign in wanted.items() if sign == "+")
    return FlagsChange(add, tuple(flag for flag, sign in wanted.items() if sign == "-"))


def apply(flags: frozenset[str], change: FlagsChange) -> frozenset[str]:
    return (flags | set(change.add)) - set(change.remove)


@given(
    st.one_of(
        changes(),
        st.builds(Move, st.integers(1)),
        st.just(Delete()),
        st.builds(Append, st.lists(st.sampled_from(FLAGS)).map(tuple), st.integers(0), st.booleans()),
    )
)
def test_a_task_survives_its_way_through_the_table(effect: Effect) -> None:
    assert read_effect(kind_of(effect), effect.to_json()) == effect


@given(st.frozensets(st.sampled_from(FLAGS)), changes(), changes())
def test_two_changes_joined_have_the_effect_of_both_in_order(
    flags: frozenset[str], first: FlagsChange, later: FlagsChange
) -> None:
    joined = first.then(later)
    assert apply(flags, joined) == apply(apply(flags, first), later)
    assert not set(joined.add) & set(joined.remove)


@given(st.frozensets(st.sampled_from(FLAGS)), changes())
def test_a_change_that_had_an_effect_is_turned_back_by_its_reverse(
    flags: frozenset[str], change: FlagsChange
) -> None:
    effective = FlagsChange(
        tuple(flag for flag in change.add if flag not in flags),
        tuple(flag for flag in change.remove if flag in flags),
    )
    assert apply(apply(flags, effective), effective.reversed()) == flags
    assert not effective.but_not(effective.reversed())


@pytest.mark.parametrize(
    ("kind", "arguments"), [("polish", "{}"), ("move", "{}"), ("flags", "[]"), ("delete", "")]
)
def test_a_row_nobody_here_has_written_is_an_error(kind: str, arguments: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        read_effect(kind, arguments)
