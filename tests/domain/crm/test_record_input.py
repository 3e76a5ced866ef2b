"""Records take what a person types, cleaned, and name each field that cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.crm.kinds import Kind
from app.domain.crm.record_input import (
    FIELD_NAMES,
    INPUTS,
    ContactInput,
    EmailEntry,
    LeadInput,
    OpportunityInput,
    PhoneEntry,
    TaskInput,
    read_input,
    read_line,
)
from app.domain.due import Due, DuePast
from app.domain.errors import BadInput
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
    found = lead(value="12.500,00", due_on="+3", campaign=" Messe  2026 ", next_step=" anrufen ")
    assert found.value == 1_250_000
    assert found.due_on == date(2026, 11, 24)
    assert (found.campaign, found.next_step) == ("Messe 2026", "anrufen")


def test_empty_fields_of_a_dialog_mean_nothing() -> None:
    found = lead(value=" ", due_on="")
    assert (found.value, found.due_on) == (None, None)


def test_every_wrong_field_is_named_at_once() -> None:
    with pytest.raises(BadInput) as refused:
        lead(title=" ", value="viel", due_on="31.2.", size=3)
    words = str(refused.value)
    for part in (
        "Title: must not be empty",
        "Value: “viel”",
        "Due: “31.2.”",
        "size: ",
    ):
        assert part in words


def test_how_a_lead_stands_is_not_typed() -> None:
    for field in ("state", "result", "reason"):
        with pytest.raises(BadInput, match=field.title()):
            lead(**{field: "done"})


def test_the_day_of_a_lead_lies_ahead_unless_it_was_there_before() -> None:
    assert lead(due_on="heute").due_on == TODAY
    with pytest.raises(DuePast, match="2026"):
        lead(due_on="20.11.2026")
    before = {"due_on": date(2026, 11, 20)}
    values = {"title": "Pumpen", "due_on": "20.11.2026"}
    assert read_input(LeadInput, values, TODAY, before).due_on == before["due_on"]
    with pytest.raises(DuePast):
        read_input(LeadInput, values | {"due_on": "19.11.2026"}, TODAY, before)
    assert LeadInput.model_validate({"title": "Pumpen", "due_on": "2020-01-01"}).due_on == date(2020, 1, 1)


def test_one_line_of_text_is_cleaned_and_has_an_end() -> None:
    assert read_line("note", " weit \x1b weg ") == clean_line(" weit \x1b weg ").strip()
    with pytest.raises(BadInput, match="Note: longer than 300"):
        read_line("note", "x" * 301)


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
    fields = {field for model in INPUTS.values() for field in model.model_fields}
    assert set(FIELD_NAMES) == fields | {"result", "reason"}, "the history tells of these two as well"


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
    with pytest.raises(BadInput, match="Due: “bald” is no day"):
        read_input(TaskInput, {"title": "Anrufen", "due_on": "bald 9:00"}, TODAY)
