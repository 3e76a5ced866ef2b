"""What a team's members may be called, who may change them, and what must stay true of a team; it asks no store."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.errors import BadInput, NotFound, Refused
from app.domain.mail.addresses import is_address
from app.domain.team.members import Member, MemberRole
from app.domain.text import clean_line
from app.language import _, ngettext

LONGEST_LOGIN = 40
LONGEST_NAME = 80

#: Letters of any script and digits, with `.`, `-` and `_` between: what stands in `@login`, in `--to login=2` and in lists
#: parted by commas must end where it ends.
_LOGIN = re.compile(r"[^\W_](?:[\w.\-]*\w)?")


class MemberNotFound(NotFound):
    title = "There is no such member"
    next_step = "`postkorb member list` names them."


class MemberExists(BadInput):
    """Somebody has this login already, perhaps written otherwise."""


class WorkLeft(Refused):
    """Whoever is to leave has work that nobody would do then: `work`."""

    next_step = "Pass it on with --pass-to LOGIN, or take it back with --take-back."

    def __init__(self, member: Member, work: OpenWork) -> None:
        super().__init__("{name} still has {work}", name=member.name, work=work.told)
        self.work = work


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What somebody is to do: active leads, open tasks, opportunities that are neither won nor lost."""

    leads: int = 0
    tasks: int = 0
    opportunities: int = 0

    def __bool__(self) -> bool:
        return bool(self.leads or self.tasks or self.opportunities)

    @property
    def told(self) -> str:
        """In words: "3 leads, 1 task"."""
        parts = (
            (self.leads, ngettext("{n} lead", "{n} leads", self.leads)),
            (self.tasks, ngettext("{n} task", "{n} tasks", self.tasks)),
            (self.opportunities, ngettext("{n} opportunity", "{n} opportunities", self.opportunities)),
        )
        return ", ".join(words.format(n=count) for count, words in parts if count)


def read_login(typed: str) -> str:
    """A login as it is stored. Raises BadInput."""
    login = unicodedata.normalize("NFC", typed.strip())
    if not login:
        raise _wrong(_("Login"), _("must not be empty"))
    if len(login) > LONGEST_LOGIN:
        raise _wrong(_("Login"), _("longer than {n} characters").format(n=LONGEST_LOGIN))
    if clean_line(login) != login or not _LOGIN.fullmatch(login):
        reason = _("only letters, digits and . - _ between them, such as anna.berg")
        raise _wrong(_("Login"), reason)
    return login


def read_name(typed: str) -> str:
    """A member's name, cleaned. Raises BadInput."""
    name = " ".join(clean_line(typed).split())
    if not name:
        raise _wrong(_("Name"), _("must not be empty"))
    if len(name) > LONGEST_NAME:
        raise _wrong(_("Name"), _("longer than {n} characters").format(n=LONGEST_NAME))
    return name


def read_addresses(typed: Iterable[str]) -> tuple[str, ...]:
    """E-mail addresses in lower case, each one once; empty ones are left out. Raises BadInput."""
    addresses = dict.fromkeys(text.strip().lower() for text in typed if text.strip())
    for address in addresses:
        if not is_address(address):
            reason = _("“{text}” is no e-mail address").format(text=clean_line(address)[:80])
            raise _wrong(_("E-mail"), reason)
    return tuple(addresses)


def role_words() -> dict[MemberRole, str]:
    """What the roles are called."""
    return {
        MemberRole.REP: _("rep"),
        MemberRole.ADMIN: _("admin"),
        MemberRole.PRIVACY: _("privacy officer"),
    }


def read_role(typed: str) -> MemberRole:
    """The role that is meant by itself or by its word. Raises BadInput naming all there are."""
    wanted = typed.strip().casefold()
    words = role_words()
    for role, word in words.items():
        if wanted in (role.value, word.casefold()):
            return role
    named = ", ".join(
        role.value if word == role.value else f"{word} ({role.value})" for role, word in words.items()
    )
    raise _wrong(_("Role"), _("only {values} may stand here").format(values=named))


def check_manages(actor: Member) -> None:
    """Raise Refused unless this member may change the team and its lists."""
    if actor.role is not MemberRole.ADMIN:
        raise Refused("Only an admin changes the team and its settings.")


def check_is_new(login: str, team: Iterable[Member]) -> None:
    """Raise MemberExists when somebody has this login, in capitals or not: two that look alike would be mistaken."""
    for member in team:
        if member.login.casefold() == login.casefold():
            raise MemberExists("{name} has the login {login} already", name=member.name, login=member.login)


def works(member: Member) -> bool:
    """Whether leads, tasks and opportunities may be this member's."""
    return member.active and member.role is not MemberRole.PRIVACY


def check_an_admin_stays(before: Member, after: Member, team: Iterable[Member]) -> None:
    """Raise Refused when the team would be left without an active admin: nobody could give the role back."""
    if not _leads(before) or _leads(after):
        return
    if not any(_leads(member) for member in team if member.login != before.login):
        raise Refused("{name} is the only active admin; make somebody else one first.", name=before.name)


def _leads(member: Member) -> bool:
    return member.active and member.role is MemberRole.ADMIN


def _wrong(field: str, reason: str) -> BadInput:
    return BadInput(f"{field}: {reason}")
