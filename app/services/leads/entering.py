"""What holds for a lead that is made, or whose fields are changed: who may do so, who gets it, and how it stands then."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind
from app.domain.crm.record_input import LeadInput
from app.domain.leads.rules import Assign, LeadStep, Standing, TakeBack, begun, check_works
from app.domain.team.members import Member
from app.domain.undo import RestoreLeads
from app.services.leads.steps import AtWork
from app.services.team.acting import team_of
from app.store.connection import Connection
from app.store.crm.history import add_entry
from app.store.leads.changing import StandingLead, write_standings


def first_standing(tx: Connection, data: LeadInput, member: Member | None, now: datetime) -> Standing:
    """How a lead stands that this member is about to make. Without a member nobody of the team makes it, and whoever it
    names has it. Raises NotAMember and LeadRefusal."""
    if member is None:
        return Standing(data.assignee, activated_at=now if data.assignee else None)
    check_works(member)
    return begun(data.assignee, team_of(tx), now)


def begin(tx: Connection, number: int, standing: Standing, author: str, at: int) -> None:
    """Let a lead that was made just now stand so, and tell who it was given to: nobody has had it before. `author`: a login,
    or empty; `at`: when that was, in epoch seconds."""
    write_standings(tx, [(number, standing, at)])
    if standing.assignee:
        details = {"assignee": ["", standing.assignee]}
        add_entry(tx, Kind.LEAD, number, Event.ASSIGNED, author, at, details=details)


@dataclass(frozen=True, slots=True)
class PassedOn:
    """A step that a change of a lead's assignee amounts to, decided and to be written."""

    work: AtWork
    lead: StandingLead
    step: LeadStep
    after: Standing

    def write(self) -> list[RestoreLeads]:
        """Carry it out, and tell of it; the way back."""
        return self.work.write([(self.lead, self.step, self.after)])


def passed_on(tx: Connection, number: int, data: LeadInput, member: Member, now: datetime) -> PassedOn | None:
    """What it means for a lead that its fields are changed to these: that somebody else has it, or nothing.

    Raises NotFound, NotAMember and LeadRefusal.
    """
    check_works(member)
    work = AtWork(tx, member, team_of(tx), now)
    lead = work.lead(number)
    if data.assignee == lead.standing.assignee:
        return None
    step: LeadStep = Assign(data.assignee) if data.assignee else TakeBack()
    return PassedOn(work, lead, step, work.decided(lead, step))
