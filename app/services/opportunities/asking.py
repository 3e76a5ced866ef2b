"""What must be known to ask a person what shall become of an opportunity: how it stands, whom it can go to, why it may be
lost; reads in one go, changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.crm.reasons import FinishReason
from app.domain.opportunities.rules import Opportunity
from app.domain.opportunities.stages import Stage
from app.domain.team.members import Member, MemberRole
from app.services.opportunities.finding import found_opportunity
from app.services.team.acting import at_keyboard
from app.store.database import Store
from app.store.opportunities import rows
from app.store.opportunities.stages import stages
from app.store.team.reasons import reasons


@dataclass(frozen=True, slots=True)
class Asked:
    """`me`: who asks, as the rules see them; `members`: whom work can be given to, the one who asks first; `reasons`: those
    that are offered."""

    opportunities: Sequence[Opportunity]
    me: Member
    members: Sequence[Member]
    stages: Sequence[Stage]
    reasons: Sequence[FinishReason]


def asked(store: Store, numbers: Sequence[int], author: str) -> Asked:
    """What is needed to ask about these. Raises NotFound when a single one is gone; of several those are left out."""
    read = store.read
    found = [found_opportunity(read, numbers[0])] if len(numbers) == 1 else rows.opportunities(read, numbers)
    who = at_keyboard(read, author)
    me = who.me
    members = [
        m for m in who.team.values() if m.active and m.role is not MemberRole.PRIVACY and m.login != author
    ]
    if me.active and me.role is not MemberRole.PRIVACY:
        members = [me, *members]
    offered = [reason for reason in reasons(read) if reason.active]
    return Asked(found, me, members, stages(read), offered)
