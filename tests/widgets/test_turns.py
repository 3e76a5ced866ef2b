"""Of what is asked about one thing the last counts."""

from __future__ import annotations

from app.widgets.turns import Turns


def test_what_is_begun_ends_what_was_begun_before() -> None:
    turns = Turns()
    first, second = turns.begin(), turns.begin()
    assert first.is_over
    assert not second.is_over
    assert turns.last is second


def test_work_of_a_turn_that_is_over_is_not_done() -> None:
    turns, done = Turns(), []
    first = turns.begin().unless_over(done.append)
    first("in time")
    second = turns.begin().unless_over(done.append)
    first("late")
    second("in time, too")
    assert done == ["in time", "in time, too"]


def test_two_things_have_turns_of_their_own() -> None:
    one, other = Turns(), Turns()
    turn = one.begin()
    other.begin()
    assert not turn.is_over
