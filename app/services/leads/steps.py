"""Carries steps on leads out, many of them in short transactions, each with its entry in the history; the rules are the
domain's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind, not_found
from app.domain.errors import NotFound, PostkorbError
from app.domain.leads.rules import (
    Assign,
    Fail,
    LeadRefusal,
    LeadStep,
    Reopen,
    Standing,
    Succeed,
    TakeBack,
    Team,
    check_assignee,
    check_works,
    decide,
)
from app.domain.team.members import Member, NotAMember
from app.domain.undo import Inverse, RestoreLeads, StandingColumns
from app.services.leads.told import Told, told_step
from app.services.remembering import remember
from app.services.team.acting import acting, team_of
from app.store.connection import Connection
from app.store.crm.history import Happened, add_entries
from app.store.database import Store
from app.store.leads.changing import StandingLead, columns_of, standing_leads, write_standings

#: Leads of one transaction: others who write wait no longer than it takes.
PORTION = 250

#: A lead, the step on it, and how it stands then.
Taken = tuple[StandingLead, LeadStep, Standing]
#: Is told after each transaction how many leads of how many have been dealt with.
Progress = Callable[[int, int], None]

_EVENTS: dict[type[LeadStep], Event] = {
    Assign: Event.ASSIGNED,
    TakeBack: Event.TAKEN_BACK,
    Succeed: Event.FINISHED,
    Fail: Event.FINISHED,
    Reopen: Event.REOPENED,
}


@dataclass(frozen=True, slots=True)
class NotDone:
    """A lead that stayed as it was, and why."""

    id: int
    why: PostkorbError

    @property
    def reason(self) -> str:
        """In English, for scripts."""
        return self.why.cause if isinstance(self.why, LeadRefusal) else str(self.why)

    @property
    def told(self) -> str:
        """In the rep's language."""
        return self.why.told_cause if isinstance(self.why, LeadRefusal) else self.why.told


@dataclass(frozen=True, slots=True)
class Worked:
    """What came of a step on several leads: the ids of those with which it was done, in their order, and the others."""

    done: tuple[int, ...]
    refused: tuple[NotDone, ...]


@dataclass(frozen=True, slots=True)
class AtWork:
    """A transaction in which somebody works on leads."""

    tx: Connection
    member: Member
    team: Team
    now: datetime

    def lead(self, number: int) -> StandingLead:
        """Raises NotFound."""
        found = standing_leads(self.tx, [number]).get(number)
        if found is None:
            raise not_found(Kind.LEAD, number)
        return found

    def decided(self, lead: StandingLead, step: LeadStep) -> Standing:
        """How a lead stands after a step. Raises as `decide` does."""
        return decide(lead.standing, step, self.member, self.team, self.now)

    def take(self, number: int, step: LeadStep) -> Standing:
        """Carry one step out, and tell of it. Raises NotFound, and as `decide` does."""
        lead = self.lead(number)
        after = self.decided(lead, step)
        self.remember(step, lead.title, self.write([(lead, step, after)]))
        return after

    def remember(self, step: LeadStep, title: str, inverses: Sequence[Inverse]) -> None:
        """Keep the way back of a step on one lead."""
        remember(self.tx, self.member.login, told_step(step, self.team, 1, title), inverses, self.now)

    def write(self, taken: Sequence[Taken], details: Mapping[str, Any] | None = None) -> list[RestoreLeads]:
        """Let leads stand as was decided, and tell of it, with these `details` more; the way back."""
        at = int(self.now.timestamp())
        versions = {lead.id: lead.next_version(at) for lead, _step, _after in taken}
        write_standings(self.tx, [(lead.id, after, versions[lead.id]) for lead, _step, after in taken])
        happened = [
            Happened(
                lead.id,
                _EVENTS[type(step)],
                versions[lead.id],
                after.reason_text,
                {**what_changed(lead.standing, after), **(details or {})},
            )
            for lead, step, after in taken
        ]
        add_entries(self.tx, Kind.LEAD, self.member.login, happened)
        return _way_back(taken, versions)


