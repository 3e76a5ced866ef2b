"""How leads are shared out among several assignees: who gets how many, and which; pure, and the same each time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.domain.errors import BadInput

#: The largest weight; more says nothing that smaller numbers do not.
MOST_WEIGHT = 1_000
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Share:
    """`login` gets `weight` parts of what is shared out. `weight`: 1 to MOST_WEIGHT."""

    login: str
    weight: int = 1


class BadShare(BadInput):
    """Shares that nothing can be dealt by."""


def read_share(typed: str) -> Share:
    """The share that "anna" or "anna=2" stands for. Raises BadShare."""
    login, sign, weight = (part.strip() for part in typed.partition("="))
    if not login:
        raise BadShare("an assignee is named as LOGIN or LOGIN=WEIGHT")
    if not sign:
        return Share(login)
    if not (weight.isdecimal() and len(weight) <= len(str(MOST_WEIGHT)) and 1 <= int(weight) <= MOST_WEIGHT):
        raise BadShare("a weight is a whole number from 1 to {most}", most=MOST_WEIGHT)
    return Share(login, int(weight))


def check_shares(shares: Sequence[Share]) -> None:
    """Raise BadShare for none, for a login that stands there twice, and for weights out of range."""
    if not shares:
        raise BadShare("name at least one assignee")
    logins = [share.login for share in shares]
    for login in logins:
        if logins.count(login) > 1:
            raise BadShare("{login} is named twice", login=login)
    if any(not 1 <= share.weight <= MOST_WEIGHT for share in shares):
        raise BadShare("a weight is a whole number from 1 to {most}", most=MOST_WEIGHT)


def amounts(total: int, shares: Sequence[Share], *, in_turn: bool = False) -> dict[str, int]:
    """How many of `total` each one gets, in the order of `shares`; together they are `total`.

    Nobody is more than one away from the exact share; what is left over goes to the largest remainders, of equal ones to
    those named first. `in_turn`: round-robin, in which each gets `weight` of them and then it is the next one's turn.
    Raises BadShare.
    """
    check_shares(shares)
    if in_turn:
        return _in_turn(total, shares)
    parts = sum(share.weight for share in shares)
    exact = [divmod(total * share.weight, parts) for share in shares]
    left = total - sum(whole for whole, _rest in exact)
    by_rest = sorted(range(len(shares)), key=lambda place: (-exact[place][1], place))
    lucky = set(by_rest[:left])
    return {
        share.login: whole + (place in lucky)
        for place, (share, (whole, _rest)) in enumerate(zip(shares, exact, strict=True))
    }


def _in_turn(total: int, shares: Sequence[Share]) -> dict[str, int]:
    rounds, left = divmod(total, sum(share.weight for share in shares))
    found = {}
    for share in shares:
        more = min(left, share.weight)
        found[share.login] = rounds * share.weight + more
        left -= more
    return found


def deal(items: Sequence[_T], shares: Sequence[Share], *, in_turn: bool = False) -> list[tuple[_T, str]]:
    """Each item with the login that gets it, in the order of `items`: the first ones go to whom is named first, or one
    goes to each `in_turn`; how many each one gets, `amounts` says. Raises BadShare."""
    if in_turn:
        check_shares(shares)
        turn = list(_each(shares))
        return [(item, turn[place % len(turn)]) for place, item in enumerate(items)]
    each = (Share(login, n) for login, n in amounts(len(items), shares).items())
    return list(zip(items, _each(each), strict=True))


def _each(shares: Iterable[Share]) -> Iterable[str]:
    """Every login as often as it weighs."""
    return (share.login for share in shares for _part in range(share.weight))
