"""Asks of an opportunity in the store what `app.domain.leads.success` says of it and the lead that became it."""

from __future__ import annotations

from app.domain.leads.success import check_may_go_on, check_may_leave
from app.domain.opportunities.rules import Opportunity
from app.domain.opportunities.stages import Outcome
from app.store.connection import Connection
from app.store.leads.changing import chances_of, standing_leads


def check_leaves(read: Connection, chance: Opportunity) -> None:
    """Raise Refused when its lead would be successful without it."""
    if chance.lead is None:
        return
    lead = standing_leads(read, [chance.lead.id])[chance.lead.id]
    check_may_leave(chance.id, lead.title, lead.standing, chances_of(read, [lead.id])[lead.id])


def check_goes_on(read: Connection, chance: Opportunity) -> None:
    """Raise Refused when it is lost, and its lead has become another one since."""
    if chance.lead is None or chance.outcome is not Outcome.LOST or chance.closed_at is None:
        return
    lost_at = int(chance.closed_at.timestamp())
    check_may_go_on(chance.id, lost_at, chances_of(read, [chance.lead.id])[chance.lead.id])
