"""Operations survive their way through the table, and flag changes add up."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mail.operations import Append, Delete, Effect, FlagsChange, Move, kind_of, read_effect

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


def effective(flags: frozenset[str], change: FlagsChange) -> FlagsChange:
    add = tuple(flag for flag in change.add if flag not in flags)
    return FlagsChange(add, tuple(flag for flag in change.remove if flag in flags))


@given(st.frozensets(st.sampled_from(FLAGS)), changes(), changes())
def test_two_changes_joined_have_the_effect_of_both_and_no_more(
    flags: frozenset[str], first: FlagsChange, later: FlagsChange
) -> None:
    first = effective(flags, first)
    later = effective(apply(flags, first), later)
    joined = first.then(later)
    assert apply(flags, joined) == apply(apply(flags, first), later)
    assert joined == effective(flags, joined)


@given(st.frozensets(st.sampled_from(FLAGS)), changes())
def test_a_change_and_its_reverse_leave_nothing_to_do(flags: frozenset[str], change: FlagsChange) -> None:
    change = effective(flags, change)
    assert apply(apply(flags, change), change.reversed()) == flags
    assert not change.then(change.reversed())


@pytest.mark.parametrize(
    ("kind", "arguments"), [("polish", "{}"), ("move", "{}"), ("flags", "[]"), ("delete", "")]
)
def test_a_row_nobody_here_has_written_is_an_error(kind: str, arguments: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        read_effect(kind, arguments)
