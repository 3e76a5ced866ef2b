"""Makes and changes opportunities; what is done with one that is there (moved, passed on, won, lost) is `working`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind
from app.domain.opportunities.rules import Action, Opportunity, check, read_opportunity
from app.domain.opportunities.stages import Outcome, first_stage, usable_stage
from app.domain.team.members import Member
from app.domain.undo import RemoveRecord
from app.language import _
from app.services.crm import changing
from app.services.crm.checks import check_references
from app.services.crm.records import Record
from app.services.opportunities.entering import check_new
from app.services.opportunities.finding import found_opportunity
from app.services.remembering import remember, shown
from app.services.team.acting import acting
from app.store.connection import Connection
from app.store.crm.history import add_entry
from app.store.database import Store
from app.store.opportunities import rows
from app.store.opportunities.stages import stages

#: What `change` changes; the rest has verbs of its own.
CHANGEABLE = frozenset({"title", "contact_id", "lead_id", "value", "probability", "expected_on", "note"})


def create(store: Store, values: Mapping[str, Any], *, author: str, now: datetime) -> Opportunity:
    """Make an opportunity out of typed values, by the names of OpportunityInput; it is its author's and begins at the
    first stage, with that one's probability, unless they say otherwise.

    Raises BadInput naming what cannot be used, NotFound for a contact or lead that does not exist, Refused.
    """
    with store.write() as tx:
        member = acting(tx, author, now)
        made = found_opportunity(tx, add(tx, values, member=member, now=now))
        text = _("“{title}” made").format(title=shown(made.title))
        remember(
            tx, member.login, text, [RemoveRecord(Kind.OPPORTUNITY.value, made.id, made.changed_at)], now
        )
        return made


def add(tx: Connection, values: Mapping[str, Any], *, member: Member, now: datetime) -> int:
    """The same within a transaction, for those who make one out of a lead; its id."""
    check(Action.CREATE, member)
    known = stages(tx)
    stage = usable_stage(known, values["stage"]) if values.get("stage") else first_stage(known, Outcome.OPEN)
    given = {
        name: value for name, value in values.items() if name != "probability" or value not in ("", None)
    }
    data = read_opportunity(
        {"assignee": member.login, "probability": stage.probability, **given, "stage": stage.name}, now.date()
    )
    check_new(tx, data, member, now)
    check_references(tx, data)
    at = int(now.timestamp())
    number = rows.insert(tx, data, member.login, at)
    details = {"stage": data.stage, "value": data.value, "assignee": data.assignee}
    add_entry(tx, Kind.OPPORTUNITY, number, Event.CREATED, member.login, at, details=details)
    return number


def change(
    store: Store,
    number: int,
    values: Mapping[str, Any],
    *,
    author: str,
    now: datetime,
    based_on: Record | None = None,
) -> Opportunity:
    """Change some of the CHANGEABLE fields; `based_on`: the record as its author saw it. Raises NotFound, BadInput and
    Refused as `create` does, and ChangedMeanwhile."""
    assert set(values) <= CHANGEABLE, "the others have verbs of their own"
    changing.change(store, Kind.OPPORTUNITY, number, values, author=author, now=now, based_on=based_on)
    return found_opportunity(store.read, number)
