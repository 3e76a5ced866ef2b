"""A filter of opportunities is kept and read back as it was, and nothing that cannot be read widens it in silence."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.kept import from_text
from app.domain.opportunities.keeping import from_json, to_json
from app.domain.opportunities.pipeline import NO_MONTH, OVERDUE, OpportunityFilter, Sort
from app.domain.opportunities.stages import Outcome

_words = st.text("abcäöü ", max_size=12).map(str.strip)
_filters = st.builds(
    OpportunityFilter,
    text=_words,
    assignee=st.sampled_from(["", "anna"]),
    stage=_words,
    outcome=st.none() | st.sampled_from(Outcome),
    month=st.sampled_from(["", NO_MONTH, OVERDUE, "2027-01"]),
)

#: What a person reads of the fields.
NAMES = {
    "text": "Wörter",
    "assignee": "Bearbeiter",
    "stage": "Phase",
    "outcome": "Stand",
    "month": "Erwartet",
    "sort": "Sortieren nach",
}


@given(_filters, st.sampled_from(Sort))
def test_a_filter_is_read_back_as_it_was_kept(wanted: OpportunityFilter, sort: Sort) -> None:
    assert from_json(json.loads(json.dumps(to_json(wanted, sort)))) == (wanted, sort)


@pytest.mark.parametrize(
    "kept",
    ["", "{", "[1]", "[" * 100_000, '{"text": 1' + "0" * 5_000 + "}"],
    ids=["empty", "broken", "a list", "too deep", "a number too long"],
)
def test_what_is_no_json_is_told_and_not_read_as_everything(kept: str) -> None:
    with pytest.raises(BadInput, match="what was kept cannot be read"):
        from_json(from_text(kept))


def test_showing_everything_keeps_nothing() -> None:
    assert to_json(OpportunityFilter(), Sort.EXPECTED) == {}
    assert from_json({"colour": "red"}) == (OpportunityFilter(), Sort.EXPECTED)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", 3),
        ("assignee", None),
        ("stage", ["Angebot"]),
        ("outcome", "perhaps"),
        ("month", "bald"),
        ("month", "2027-13"),
        ("month", 202701),
        ("sort", "colour"),
    ],
)
def test_a_field_that_cannot_be_read_is_named_instead_of_being_dropped(field: str, value: Any) -> None:
    with pytest.raises(BadInput) as refused:
        from_json({field: value})
    assert refused.value.told_cause == f"{NAMES[field]}: das Gespeicherte ist nicht lesbar"


def test_a_kept_stage_is_cleaned_before_anybody_sees_it() -> None:
    assert "\x1b" not in from_json({"stage": "\x1b[31mAngebot"})[0].stage
