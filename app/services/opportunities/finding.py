"""Finds what a change of an opportunity is about, within its transaction, or says that it is not there."""

from __future__ import annotations

from app.domain.crm.kinds import Kind, not_found
from app.domain.opportunities.rules import Opportunity
from app.store.connection import Connection
from app.store.opportunities import rows


def found_opportunity(read: Connection, number: int) -> Opportunity:
    """Raises NotFound."""
    found = rows.opportunity(read, number)
    if found is None:
        raise not_found(Kind.OPPORTUNITY, number)
    return found
