"""Overviews for other programs: as JSON and as CSV files; the words of JSON are English whatever the language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.domain.overviews.figures import Group, Overview, View
from app.domain.overviews.tables import (
    Heading,
    Sort,
    Value,
    figures_of,
    lead_headings,
    lead_values,
    view_word,
)
from app.domain.periods import EVER, period_word
from app.language import _
from app.services.export import csv
from app.services.leads.printing import leads_json
from app.services.overviews.figures import lead_ids, leads
from app.store.database import Store

_DAY = 86_400
_CENT, _TENTH, _HUNDREDTH = Decimal("0.01"), Decimal("0.1"), Decimal("0.01")


# -- CSV


def save(store: Store, overview: Overview, now: datetime, folder: Path) -> Path:
    """Write the table of an overview into a folder, under a name that says what it is; that of leads has them all.

    Raises NotSaved, and BadInput for a folder that cannot be named.
    """
    period = overview.scope.period
    words = (view_word(overview.view), overview.campaign, overview.assignee)
    name = csv.file_name(*words, "" if period == EVER else period_word(period))
    return csv.save_csv(folder, name, *_table(store, overview, now))


def create(store: Store, overview: Overview, now: datetime, path: Path) -> Path:
    """The same into this file, which must not be there yet. Raises NotSaved and BadInput."""
    return csv.create_csv(path, *_table(store, overview, now))


def _table(store: Store, overview: Overview, now: datetime) -> tuple[list[str], Iterator[list[csv.Cell]]]:
    headings: Sequence[Heading]
    rows: Iterator[tuple[Value, ...]]
    if overview.view is View.LEADS:
        headings = lead_headings()
        rows = map(lead_values, leads(store, overview.scope, now))
    else:
        table = figures_of(overview)
        headings, rows = table.headings, iter(table.rows)
    return [_title(heading) for heading in headings], (
        [_cell(heading.sort, value) for heading, value in zip(headings, row, strict=True)] for row in rows
    )


def _title(heading: Heading) -> str:
    """The title with the unit that the numbers below it do without."""
    units = {Sort.MONEY: "€", Sort.RATE: "%", Sort.TIME: _("days")}
    return f"{heading.title} ({units[heading.sort]})" if heading.sort in units else heading.title


def _cell(sort: Sort, value: Value) -> csv.Cell:
    if value is None or isinstance(value, str | date):
        return value
    if sort is Sort.MONEY:
        return (Decimal(round(value)) / 100).quantize(_CENT)
    if sort is Sort.RATE:
        return Decimal(value * 100).quantize(_TENTH)
    return Decimal(value / _DAY).quantize(_HUNDREDTH) if sort is Sort.TIME else int(value)


# -- JSON


def overview_json(store: Store, overview: Overview, now: datetime) -> dict[str, Any]:
    """An overview as scripts read it: amounts in euros, times in days, rates from 0 to 1."""
    scope = overview.scope
    told: dict[str, Any] = {
        "view": overview.view.value,
        "campaign": overview.campaign or None,
        "from": _iso(scope.period.first),
        "to": _iso(scope.period.last),
        "assignee": scope.assignee or None,
    }
    match overview.view:
        case View.LEADS:
            told["groups"] = _groups(overview)
            told["leads"] = list(leads_json(store, lead_ids(store, scope, now)))
        case View.FUNNEL:
            told["steps"] = _steps(overview)
        case View.LOAD:
            told["assignees"] = _loads(overview)
        case View.REASONS:
            told["reasons"] = _reasons(overview)
        case View.OPPORTUNITIES:
            told["stages"] = _stages(overview)
            told["weighted"] = sum(each.weighted for each in overview.stages) / 100
    return told


def _groups(overview: Overview) -> list[dict[str, Any]]:
    return [
        {
            "state": "done" if each.group in (Group.SUCCESS, Group.FAILURE) else each.group.value,
            "result": each.group.value if each.group in (Group.SUCCESS, Group.FAILURE) else None,
            "leads": each.leads,
            "overdue": each.overdue,
            "value": each.value / 100,
            "median_days": _days(each.seconds),
        }
        for each in overview.groups
    ]


def _steps(overview: Overview) -> list[dict[str, Any]]:
    return [
        {
            "step": each.step.value,
            "leads": each.leads,
            "of": each.whole,
            "rate": each.rate,
            "median_days": _days(each.seconds),
        }
        for each in overview.steps
    ]


def _loads(overview: Overview) -> list[dict[str, Any]]:
    return [
        {
            "assignee": each.login or None,
            "name": each.name or None,
            "new": each.new,
            "active": each.active,
            "overdue": each.overdue,
            "done": each.done,
            "success": each.success,
            "failure": each.failure,
            "success_rate": each.rate,
            "value": each.value / 100,
            "opportunities": each.opportunities,
            "weighted": each.weighted / 100,
            "median_age_days": _days(each.age),
            "oldest_days": _days(each.oldest),
        }
        for each in overview.loads
    ]


def _reasons(overview: Overview) -> list[dict[str, Any]]:
    return [
        {
            "reason": each.reason or None,
            "leads": each.leads,
            "rate": each.rate,
            "value": each.value / 100,
            "median_days": _days(each.seconds),
        }
        for each in overview.reasons
    ]


def _stages(overview: Overview) -> list[dict[str, Any]]:
    return [
        {
            "month": each.month or None,
            "stage": each.stage,
            "outcome": each.outcome or None,
            "opportunities": each.opportunities,
            "value": each.value / 100,
            "weighted": each.weighted / 100,
        }
        for each in overview.stages
    ]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _days(seconds: float | None) -> float | None:
    return None if seconds is None else round(seconds / _DAY, 3)
