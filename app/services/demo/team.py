"""The invented team, its campaigns and the people that it hopes to win, as `team.toml` tells them; no dates, no store."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from app.domain.team.members import MemberRole
from app.services.demo.catalogue import plain_ascii, read
from app.services.demo.data import DemoContact, DemoMember


@dataclass(frozen=True, slots=True)
class DemoTeam:
    """`campaigns`: names by their keys, in which {jahr} and {folgejahr} are gaps."""

    members: tuple[DemoMember, ...]
    campaigns: dict[str, str]
    prospects: tuple[DemoContact, ...]


@cache
def demo_team() -> DemoTeam:
    """A wrong key in the file raises KeyError here, at once."""
    raw = read("team")
    return DemoTeam(
        members=tuple(
            DemoMember(login, name, MemberRole(role), active)
            for login, (name, role, active) in raw["members"].items()
        ),
        campaigns=raw["campaigns"],
        prospects=tuple(_prospect(number, one) for number, one in enumerate(raw["prospect"])),
    )


def _prospect(number: int, raw: dict[str, list[str]]) -> DemoContact:
    salutation, title, first, last, function = raw["person"]
    street, postcode, city = raw["address"]
    return DemoContact(
        salutation=salutation,
        title=title,
        first_name=first,
        last_name=last,
        company=str(raw["company"]),
        function=function,
        customer_number="",
        emails=(f"{plain_ascii(first)}.{plain_ascii(last)}@{raw['domain']}",),
        phones=(f"+49 176 040690{number + 50:02}",),
        street=street,
        postcode=postcode,
        city=city,
        country="DE",
        traits=tuple(raw["traits"]),
        assignee="",
    )