@contextmanager
def at_work(store: Store, author: str, now: datetime) -> Iterator[AtWork]:
    """A transaction in which this member works on leads. Raises NotAMember and ReadsOnly."""
    with store.write() as tx:
        member = acting(tx, author, now)
        check_works(member)
        yield AtWork(tx, member, team_of(tx), now)


def carry_out(
    store: Store,
    steps: Sequence[tuple[int, LeadStep]],
    *,
    author: str,
    now: datetime,
    targets: Sequence[str] = (),
    told: Told = told_step,
    progress: Progress | None = None,
) -> Worked:
    """Carry out a step on each of these leads; no lead comes twice. What is refused for one leaves the others alone.
    `targets`: who is to have leads then. `told`: names the whole, which is taken back as one; each transaction keeps the way
    back of its own part, so that what was done before somebody pulls the plug can be taken back, too.

    Raises NotAMember and ReadsOnly for the author, and what `check_assignee` raises of a target, before anything is done.
    """
    done: list[int] = []
    refused: list[NotDone] = []
    whole = _Whole(told)
    for start in range(0, len(steps) or 1, PORTION):
        portion = steps[start : start + PORTION]
        try:
            with at_work(store, author, now) as work:
                for login in () if start else targets:
                    check_assignee(login, work.team)
                taken, left = _decided(work, portion)
                whole.add(work, taken)
        except (LeadRefusal, NotAMember) as error:  # whoever works here was dismissed meanwhile
            if not start:
                raise
            taken, left = [], [NotDone(number, error) for number, _step in portion]
        done += [lead.id for lead, _step, _after in taken]
        refused += left
        if progress is not None:
            progress(start + len(portion), len(steps))
    return Worked(tuple(done), tuple(refused))


@dataclass
class _Whole:
    """A step on many leads as `u` takes it back: it grows with each part that is stored."""

    told: Told
    first: Taken | None = None
    leads: int = 0
    step: int | None = None

    def add(self, work: AtWork, taken: Sequence[Taken]) -> None:
        """Carry out one more part."""
        if not taken:
            return
        self.first = self.first or taken[0]
        lead, step, _after = self.first
        self.leads += len(taken)
        text = self.told(step, work.team, self.leads, lead.title)
        self.step = remember(work.tx, work.member.login, text, work.write(taken), work.now, self.step)


def _decided(work: AtWork, portion: Sequence[tuple[int, LeadStep]]) -> tuple[list[Taken], list[NotDone]]:
    """What is done with leads, and with which nothing is."""
    leads = standing_leads(work.tx, [number for number, _step in portion])
    taken: list[Taken] = []
    refused: list[NotDone] = []
    for number, step in portion:
        try:
            if number not in leads:
                raise not_found(Kind.LEAD, number)
            lead = leads[number]
            taken.append((lead, step, work.decided(lead, step)))
        except (LeadRefusal, NotFound) as error:
            refused.append(NotDone(number, error))
    return taken, refused


def _way_back(taken: Sequence[Taken], versions: Mapping[int, int]) -> list[RestoreLeads]:
    """How leads stood before: one entry for all with which the same was done."""
    alike: dict[tuple[StandingColumns, StandingColumns, int], list[int]] = {}
    for lead, _step, after in taken:
        key = (columns_of(lead.standing), columns_of(after), versions[lead.id])
        alike.setdefault(key, []).append(lead.id)
    return [RestoreLeads(before, after, at, tuple(ids)) for (before, after, at), ids in alike.items()]


def what_changed(before: Standing, after: Standing) -> dict[str, Any]:
    """What a step changed, as the history keeps it: before and after."""
    told: dict[str, Any] = {}
    if before.assignee != after.assignee:
        told["assignee"] = [before.assignee, after.assignee]
    if before.result != after.result:
        told["result"] = [before.result.value, after.result.value]
    if after.reason:
        told["reason"] = after.reason
    return told
