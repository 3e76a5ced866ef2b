"""What a team may make of its reasons: names, their order, and that one is always left; pure, it stores nothing."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.crm.reasons import FinishReason, reason_word
from app.domain.errors import BadInput, NotFound, Refused
from app.domain.text import clean_line

LONGEST_REASON = 60


class ReasonNotFound(NotFound):
    title = "There is no such reason"


def reason_name(typed: str) -> str:
    """The name of a reason as it is stored. Raises BadInput; a colon parts a reason from its text on the command line."""
    name = " ".join(clean_line(typed).split())
    if not name:
        raise BadInput("the name of a reason must not be empty")
    if len(name) > LONGEST_REASON:
        raise BadInput("the name of a reason must not be longer than {n} characters", n=LONGEST_REASON)
    if ":" in name:
        raise BadInput("the name of a reason holds no colon")
    return name


def find_reason(reasons: Sequence[FinishReason], name: str) -> FinishReason:
    """The reason with this stored name. Raises ReasonNotFound."""
    for reason in reasons:
        if reason.name == name:
            return reason
    raise ReasonNotFound(name)


def checked(reasons: Sequence[FinishReason]) -> list[FinishReason]:
    """The reasons as they shall be. Raises Refused for two that read alike, and when none would be left to choose."""
    read: set[str] = set()
    for reason in reasons:
        words = {reason.name.casefold(), reason_word(reason.name).casefold()}
        if words & read:
            raise Refused("There is a reason “{name}” already.", name=reason_word(reason.name))
        read |= words
    if not any(reason.active for reason in reasons):
        raise Refused("At least one reason must be left to choose.")
    return list(reasons)


def moved(reasons: Sequence[FinishReason], name: str, steps: int) -> list[FinishReason]:
    """The reasons with this one so many places further down, at the ends no further. Raises ReasonNotFound."""
    reason = find_reason(reasons, name)
    place = max(0, min(list(reasons).index(reason) + steps, len(reasons) - 1))
    rest = [other for other in reasons if other is not reason]
    return [*rest[:place], reason, *rest[place:]]
