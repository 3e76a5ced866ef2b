"""Ends work on leads: one that was successful becomes an opportunity, one that was not keeps the reason.

Not for the event loop's thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.domain.crm.reasons import FinishReason, UnknownReason
from app.domain.crm.record_input import read_line
from app.domain.leads.rules import Fail, HasOpportunity, Standing, Succeed
from app.domain.leads.success import Became
from app.services.leads.steps import at_work
from app.services.opportunities.making import add
from app.store.connection import Connection
from app.store.database import Store
from app.store.leads.changing import opportunities_of
from app.store.team.reasons import reasons


@dataclass(frozen=True, slots=True)
class Succeeded:
    """The opportunity of a lead that was successful; `kept`: it had it already, and it stays as it is."""

    opportunity: int
    kept: bool


def succeed(
    store: Store, number: int, values: Mapping[str, Any] | None = None, *, author: str, now: datetime
) -> Succeeded:
    """Finish a lead as successful: it becomes an opportunity in the same transaction. `values`: what is known of the
    opportunity (title, value, probability, expected_on, assignee …), typed; the rest it takes from its lead. A lead that
    was successful before keeps the opportunity it has as it is, unless that is lost.

    Raises NotFound, NotAMember, LeadRefusal, HasOpportunity for values where it keeps the one it has, and BadInput for
    values that cannot be used.
    """
    with at_work(store, author, now) as work:
        lead = work.lead(number)
        given = {
            "title": lead.title,
            "value": lead.value,
            "assignee": lead.standing.assignee,
            **(values or {}),
            "contact_id": lead.contact_id,
            "lead_id": lead.id,
        }
        after = work.decided(lead, Succeed())
        kept = _kept(work.tx, number)
        if kept is not None and values:
            raise HasOpportunity(
                "It has the opportunity “{title}” already and keeps it; change that one.", title=kept.title
            )
        opportunity = kept.id if kept is not None else add(work.tx, given, member=work.member, now=now)
        (back,) = work.write([(lead, Succeed(), after)], {"opportunity": opportunity})
        made = None if kept is not None else (opportunity, int(now.timestamp()))
        work.remember(Succeed(), lead.title, [replace(back, opportunity=made)])
        return Succeeded(opportunity, kept is not None)


def fail(store: Store, number: int, reason: str, text: str = "", *, author: str, now: datetime) -> Standing:
    """Finish a lead as unsuccessful, for a reason of the team's list by its stored name; `text` says more, which some
    reasons need. Raises NotFound, NotAMember, LeadRefusal, UnknownReason, and BadInput for a text that is too long."""
    said = read_line("reason", text)
    with at_work(store, author, now) as work:
        return work.take(number, Fail(_reason(work.tx, reason), said))


def finish_reasons(store: Store) -> list[FinishReason]:
    """The reasons that are offered, in their order."""
    return [reason for reason in reasons(store.read) if reason.active]


def kept_opportunity(store: Store, number: int) -> Became | None:
    """The opportunity that a lead keeps when it is successful; None when that makes one."""
    return _kept(store.read, number)


def _kept(read: Connection, number: int) -> Became | None:
    became = opportunities_of(read, [number]).get(number)
    return became if became is not None and became.is_kept else None


def _reason(read: Connection, name: str) -> FinishReason:
    for reason in reasons(read):
        if reason.name == name:
            return reason
    raise UnknownReason("“{name}”", name=name)
