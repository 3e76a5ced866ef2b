"""What may be done with a lead, by whom and when, and how it stands afterwards; knows no store and no clock.

The state follows from facts: a lead is new while nobody has it, active while somebody does, done once it has a result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.crm.kinds import LeadResult, LeadState
from app.domain.crm.reasons import FinishReason
from app.domain.errors import PostkorbError, Refused
from app.domain.team.members import Member, MemberRole, NotAMember


@dataclass(frozen=True, slots=True)
class Standing:
    """How a lead stands. `assignee`: a login, empty while nobody has it; of one that is done, who finished it.
    `activated_at`: since when somebody works on it."""

    assignee: str = ""
    result: LeadResult = LeadResult.NONE
    reason: str = ""
    reason_text: str = ""
    activated_at: datetime | None = None
    finished_at: datetime | None = None

    @property
    def state(self) -> LeadState:
        if self.result:
            return LeadState.DONE
        return LeadState.ACTIVE if self.assignee else LeadState.NEW


@dataclass(frozen=True, slots=True)
class Assign:
    """Give it to the member with the login `to`. `seen`: who had it, as far as the person who asks for this knew (empty:
    nobody); None: whoever has it."""

    to: str
    seen: str | None = None


@dataclass(frozen=True, slots=True)
class TakeBack:
    """Nobody has it any more."""


@dataclass(frozen=True, slots=True)
class Succeed:
    """It becomes an opportunity (erfolgreich)."""


@dataclass(frozen=True, slots=True)
class Fail:
    """It comes to nothing (erfolglos)."""

    reason: FinishReason
    text: str = ""


@dataclass(frozen=True, slots=True)
class Reopen:
    """Whoever had it works on it again."""


LeadStep = Assign | TakeBack | Succeed | Fail | Reopen
#: All members by login, those who are no longer active among them.
Team = Mapping[str, Member]


class LeadRefusal(Refused):
    """A rule forbids a step; `cause` says why."""


class ReadsOnly(LeadRefusal):
    """Privacy officers do not work on leads."""


class UnknownAssignee(LeadRefusal):
    """Nobody has this login."""


class InactiveAssignee(LeadRefusal):
    """They no longer work here."""


class NoAssignee(LeadRefusal):
    """A privacy officer is given no leads."""


class LeadFinished(LeadRefusal):
    """It would have to be reopened first."""


class NotAssigned(LeadRefusal):
    """Nobody has it."""


class NotFinished(LeadRefusal):
    """There is nothing to reopen."""


class HasItAlready(LeadRefusal):
    """Somebody has it: the one whom it was for, or another, who was faster."""


class ChangedMeanwhile(LeadRefusal):
    """It is not how it was when the person looked."""


class HasOpportunity(LeadRefusal):
    """Nothing is to be said of an opportunity that it does not make."""


class NotYours(LeadRefusal):
    """It is a colleague's."""


class ReasonNeedsText(LeadRefusal):
    """The reason says nothing by itself."""


class ReasonNotOffered(LeadRefusal):
    """The team no longer uses this reason."""


def decide(standing: Standing, step: LeadStep, actor: Member, team: Team, now: datetime) -> Standing:
    """How a lead stands after this step of a member. Raises NotAMember when that member is no longer active, and a
    LeadRefusal that says why."""
    check_works(actor)
    match step:
        case Assign():
            return _assigned(standing, step, actor, team, now)
        case TakeBack():
            return _taken_back(standing, actor, team)
        case Succeed():
            _check_may_finish(standing, actor, team)
            return replace(standing, result=LeadResult.SUCCESS, finished_at=now)
        case Fail(reason, text):
            _check_may_finish(standing, actor, team)
            _check_reason(reason, text)
            return replace(
                standing, result=LeadResult.FAILURE, reason=reason.name, reason_text=text, finished_at=now
            )
        case Reopen():
            return _reopened(standing, actor, team)


def refusal(
    standing: Standing, step: LeadStep, actor: Member, team: Team, now: datetime
) -> PostkorbError | None:
    """Why a step is not possible, None when it is: for those who show what can be done."""
    try:
        decide(standing, step, actor, team, now)
    except (LeadRefusal, NotAMember) as error:
        return error
    return None


def never_assigned(standing: Standing, actor: Member, team: Team, now: datetime) -> PostkorbError | None:
    """Why a member may give a lead to nobody; None when there is somebody who may get it, or nobody who could."""
    first: PostkorbError | None = None
    for login in sorted(
        team, key=lambda login: login != actor.login
    ):  # what speaks against others is that they have it
        if may_be_given(login, team):
            error = refusal(standing, Assign(login), actor, team, now)
            if error is None:
                return None
            first = first or error
    return first


