"""Records that are likely one are named, with the surest reason; and what merging them would do is told in words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.crm.duplicates import Likeness
from app.domain.crm.kinds import Kind
from app.domain.crm.merging import Side
from app.domain.errors import NotFound
from app.services.crm import records as crm
from app.services.crm.duplicates import likely_pairs, likely_twins
from app.services.crm.merge_draft import merge_draft
from app.services.crm.merging import merge
from app.store.database import Store
from tests.store.leads import add_campaign, add_lead, add_member

NOW = datetime(2026, 11, 22, 9, 41, tzinfo=UTC)


def contact(store: Store, **values: Any) -> int:
    return crm.create(store, Kind.CONTACT, values, author="anna", now=NOW).id


def twins(store: Store, number: int, kind: Kind = Kind.CONTACT) -> list[tuple[int, Likeness]]:
    return [(each.row.id, each.why) for each in likely_twins(store, kind, number)]


def test_contacts_are_likely_one_by_what_they_have_in_common(store: Store) -> None:
    one = contact(
        store,
        first_name="Jürgen",
        last_name="Müller",
        company="Vogel GmbH",
        customer_number="10023",
        emails="jm@vogel.example",
        phones="+49 421 5550-12",
    )
    name = contact(store, first_name="Juergen", last_name="Mueller", company="Vogel")
    phone = contact(store, last_name="Zentrale", phones="0421 555012")
    number = contact(store, last_name="Alt", customer_number="10023")
    address = contact(store, last_name="Postfach", emails="JM@vogel.example", phones="0421/555012")
    contact(store, first_name="Jürgen", last_name="Müller", company="Nordholz")
    assert twins(store, one) == [
        (address, Likeness.ADDRESS),
        (number, Likeness.NUMBER),
        (phone, Likeness.PHONE),
        (name, Likeness.NAME),
    ]
    pairs = {(pair.one.id, pair.other.id): pair.why for pair in likely_pairs(store, Kind.CONTACT)}
    assert pairs == {
        (one, address): Likeness.ADDRESS,
        (one, number): Likeness.NUMBER,
        (one, phone): Likeness.PHONE,
        (one, name): Likeness.NAME,
    }
    assert next(iter(pairs)) == (one, address)


def test_contacts_with_nothing_in_common_are_not_named(store: Store) -> None:
    one = contact(store, last_name="Berger", company="Vogel", phones="112")
    contact(store, last_name="Meier", company="Vogel", phones="112")
    assert twins(store, one) == likely_pairs(store, Kind.CONTACT) == []


def test_a_merged_pair_is_named_no_more(store: Store) -> None:
    one, two = (contact(store, last_name=name, emails="s@vogel.example") for name in ("Eins", "Zwei"))
    assert len(likely_pairs(store, Kind.CONTACT)) == 1
    merge(store, Kind.CONTACT, one, two, author="anna", now=NOW)
    assert likely_pairs(store, Kind.CONTACT) == []


def test_leads_are_likely_one_when_open_for_the_same_contact_or_of_the_same_title(store: Store) -> None:
    person = contact(store, last_name="Berger")
    one = add_lead(store, "Pumpen", contact_id=person)
    done = add_lead(store, "Alt", contact_id=person, assignee="anna", result="failure")
    same = add_lead(store, "pumpen!", assignee="anna")
    other = add_lead(store, "Ventile", contact_id=person)
    add_lead(store, "Rohre")
    assert twins(store, one, Kind.LEAD) == [(other, Likeness.CONTACT), (same, Likeness.TITLE)]
    assert twins(store, same, Kind.LEAD) == [(one, Likeness.TITLE)]
    assert (done, Likeness.CONTACT) not in twins(store, one, Kind.LEAD)
    assert twins(store, 99, Kind.LEAD) == twins(store, 99) == []


def test_a_draft_shows_what_differs_side_by_side_and_what_goes_along(store: Store) -> None:
    add_member(store, "anna", "Anna Berg", "admin")
    one = contact(store, last_name="Berger", company="Vogel", city="Bremen", emails="s@vogel.example")
    two = contact(store, last_name="Berger", company="Nordholz", street="Weg 1", emails="b@vogel.example")
    add_lead(store, contact_id=two)
    draft = merge_draft(store, Kind.CONTACT, one, two)
    assert [(each.name, each.kept, each.other, each.default) for each in draft.choices] == [
        ("company", "Vogel", "Nordholz", Side.KEEP),
        ("emails", "s@vogel.example", "b@vogel.example", Side.BOTH),
        ("address", "Bremen", "Weg 1", Side.KEEP),
    ]
    assert draft.goes_along == "mit 1 Lead"
    assert (draft.survivor.id, draft.other.id) == (one, two)
    with pytest.raises(NotFound):
        merge_draft(store, Kind.CONTACT, one, 99)


def test_a_draft_of_leads_says_it_in_a_reps_words(store: Store) -> None:
    add_member(store, "anna", "Anna Berg")
    person = contact(store, first_name="Silke", last_name="Berger")
    one = add_lead(store, "Pumpen", value=100_000, assignee="anna")
    two = add_lead(
        store,
        "Ventile",
        contact_id=person,
        campaign_id=add_campaign(store, "Messe"),
        value=5_000,
        assignee="anna",
        result="failure",
        next_step="Anrufen",
        due_on="2026-12-01",
        note="eins\nzwei",
    )
    told = {each.name: (each.kept, each.other) for each in merge_draft(store, Kind.LEAD, one, two).choices}
    assert told == {
        "title": ("Pumpen", "Ventile"),
        "contact": ("", "Silke Berger"),
        "campaign": ("", "Messe"),
        "state": ("aktiv, Anna Berg", "erfolglos, Anna Berg"),
        "value": ("1.000 €", "50 €"),
        "next_step": ("", "Anrufen, 01.12.2026"),
        "note": ("", "eins zwei"),
    }
