"""Opportunities as lists, boards, sums and JSON; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.crm.kinds import Kind
from app.domain.crm.reasons import told_reason
from app.domain.moments import iso
from app.domain.opportunities.pipeline import OpportunityFilter, Pipeline, Sort
from app.domain.opportunities.rules import Opportunity
from app.domain.opportunities.stages import Stage
from app.services.crm import records as crm
from app.services.crm.history import history, history_json
from app.services.crm.printing import mails_json
from app.services.opportunities.finding import found_opportunity
from app.store.database import Store
from app.store.opportunities import lists, rows
from app.store.opportunities.stages import stages

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Found:
    """What a filter lets through: what it comes to, and the stages that a board shows, those in use and those that hold
    something all the same."""

    stages: tuple[Stage, ...]
    pipeline: Pipeline


def found(store: Store, wanted: OpportunityFilter, today: date) -> Found:
    """What stands around a board or a list with this filter."""
    parts = tuple(lists.parts(store.read, wanted, today))
    known, used = stages(store.read), {part.stage for part in parts}
    unknown = [Stage(name, 0, active=False) for name in sorted(used - {stage.name for stage in known})]
    shown = [stage for stage in [*unknown, *known] if stage.active or stage.name in used]
    return Found(tuple(shown), Pipeline(parts))


def board_ids(store: Store, wanted: OpportunityFilter, shown: Found, today: date) -> dict[str, list[int]]:
    """The ids at each stage that is shown, in the order of the board."""
    names = [stage.name for stage in shown.stages]
    return lists.board_ids(store.read, wanted, names, today)


def list_ids(store: Store, wanted: OpportunityFilter, sort: Sort, today: date) -> list[int]:
    """The ids of all that the filter lets through, sorted."""
    return lists.list_ids(store.read, wanted, sort, today)


def portion(store: Store, ids: Sequence[int]) -> list[Opportunity]:
    """Those with these ids, in this order; those that are gone are left out."""
    return rows.opportunities(store.read, ids)


def show(store: Store, number: int) -> Opportunity:
    """One of them. Raises NotFound."""
    return found_opportunity(store.read, number)


def each(
    store: Store, wanted: OpportunityFilter, today: date, sort: Sort = Sort.EXPECTED
) -> Iterator[Opportunity]:
    """All that the filter lets through, one after the other."""
    ids = lists.list_ids(store.read, wanted, sort, today)
    for start in range(0, len(ids), _PAGE):
        yield from rows.opportunities(store.read, ids[start : start + _PAGE])


def pipeline(store: Store, wanted: OpportunityFilter, today: date) -> Pipeline:
    """What the filter lets through, added up."""
    return Pipeline(tuple(lists.parts(store.read, wanted, today)))


def opportunity_json(found: Opportunity) -> dict[str, Any]:
    """An opportunity as the command line prints it: amounts in euros, days and times by ISO 8601, who as a login."""
    return {
        "id": found.id,
        "title": found.title,
        "contact": {"id": found.contact.id, "title": found.contact.title} if found.contact else None,
        "lead": {"id": found.lead.id, "title": found.lead.title} if found.lead else None,
        "value": _euros(found.value),
        "probability": found.probability,
        "weighted": found.weighted / 100,
        "stage": found.stage,
        "state": found.outcome.value,
        "reason": told_reason(found.reason, found.reason_text, translated=False) or None,
        "expected": found.expected_on.isoformat() if found.expected_on else None,
        "assignee": found.assignee or None,
        "created": iso(found.created_at) if found.created_at else None,
        "closed": iso(found.closed_at) if found.closed_at else None,
        "note": found.note,
    }


def whole_opportunity_json(store: Store, number: int) -> dict[str, Any]:
    """One with the mails linked to it, and its history, the oldest line first. Raises NotFound."""
    lines = history(store, Kind.OPPORTUNITY, number)
    return {
        **opportunity_json(show(store, number)),
        "mails": mails_json(crm.show(store, Kind.OPPORTUNITY, number)),
        "history": [history_json(line) for line in lines],
    }


def _euros(cents: int | None) -> float | None:
    return None if cents is None else cents / 100
