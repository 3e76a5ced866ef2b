"""A visiting card as a contact to look over, whatever stands on it."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.domain.crm.kinds import Kind
from app.domain.crm.record_fields import LONGEST_LINE
from app.domain.crm.record_input import EmailEntry, PhoneEntry
from app.domain.mail.cards import Card, PersonName
from app.domain.text import clean_line
from app.mail.cards import read_cards
from app.services.crm import records as crm
from app.services.crm.new_contact import contact_from_card, contact_of
from app.store.database import Store

NOW = datetime(2026, 11, 21, 9, 41, tzinfo=UTC)
SILKE = Card(
    PersonName("Frau", "Dr.", "Silke", "Berger"),
    "Vogel GmbH",
    (("+49 40 1", ""), ("+49 171 5", "mobil")),
    "Weg 1",
    "20095",
    "Hamburg",
    "Deutschland",
    ("silke@vogel.example", "berger@vogel.example"),
    position="Leiterin Einkauf",
    left_out=3,
)


def test_everything_on_the_card_goes_into_the_contact(store: Store) -> None:
    draft = contact_from_card(store, SILKE, author="anna")
    new = draft.new
    assert new is not None
    assert (draft.known, draft.left_out) == ((), 3)
    assert (new.salutation, new.title, new.first_name, new.last_name) == ("Frau", "Dr.", "Silke", "Berger")
    assert (new.company, new.note, new.assignee) == ("Vogel GmbH", "Position: Leiterin Einkauf", "anna")
    assert (new.street, new.postal_code, new.city, new.country) == (
        "Weg 1",
        "20095",
        "Hamburg",
        "Deutschland",
    )
    assert new.emails == (EmailEntry(value="silke@vogel.example"), EmailEntry(value="berger@vogel.example"))
    assert new.phones == (PhoneEntry(value="+49 40 1"), PhoneEntry(value="+49 171 5", label="mobil"))


def test_whoever_has_one_of_its_addresses_is_known(store: Store) -> None:
    values = {"last_name": "Vogt", "emails": "Berger@vogel.example"}
    vogt = crm.create(store, Kind.CONTACT, values, author="anna", now=NOW)
    draft = contact_from_card(store, SILKE, author="anna")
    assert draft.new is not None
    assert [row.id for row in draft.known] == [vogt.id]


def test_a_card_that_names_nobody_makes_no_contact() -> None:
    assert contact_of(Card(PersonName(), phones=(("+49 40 1", ""),), city="Hamburg")) is None


@given(st.lists(st.text(max_size=400), min_size=9, max_size=9))
def test_any_card_makes_a_contact_that_can_be_stored_and_drawn(texts: list[str]) -> None:
    fields = ("FN", "N", "ORG", "TITLE", "EMAIL", "TEL", "TEL", "ADR", "NOTE")
    lines = [f"{name}:{text}" for name, text in zip(fields, texts, strict=True)]
    for card in read_cards("\n".join(("BEGIN:VCARD", *lines, "END:VCARD"))).people:
        new = contact_of(card)
        if new is not None:
            drawn = (new.first_name, new.last_name, new.title, new.company, new.street, new.city, new.country)
            assert all(text == clean_line(text) and len(text) <= LONGEST_LINE for text in drawn)
