"""Names, companies, phones and addresses are read out of names and signatures, or left out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.crm.record_input import ContactInput
from app.domain.mail.messages import Address
from app.domain.mail.signature import Card, PersonName, person_name, read_card

SILKE = PersonName(first_name="Silke", last_name="Berger")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Silke Berger", SILKE),
        ("Berger, Silke", SILKE),
        ("'Silke Berger'", SILKE),
        ("Frau Silke Berger", PersonName("Frau", "", "Silke", "Berger")),
        ("Dr. Silke Berger", PersonName("", "Dr.", "Silke", "Berger")),
        ("Prof. Dr.-Ing. Silke Berger", PersonName("", "Prof. Dr.-Ing.", "Silke", "Berger")),
        ("Berger, Dr. Silke", PersonName("", "Dr.", "Silke", "Berger")),
        ("Dipl.-Ing. (FH) Max Vogt", PersonName("", "Dipl.-Ing. (FH)", "Max", "Vogt")),
        ("Max von der Heide", PersonName(first_name="Max", last_name="von der Heide")),
        ("von der Heide, Max", PersonName(first_name="Max", last_name="von der Heide")),
        ("Anna Maria Vogt", PersonName(first_name="Anna Maria", last_name="Vogt")),
        ("Silke Berger (Vogel GmbH)", PersonName("", "", "Silke", "Berger", "Vogel GmbH")),
        ("Silke Berger | Vogel GmbH", PersonName("", "", "Silke", "Berger", "Vogel GmbH")),
        ("Silke Berger - Vogel", PersonName("", "", "Silke", "Berger", "Vogel")),
        ("Silke Berger von Vogel GmbH", PersonName("", "", "Silke", "Berger", "Vogel GmbH")),
        ("Silke Berger, Einkauf", SILKE),
        ("Vogel Maschinenbau GmbH & Co. KG", PersonName(company="Vogel Maschinenbau GmbH & Co. KG")),
        ("Einkauf Vogel", PersonName(company="Einkauf Vogel")),
        ("Berger", PersonName(last_name="Berger")),
        ("Drago Drost", PersonName(first_name="Drago", last_name="Drost")),
    ],
)
def test_a_displayed_name_is_taken_apart(text: str, name: PersonName) -> None:
    assert person_name(text) == name


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("silke.berger@vogel.example", SILKE),
        ("s.berger@vogel.example", PersonName(first_name="S.", last_name="Berger")),
        ("info@vogel.example", PersonName()),
        ("info.einkauf@vogel.example", PersonName()),
        ("sb1970@vogel.example", PersonName()),
        ("", PersonName()),
    ],
)
def test_without_a_name_the_address_may_tell_it(address: str, name: PersonName) -> None:
    assert person_name("", address) == name
    assert person_name(address, address) == name


MAIL = """Guten Tag,

wir brauchen bis 24.11.2026 12345 Stück, IBAN DE12 5001 0517 5407 3249 31.

Mit freundlichen Grüßen

Silke Berger
Leiterin Einkauf

Vogel Maschinenbau GmbH & Co. KG
Industriestraße 12a | D-28195 Bremen
Tel. +49 (0)421 5550-12 | Fax +49 421 5550-99
Mobil: 0170 5550123
silke.berger@vogel.example | www.vogel.example
Amtsgericht Bremen HRA 12345, Vogel Verwaltungs GmbH
USt-IdNr. DE123456789
"""


def test_a_german_signature_is_read() -> None:
    assert read_card(Address("Silke Berger", "silke.berger@vogel.example"), MAIL) == Card(
        SILKE,
        "Vogel Maschinenbau GmbH & Co. KG",
        (("+49 (0)421 5550-12", ""), ("0170 5550123", "mobil")),
        "Industriestraße 12a",
        "28195",
        "Bremen",
        "DE",
    )


def test_a_signature_on_one_line_is_read() -> None:
    text = "Vogel AG, Hauptstr. 5, CH-8001 Zürich, T: +41 44 555 01 02, F: +41 44 555 01 03"
    found = read_card(Address("Silke Berger", "s@vogel.example"), "", text)
    assert (found.company, found.street, found.postal_code, found.city, found.country) == (
        "Vogel AG", "Hauptstr. 5", "8001", "Zürich", "CH",
    )  # fmt: skip
    assert found.phones == (("+41 44 555 01 02", ""),)


def test_a_street_stands_on_the_line_above_its_town() -> None:
    found = read_card(
        Address("", "s@vogel.example"), "", "Silke Berger\nAm Wall 3-5\n28195 Bremen\nTelefon 0421/555012"
    )
    assert (found.street, found.postal_code, found.city) == ("Am Wall 3-5", "28195", "Bremen")
    assert found.phones == (("0421/555012", ""),)


def test_a_company_without_a_legal_form_is_known_by_the_domain() -> None:
    signature = "Silke Berger\nVogel Maschinenbau\n28195 Bremen"
    assert (
        read_card(Address("Silke Berger", "s@vogel.example"), "", signature).company == "Vogel Maschinenbau"
    )
    assert read_card(Address("Silke Berger", "s@adler.example"), "", signature).company == ""
    assert read_card(Address("Silke Berger", "vogel@gmx.de"), "", signature).company == ""


def test_what_is_no_signature_tells_nothing() -> None:
    text = "Hallo,\n\nam 24.11.2026 kamen 28195 Teile, Auftrag 0421 555012345. Die Vogel GmbH zahlt 12.500,00 Euro."
    assert read_card(Address("Silke Berger", "s@gmx.de"), text) == Card(SILKE)


@given(
    st.text(max_size=60),
    st.text(max_size=200),
    st.text(alphabet="0123456789 +()/-.,|·DACH\nTelMobilFaxGmbH", max_size=300),
)
def test_whatever_comes_can_go_into_a_contact(name: str, text: str, signature: str) -> None:
    found = read_card(Address(name, "a.b@x.example"), text, signature)
    ContactInput(
        salutation=found.name.salutation,
        title=found.name.title,
        first_name=found.name.first_name,
        last_name=found.name.last_name,
        company=found.company,
        emails=("a.b@x.example",),  # type: ignore[arg-type]
        phones=tuple({"value": number, "label": label} for number, label in found.phones),  # type: ignore[arg-type]
        street=found.street,
        postal_code=found.postal_code,
        city=found.city,
        country=found.country,
    )
