"""A filter that a person kept under a name, for any place; what stands in its query is the place's own business."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.errors import BadInput
from app.domain.text import clean_line
from app.language import N_

LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """`query`: what `app.domain.leads.filter.from_json` and its like read; None when it is not even JSON."""

    id: int
    name: str
    query: Mapping[str, Any] | None


def filter_name(typed: str) -> str:
    """A name that a filter can be kept under, cleaned. Raises BadInput."""
    name = " ".join(clean_line(typed).split())
    if not name:
        raise BadInput(N_("a saved filter needs a name"))
    if len(name) > LONGEST_NAME:
        raise BadInput(N_("the name of the filter is longer than {n} characters"), n=LONGEST_NAME)
    return name
