"""Which leads a board or a list shows and in which order, and how that is kept as a saved filter; it asks no store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar

from app.domain.crm.kinds import LeadState
from app.domain.crm.record_input import LONGEST_LINE
from app.domain.errors import BadInput
from app.domain.list_filter import ListFilter
from app.domain.text import clean_line
from app.language import N_

#: As `LeadFilter.assignee`: leads that nobody is responsible for.
NOBODY: Final = ""
#: As `LeadFilter.campaign_id`: leads that come from no campaign. No campaign has this number.
NO_CAMPAIGN: Final = 0
#: What is still to be worked on.
OPEN_STATES: Final = (LeadState.NEW, LeadState.ACTIVE)

_T = TypeVar("_T")


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
    kept: dict[str, Any] = {}
    for field in fields(wanted):
        value = getattr(wanted, field.name)
        if value != field.default:
            kept[field.name] = _plain(value)
    if sort != LeadSort():
        kept |= {"sort": sort.key.value, "descending": sort.descending}
    return kept


def from_json(kept: Mapping[str, Any]) -> tuple[LeadFilter, LeadSort]:
    """A saved filter. What a later version keeps beside that is left out.

    Raises BadInput for a known field that cannot be read: without it the list would show more than was asked for.
    """
    found = {name: _read(kept, name, read) for name, read in _FIELDS.items() if name in kept}
    sort = LeadSort(
        _read(kept, "sort", SortKey) if "sort" in kept else SortKey.DUE,
        _read(kept, "descending", _flag) if "descending" in kept else False,
    )
    return LeadFilter(**found), sort


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [str(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def _read(kept: Mapping[str, Any], name: str, read: Callable[[Any], _T]) -> _T:
    try:
        return read(kept[name])
    except (ValueError, TypeError) as error:
        raise BadInput(N_("the saved filter cannot be read: {field}"), field=name) from error


def _line(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return clean_line(value).strip()[:LONGEST_LINE]


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < 1 << 63:
        raise ValueError
    return value


def _states(value: object) -> tuple[LeadState, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(state for state in LeadState if state in {LeadState(each) for each in value})


_FIELDS: dict[str, Callable[[Any], Any]] = {
    "text": _line,
    "states": _states,
    "assignee": _line,
    "campaign_id": _number,
    "source": _line,
    "created_from": date.fromisoformat,
    "created_to": date.fromisoformat,
    "overdue": _flag,
    "contact_id": _number,
}
