"""What holds for every opportunity that is changed by what was typed, wherever that is done."""

from __future__ import annotations

from datetime import datetime

from app.domain.opportunities import Action, check, check_typed
from app.domain.record_input import OpportunityInput
from app.services.opportunities.finding import found_opportunity
from app.services.team import acting
from app.store.connection import Connection


def check_changed(tx: Connection, number: int, after: OpportunityInput, author: str, now: datetime) -> None:
    """Raise NotAMember, Refused, and BadInput for what has steps of its own; DuePast for a day that was set anew."""
    before = found_opportunity(tx, number)
    check(Action.CHANGE, acting(tx, author, now), before)
    check_typed(after, now.date(), before)
