"""What is kept as JSON for later, such as filters under a name: written with what matters, read as something from outside."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any, TypeVar

from app.domain.crm.record_fields import LONGEST_LINE
from app.domain.errors import BadInput
from app.domain.list_filter import ListFilter
from app.domain.text import clean_line
from app.language import N_, _

T = TypeVar("T")

#: What a person reads of a field that cannot be read; source texts.
_WORDS: Mapping[str, str] = {
    "assignee": "Assignee",
    "campaign_id": "Campaign",
    "columns": "Columns",
    "contact_id": "Contact",
    "created_from": "Created",
    "created_to": "Created",
    "descending": "Sort by",
    "list": N_("Board or list"),
    "month": "Expected",
    "outcome": "State",
    "overdue": "Overdue",
    "sort": "Sort by",
    "source": "Source",
    "stage": "Stage",
    "states": "State",
    "text": "Words",
}


def kept_filter(wanted: ListFilter) -> dict[str, Any]:
    """A filter: only what differs from showing everything."""
    given = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
    return {
        field.name: _plain(given[field.name])
        for field in fields(wanted)
        if given[field.name] != field.default
    }


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [str(part) for part in value]
    return value.isoformat() if isinstance(value, date) else value


def from_text(text: str) -> Mapping[str, Any] | None:
    """What stands in the store; None when it is no JSON object, which `readable` tells."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def readable(kept: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """What `from_text` found. Raises BadInput for None."""
    if kept is None:
        raise BadInput("what was kept cannot be read")
    return kept


def read_fields(kept: Mapping[str, Any], readers: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    """The fields that are known, of those that were kept. What a later version keeps beside that is left out.

    Raises BadInput for a known field that cannot be read: without it a list would show more than was asked for.
    """
    return {name: read_field(kept, name, read) for name, read in readers.items() if name in kept}


def read_field(kept: Mapping[str, Any], name: str, read: Callable[[Any], T]) -> T:
    """One field. Raises BadInput, and KeyError when it is not there."""
    try:
        return read(kept[name])
    except (ValueError, TypeError) as error:
        raise BadInput(
            "{where}: {reason}", where=_(_WORDS[name]), reason=N_("what was kept cannot be read")
        ) from error


def line(value: object) -> str:
    """A line of text, cleaned. Raises TypeError."""
    if not isinstance(value, str):
        raise TypeError
    return clean_line(value).strip()[:LONGEST_LINE]


def flag(value: object) -> bool:
    """Yes or no. Raises TypeError."""
    if not isinstance(value, bool):
        raise TypeError
    return value
