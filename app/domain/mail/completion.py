"""Which of the people that may be meant is meant most likely, from how often and how lately mail went to and fro."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import log2

from app.domain.mail.messages import Address

_DAY = 86_400
#: Days that weigh as much as writing twice as often.
_FADING = 60 * _DAY
_OLDEST = 8.0


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an address. `last_at`: epoch seconds of the last mail from or to them, 0 for none."""

    name: str
    address: str
    uses: int = 0
    last_at: int = 0
    written_to: bool = False
    contact: bool = False


def likeliest(people: Iterable[Person], limit: int) -> list[Address]:
    """The people by likelihood, each address once; a contact's name counts more than the one in mail."""
    merged: dict[str, Person] = {}
    for person in people:
        known = merged.get(person.address)
        merged[person.address] = person if known is None else _merge(known, person)
    newest = max((person.last_at for person in merged.values()), default=0)
    ranked = sorted(
        merged.values(), key=lambda person: (-_weight(person, newest), person.name, person.address)
    )
    return [Address(person.name, person.address) for person in ranked[:limit]]


def _weight(person: Person, newest: int) -> float:
    faded = min((newest - person.last_at) / _FADING, _OLDEST)
    return 4.0 * person.written_to + 2.0 * person.contact + log2(1 + person.uses) - faded


def _merge(one: Person, other: Person) -> Person:
    named = (
        one if (one.contact and one.name) or not (other.name and (other.contact or not one.name)) else other
    )
    return Person(
        named.name,
        one.address,
        max(one.uses, other.uses),
        max(one.last_at, other.last_at),
        one.written_to or other.written_to,
        one.contact or other.contact,
    )
