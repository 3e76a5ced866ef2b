"""Records take what a person types, cleaned, and name each field that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.crm import Kind, LeadResult, LeadState
from app.domain.due import Due
from app.domain.errors import BadInput
from app.domain.record_input import (
    FIELD_NAMES,
    INPUTS,
    ContactInput,
    EmailEntry,
    LeadInput,
    OpportunityInput,
    PhoneEntry,
    TaskInput,
    read_input,
)
from app.domain.text import clean_line
from app.language import use_language

TODAY = date(2026, 11, 21)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("de")


def lead(**values: Any) -> LeadInput:
    return read_input(LeadInput, {"title": "Pumpen", **values}, TODAY)


def test_a_lead_is_read_from_typed_texts() -> None:
    found = lead(value="12.500,00", due_on="+3", state="active", next_step=" anrufen ")
    assert found.value == 1_250_000
    assert found.due_on == date(2026, 11, 24)
    assert (found.state, found.next_step) == (LeadState.ACTIVE, "anrufen")


def test_empty_fields_of_a_dialog_mean_nothing() -> None:
    found = lead(value=" ", due_on="")
    assert (found.value, found.due_on) == (None, None)


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(BadInput) as refused:
        lead(title=" ", value="viel", due_on="31.2.", state="asleep", size=3)
    words = str(refused.value)
    for part in (
        "Title: must not be empty",
        "Value: “viel”",
        "Due: “31.2.”",
        "State: only new, active, done may stand here",
        "size: ",
    ):
        assert part in words


def test_only_a_lead_that_is_done_has_a_result() -> None:
    assert lead(state="done", result="success").result is LeadResult.SUCCESS
    with pytest.raises(BadInput, match="only a lead that is done"):
        lead(state="active", result="success")


def test_a_contact_takes_several_addresses_and_numbers_from_one_line() -> None:
    found = read_input(
        ContactInput,
        {"emails": "S.Berger@Vogel.example, einkauf@vogel.example", "phones": "+49 421 1, 0170 2"},
        TODAY,
    )
    assert found.emails == (
        EmailEntry(value="s.berger@vogel.example"),
        EmailEntry(value="einkauf@vogel.example"),
    )
    assert found.phones == (PhoneEntry(value="+49 421 1"), PhoneEntry(value="0170 2"))


@pytest.mark.parametrize(
    ("field", "value"),
    [("emails", "silke.vogel.example"), ("emails", ["a@b@c"]), ("phones", "mobil"), ("company", "x" * 301)],
)
def test_what_is_no_address_or_number_or_is_endless_is_refused(field: str, value: object) -> None:
    with pytest.raises(BadInput, match=FIELD_NAMES[field]):
        read_input(ContactInput, {"last_name": "Berger", field: value}, TODAY)


def test_a_contact_is_somebody() -> None:
    with pytest.raises(BadInput, match="needs a name"):
        read_input(ContactInput, {"city": "Bremen"}, TODAY)


@pytest.mark.parametrize("percent", [-1, 101, "viel"])
def test_a_probability_is_in_percent(percent: object) -> None:
    with pytest.raises(BadInput, match="Probability"):
        read_input(OpportunityInput, {"title": "A", "probability": percent}, TODAY)


def test_every_field_has_a_name_to_show() -> None:
    assert {field for model in INPUTS.values() for field in model.model_fields} == set(FIELD_NAMES)


@given(st.text(max_size=80), st.text(max_size=80))
def test_nothing_hostile_gets_into_a_record(title: str, note: str) -> None:
    try:
        found = read_input(TaskInput, {"title": title, "note": note}, TODAY)
    except BadInput:
        assert not clean_line(title).strip()
        return
    assert clean_line(found.title) == found.title
    assert all(clean_line(line) == line for line in found.note.split("\n"))


@pytest.mark.parametrize("kind", list(Kind))
def test_what_was_read_can_be_read_again(kind: Kind) -> None:
    values = (
        {"last_name": "Berger", "emails": ["a@b.example"]} if kind is Kind.CONTACT else {"title": "Pumpen"}
    )
    found = read_input(INPUTS[kind], values, TODAY)
    assert read_input(INPUTS[kind], found.model_dump(), TODAY) == found


def test_a_task_has_a_time_only_when_one_was_typed() -> None:
    task = read_input(TaskInput, {"title": "Anrufen", "due_on": "+2 9:00"}, TODAY)
    assert (task.due_on, task.remind_at) == (date(2026, 11, 23), Due(date(2026, 11, 23), time(9)).remind_at)
    later = read_input(TaskInput, {**task.model_dump(), "due_on": "+3"}, TODAY)
    assert (later.due_on, later.remind_at) == (date(2026, 11, 24), None)
    same = read_input(TaskInput, {**task.model_dump(), "title": "Anders"}, TODAY)
    assert (same.due_on, same.remind_at) == (task.due_on, task.remind_at)
    with pytest.raises(BadInput, match="Due: “bald 9:00” is no day"):
        read_input(TaskInput, {"title": "Anrufen", "due_on": "bald 9:00"}, TODAY)
