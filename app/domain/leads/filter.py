"""Which leads a board or a list shows and in which order, and how that is kept as a saved filter; it asks no store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from app.domain.crm.kinds import LeadState
from app.domain.kept import flag, kept_filter, line, read_field, read_fields, readable
from app.domain.list_filter import ListFilter

#: As `LeadFilter.assignee`: leads that nobody is responsible for.
NOBODY: Final = ""
#: As `LeadFilter.campaign_id`: leads that come from no campaign. No campaign has this number.
NO_CAMPAIGN: Final = 0
#: What is still to be worked on.
OPEN_STATES: Final = (LeadState.NEW, LeadState.ACTIVE)


class SortKey(StrEnum):
    """By what a list of leads is sorted. Within equals by id, so that no two lists of the same leads differ."""

    DUE = "due"
    CREATED = "created"
    CHANGED = "changed"
    TITLE = "title"
    CONTACT = "contact"
    CAMPAIGN = "campaign"
    SOURCE = "source"
    ASSIGNEE = "assignee"
    VALUE = "value"
    STATE = "state"


@dataclass(frozen=True, slots=True)
class LeadSort:
    """What has no day, value, contact … comes last in both directions. By `SortKey.DUE` what is done comes last, too."""

    key: SortKey = SortKey.DUE
    descending: bool = False


@dataclass(frozen=True, slots=True)
class LeadFilter(ListFilter):
    """Everything given must hold.

    `text`: each of its words begins one of the title or of the contact's name, company, customer number or addresses.
    `states`: none given means all; `OPEN_STATES` is "open only". `assignee`: a login, or `NOBODY`. `campaign_id`: or
    `NO_CAMPAIGN`. `source`: as it is written in the leads. `created_from` and `created_to` are the first and the last
    day, in the rep's zone. `overdue`: not done, and its day has passed.
    """

    states: tuple[LeadState, ...] = ()
    assignee: str | None = None
    campaign_id: int | None = None
    source: str = ""
    created_from: date | None = None
    created_to: date | None = None
    overdue: bool = False
    contact_id: int | None = None


def to_json(wanted: LeadFilter, sort: LeadSort) -> dict[str, Any]:
    """What a saved filter keeps: only what differs from showing everything."""
    order = {"sort": sort.key.value, "descending": sort.descending} if sort != LeadSort() else {}
    return kept_filter(wanted) | order


def from_json(kept: Mapping[str, Any] | None) -> tuple[LeadFilter, LeadSort]:
    """A saved filter; what cannot be read is dealt with as `app.domain.kept` says."""
    kept = readable(kept)
    sort = LeadSort(
        read_field(kept, "sort", SortKey) if "sort" in kept else SortKey.DUE,
        read_field(kept, "descending", flag) if "descending" in kept else False,
    )
    return LeadFilter(**read_fields(kept, _FIELDS)), sort


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 63:
        raise ValueError
    return value


def _states(value: object) -> tuple[LeadState, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(state for state in LeadState if state in {LeadState(each) for each in value})


_FIELDS: dict[str, Callable[[Any], Any]] = {
    "text": line,
    "states": _states,
    "assignee": line,
    "campaign_id": _number,
    "source": line,
    "created_from": date.fromisoformat,
    "created_to": date.fromisoformat,
    "overdue": flag,
    "contact_id": _number,
}
