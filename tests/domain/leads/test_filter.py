"""A filter of leads is kept and read back as it was, and nothing that cannot be read widens it in silence."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.crm.kinds import LeadState
from app.domain.errors import BadInput
from app.domain.kept import from_text
from app.domain.leads.filter import (
    NO_CAMPAIGN,
    NOBODY,
    OPEN_STATES,
    LeadFilter,
    LeadSort,
    SortKey,
    from_json,
    to_json,
)
from app.domain.leads.rows import LeadRow
from app.domain.saved_filter import LONGEST_NAME, filter_name

TODAY = date(2026, 11, 22)
_words = st.text("abcäöü ", max_size=12).map(str.strip)
_states = st.sets(st.sampled_from(LeadState)).map(lambda some: tuple(s for s in LeadState if s in some))
_days = st.none() | st.dates()
_filters = st.builds(
    LeadFilter,
    text=_words,
    states=_states,
    assignee=st.none() | st.sampled_from([NOBODY, "anna"]),
    campaign_id=st.none() | st.integers(0, 500),
    source=_words,
    created_from=_days,
    created_to=_days,
    overdue=st.booleans(),
    contact_id=st.none() | st.integers(1, 500),
)
_sorts = st.builds(LeadSort, st.sampled_from(SortKey), st.booleans())

#: What a person reads of the fields.
NAMES = {
    "states": "Stand",
    "text": "Wörter",
    "assignee": "Bearbeiter",
    "campaign_id": "Kampagne",
    "created_from": "Angelegt",
    "created_to": "Angelegt",
    "overdue": "Überfällig",
    "contact_id": "Kontakt",
    "source": "Quelle",
    "sort": "Sortieren nach",
    "descending": "Sortieren nach",
}


@given(_filters, _sorts)
def test_a_filter_is_read_back_as_it_was_kept(wanted: LeadFilter, sort: LeadSort) -> None:
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
    assert to_json(LeadFilter(), LeadSort()) == {}
    assert from_json({}) == (LeadFilter(), LeadSort())


def test_nobody_and_no_campaign_are_not_the_same_as_everybody_and_every_campaign() -> None:
    wanted = LeadFilter(assignee=NOBODY, campaign_id=NO_CAMPAIGN)
    assert wanted.narrowed
    assert from_json(to_json(wanted, LeadSort()))[0] == wanted != LeadFilter()


def test_what_a_later_version_keeps_beside_is_left_out() -> None:
    kept = {"text": "pumpen", "colour": "red", "states": ["new", "active"]}
    assert from_json(kept)[0] == LeadFilter(text="pumpen", states=OPEN_STATES)


def test_the_states_stand_in_the_order_of_the_board_and_once() -> None:
    assert from_json({"states": ["done", "new", "done"]})[0].states == (LeadState.NEW, LeadState.DONE)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("states", ["lost"]),
        ("states", "new"),
        ("text", 3),
        ("assignee", None),
        ("campaign_id", -1),
        ("campaign_id", True),
        ("campaign_id", "7"),
        ("created_from", "gestern"),
        ("created_to", 20261122),
        ("overdue", 1),
        ("sort", "colour"),
        ("descending", "no"),
    ],
)
def test_a_field_that_cannot_be_read_is_named_instead_of_being_dropped(field: str, value: Any) -> None:
    with pytest.raises(BadInput) as refused:
        from_json({field: value})
    assert refused.value.told_cause == f"{NAMES[field]}: das Gespeicherte ist nicht lesbar"


def test_a_kept_text_is_cleaned_before_anybody_sees_it() -> None:
    assert "\x1b" not in from_json({"text": "\x1b[31mrot"})[0].text


def test_any_condition_counts_as_narrowed_and_none_does_not() -> None:
    assert not LeadFilter().narrowed
    for wanted in (LeadFilter(text="a"), LeadFilter(overdue=True), LeadFilter(states=OPEN_STATES)):
        assert wanted.narrowed


@pytest.mark.parametrize("typed", ["", "   ", "x" * (LONGEST_NAME + 1)])
def test_a_name_for_a_filter_is_neither_empty_nor_endless(typed: str) -> None:
    with pytest.raises(BadInput):
        filter_name(typed)


def test_a_name_for_a_filter_is_one_clean_line() -> None:
    assert filter_name("  Messe\n 2026 \u202e") == "Messe 2026 <RLO>"


def row(**values: Any) -> LeadRow:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    facts: dict[str, Any] = dict.fromkeys(LeadRow.__dataclass_fields__, "")
    facts |= {"id": 1, "state": LeadState.ACTIVE, "value": None, "contact_id": None, "due": None}
    facts |= {"created_at": now, "changed_at": now, "activated_at": None, "finished_at": None}
    return LeadRow(**(facts | values))


def test_a_lead_is_overdue_from_the_day_after_its_day_until_it_is_done() -> None:
    assert not row(due=TODAY).is_overdue(TODAY)
    assert row(due=date(2026, 11, 21)).is_overdue(TODAY)
    assert not row(due=date(2026, 11, 21), state=LeadState.DONE).is_overdue(TODAY)
    assert not row().is_overdue(TODAY)
