"""Who is at work: every change asks here, in its own transaction, so that a role taken away counts at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.team.members import Member, MemberRole, NotAMember
from app.store.connection import Connection
from app.store.database import Store
from app.store.team.members import has_admin, member, members, put_member


def acting(tx: Connection, login: str, now: datetime) -> Member:
    """The member who makes a change. A store without an admin makes one of whoever comes first.

    Raises NotAMember for a login that is unknown or no longer active.
    """
    found = member(tx, login)
    if login and not has_admin(tx):
        found = replace(found or Member(login, login), role=MemberRole.ADMIN, active=True)
        put_member(tx, found, int(now.timestamp()))
    if found is None or not found.active:
        raise NotAMember(login)
    return found


@dataclass(frozen=True, slots=True)
class AtKeyboard:
    """Who is at the keyboard, as the rules see them, and all members by login with them."""

    me: Member
    team: Mapping[str, Member]


def at_keyboard(read: Connection, login: str, name: str = "") -> AtKeyboard:
    """Who would be `acting`, without a change: in a store without an admin that is an admin; a login that is unknown is no
    longer active. `name`: what somebody who is not in the team yet is called."""
    everybody = team_of(read)
    me = everybody.get(login) or Member(login, name or login, active=False)
    if login and not has_admin(read):
        me = replace(me, role=MemberRole.ADMIN, active=True)
        everybody[login] = me
    return AtKeyboard(me, everybody)


def team(store: Store) -> list[Member]:
    """All members by name, active ones first."""
    return members(store.read)


def name_of(store: Store, login: str) -> str:
    """What others read for this login: the member's name, else the login."""
    found = member(store.read, login)
    return found.name if found else login


def team_of(read: Connection) -> dict[str, Member]:
    """All members by login, active or not, as the rules of records ask for them."""
    return {found.login: found for found in members(read)}
