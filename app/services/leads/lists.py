"""What the lead board and the lead list show: ids in order, rows for what is drawn, counters, and what can be filtered by.

Not for the event loop's thread. `today` is the rep's day: it decides what is overdue.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.domain.crm.kinds import LeadState
from app.domain.leads.filter import LeadFilter, LeadSort
from app.domain.leads.rows import LeadCount, LeadRow
from app.store.database import Store
from app.store.leads import listing


def board_ids(store: Store, wanted: LeadFilter, today: date) -> dict[LeadState, list[int]]:
    """The ids of each group: new ones by who waits longest, active ones overdue and due first, done ones finished last
    first. A group that the filter leaves out is empty."""
    return listing.board_ids(store.read, wanted, today)


def list_ids(store: Store, wanted: LeadFilter, sort: LeadSort, today: date) -> list[int]:
    """The ids of all leads that the filter lets through, sorted; also "all filtered" for what is done to many."""
    return listing.list_ids(store.read, wanted, sort, today)


def lead_rows(store: Store, ids: Sequence[int]) -> list[LeadRow]:
    """The leads with these ids, in this order; those that are gone are left out. One query for 900 of them."""
    return listing.lead_rows(store.read, ids)


def lead_counts(store: Store, wanted: LeadFilter, today: date) -> dict[LeadState, LeadCount]:
    """How many leads of each state the filter lets through, what they are worth, and how many are overdue."""
    return listing.lead_counts(store.read, wanted, today)


def campaigns(store: Store) -> list[tuple[int, str]]:
    """(id, name) of the campaigns that can be filtered by, by name."""
    return listing.campaigns(store.read)


def sources(store: Store) -> list[str]:
    """The sources that can be filtered by, by name."""
    return listing.sources(store.read)
