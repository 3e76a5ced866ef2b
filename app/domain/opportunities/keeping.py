"""A filter of opportunities, with the order of its list, as it is kept under a name; it asks no store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from app.domain.kept import kept_filter, line, read_field, read_fields, readable
from app.domain.opportunities.pipeline import NO_MONTH, OVERDUE, OpportunityFilter, Sort
from app.domain.opportunities.stages import Outcome


def to_json(wanted: OpportunityFilter, sort: Sort) -> dict[str, Any]:
    """What a saved filter keeps: only what differs from showing everything by the day expected."""
    return kept_filter(wanted) | ({"sort": sort.value} if sort is not Sort.EXPECTED else {})


def from_json(kept: Mapping[str, Any] | None) -> tuple[OpportunityFilter, Sort]:
    """A saved filter; what cannot be read is dealt with as `app.domain.kept` says."""
    kept = readable(kept)
    sort = read_field(kept, "sort", Sort) if "sort" in kept else Sort.EXPECTED
    return OpportunityFilter(**read_fields(kept, _FIELDS)), sort


def _month(value: object) -> str:
    month = line(value)
    if month not in ("", NO_MONTH, OVERDUE):
        date.fromisoformat(f"{month}-01")  # raises ValueError for what is none
    return month


_FIELDS: dict[str, Callable[[Any], Any]] = {
    "text": line,
    "assignee": line,
    "stage": line,
    "outcome": Outcome,
    "month": _month,
}
