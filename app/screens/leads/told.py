"""What a filter of leads lets through, in words; pure."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.crm.kinds import LeadState
from app.domain.due import format_day
from app.domain.leads.filter import NO_CAMPAIGN, NOBODY, OPEN_STATES, LeadFilter
from app.language import _
from app.screens.leads.lines import state_word


@dataclass(frozen=True, slots=True)
class FilterNames:
    """What the assignee and the campaign of a filter are called; empty when there is none."""

    assignee: str = ""
    campaign: str = ""


def told_filter(wanted: LeadFilter, names: FilterNames) -> str:
    """A filter in one line; empty when it lets everything through."""
    parts = [
        _("search “{query}”").format(query=wanted.text) if wanted.text else "",
        states_word(wanted.states) if wanted.states else "",
        _assignee(wanted, names),
        _campaign(wanted, names),
        _("source {name}").format(name=wanted.source) if wanted.source else "",
        _("created since {day}").format(day=format_day(wanted.created_from)) if wanted.created_from else "",
        _("created until {day}").format(day=format_day(wanted.created_to)) if wanted.created_to else "",
        _("overdue") if wanted.overdue else "",
    ]
    return ", ".join(filter(None, parts))


def states_word(states: tuple[LeadState, ...]) -> str:
    """What is shown of the three groups."""
    if not states:
        return _("all")
    return _("open ones") if states == OPEN_STATES else " + ".join(map(state_word, states))


def _assignee(wanted: LeadFilter, names: FilterNames) -> str:
    if wanted.assignee is None:
        return ""
    if wanted.assignee == NOBODY:
        return _("without an assignee")
    return _("assignee {name}").format(name=names.assignee or wanted.assignee)


def _campaign(wanted: LeadFilter, names: FilterNames) -> str:
    if wanted.campaign_id is None:
        return ""
    if wanted.campaign_id == NO_CAMPAIGN:
        return _("without a campaign")
    return _("campaign {name}").format(name=names.campaign)
