"""Two people change one record: what of both goes together, and which fields somebody must choose for; pure.

Values are those of a record's input as JSON has them, so that what history kept can be compared with what was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

#: From a field's name to what it held before and what it holds since.
FieldChanges = Mapping[str, tuple[Any, Any]]


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody changed in a record. `author`: login; `at`: aware UTC."""

    author: str
    at: datetime
    fields: FieldChanges


@dataclass(frozen=True, slots=True)
class Clash:
    """A field that two changed: what it held before both, what stands there now, what the second one typed, and who wrote
    what stands there, when."""

    name: str
    before: Any
    theirs: Any
    mine: Any
    author: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Merged:
    """A field that somebody else changed meanwhile, which does not stand in the way."""

    name: str
    value: Any
    author: str
    at: datetime


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What differs between two states of a record, in the order of its fields."""
    return {name: (before.get(name), value) for name, value in after.items() if before.get(name) != value}


def compare(
    now: Mapping[str, Any], mine: Mapping[str, Any], since: Iterable[Written]
) -> tuple[list[Clash], list[Merged]]:
    """What is to be chosen, and what goes together. `now`: the record as it stands; `mine`: the fields that the second one
    changed, as typed; `since`: what was written after the second one read the record, oldest first.

    A field that both gave the same value, or that was given back the value it had, is no clash.
    """
    first: dict[str, Any] = {}
    last: dict[str, Written] = {}
    for written in since:
        for name, (before, _after) in written.fields.items():
            first.setdefault(name, before)
            last[name] = written
    clashes: list[Clash] = []
    merged: list[Merged] = []
    for name, written in last.items():
        stands = now.get(name)
        if stands == first[name]:
            continue
        if name not in mine:
            merged.append(Merged(name, stands, written.author, written.at))
        elif mine[name] != stands:
            clashes.append(Clash(name, first[name], stands, mine[name], written.author, written.at))
    return clashes, merged
