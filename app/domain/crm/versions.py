"""Two people change one record: what of both goes together, and which fields somebody must choose for; pure.

Values are those of a record's input as JSON has them, as history keeps them too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Written:
    """Somebody wrote these fields. `author`: login; `at`: aware UTC."""

    author: str
    at: datetime
    fields: frozenset[str]


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two changed: what it held before both, what stands there now, and what the second one typed. `by`: who
    wrote what stands there; None: nobody knows."""

    name: str
    before: Any
    theirs: Any
    mine: Any
    by: Written | None


@dataclass(frozen=True, slots=True)
class Merged:
    """A field that somebody else changed meanwhile, which stands in nobody's way."""

    name: str
    value: Any
    by: Written | None


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What differs between two states of a record, in the order of its fields."""
    return {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}


def compare(
    before: Mapping[str, Any], now: Mapping[str, Any], mine: Mapping[str, Any], written: Iterable[Written]
) -> tuple[list[Clash], list[Merged]]:
    """What is to be chosen, and what goes together. `before`: the record as the second one read it; `now`: as it stands;
    `mine`: the fields that the second one changed; `written`: what others wrote since, oldest first.

    A field to which both gave the same value is no clash.
    """
    last = {name: each for each in written for name in each.fields}
    clashes: list[Clash] = []
    merged: list[Merged] = []
    for name, (was, stands) in changed_fields(before, now).items():
        if name not in mine:
            merged.append(Merged(name, stands, last.get(name)))
        elif mine[name] != stands:
            clashes.append(Clash(name, was, stands, mine[name], last.get(name)))
    return clashes, merged
