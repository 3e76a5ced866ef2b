"""Any bytes become a message the store can keep, with whatever could be read of them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.folding import fold
from app.domain.mail.messages import Address, ParsedMail
from app.mail.mime import parse_for_store, unpack
from tests.mail.nasty import HEAD, NASTY, file_part, mixed, nested, sound_mail, text_mail, text_part

ARRIVED = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def parsed(raw: bytes) -> ParsedMail:
    return parse_for_store(raw, ARRIVED)


def texts_in(value: object) -> Iterator[str]:
    """Every text in a mail, its addresses and lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from texts_in(part)


def assert_storable(mail: ParsedMail, raw: bytes) -> None:
    """What every store needs: text without NUL that UTF-8 can write, a digest, an aware date, the source."""
    for text in texts_in(mail):
        assert "\0" not in text
        text.encode("utf-8")
    assert len(mail.digest) == 16
    assert mail.date.tzinfo is UTC
    assert unpack(mail.raw) == raw
    assert "could not be taken apart" not in mail.defect


@pytest.mark.parametrize("name", NASTY)
def test_a_nasty_mail_can_be_stored(name: str) -> None:
    assert_storable(parsed(NASTY[name]), NASTY[name])


@given(st.binary(max_size=300))
def test_random_bytes_can_be_stored(raw: bytes) -> None:
    assert_storable(parsed(raw), raw)


@given(st.sampled_from([raw for raw in NASTY.values() if len(raw) < 5000]), st.data())
def test_damaged_mails_can_be_stored(raw: bytes, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw)))
        end = data.draw(st.integers(start, min(len(raw), start + 40)))
        junk = st.sampled_from(
            [b"", b"\r\n", b"\n", b"--B", b"=?", b"?=", b'"', b";", b"\0", b"\xff", b"=", b":", b"<"]
        )
        raw = raw[:start] + data.draw(junk | st.binary(max_size=8)) + raw[end:]
    assert_storable(parsed(raw), raw)


def test_a_sound_mail_is_understood() -> None:
    mail = parsed(sound_mail().as_bytes())
    assert mail.subject == "Angebot für Pumpen – Größe 5"
    assert mail.sender == Address("Silke Bärger", "silke@vogel.example")
    assert mail.to == (Address("Jörg Weiß", "j@nordholz.example"), Address("", "einkauf@nordholz.example"))
    assert mail.date == datetime(2026, 11, 20, 8, 41, tzinfo=UTC)
    assert mail.message_id == "<1@vogel.example>"
    assert mail.attachments == 1
    assert (
        " ".join(mail.search_body.split())
        == "guten tag, hier das angebot uber 5 €. guten tag, hier das angebot."
    )
    assert mail.search_files == "angebot grosse 5.pdf"
    assert mail.defect == ""


WORDS = {
    "8-bit Windows header": ("5 € für Grüße", "Jörg"),
    "8-bit UTF-8 header": ("5 € für Grüße", "Jörg"),
    "broken words": ("Grüßü =?utf-8?q?", ""),
    "mbox line": ("Anfrage", "Silke Berger"),
    "header begins with a blank": ("Anfrage", "Silke Berger"),
    "header with a lost line": ("Anfrage", "Silke Berger"),
}


@pytest.mark.parametrize("name", WORDS)
def test_headers_are_read_as_they_were_meant(name: str) -> None:
    mail = parsed(NASTY[name])
    assert (mail.subject, mail.sender.name) == WORDS[name]


BODIES = {
    "no header": "just a body",
    "no separator": "plain words",
    "no header at all": "frau berg",
    "unknown charset": "grusse",
    "wrong charset": "grusse 5 €",
    "no charset": "grusse",
    "UTF-16": "grusse",
    "cut base64": "grusse aus hambu",
    "dirty base64": "gruss",
    "dirty quoted-printable": "a=zz u b",
    "unknown encoding": "words",
    "uuencode": "cat",
    "no end": "second",
    "no parts": "words without parts",
    "wrong boundary": "found",
    "no boundary": "found",
    "footer behind the end": "list footer",
    "no type": "words",
    "half a type": "words",
    "boundary prefix": "inner",
    "nested message": "inner words",
    "nested message in base64": "inner",
    "HTML alone": "nur html",
}


@pytest.mark.parametrize("name", BODIES)
def test_what_can_be_read_can_be_found(name: str) -> None:
    assert fold(BODIES[name]) in parsed(NASTY[name]).search_body


DEFECTS = {
    "header with a lost line": "malformed",
    "unknown charset": "characters",
    "wrong charset": "characters",
    "cut base64": "damaged",
    "unknown encoding": "unknown transfer",
    "no parts": "not separated",
    "nested hundred times": "nested too deeply",
    "deep multiparts": "nested too deeply",
    "20,000 parts": "more parts",
}