def begun(assignee: str, team: Team, now: datetime) -> Standing:
    """How a new lead stands: active with an assignee, else new. Raises LeadRefusal for one who cannot work on it."""
    if not assignee:
        return Standing()
    check_assignee(assignee, team)
    return Standing(assignee, activated_at=now)


def check_works(actor: Member) -> None:
    """Raise NotAMember or ReadsOnly for members who do not work on leads: who make none, change none, note nothing."""
    if not actor.active:
        raise NotAMember(actor.login)
    if actor.role is MemberRole.PRIVACY:
        raise ReadsOnly("Privacy officers read; reps and admins do the work.")


def check_assignee(login: str, team: Team) -> None:
    """Raise UnknownAssignee, InactiveAssignee or NoAssignee for a login that is given no work."""
    member = team.get(login)
    if member is None:
        raise UnknownAssignee("Nobody in the team has the login “{login}”.", login=login)
    if not member.active:
        raise InactiveAssignee("{name} is no longer active.", name=called(login, team))
    if member.role is MemberRole.PRIVACY:
        raise NoAssignee("{name} is a privacy officer and is given no work.", name=called(login, team))


def may_be_given(login: str, team: Team) -> bool:
    """Whether `check_assignee` has nothing against this login."""
    try:
        check_assignee(login, team)
    except LeadRefusal:
        return False
    return True


def goes_on(assignee: str, actor: Member, team: Team) -> str:
    """Who works on what a member opens again: whoever had it, if they can be given work, else that member; nobody, if nobody
    had it. A login."""
    return assignee if not assignee or may_be_given(assignee, team) else actor.login


def called(login: str, team: Team) -> str:
    """A member as refusals name them: "Anna Berg (anna)"."""
    member = team.get(login)
    return login if member is None or member.name in ("", login) else f"{member.name} ({login})"


def _assigned(standing: Standing, step: Assign, actor: Member, team: Team, now: datetime) -> Standing:
    check_assignee(step.to, team)
    if standing.state is LeadState.DONE:
        raise LeadFinished("It is finished; reopen it first.")
    if standing.assignee and (standing.assignee == step.to or step.seen not in (None, standing.assignee)):
        raise HasItAlready("{name} has it already.", name=called(standing.assignee, team))
    if step.seen and not standing.assignee:
        raise ChangedMeanwhile("It was taken back meanwhile; nobody has it now.")
    if standing.state is LeadState.ACTIVE:
        _check_own(standing, actor, team)
    return replace(standing, assignee=step.to, activated_at=standing.activated_at or now)


def _taken_back(standing: Standing, actor: Member, team: Team) -> Standing:
    if standing.state is LeadState.DONE:
        raise LeadFinished("It is finished; reopen it first.")
    if standing.state is LeadState.NEW:
        raise NotAssigned("Nobody has it; there is nothing to take back.")
    _check_own(standing, actor, team)
    return Standing()


def _check_may_finish(standing: Standing, actor: Member, team: Team) -> None:
    if standing.state is LeadState.DONE:
        raise LeadFinished("It is finished already.")
    if standing.state is LeadState.NEW:
        raise NotAssigned("Only a lead that somebody has can be finished; assign it first.")
    _check_own(standing, actor, team)


def _check_reason(reason: FinishReason, text: str) -> None:
    if not reason.active:
        raise ReasonNotOffered("The reason “{name}” is no longer used.", name=reason.name)
    if reason.needs_text and not text.strip():
        raise ReasonNeedsText("This reason needs a text that says more.")


def _reopened(standing: Standing, actor: Member, team: Team) -> Standing:
    if standing.state is not LeadState.DONE:
        raise NotFinished("It is not finished; only a finished lead can be reopened.")
    _check_own(standing, actor, team)
    if not may_be_given(standing.assignee, team):
        return Standing()
    return Standing(standing.assignee, activated_at=standing.activated_at)


def _check_own(standing: Standing, actor: Member, team: Team) -> None:
    if actor.role is MemberRole.ADMIN or standing.assignee == actor.login:
        return
    if not standing.assignee:
        raise NotYours("Nobody had it; only an admin may do that.")
    raise NotYours("Only {name}, who has it, or an admin may do that.", name=called(standing.assignee, team))


def check_may_merge(standing: Standing, actor: Member, team: Team) -> None:
    """Raise NotYours for a lead that a colleague has or had: merging changes who works on it."""
    if standing.assignee:
        _check_own(standing, actor, team)
