"""What merging two records would do, in words for a dialog: the fields to choose about side by side, and what goes along.

Changes nothing. Not for the event loop's thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.domain.crm.kinds import Kind, LeadState, RecordRow, not_found
from app.domain.crm.merging import Difference, Side, differences
from app.domain.crm.record_words import word_of
from app.domain.due import format_day
from app.domain.money import format_euros
from app.language import _, ngettext
from app.store.connection import Connection
from app.store.crm.records import record_row
from app.store.database import Store
from app.store.team.campaigns import campaign_names
from app.store.team.members import member


@dataclass(frozen=True, slots=True)
class MergeChoice:
    """A field to choose about: `name` as `merge` takes it, `label` a source text, and what each of both records says."""

    name: str
    label: str
    kept: str
    other: str
    sides: tuple[Side, ...]
    default: Side


@dataclass(frozen=True, slots=True)
class MergeDraft:
    """`goes_along`: what hangs on the other record, in words; empty when there is nothing. `seen`: see `merging.merge`."""

    survivor: RecordRow
    other: RecordRow
    choices: tuple[MergeChoice, ...]
    goes_along: str
    seen: tuple[int, int]


def merge_draft(store: Store, kind: Kind, survivor_id: int, other_id: int) -> MergeDraft:
    """What there is to choose when the other record goes into the survivor. Raises NotFound."""
    from app.store.crm.merging import count_of

    read = store.read
    kept, version = _values(read, kind, survivor_id)
    other, other_version = _values(read, kind, other_id)
    return MergeDraft(
        _row(read, kind, survivor_id),
        _row(read, kind, other_id),
        tuple(_choice(read, each, kept, other) for each in differences(kind, kept, other)),
        _goes_along(count_of(read, kind, other_id)),
        (version, other_version),
    )


def _values(read: Connection, kind: Kind, record_id: int) -> tuple[dict[str, Any], int]:
    from app.store.crm.merging import snapshot

    found = snapshot(read, kind, record_id)
    if found is None:
        raise not_found(kind, record_id)
    return found


def _row(read: Connection, kind: Kind, record_id: int) -> RecordRow:
    row = record_row(read, kind, record_id)
    if row is None:
        raise not_found(kind, record_id)
    return row


def _choice(
    read: Connection, found: Difference, kept: Mapping[str, Any], other: Mapping[str, Any]
) -> MergeChoice:
    mine, theirs = (_told(read, found.field.name, each) for each in (kept, other))
    return MergeChoice(found.field.name, found.field.label, mine, theirs, found.sides, found.default)


def _told(read: Connection, field: str, values: Mapping[str, Any]) -> str:
    """What a record says in a field, as a line for people; empty for nothing."""
    match field:
        case "emails" | "phones":
            return ", ".join(entry["value"] for entry in values[field])
        case "traits":
            return ", ".join(values[field])
        case "address":
            place = f"{values['postal_code']} {values['city']}".strip()
            return ", ".join(filter(None, (values["street"], place, values["country"])))
        case "contact":
            row = record_row(read, Kind.CONTACT, values["contact_id"] or 0)
            return row.title if row else ""
        case "campaign":
            return campaign_names(read).get(values["campaign_id"], "")
        case "assignee":
            return _name(read, values["assignee"])
        case "state":
            return ", ".join(filter(None, (_state(values), _name(read, values["assignee"]))))
        case "value":
            return "" if values["value"] is None else format_euros(values["value"])
        case "next_step":
            day = format_day(date.fromisoformat(values["due_on"])) if values["due_on"] else ""
            return ", ".join(filter(None, (values["next_step"], day)))
    return " ".join(str(values[field]).split())


def _state(values: Mapping[str, Any]) -> str:
    return word_of(values["result"] if values["state"] == LeadState.DONE else values["state"])


def _name(read: Connection, login: str) -> str:
    found = member(read, login) if login else None
    return found.name if found else login


def _goes_along(counts: Mapping[str, int]) -> str:
    n = counts.get
    told = (
        ("link", ngettext("{n} mail", "{n} mails", n("link", 0))),
        ("lead", ngettext("{n} lead", "{n} leads", n("lead", 0))),
        ("task", ngettext("{n} task", "{n} tasks", n("task", 0))),
        ("opportunity", ngettext("{n} opportunity", "{n} opportunities", n("opportunity", 0))),
        ("document", ngettext("{n} document", "{n} documents", n("document", 0))),
    )
    some = [words.format(n=counts[table]) for table, words in told if n(table)]
    return _("with {things}").format(things=", ".join(some)) if some else ""
