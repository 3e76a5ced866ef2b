"""Takes back what was done with an opportunity: moved, passed on, won, lost, reopened; by the rules that hold for every step."""

from __future__ import annotations

from typing import Any

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind
from app.domain.errors import Refused
from app.domain.leads.rules import check_assignee
from app.domain.opportunities.rules import Opportunity
from app.domain.opportunities.stages import Outcome
from app.domain.undo import RestoreOpportunity
from app.services.opportunities.success import check_goes_on
from app.services.remembering import shown
from app.services.team.acting import team_of
from app.services.undo.ground import Back, Ground
from app.services.undo.mentions import forget
from app.store.connection import Connection
from app.store.crm.history import add_entry, told_by_others
from app.store.crm.tasks import change_columns, columns_of
from app.store.opportunities import rows
from app.store.opportunities.stages import stages


def take_back(ground: Ground, inverse: RestoreOpportunity) -> Back:
    """Let it stand as before. One that stands otherwise than the step left it, with which somebody else has worked since, or
    that the rules do not let back, stays as it is. Raises NotAMember and ReadsOnly."""
    tx, login, number = ground.tx, ground.worker().login, inverse.id
    about = ((Kind.OPPORTUNITY, number),)
    names = tuple(name for name, _set, _before in inverse.values)
    found, held = rows.opportunity(tx, number), columns_of(tx, Kind.OPPORTUNITY, number, names)
    before = {name: old for name, _set, old in inverse.values}
    if found is None or held != {name: was_set for name, was_set, _before in inverse.values}:
        return Back(1, 0, records=about)
    if told_by_others(tx, Kind.OPPORTUNITY, [number], login, inverse.at):
        return Back(1, 0, records=about)
    try:
        _check(tx, found, before)
    except Refused as error:
        return Back(1, 0, records=about, note=error.told_cause)
    at = change_columns(tx, Kind.OPPORTUNITY, number, before, ground.at)
    told = {name: [was_set, old] for name, was_set, old in inverse.values if name in _TOLD}
    reason = {"reason": before["reason"]} if before.get("reason") else {}
    details, said = {**told, **reason, "undone": True}, str(before.get("reason_text", ""))
    add_entry(tx, Kind.OPPORTUNITY, number, Event(inverse.event), login, at, said, details)
    return Back(1, 1, records=about, note=forget(tx, inverse.mentions))


#: What the history tells as changed; the rest goes with it.
_TOLD = ("stage", "probability", "assignee")


def _check(tx: Connection, found: Opportunity, before: dict[str, Any]) -> None:
    """Raise Refused when it may not stand so again: only at a stage that is used, open or decided as that means, and, when it
    is open, with somebody who can work on it; what is decided is passed on to nobody, and what is lost stays so once its lead
    has become another one."""
    outcome = found.outcome
    if "stage" in before:
        stage = next((each for each in stages(tx) if each.active and each.name == before["stage"]), None)
        is_open = before.get("closed_at", found.closed_at) is None
        if stage is None or (stage.outcome is Outcome.OPEN) is not is_open:
            raise Refused("The stage “{stage}” is no longer used as it was.", stage=shown(before["stage"]))
        outcome = stage.outcome
    elif outcome is not Outcome.OPEN:
        raise Refused("It is decided by now.")
    if outcome is not Outcome.LOST:
        check_goes_on(tx, found)
    if outcome is Outcome.OPEN and before.get("assignee"):
        check_assignee(before["assignee"], team_of(tx))
