"""Leads are shared out fairly, none is lost, and the same shares give the same amounts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.leads.distribution import (
    MOST_WEIGHT,
    BadShare,
    Share,
    amounts,
    check_shares,
    deal,
    read_share,
)

SHARES = st.lists(
    st.builds(Share, st.text("abcdef", min_size=1, max_size=3), st.integers(1, 9)),
    min_size=1,
    max_size=6,
    unique_by=lambda share: share.login,
)


@pytest.mark.parametrize(
    ("typed", "share"),
    [("anna", Share("anna")), ("anna=2", Share("anna", 2)), (" anna = 1000 ", Share("anna", 1000))],
)
def test_a_share_is_a_login_with_or_without_a_weight(typed: str, share: Share) -> None:
    assert read_share(typed) == share


@pytest.mark.parametrize(
    "typed", ["", "=2", "anna=", "anna=0", "anna=-1", "anna=1,5", "anna=x", "anna=1001", "a=" + "9" * 5000]
)
def test_what_is_no_share_is_refused(typed: str) -> None:
    with pytest.raises(BadShare):
        read_share(typed)


@pytest.mark.parametrize(
    "shares",
    [[], [Share("a"), Share("a", 2)], [Share("a", 0)], [Share("a", MOST_WEIGHT + 1)]],
)
@pytest.mark.parametrize("in_turn", [False, True])
def test_nothing_can_be_dealt_by_such_shares(shares: list[Share], in_turn: bool) -> None:
    for use in (
        lambda: check_shares(shares),
        lambda: amounts(5, shares, in_turn=in_turn),
        lambda: deal([1, 2], shares, in_turn=in_turn),
    ):
        with pytest.raises(BadShare):
            use()


@pytest.mark.parametrize(
    ("total", "shares", "wanted"),
    [
        (5, [Share("anna")], {"anna": 5}),
        (7, [Share("anna"), Share("ben"), Share("cem")], {"anna": 3, "ben": 2, "cem": 2}),
        (9, [Share("anna", 2), Share("ben")], {"anna": 6, "ben": 3}),
        (5, [Share("anna"), Share("ben", 2)], {"anna": 2, "ben": 3}),
        (0, [Share("anna"), Share("ben")], {"anna": 0, "ben": 0}),
        (1, [Share("anna"), Share("ben", 3)], {"anna": 0, "ben": 1}),
    ],
)
def test_everybody_gets_their_share(total: int, shares: list[Share], wanted: dict[str, int]) -> None:
    assert amounts(total, shares) == wanted


def test_shares_keep_the_order_of_the_list_together_and_turns_go_round() -> None:
    two = [Share("anna"), Share("ben")]
    assert deal([1, 2, 3, 4, 5], two) == [(1, "anna"), (2, "anna"), (3, "anna"), (4, "ben"), (5, "ben")]
    assert deal([1, 2, 3], two, in_turn=True) == [(1, "anna"), (2, "ben"), (3, "anna")]
    weighted = [Share("anna", 2), Share("ben")]
    assert [login for _item, login in deal(range(5), weighted, in_turn=True)] == [
        *("anna", "anna", "ben", "anna", "anna")
    ]


@given(st.integers(0, 500), SHARES, st.booleans())
def test_the_total_is_kept_and_what_is_dealt_is_what_was_announced(
    total: int, shares: list[Share], in_turn: bool
) -> None:
    announced = amounts(total, shares, in_turn=in_turn)
    assert sum(announced.values()) == total
    assert list(announced) == [share.login for share in shares]
    dealt = deal(range(total), shares, in_turn=in_turn)
    assert [item for item, _login in dealt] == list(range(total))
    assert announced == {share.login: sum(login == share.login for _item, login in dealt) for share in shares}
    assert deal(range(total), shares, in_turn=in_turn) == dealt


@given(st.integers(0, 500), SHARES)
def test_nobody_is_more_than_one_away_from_the_exact_share(total: int, shares: list[Share]) -> None:
    parts = sum(share.weight for share in shares)
    for share, got in zip(shares, amounts(total, shares).values(), strict=True):
        assert abs(got - total * share.weight / parts) < 1
