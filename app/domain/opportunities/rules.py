"""The rules of opportunities (Verkaufschancen): who may do what with one, and what one is worth; pure, it stores nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from app.domain.crm.kinds import RecordRow
from app.domain.crm.reasons import FinishReason, meant_reason
from app.domain.crm.record_fields import LONGEST_NOTE
from app.domain.crm.record_input import FIELD_NAMES, OpportunityInput, read_input
from app.domain.due import check_day_ahead
from app.domain.errors import BadInput, PostkorbError, Refused
from app.domain.leads.rules import ReasonNeedsText, Team, called, check_assignee, check_works
from app.domain.months import month_of
from app.domain.opportunities.stages import Outcome, Stage
from app.domain.team.members import Member, MemberRole, NotAMember
from app.domain.text import clean_block
from app.language import _


class Action(StrEnum):
    """What a member does with an opportunity."""

    CREATE = "create"
    CHANGE = "change"
    MOVE = "move"
    HAND_ON = "pass on"
    WIN = "win"
    LOSE = "lose"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Opportunity:
    """One opportunity. `value` in cents, `probability` in percent; `assignee` is a login; `changed_at`, in epoch seconds,
    grows with each change."""

    id: int
    title: str
    value: int | None = None
    probability: int = 0
    stage: str = ""
    outcome: Outcome = Outcome.OPEN
    expected_on: date | None = None
    assignee: str = ""
    assignee_name: str = ""
    contact: RecordRow | None = None
    lead: RecordRow | None = None
    reason: str = ""
    reason_text: str = ""
    note: str = ""
    created_at: datetime | None = None
    closed_at: datetime | None = None
    changed_at: int = 0

    @property
    def weighted(self) -> int:
        """See `weighted`."""
        return weighted(self.value, self.probability)

    @property
    def month(self) -> str:
        """When it is expected, as "2027-01"; empty for never."""
        return month_of(self.expected_on) if self.expected_on else ""

    def is_overdue(self, today: date) -> bool:
        """Whether it should have been decided by now."""
        return self.outcome is Outcome.OPEN and self.expected_on is not None and self.expected_on < today

    @property
    def input(self) -> OpportunityInput:
        """What of it is typed."""
        return OpportunityInput(
            title=self.title,
            contact_id=self.contact.id if self.contact else None,
            lead_id=self.lead.id if self.lead else None,
            value=self.value,
            probability=self.probability,
            stage=self.stage,
            expected_on=self.expected_on,
            assignee=self.assignee,
            note=self.note,
        )


def weighted(value: int | None, probability: int) -> int:
    """What it is worth by its probability, in cents, half a cent rounded up. Sums add these up, so that the lines of a
    list, its months and its stages all come to the same cent."""
    return ((value or 0) * probability + 50) // 100


# -- who may do what


def check(action: Action, member: Member, opportunity: Opportunity | None = None) -> None:
    """Raise Refused, saying why, or NotAMember, when this member may not do that. `opportunity`: what it is about; a new
    one is none yet."""
    check_works(member)
    if opportunity is not None:
        _check_theirs(action, member, opportunity)
        _check_standing(action, opportunity)


def refusal(action: Action, member: Member, opportunity: Opportunity | None = None) -> PostkorbError | None:
    """Why `check` refuses, None when it does not: for those who show what can be done."""
    try:
        check(action, member, opportunity)
    except (Refused, NotAMember) as error:
        return error
    return None


def _check_theirs(action: Action, member: Member, opportunity: Opportunity) -> None:
    if member.role is MemberRole.ADMIN or opportunity.assignee == member.login:
        return
    if opportunity.assignee:
        name = opportunity.assignee_name or opportunity.assignee
        raise Refused("{name} works on it; only {name} or an admin may do that.", name=name)
    if action is not Action.HAND_ON:
        raise Refused("Nobody has it; pass it on to somebody first.")


def _check_standing(action: Action, opportunity: Opportunity) -> None:
    is_open = opportunity.outcome is Outcome.OPEN
    if action is Action.REOPEN and is_open:
        raise Refused("It is open already.")
    if action in (Action.CHANGE, Action.REOPEN) or is_open:
        return
    if opportunity.outcome is Outcome.WON:
        raise Refused("It is won; reopen it first.")
    raise Refused("It is lost; reopen it first.")


def check_pass_on(member: Member, opportunity: Opportunity, to: str, team: Team) -> None:
    """Raise Refused, saying why, when this member may not pass it on to the one with this login."""
    check(Action.HAND_ON, member, opportunity)
    check_assignee(to, team)
    if to == opportunity.assignee:
        raise Refused("{name} works on it already.", name=called(to, team))


def check_move(member: Member, opportunity: Opportunity, to: Stage) -> None:
    """Raise Refused, saying why, when this member may not move it to this stage; one that means won wins it."""
    check(Action.MOVE, member, opportunity)
    if to.name == opportunity.stage:
        raise Refused("It is at this stage already.")
    if not to.active:
        raise Refused("Nothing new comes to the stage “{name}”.", name=to.name)
    if to.outcome is Outcome.LOST:
        raise Refused("What is lost needs a reason: name it.")


def check_lost(typed: str, text: str, reasons: Iterable[FinishReason]) -> tuple[FinishReason, str]:
    """The reason that was typed, and what was said about it, cleaned. Raises UnknownReason naming all, ReasonNeedsText, and
    BadInput for a text that is too long."""
    reason, said = meant_reason(typed, reasons)
    said = read_said(text or said)
    if reason.needs_text and not said:
        raise ReasonNeedsText("This reason needs a text that says more.")
    return reason, said


class MovedMeanwhile(Refused):
    """Somebody else was faster; `cause` says who, and what it is now. Nothing was done."""

    title = "Somebody was faster"


# -- what is typed


def read_said(text: str) -> str:
    """A note as it is stored. Raises BadInput for one that is too long."""
    said = clean_block(text).strip()
    if len(said) > LONGEST_NOTE:
        reason = _("longer than {n} characters").format(n=LONGEST_NOTE)
        raise BadInput(f"{_(FIELD_NAMES['note'])}: {reason}")
    return said


def read_opportunity(
    values: Mapping[str, Any], today: date, before: Opportunity | None = None
) -> OpportunityInput:
    """What was typed for a new opportunity, or to change the one `before`. Raises BadInput, and what `check_typed` does."""
    given = before.input.model_dump() if before else {}
    data = read_input(OpportunityInput, {**given, **values}, today)
    check_typed(data, today, before)
    return data


def check_typed(data: OpportunityInput, today: date, before: Opportunity | None = None) -> None:
    """Raise DuePast for a day in the past, unless it was there before; BadInput for a stage or an assignee that is not that
    of the one `before`; Refused for another probability of what is decided."""
    check_day_ahead(data.expected_on, today, before and before.expected_on)
    if before is None:
        return
    if (data.stage, data.assignee) != (before.stage, before.assignee):
        raise BadInput("an opportunity is moved and passed on by steps of their own")
    if before.outcome is not Outcome.OPEN and data.probability != before.probability:
        raise Refused("The probability of what is won or lost is fixed.")
