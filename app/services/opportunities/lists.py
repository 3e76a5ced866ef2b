"""Opportunities as lists, boards, sums and JSON; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from app.domain.crm.reasons import told_reason
from app.domain.opportunities.pipeline import OpportunityFilter, Pipeline, Sort
from app.domain.opportunities.rules import Opportunity
from app.domain.opportunities.stages import Stage
from app.services.opportunities.finding import found_opportunity
from app.store.database import Store
from app.store.opportunities import lists, rows
from app.store.opportunities.stages import stages

_PAGE = 500


@dataclass(frozen=True, slots=True)
class Column:
    """A stage with the ids of what is there, in the order of the list."""

    stage: Stage
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Listed:
    """What a filter lets through: ids in order, what they come to, and the stages that a board shows: those in use, and
    those that hold something all the same."""

    ids: tuple[int, ...]
    columns: tuple[Column, ...]
    pipeline: Pipeline


def listed(store: Store, wanted: OpportunityFilter, sort: Sort, today: date) -> Listed:
    """What the filter lets through, from one state of the store for all that matters to the eye: the next look is near."""
    found = lists.listed(store.read, wanted, sort, today)
    at: dict[str, list[int]] = {}
    for number, stage in found:
        at.setdefault(stage, []).append(number)
    known = stages(store.read)
    unknown = [Stage(name, 0, active=False) for name in at if name not in {stage.name for stage in known}]
    columns = [
        Column(stage, tuple(at.get(stage.name, ())))
        for stage in [*unknown, *known]
        if stage.active or stage.name in at
    ]
    return Listed(
        tuple(number for number, _stage in found),
        tuple(columns),
        Pipeline(tuple(lists.parts(store.read, wanted, today))),
    )


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
    ids = [number for number, _stage in lists.listed(store.read, wanted, sort, today)]
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
        "created": _iso(found.created_at),
        "closed": _iso(found.closed_at),
        "note": found.note,
    }


def _euros(cents: int | None) -> float | None:
    return None if cents is None else cents / 100


def _iso(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(UTC).isoformat()[:19]}Z" if moment else None
