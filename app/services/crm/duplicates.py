"""Names records that are likely one and the same, so that they can be merged; merges nothing. Not for the event loop's thread."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.crm.duplicates import Likeness, surest
from app.domain.crm.kinds import Kind, RecordRow
from app.store.crm import duplicates
from app.store.crm.records import record_rows
from app.store.database import Store


@dataclass(frozen=True, slots=True)
class LikelyTwin:
    """A record that may be the same as another one, and the surest reason to think so."""

    row: RecordRow
    why: Likeness


@dataclass(frozen=True, slots=True)
class LikelyPair:
    """`one` is the older of both."""

    one: RecordRow
    other: RecordRow
    why: Likeness


def likely_twins(store: Store, kind: Kind, record_id: int, limit: int = 12) -> list[LikelyTwin]:
    """Records that a contact or a lead is likely the same as, the surest ones first."""
    find = duplicates.contacts_like if kind is Kind.CONTACT else duplicates.leads_like
    why = surest(find(store.read, record_id))
    rows = record_rows(store.read, [(kind, number) for number in list(why)[:limit]])
    return [LikelyTwin(row, why[row.id]) for row in rows]


def likely_pairs(store: Store, kind: Kind) -> list[LikelyPair]:
    """All pairs of contacts, or of leads, that are likely one, each pair once and by its surest reason; the surest ones
    first."""
    find = duplicates.pairs_of_contacts if kind is Kind.CONTACT else duplicates.pairs_of_leads
    why: dict[tuple[int, int], Likeness] = {}
    for one, other, reason in find(store.read):
        key = (min(one, other), max(one, other))
        if key not in why or reason.rank < why[key].rank:
            why[key] = reason
    found = record_rows(store.read, [(kind, number) for pair in why for number in pair])
    rows = {row.id: row for row in found}
    pairs = [
        LikelyPair(rows[one], rows[other], reason)
        for (one, other), reason in why.items()
        if one in rows and other in rows
    ]
    return sorted(pairs, key=lambda pair: (pair.why.rank, pair.one.id, pair.other.id))
