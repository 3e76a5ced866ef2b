"""Takes back what was done with leads: given, taken back, finished, reopened; by the rules that hold for every step."""

from __future__ import annotations

from dataclasses import replace

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind, LeadResult
from app.domain.leads.rules import LeadRefusal, Standing, Team, check_assignee
from app.domain.undo import RemoveRecord, RestoreLeads
from app.services.leads.steps import what_changed
from app.services.team.acting import team_of
from app.services.undo.ground import Back, Ground
from app.services.undo.records import remove_made
from app.store.crm.history import Happened, add_entries, told_by_others
from app.store.leads.changing import chances_of, columns_of, standing_leads, standing_of, write_standings


def take_back(ground: Ground, inverse: RestoreLeads) -> Back:
    """Let leads stand as before; the opportunity that one became is taken away, unless it was changed or used since.

    One that stands otherwise than the step left it, with which somebody else has worked since, that would come to
    somebody who can work on it no longer, or be successful without an opportunity, stays as it is. Raises NotAMember and ReadsOnly.
    """
    tx, login = ground.tx, ground.worker().login
    records = tuple((Kind.LEAD, number) for number in inverse.ids)
    before, wanted = standing_of(inverse.before), len(inverse.ids) + (inverse.opportunity is not None)
    try:
        _check_assignee(before, team_of(tx))
    except LeadRefusal as error:
        return Back(wanted, 0, records=records, note=error.told_cause)
    chances = chances_of(tx, inverse.ids)
    theirs = told_by_others(tx, Kind.LEAD, inverse.ids, login, inverse.at)
    leads = [
        lead
        for number, lead in standing_leads(tx, inverse.ids).items()
        if columns_of(lead.standing) == inverse.after
        and number not in theirs
        and (before.result is not LeadResult.SUCCESS or chances[number])
    ]
    versions = {lead.id: lead.next_version(ground.at) for lead in leads}
    write_standings(tx, [(lead.id, before, versions[lead.id]) for lead in leads])
    happened = [
        Happened(
            lead.id,
            _event(lead.standing, before),
            versions[lead.id],
            before.reason_text,
            {**what_changed(lead.standing, before), "undone": True},
        )
        for lead in leads
    ]
    add_entries(tx, Kind.LEAD, login, happened)
    if not leads or inverse.opportunity is None:
        return Back(wanted, len(leads), records=records)
    made = remove_made(ground, RemoveRecord(Kind.OPPORTUNITY.value, *inverse.opportunity))
    return replace(
        made, wanted=wanted, restored=len(leads) + made.restored, records=(*records, *made.records)
    )


def _check_assignee(standing: Standing, team: Team) -> None:
    """Raise a LeadRefusal when whoever would work on it can do so no longer."""
    if standing.assignee and not standing.result:
        check_assignee(standing.assignee, team)


def _event(now: Standing, before: Standing) -> Event:
    """What it is for a lead to stand as before again."""
    if now.result:
        return Event.REOPENED
    if before.result:
        return Event.FINISHED
    return Event.ASSIGNED if before.assignee else Event.TAKEN_BACK
