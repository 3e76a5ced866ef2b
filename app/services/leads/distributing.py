"""Shares new leads out among assignees ("An Bearbeiter verteilen"): each one once, however many people do so at a time.

Not for the event loop's thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.crm.kinds import LeadState
from app.domain.leads.distribution import Share, check_shares, deal
from app.domain.leads.filter import LeadFilter
from app.domain.leads.rules import Assign
from app.services.leads.steps import NotDone, Progress, carry_out
from app.services.leads.told import told_distribution
from app.store.database import Store
from app.store.leads.changing import standing_leads
from app.store.leads.listing import board_ids


@dataclass(frozen=True, slots=True)
class Distributed:
    """How many leads each assignee was given, in the order of the shares, and the leads that stayed as they were."""

    assigned: dict[str, int]
    refused: tuple[NotDone, ...]


def distribute(
    store: Store,
    ids: Iterable[int],
    shares: Sequence[Share],
    *,
    author: str,
    now: datetime,
    in_turn: bool = False,
    progress: Progress | None = None,
) -> Distributed:
    """Share the new ones of these leads out, in their order, as `app.domain.leads.distribution.deal` does; `in_turn`: one after
    the other. A lead that is not new, or that a colleague gave away meanwhile, is refused.

    Raises BadShare, NotAMember, ReadsOnly, UnknownAssignee, InactiveAssignee and NoAssignee before anything is done.
    """
    check_shares(shares)
    wanted = list(dict.fromkeys(ids))
    leads = standing_leads(store.read, wanted)
    new = [number for number in wanted if number in leads and leads[number].standing.state is LeadState.NEW]
    to = dict(deal(new, shares, in_turn=in_turn))
    logins = [share.login for share in shares]
    # Those that are refused take nobody's share; whom they were for makes no difference to why.
    steps = [(number, Assign(to.get(number, logins[0]), seen="")) for number in wanted]
    worked = carry_out(
        store, steps, author=author, now=now, targets=logins, told=told_distribution, progress=progress
    )
    assigned = dict.fromkeys(logins, 0)
    for number in worked.done:
        assigned[to.get(number, logins[0])] += 1
    return Distributed(assigned, worked.refused)


def new_leads(store: Store, now: datetime) -> list[int]:
    """The ids of all leads that nobody has, in the order of the board: who has waited longest comes first."""
    return board_ids(store.read, LeadFilter(states=(LeadState.NEW,)), now.date())[LeadState.NEW]
