"""Two records become one field by field, and what was changed since stays when that is undone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.crm.kinds import Kind
from app.domain.crm.merging import FIELDS, How, Side, differences, merged, restored
from app.domain.crm.record_fields import LONGEST_NOTE
from app.domain.crm.record_input import ContactInput, LeadInput
from app.domain.errors import BadInput

CONTACT: dict[str, Any] = {
    **dict.fromkeys(ContactInput.model_fields, ""),
    "emails": [],
    "phones": [],
    "traits": [],
    "created_at": 100,
}
LEAD: dict[str, Any] = {
    "title": "Pumpen",
    "contact_id": None,
    "campaign_id": None,
    "source": "",
    "value": None,
    "next_step": "",
    "due_on": "",
    "note": "",
    "assignee": "",
    "state": "new",
    "result": "",
    "reason": "",
    "reason_text": "",
    "activated_at": None,
    "finished_at": None,
    "created_at": 100,
    "created_by": "",
}


def contact(**values: Any) -> dict[str, Any]:
    return CONTACT | values


def lead(**values: Any) -> dict[str, Any]:
    return LEAD | values


def test_every_field_of_a_record_is_merged_by_some_rule() -> None:
    for kind, model in ((Kind.CONTACT, ContactInput), (Kind.LEAD, LeadInput)):
        columns = {column for field in FIELDS[kind] for column in field.columns}
        assert set(model.model_fields) - columns <= {"campaign"}, "which is a column of another name"


def test_the_survivor_keeps_its_values_and_gets_what_it_has_none_of() -> None:
    found = merged(
        Kind.CONTACT,
        contact(last_name="Berger", company="Vogel"),
        contact(last_name="Bergers", customer_number="10023"),
        {},
    )
    assert (found["last_name"], found["company"], found["customer_number"]) == ("Berger", "Vogel", "10023")


def test_each_field_can_be_taken_from_the_other() -> None:
    kept, other = contact(last_name="Berger", company="Vogel"), contact(last_name="Meier", company="Nordholz")
    found = merged(Kind.CONTACT, kept, other, {"last_name": Side.OTHER})
    assert (found["last_name"], found["company"]) == ("Meier", "Vogel")


def test_a_place_is_taken_as_a_whole() -> None:
    kept = contact(street="Weg 1", city="Bremen")
    found = merged(Kind.CONTACT, kept, contact(postal_code="20095", city="Hamburg"), {"address": Side.OTHER})
    assert (found["street"], found["postal_code"], found["city"]) == ("", "20095", "Hamburg")


def test_addresses_numbers_and_traits_are_united_each_once() -> None:
    kept = contact(emails=[{"value": "s@vogel.example", "label": "Büro"}], traits=["Messe"])
    other = contact(
        emails=[{"value": "S@vogel.example", "label": ""}, {"value": "b@vogel.example", "label": ""}],
        traits=["messe", "Brief"],
    )
    found = merged(Kind.CONTACT, kept, other, {})
    assert [entry["value"] for entry in found["emails"]] == ["s@vogel.example", "b@vogel.example"]
    assert found["traits"] == ["Messe", "Brief"]
    alone = merged(Kind.CONTACT, kept, other, {"emails": Side.KEEP, "traits": Side.OTHER})
    assert (len(alone["emails"]), alone["traits"]) == (1, ["messe", "Brief"])


def test_notes_stand_one_after_the_other_unless_that_is_too_long() -> None:
    assert merged(Kind.LEAD, lead(note="eins"), lead(note="zwei"), {})["note"] == "eins\n\nzwei"
    long = "x" * (LONGEST_NOTE - 5)
    assert merged(Kind.LEAD, lead(note=long), lead(note="zu lang"), {})["note"] == long
    with pytest.raises(BadInput):
        merged(Kind.LEAD, lead(note=long), lead(note="zu lang"), {"note": Side.BOTH})


def test_it_was_made_when_the_older_one_was() -> None:
    found = merged(
        Kind.LEAD,
        lead(created_at=200, created_by="anna"),
        lead(created_at=100, created_by="bert"),
        {},
    )
    assert (found["created_at"], found["created_by"]) == (100, "bert")


def test_who_works_on_a_lead_and_how_it_ended_are_one_thing() -> None:
    active = lead(assignee="anna", state="active", activated_at=150)
    failed = lead(
        assignee="bert", state="done", result="failure", reason="competitor", activated_at=1, finished_at=2
    )
    assert merged(Kind.LEAD, lead(), active, {})["state"] == "active"
    kept = merged(Kind.LEAD, active, failed, {})
    assert (kept["state"], kept["assignee"], kept["result"], kept["finished_at"]) == (
        "active",
        "anna",
        "",
        None,
    )
    taken = merged(Kind.LEAD, active, failed, {"state": Side.OTHER})
    assert (taken["state"], taken["assignee"], taken["reason"]) == ("done", "bert", "competitor")


@pytest.mark.parametrize(
    "choices", [{"colour": Side.OTHER}, {"created_at": Side.OTHER}, {"last_name": Side.BOTH}]
)
def test_a_choice_that_there_is_none_of_is_refused(choices: dict[str, Side]) -> None:
    with pytest.raises(BadInput):
        merged(Kind.CONTACT, contact(last_name="Berger"), contact(last_name="Meier"), choices)


def test_only_what_differs_and_says_something_is_asked_about() -> None:
    kept = contact(last_name="Berger", company="Vogel", emails=[{"value": "s@vogel.example", "label": ""}])
    other = contact(last_name="Berger", emails=[{"value": "s@vogel.example", "label": "privat"}], note="neu")
    found = differences(Kind.CONTACT, kept, other)
    assert [(each.field.name, each.default) for each in found] == [("note", Side.OTHER)]


_texts = st.sampled_from(["", "a", "b"])
_contacts = st.fixed_dictionaries(
    dict.fromkeys(("last_name", "company", "street", "city", "note", "assignee"), _texts)
    | {
        "emails": st.lists(st.sampled_from(["x@a.example", "y@a.example"]), unique=True).map(
            lambda some: [{"value": value, "label": ""} for value in some]
        ),
        "traits": st.lists(st.sampled_from(["p", "q"]), unique=True),
        "created_at": st.integers(0, 3),
    }
).map(lambda values: contact(**values))


@given(_contacts, _contacts, st.data())
def test_undoing_at_once_brings_every_value_back(kept: Any, other: Any, data: st.DataObject) -> None:
    choices = {
        each.field.name: data.draw(st.sampled_from(each.sides))
        for each in differences(Kind.CONTACT, kept, other)
    }
    after = merged(Kind.CONTACT, kept, other, choices)
    assert restored(Kind.CONTACT, kept, after, after) == (kept, [])


@given(_contacts, _contacts, _contacts)
def test_what_was_changed_since_stays_and_is_named(kept: Any, other: Any, now: Any) -> None:
    after = merged(Kind.CONTACT, kept, other, {})
    found, stay = restored(Kind.CONTACT, kept, after, now)
    named = {field.name for field in stay}
    for field in FIELDS[Kind.CONTACT]:
        for column in field.columns:
            touched = any(now[each] != after[each] for each in field.columns)
            was_merged = any(kept[each] != after[each] for each in field.columns)
            assert found[column] == (kept[column] if was_merged and not touched else now[column])
            assert (field.name in named) == (was_merged and touched)


@given(_contacts, _contacts)
def test_no_address_and_no_trait_of_either_is_lost_without_a_choice(kept: Any, other: Any) -> None:
    found = merged(Kind.CONTACT, kept, other, {})
    for field in FIELDS[Kind.CONTACT]:
        if field.how is How.UNITE:
            values = [str(entry) for entry in found[field.name]]
            assert {str(entry) for entry in (*kept[field.name], *other[field.name])} == set(values)
