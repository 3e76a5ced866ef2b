"""Who works with a store, and in which role; what a role may do with a record is the record's own rule."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import PostkorbError


class MemberRole(StrEnum):
    """A rep works on leads, an admin on those of all and on the team's settings too; a privacy officer reads."""

    REP = "rep"
    ADMIN = "admin"
    PRIVACY = "privacy"


@dataclass(frozen=True, slots=True)
class Member:
    """`login` names the member wherever one is stored; `name` is what others read."""

    login: str
    name: str
    role: MemberRole = MemberRole.REP
    active: bool = True
    addresses: tuple[str, ...] = ()


class NotAMember(PostkorbError):
    title = "You are not in the team"
    next_step = "An admin adds you: `postkorb member add NAME --login LOGIN --role rep`."
