"""What holds for every opportunity that is made, or changed by what was typed, wherever that is done."""

from __future__ import annotations

from datetime import datetime

from app.domain.crm.record_input import OpportunityInput
from app.domain.errors import BadInput
from app.domain.leads.rules import check_assignee
from app.domain.opportunities.rules import Action, check, check_typed
from app.domain.opportunities.stages import Outcome, usable_stage
from app.domain.team.members import Member
from app.language import _
from app.services.opportunities.finding import found_opportunity
from app.services.opportunities.success import check_leaves
from app.services.team.acting import acting, team_of
from app.store.connection import Connection
from app.store.opportunities.stages import stages


def check_new(tx: Connection, data: OpportunityInput, member: Member, now: datetime) -> None:
    """Raise NotAMember, Refused for who makes none and for an assignee who cannot have it, DuePast, and BadInput for a stage
    at which none begins."""
    check(Action.CREATE, member)
    check_typed(data, now.date())
    if usable_stage(stages(tx), data.stage).outcome is not Outcome.OPEN:
        raise BadInput(f"{_('Stage')}: {_('a new opportunity begins at an open stage')}")
    if data.assignee:
        check_assignee(data.assignee, team_of(tx))


def check_changed(tx: Connection, number: int, after: OpportunityInput, author: str, now: datetime) -> None:
    """Raise NotAMember, Refused, and BadInput for what has steps of its own; DuePast for a day that was set anew. What a lead
    is successful because of stays with that lead."""
    before = found_opportunity(tx, number)
    check(Action.CHANGE, acting(tx, author, now), before)
    check_typed(after, now.date(), before)
    if before.lead is not None and after.lead_id != before.lead.id:
        check_leaves(tx, before)