@pytest.mark.parametrize("name", DEFECTS)
def test_what_could_not_be_read_is_said(name: str) -> None:
    assert DEFECTS[name] in parsed(NASTY[name]).defect


def test_ten_thousand_recipients_are_all_kept_and_found() -> None:
    mail = parsed(NASTY["10,000 recipients"])
    assert len(mail.to) == 10_000
    assert mail.to[-1] == Address("Name 9999", "n9999@x.example")
    assert "n9999@x.example" in mail.search_recipients


def test_a_sender_without_an_address_is_a_name() -> None:
    assert parsed(b"From: Der Chef\r\n\r\nx").sender == Address("Der Chef", "")
    assert parsed(b"Subject: x\r\n\r\nx").sender == Address("", "")


def test_the_arrival_stands_in_for_a_date_that_cannot_be() -> None:
    for date in (b"", b"nonsense", b"Mon, 1 Jan 1979 00:00:00 +0000", b"Fri, 1 Jan 2100 00:00:00 +0000"):
        assert parsed(b"Date: " + date + b"\r\n\r\nx").date == ARRIVED
    tomorrow = ARRIVED + timedelta(hours=23)
    assert (
        parsed(b"Date: " + tomorrow.strftime("%d %b %Y %H:%M:%S -0000").encode() + b"\r\n\r\nx").date
        == tomorrow
    )


def test_threads_are_known_by_msg_ids_only() -> None:
    mail = parsed(
        b"In-Reply-To: Your mail <a@x> of Friday\r\nReferences: <1@x>\r\n\t<2@x> junk <1@x>\r\n"
        b"Message-ID: <3@x>\r\n\r\nx"
    )
    assert (mail.message_id, mail.in_reply_to, mail.references) == ("<3@x>", "<a@x>", ("<1@x>", "<2@x>"))


def test_pictures_in_the_text_are_no_attachments() -> None:
    logo = b"Content-Type: image/png; name=logo.png\r\nContent-ID: <logo@x>\r\n\r\nx"
    assert parsed(mixed(text_part(b"x"), logo)).attachments == 0
    assert parsed(mixed(text_part(b"x"), logo, file_part(b"a.pdf"))).attachments == 1
    assert parsed(mixed(text_part(b"x"), nested(HEAD + b"\r\nx"))).attachments == 1


def test_html_is_indexed_where_the_plain_text_is_only_a_stand_in() -> None:
    html = b"Content-Type: text/html\r\n\r\n<p>Pumpe</p><style>p{}</style>"
    stand_in = mixed(text_part(b"Please use a browser"), html).replace(
        b"multipart/mixed", b"multipart/alternative"
    )
    assert "pumpe" in parsed(stand_in).search_body
    real = mixed(text_part(b"Ventil " * 40), html).replace(b"multipart/mixed", b"multipart/alternative")
    assert "pumpe" not in parsed(real).search_body


def test_parsing_again_gives_the_same_words_so_that_the_index_can_forget_them() -> None:
    for raw in NASTY.values():
        first, again = parsed(raw), parse_for_store(raw, ARRIVED + timedelta(days=400))
        assert first.search_body == again.search_body
        assert first.digest == again.digest


def test_delivery_does_not_change_the_digest() -> None:
    raw = sound_mail().as_bytes()
    delivered = (
        b"Return-Path: <x@y>\r\nReceived: from a\r\n\tby b\r\nX-Spam: no\r\n"
        + raw.replace(b"\n", b"\r\n")
        + b"\r\n"
    )
    folded = raw.replace(b"Jwei", b"Jwei").replace(b"To: ", b"To:\n ")
    assert parsed(raw).digest == parsed(delivered).digest == parsed(folded).digest


@pytest.mark.parametrize(
    ("old", "new"),
    [(b"Anfrage", b"Mahnung"), (b"silke@", b"sylke@"), (b"words", b"swords"), (b"To: a@", b"Cc: a@")],
)
def test_what_the_author_wrote_differently_is_another_message(old: bytes, new: bytes) -> None:
    raw = text_mail(b"words") + b"\r\n"
    raw = b"Message-ID: <same@x>\r\n" + raw
    assert old in raw
    assert parsed(raw).digest != parsed(raw.replace(old, new)).digest


def test_a_mistake_in_the_parser_costs_one_mail_and_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(raw: bytes) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("app.mail.mime.parsed.parse_parts", broken)
    mail = parsed(text_mail("Wörter".encode()))
    assert "could not be taken apart (ZeroDivisionError)" in mail.defect
    assert "worter" in mail.search_body
