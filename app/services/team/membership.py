"""The team's list of members: who is in it, changed by admins only; who is at work is `team.acting`'s to say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.crm.kinds import Kind
from app.domain.errors import BadInput, Refused
from app.domain.leads.rules import Assign, LeadStep, TakeBack, check_assignee
from app.domain.team.members import Member, MemberRole
from app.domain.team.membership import (
    MemberNotFound,
    OpenWork,
    WorkLeft,
    check_an_admin_stays,
    check_is_new,
    check_manages,
    read_addresses,
    read_login,
    read_name,
    works,
)
from app.domain.text import clean_line
from app.services.leads.steps import AtWork
from app.services.team.acting import acting, at_keyboard, team_of
from app.store.connection import Connection
from app.store.database import Store
from app.store.leads.changing import standing_leads
from app.store.team import handing
from app.store.team import members as stored


@dataclass(frozen=True, slots=True)
class MemberChange:
    """What of a member is to become otherwise; None stays."""

    name: str | None = None
    addresses: Sequence[str] | None = None
    role: MemberRole | None = None
    active: bool | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """What becomes of the work of somebody who can do it no longer: all is passed on to the login `to`, or with
    `take_back` their leads are new again and the rest comes to whoever decides so."""

    to: str = ""
    take_back: bool = False


def add_member(
    store: Store,
    name: str,
    login: str,
    addresses: Sequence[str] = (),
    role: MemberRole = MemberRole.REP,
    *,
    author: str,
    now: datetime,
) -> Member:
    """Take somebody into the team; who takes themselves in as the first one is its admin, whatever the role.

    Raises BadInput, MemberExists, NotAMember, and Refused for all but admins.
    """
    new = Member(read_login(login), read_name(name), role, addresses=read_addresses(addresses))
    with store.write() as tx:
        is_first = not stored.members(tx)
        actor = acting(tx, author, now)
        check_manages(actor)
        if is_first and new.login == actor.login:
            new = replace(new, role=actor.role)
        else:
            check_is_new(new.login, stored.members(tx))
        stored.put_member(tx, new, _seconds(now))
    return new


def change_member(
    store: Store,
    login: str,
    change: MemberChange,
    *,
    author: str,
    now: datetime,
    hand_over: HandOver | None = None,
) -> Member:
    """Change a member; `hand_over`: what becomes of their work, if they can do it no longer.

    Raises MemberNotFound, BadInput, WorkLeft, NotAMember, and Refused for all but admins and when no admin would be left.
    """
    name = None if change.name is None else read_name(change.name)
    addresses = None if change.addresses is None else read_addresses(change.addresses)
    with store.write() as tx:
        actor = acting(tx, author, now)
        check_manages(actor)
        before = _known(tx, login)
        after = replace(
            before,
            name=before.name if name is None else name,
            addresses=before.addresses if addresses is None else addresses,
            role=change.role or before.role,
            active=before.active if change.active is None else change.active,
        )
        check_an_admin_stays(before, after, stored.members(tx))
        if not works(after):
            _hand_over(tx, after, hand_over, actor, now)
        stored.put_member(tx, after, _seconds(now))
    return after


def member_of(store: Store, login: str) -> Member:
    """Raises MemberNotFound."""
    return _known(store.read, login)


def open_work(store: Store, login: str) -> OpenWork:
    """What a member is to do."""
    return _open_work(store.read, login)


def team_with_work(store: Store) -> list[tuple[Member, OpenWork]]:
    """All members by name, active ones first, with what each is to do."""
    counts = handing.open_counts(store.read)
    return [(member, _work(counts.get(member.login, {}))) for member in stored.members(store.read)]


def may_manage(store: Store, login: str) -> bool:
    """Whether this login may change the team and its lists; in a team without an admin whoever comes first may."""
    me = at_keyboard(store.read, login).me
    return me.active and me.role is MemberRole.ADMIN


def stand_in(store: Store, login: str, wanted: str, now: datetime) -> str:
    """The login in whose name an admin at the keyboard works for once.

    Raises NotAMember for a `login` that is not in the team, Refused when they are no admin or when `wanted` is no longer
    active, and MemberNotFound.
    """
    with store.write() as tx:
        actor = acting(tx, login, now)
    if actor.role is not MemberRole.ADMIN:
        raise Refused("Only an admin may work in the name of others with --as.")
    member = member_of(store, wanted)
    if not member.active:
        raise Refused("{name} is no longer active.", name=member.name)
    return member.login


def _known(read: Connection, login: str) -> Member:
    """The member with this login, capitals or not. Raises MemberNotFound."""
    wanted = clean_line(login).strip()
    exact = stored.member(read, wanted)
    if exact is not None:
        return exact
    for member in stored.members(read):
        if member.login.casefold() == wanted.casefold():
            return member
    raise MemberNotFound(wanted)


def _hand_over(
    tx: Connection, leaving: Member, hand_over: HandOver | None, actor: Member, now: datetime
) -> None:
    """See to it that nothing is left with somebody who does not do it any more."""
    work = _open_work(tx, leaving.login)
    if not work:
        return
    if hand_over is None:
        raise WorkLeft(leaving, work)
    steps = AtWork(tx, actor, team_of(tx), now)
    to = _known(tx, hand_over.to) if hand_over.to else actor
    if work.tasks or work.opportunities or not hand_over.take_back:
        if to.login == leaving.login:
            raise BadInput("{name} is to pass it on, and cannot take it", name=leaving.name)
        check_assignee(to.login, steps.team)
    step: LeadStep = TakeBack() if hand_over.take_back else Assign(to.login)
    leads = standing_leads(tx, handing.open_records(tx, Kind.LEAD, leaving.login))
    steps.write([(lead, step, steps.decided(lead, step)) for lead in leads.values()])
    for kind in (Kind.TASK, Kind.OPPORTUNITY):
        handing.pass_records(tx, kind, leaving.login, to.login, actor.login, _seconds(now))


def _open_work(read: Connection, login: str) -> OpenWork:
    return _work({kind: len(handing.open_records(read, kind, login)) for kind in handing.KINDS})


def _work(counts: dict[Kind, int]) -> OpenWork:
    return OpenWork(*(counts.get(kind, 0) for kind in handing.KINDS))


def _seconds(now: datetime) -> int:
    return int(now.timestamp())
