"""Two records become one: which values the survivor has, and which come back when that is undone; it stores nothing.

A record is the mapping of its columns here, a contact's addresses and numbers as lists of `{"value", "label"}` among them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from app.domain.crm.kinds import Kind, LeadState
from app.domain.crm.record_fields import LONGEST_NOTE
from app.domain.errors import BadInput
from app.language import N_

Values = Mapping[str, Any]

#: The kinds whose records can be merged.
KINDS: Final = (Kind.CONTACT, Kind.LEAD)


class Side(StrEnum):
    """Whose value the survivor has: its own, the other record's, or both."""

    KEEP = "keep"
    OTHER = "other"
    BOTH = "both"


class How(StrEnum):
    """What becomes of a field: one of two is chosen, lists are united, texts may stand one after the other, and of two
    times the earlier one counts, whatever is chosen."""

    CHOOSE = "choose"
    UNITE = "unite"
    JOIN = "join"
    EARLIEST = "earliest"


@dataclass(frozen=True, slots=True)
class MergeField:
    """What is chosen as one, because its columns mean something together only. `label`: a source text."""

    name: str
    label: str
    columns: tuple[str, ...]
    how: How = How.CHOOSE


def _one(name: str, label: str, how: How = How.CHOOSE) -> MergeField:
    return MergeField(name, label, (name,), how)


#: The columns from which the state of a lead follows.
STANDING: Final = ("assignee", "result", "reason", "reason_text", "activated_at", "finished_at")
FIELDS: Final[Mapping[Kind, tuple[MergeField, ...]]] = {
    Kind.CONTACT: (
        _one("salutation", "Salutation"),
        _one("title", "Title"),
        _one("first_name", "First name"),
        _one("last_name", "Last name"),
        _one("company", "Company"),
        _one("customer_number", "Customer number"),
        _one("emails", "E-mail", How.UNITE),
        _one("phones", "Phone", How.UNITE),
        MergeField("address", N_("Address"), ("street", "postal_code", "city", "country")),
        _one("assignee", "Assignee"),
        _one("traits", "Traits", How.UNITE),
        _one("note", "Note", How.JOIN),
        _one("created_at", "Created", How.EARLIEST),
    ),
    Kind.LEAD: (
        _one("title", "Title"),
        MergeField("contact", "Contact", ("contact_id",)),
        MergeField("campaign", N_("Campaign"), ("campaign_id",)),
        _one("source", "Source"),
        MergeField("state", "State", STANDING),
        _one("value", "Value"),
        MergeField("next_step", "Next step", ("next_step", "due_on")),
        _one("note", "Note", How.JOIN),
        MergeField("created", N_("Created"), ("created_at", "created_by"), How.EARLIEST),
    ),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field about which there is something to choose. `sides`: what may be chosen; `default`: what is without a choice."""

    field: MergeField
    sides: tuple[Side, ...]
    default: Side


def differences(kind: Kind, kept: Values, other: Values) -> list[Difference]:
    """The fields in which the other record says something else than the one that is kept."""
    found = (_difference(field, kept, other) for field in FIELDS[kind])
    return [difference for difference in found if difference is not None]


def merged(kind: Kind, kept: Values, other: Values, choices: Mapping[str, Side]) -> dict[str, Any]:
    """The values of the survivor. Without a choice it keeps its own, and gets what it has none of; lists are united, and
    notes stand one after the other.

    Raises BadInput for a choice about a field that there is none of, or that is not possible. One about a field in which
    both agree changes nothing.
    """
    known = {field.name: field for field in FIELDS[kind] if field.how is not How.EARLIEST}
    for name in choices:
        if name not in known:
            raise BadInput("only {values} may stand here", values=", ".join(known))
    values = dict(kept)
    for field in FIELDS[kind]:
        if field.how is How.EARLIEST:
            values |= _columns(field, min(kept, other, key=lambda each: each[field.columns[0]]))
    for difference in differences(kind, kept, other):
        field = difference.field
        side = choices.get(field.name, difference.default)
        if side not in difference.sides:
            raise BadInput("“{side}” cannot be chosen for “{field}”", side=side.value, field=field.name)
        values |= _chosen(field, side, kept, other)
    return _settled(kind, values)


def restored(
    kind: Kind, before: Values, after: Values, now: Values
) -> tuple[dict[str, Any], list[MergeField]]:
    """The values of the survivor when a merge is undone: those `before` it, where they still are as `after` it; and the
    fields that somebody changed since, which stay as they are."""
    values, stay = dict(now), []
    for field in FIELDS[kind]:
        if _columns(field, before) == _columns(field, after):
            continue
        if _columns(field, now) == _columns(field, after):
            values |= _columns(field, before)
        else:
            stay.append(field)
    return _settled(kind, values), stay


def _difference(field: MergeField, kept: Values, other: Values) -> Difference | None:
    mine, theirs = _columns(field, kept), _columns(field, other)
    if field.how is How.EARLIEST or mine == theirs or not any(theirs.values()):
        return None
    if not any(mine.values()):
        return Difference(field, (Side.KEEP, Side.OTHER), Side.OTHER)
    if field.how is How.CHOOSE:
        return Difference(field, (Side.KEEP, Side.OTHER), Side.KEEP)
    both = _chosen(field, Side.BOTH, kept, other)
    if both == mine:
        return None
    if field.how is How.JOIN and len(both[field.name]) > LONGEST_NOTE:
        return Difference(field, (Side.KEEP, Side.OTHER), Side.KEEP)
    return Difference(field, (Side.BOTH, Side.KEEP, Side.OTHER), Side.BOTH)


def _columns(field: MergeField, values: Values) -> dict[str, Any]:
    return {name: values[name] for name in field.columns}


def _chosen(field: MergeField, side: Side, kept: Values, other: Values) -> dict[str, Any]:
    if side is not Side.BOTH:
        return _columns(field, kept if side is Side.KEEP else other)
    mine, theirs = kept[field.name], other[field.name]
    return {field.name: f"{mine}\n\n{theirs}" if field.how is How.JOIN else _united(mine, theirs)}


def _united(mine: Iterable[Any], theirs: Iterable[Any]) -> list[Any]:
    """Both lists, each value once: an address with another label is the same address."""
    found: dict[Any, Any] = {}
    for entry in (*mine, *theirs):
        key = str(entry["value"] if isinstance(entry, Mapping) else entry).casefold()
        found.setdefault(key, entry)
    return list(found.values())


def _settled(kind: Kind, values: dict[str, Any]) -> dict[str, Any]:
    """With the state that follows from the standing of a lead."""
    if kind is Kind.LEAD:
        done, active = bool(values["result"]), bool(values["assignee"])
        values["state"] = (LeadState.DONE if done else LeadState.ACTIVE if active else LeadState.NEW).value
    return values
