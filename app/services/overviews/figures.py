"""The overviews for screens and the command line: figures of the store, as the domain names and orders them; reads only.

Not for the event loop's thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from app.domain.errors import CampaignNotFound
from app.domain.leads.filter import LeadFilter, LeadSort, SortKey
from app.domain.leads.rows import LeadRow
from app.domain.overviews import figures as overviews
from app.domain.overviews.figures import Overview, Scope, View
from app.services.leads import lists
from app.services.team.acting import name_of
from app.store.database import Store
from app.store.leads import figures

#: Leads of an overview in their order: those that came last on top.
NEWEST_FIRST = LeadSort(SortKey.CREATED, descending=True)
_PORTION = 900


def overview(store: Store, view: View, scope: Scope, now: datetime) -> Overview:
    """The figures of one overview; `now` in the rep's zone. Raises CampaignNotFound when the campaign has gone."""
    read, seconds, today = store.read, int(now.timestamp()), now.date()
    named = Overview(
        view,
        scope,
        campaign=_campaign_name(store, scope.campaign_id),
        assignee=name_of(store, scope.assignee) if scope.assignee else "",
    )
    match view:
        case View.LEADS:
            return replace(named, groups=tuple(figures.groups(read, scope, seconds, today)))
        case View.FUNNEL:
            return replace(named, steps=overviews.funnel(figures.steps(read, scope)))
        case View.LOAD:
            return replace(named, loads=overviews.loads(figures.loads(read, scope, seconds, today)))
        case View.REASONS:
            return replace(named, reasons=tuple(figures.reasons(read, scope)))
        case View.OPPORTUNITIES:
            return replace(named, stages=tuple(figures.stages(read, scope)))


def _campaign_name(store: Store, number: int | None) -> str:
    if number is None:
        return ""
    found = dict(lists.campaigns(store)).get(number)
    if found is None:
        raise CampaignNotFound(str(number))
    return found


def lead_ids(store: Store, scope: Scope, now: datetime) -> list[int]:
    """The ids of the leads that an overview takes in, the newest first."""
    wanted = LeadFilter(
        assignee=scope.assignee or None,
        campaign_id=scope.campaign_id,
        created_from=scope.period.first,
        created_to=scope.period.last,
    )
    return lists.list_ids(store, wanted, NEWEST_FIRST, now.date())


def leads(store: Store, scope: Scope, now: datetime) -> Iterator[LeadRow]:
    """The leads that an overview takes in, the newest first, read while they are asked for."""
    ids = lead_ids(store, scope, now)
    for start in range(0, len(ids), _PORTION):
        yield from lists.lead_rows(store, ids[start : start + _PORTION])
