"""Visiting cards are read as lines and as people, whatever a stranger puts into them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mail.cards import Card, PersonName
from app.domain.mail.reading import ReadableMail
from app.domain.text import clean_line
from app.mail.attachments import read_attachment
from app.mail.cards import MAX_TEXT, MOST_ADDRESSES, MOST_CARDS, MOST_LINES, read_cards
from tests.mail.nasty import file_part, mixed, text_part

OUTLOOK = (
    b"BEGIN:VCARD\r\nVERSION:2.1\r\nN:Berger;Silke\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Silke B=C3=A4r=\r\nger\r\n"
    b'item1.TEL;WORK;VOICE:+49 40 1\r\nORG:Vogel GmbH;Einkauf\r\nEMAIL;TYPE="a:b":silke@vogel.example\r\n'
    b"ADR:;;Weg 1\\, Hof;Hamburg;;20095;\r\nPHOTO;ENCODING=b:AAAA=\r\nTITLE:Leiterin\r\nEND:VCARD\r\n"
    b"BEGIN:VCARD\r\nN:Vogel;Max\r\nEND:VCARD\r\n"
)


def opened(data: bytes) -> ReadableMail:
    """A card that came with a mail, read in place."""
    return read_attachment(mixed(text_part(b"x"), file_part(b"karte.vcf", data, b"text/vcard")), 0)


def one(*lines: str) -> Card:
    """The person on a card with these lines."""
    (card,) = read_cards("\r\n".join(("BEGIN:VCARD", *lines, "END:VCARD"))).people
    return card


def test_a_card_is_read_in_place() -> None:
    found = opened(OUTLOOK)
    assert (found.subject, found.notes) == ("karte.vcf", ("2 Visitenkarten",))
    (block,) = found.blocks
    assert block.text.split("\n") == [
        "Silke Bärger",
        "Telefon: +49 40 1",
        "Firma: Vogel GmbH, Einkauf",
        "E-Mail: silke@vogel.example",
        "Adresse: Weg 1, Hof, Hamburg, 20095",
        "Position: Leiterin",
        "",
        "Vogel, Max",
    ]
    assert [link.url for link in block.links] == ["mailto:silke@vogel.example"]


def test_a_card_is_taken_apart_into_what_a_contact_holds() -> None:
    berger, vogel = opened(OUTLOOK).cards
    assert berger == Card(
        PersonName(first_name="Silke", last_name="Berger"),
        "Vogel GmbH",
        (("+49 40 1", ""),),
        emails=("silke@vogel.example",),
        street="Weg 1, Hof",
        postal_code="20095",
        city="Hamburg",
        position="Leiterin",
    )
    assert vogel == Card(PersonName(first_name="Max", last_name="Vogel"))


def test_kinds_of_entries_are_told_apart() -> None:
    card = one(
        "N:Süß-Mühlbacher;Jürgen;Maria;Herr Dr.;",
        "TEL;TYPE=fax:+49 7941 9",
        "TEL;TYPE=WORK,VOICE:+49 7941 1",
        "TEL;VALUE=uri;TYPE=cell;PREF=1:tel:+49-171-555;ext=3",
        "EMAIL;TYPE=HOME:J@suess.example",
        "EMAIL;TYPE=WORK;TYPE=PREF:mailto:j.suess@pumpen.example",
        "EMAIL:keine-adresse",
        "ADR;TYPE=HOME:;;Gasse 2;Wien;;1010;Österreich",
        "ADR;TYPE=WORK:Postfach 7;;Werkstraße 3;Öhringen;;74613;Deutschland",
    )
    assert card.name == PersonName("Herr", "Dr.", "Jürgen Maria", "Süß-Mühlbacher")
    assert card.phones == (("+49-171-555", "mobil"), ("+49 7941 1", ""))
    assert card.emails == ("j.suess@pumpen.example", "j@suess.example")
    assert (card.street, card.postal_code, card.city, card.country) == (
        "Werkstraße 3",
        "74613",
        "Öhringen",
        "Deutschland",
    )


@pytest.mark.parametrize(
    ("lines", "name", "title"),
    [
        (("FN:Frau Dr. Silke Berger",), PersonName("Frau", "Dr.", "Silke", "Berger"), "Silke Berger"),
        (("FN:Vogel GmbH", "ORG:Vogel GmbH"), PersonName(), "Vogel GmbH"),
        (("N:Vogel GmbH;;;;", "FN:Vogel GmbH", "ORG:Vogel GmbH"), PersonName(), "Vogel GmbH"),
        (("N:;;;;", "FN:;", "EMAIL:info@vogel.example"), PersonName(), "info@vogel.example"),
        (("TEL:+49 40 1",), PersonName(), "+49 40 1"),
        (("NOTE:nichts",), PersonName(), ""),
    ],
)
def test_a_card_without_a_name_goes_by_what_it_has(
    lines: tuple[str, ...], name: PersonName, title: str
) -> None:
    card = one(*lines)
    assert (card.name, card.title) == (name, title)


def test_an_old_card_in_another_charset_is_read() -> None:
    card = one("N;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg")
    assert (card.name.first_name, card.name.last_name) == ("Jörg", "Müller")


def test_a_card_inside_a_card_does_not_mix_with_it() -> None:
    agent = ("AGENT:", "BEGIN:VCARD", "N:Klein;Otto", "TEL:+49 40 2", "END:VCARD")
    found = read_cards(
        "\n".join(("BEGIN:VCARD", "N:Berger;Silke", *agent, "TEL:+49 40 1", "END:VCARD", "TEL:3"))
    )
    assert [(card.title, card.phones) for card in found.people] == [
        ("Silke Berger", (("+49 40 1", ""),)),
        ("Otto Klein", (("+49 40 2", ""),)),
    ]


def test_ten_thousand_entries_are_counted_and_a_few_are_taken() -> None:
    lines = [f"EMAIL:person{n}@vogel.example" for n in range(10_000)]
    found = read_cards("\n".join(("BEGIN:VCARD", "N:Berger;Silke", *lines, "END:VCARD")))
    (card,) = found.people
    assert card.emails == tuple(f"person{n}@vogel.example" for n in range(MOST_ADDRESSES))
    assert card.left_out == 10_000 - MOST_ADDRESSES
    assert len(found.lines) == 1 + MOST_LINES + 1 + 1
    assert found.lines[-2] == f"{10_000 - MOST_LINES} weitere Angaben"


def test_ten_thousand_cards_are_counted_and_a_few_are_shown() -> None:
    found = opened(b"BEGIN:VCARD\nFN:Silke Berger\nEMAIL:s@vogel.example\nEND:VCARD\n" * 10_000)
    assert len(found.cards) == MOST_CARDS
    assert found.notes == (f"{MOST_CARDS} von 10000 Visitenkarten werden gezeigt",)


def test_what_is_behind_a_large_picture_is_read() -> None:
    picture = "PHOTO;ENCODING=b;TYPE=JPEG:" + "\r\n ".join("A" * 72 for _ in range(10_000))
    assert one("N:Berger;Silke", picture, "TEL:+49 40 1").phones == (("+49 40 1", ""),)


@pytest.mark.parametrize(("size", "notes"), [(MAX_TEXT, 0), (MAX_TEXT + 1, 1)])
def test_a_file_that_is_not_read_to_its_end_says_so(size: int, notes: int) -> None:
    found = opened(b"BEGIN:VCARD\nN:Berger;Silke\nEND:VCARD\n".ljust(size, b"\n"))
    assert [card.title for card in found.cards] == ["Silke Berger"]
    assert found.notes == ("Diese Datei ist zu lang: Nur ihr Anfang wurde gelesen.",) * notes


def test_no_escape_sequence_comes_out_of_a_card() -> None:
    card = one(
        "FN:Silke \x1b[31mBerger", "ORG:\x1b]0;Vogel\x07", "TITLE:Leiterin\u202egnurhüF", "TEL:\x1b[2J40"
    )
    texts = (card.title, card.company, card.position, card.phones[0][0])
    assert all(text == clean_line(text) and "\x1b" not in text for text in texts)


@pytest.mark.timeout(20)
@given(st.text(st.sampled_from('BEGIN:VCARD\r\nTEL;="QUOTED-PRINTABLE\\, FN')))
def test_any_card_is_shown_somehow(text: str) -> None:
    hostile = "BEGIN:VCARD\r\nTEL;A=" + "b," * 1000 + "x\r\n" + text
    assert opened(hostile.encode()).cards
