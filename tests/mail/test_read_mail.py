"""Every mail can be read as far as it goes, and nothing of it reaches the terminal uncleaned."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mail.messages import Address
from app.domain.mail.reading import BlockKind, ReadableMail
from app.domain.text import clean_block, clean_line
from app.mail.mime import parse_for_store
from app.mail.mime.reading import read_mail
from tests.mail.nasty import HEAD, MIXED, NASTY, file_part, mixed, nested, sound_mail, text_mail, text_part


def assert_clean(mail: ReadableMail) -> None:
    people = (mail.sender, *mail.to, *mail.cc, *mail.reply_to)
    lines = [
        mail.subject,
        *(t for a in people for t in (a.name, a.address)),
        *(t for h in mail.headers for t in h),
    ]
    lines += [t for a in mail.attachments for t in (a.name, a.content_type)] + list(mail.notes)
    for line in lines:
        assert clean_line(line) == line
        assert "\n" not in line
    for block in mail.blocks:
        assert clean_block(block.text) == block.text
        for link in block.links:
            assert block.text[link.start : link.end] == link.text


@pytest.mark.parametrize("name", NASTY)
def test_a_nasty_mail_can_be_read(name: str) -> None:
    mail = read_mail(NASTY[name])
    assert_clean(mail)
    assert read_mail(NASTY[name], prefer_html=True).subject == mail.subject


@given(st.binary(max_size=300))
def test_random_bytes_can_be_read(raw: bytes) -> None:
    assert_clean(read_mail(raw))


@given(st.sampled_from([raw for raw in NASTY.values() if len(raw) < 5000]), st.data())
def test_damaged_mails_can_be_read(raw: bytes, data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(raw)))
        end = data.draw(st.integers(start, min(len(raw), start + 40)))
        raw = raw[:start] + data.draw(st.binary(max_size=8)) + raw[end:]
    mail = read_mail(raw)
    assert_clean(mail)
    arrived = datetime(2026, 1, 1, tzinfo=UTC)
    assert parse_for_store(raw, arrived).attachments == sum(not a.inline for a in mail.attachments)


def test_a_sound_mail_reads_as_it_was_written() -> None:
    mail = read_mail(sound_mail().as_bytes())
    assert mail.subject == "Angebot für Pumpen – Größe 5"
    assert mail.sender == Address("Silke Bärger", "silke@vogel.example")
    assert mail.date == datetime(2026, 11, 20, 8, 41, tzinfo=UTC)
    assert ("Message-ID", "<1@vogel.example>") in mail.headers
    assert [block.text for block in mail.blocks] == ["Guten Tag,\n\nhier das Angebot über 5 €."]
    assert [(a.index, a.name, a.size, a.inline) for a in mail.attachments] == [
        (0, "Angebot Größe 5.pdf", 11, False)
    ]
    assert mail.notes == ()


def test_the_html_is_shown_where_it_is_wanted_or_the_plain_text_only_stands_in() -> None:
    assert read_mail(sound_mail().as_bytes(), prefer_html=True).blocks[0].from_html
    html = b"Content-Type: text/html\r\n\r\n<p>" + b"Pumpe Ventil " * 20
    raw = mixed(text_part(b"Bitte im Browser ansehen"), html).replace(
        b"multipart/mixed", b"multipart/alternative"
    )
    assert read_mail(raw).blocks[0].text.startswith("Pumpe Ventil")


NOTES = {
    "cut base64": "Kodierte Daten sind beschädigt oder abgeschnitten",
    "wrong charset": "Einige Zeichen ließen sich nicht genau entschlüsseln",
    "no parts": "Die Teile der Mail sind nicht richtig getrennt",
}


@pytest.mark.parametrize("name", NOTES)
def test_what_could_not_be_decoded_is_noted_in_german(name: str) -> None:
    assert read_mail(NASTY[name]).notes == (NOTES[name],)


def test_plain_text_is_sorted_into_answer_quotes_and_signature() -> None:
    text = (
        "Gerne, siehe https://vogel.example/a.\r\n\r\nAm 20.11.2026 um 09:41 schrieb Silke Berger\r\n"
        "<silke@vogel.example>:\r\n> Passt Freitag?\r\n>> Wann denn?\r\n\r\nGruss\r\n-- \r\nA. Berg\r\nNordholz\r\n"
    )
    mail = read_mail(text_mail(text.encode()))
    assert [(b.kind, b.depth, b.text) for b in mail.blocks] == [
        (BlockKind.TEXT, 0, "Gerne, siehe https://vogel.example/a."),
        (
            BlockKind.QUOTE,
            1,
            "Am 20.11.2026 um 09:41 schrieb Silke Berger\n<silke@vogel.example>:\nPasst Freitag?",
        ),
        (BlockKind.QUOTE, 2, "Wann denn?"),
        (BlockKind.TEXT, 0, "Gruss"),
        (BlockKind.SIGNATURE, 0, "A. Berg\nNordholz"),
    ]
    assert [link.url for link in mail.links] == ["https://vogel.example/a", "mailto:silke@vogel.example"]


def test_the_line_above_a_quote_belongs_to_it_even_below_a_signature() -> None:
    text = b"Gerne.\r\n-- \r\nA. Berg\r\n\r\nAm 20.11.2026 um 09:41 schrieb Silke:\r\n> Passt es?\r\n"
    mail = read_mail(text_mail(text))
    assert [(b.kind, b.text.split("\n")[0]) for b in mail.blocks] == [
        (BlockKind.TEXT, "Gerne."),
        (BlockKind.SIGNATURE, "A. Berg"),
        (BlockKind.QUOTE, "Am 20.11.2026 um 09:41 schrieb Silke:"),
    ]


def test_lines_that_a_program_broke_to_fit_are_joined_again() -> None:
    text = b"Eine lange \r\nZeile \r\ngeht weiter.\r\n> Zitat \r\n> auch\r\n-- \r\nSilke"
    mail = read_mail(text_mail(text, b"text/plain; format=flowed"))
    assert [b.text for b in mail.blocks] == ["Eine lange Zeile geht weiter.", "Zitat auch", "Silke"]


def test_a_line_of_two_dashes_in_a_long_text_begins_no_signature() -> None:
    text = b"oben\r\n--\r\n" + b"Zeile\r\n" * 60
    assert [b.kind for b in read_mail(text_mail(text)).blocks] == [BlockKind.TEXT]


def test_a_mail_in_a_mail_is_announced_and_is_an_attachment() -> None:
    mail = read_mail(mixed(text_part(b"oben"), file_part(b"a.pdf"), nested(HEAD + b"\r\ninnen")))
    block = mail.blocks[-1]
    assert (block.kind, block.text, block.attachment) == (BlockKind.NESTED, "Silke Berger: Anfrage", 1)
    assert mail.attachments[1].name == "Anfrage.eml"


def test_an_attachment_is_listed_without_being_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = mixed(text_part(b"oben"), file_part(b"a.bin", b"x" * 3_000_000))
    decoded: list[int] = []
    from app.mail.mime import parts

    original = parts.decode_transfer
    monkeypatch.setattr(parts, "decode_transfer", lambda d, e: decoded.append(len(d)) or original(d, e))
    mail = read_mail(raw)
    assert mail.attachments[0].size == 3_000_000
    assert max(decoded) < 1_000


def test_a_file_named_text_is_an_attachment_but_the_first_text_is_the_mail() -> None:
    body = b"Content-Type: text/plain; name=mail.txt\r\n\r\nGuten Tag"
    listed = b"Content-Type: text/plain; name=liste.txt\r\nContent-Disposition: inline\r\n\r\n1;2"
    mail = read_mail(mixed(body, listed))
    assert [b.text for b in mail.blocks] == ["Guten Tag"]
    assert [a.name for a in mail.attachments] == ["liste.txt"]


def test_an_encrypted_mail_says_so() -> None:
    raw = mixed(b"Content-Type: application/pgp-encrypted\r\n\r\nVersion: 1", file_part(b"encrypted.asc"))
    mail = read_mail(raw.replace(b"multipart/mixed", b"multipart/encrypted"))
    assert mail.notes == ("Diese Mail ist verschlüsselt; Postkorb kann sie nicht öffnen.",)
    assert len(mail.attachments) == 2


def test_a_text_too_long_to_show_says_that_it_was_cut() -> None:
    mail = read_mail(text_mail(b"Wort " * 200_000))
    assert mail.blocks[-1].kind is BlockKind.NOTE
    assert len(mail.text) < 500_000


def test_the_display_name_never_stands_in_for_the_address() -> None:
    mail = read_mail(b'From: "chef@nordholz.example" <x@evil.example>\r\n\r\nx')
    assert mail.sender == Address("chef@nordholz.example", "x@evil.example")


def test_the_plain_text_of_a_mail_has_its_signs_again() -> None:
    mail = read_mail(text_mail(b"Gerne.\r\n\r\n> Passt es?\r\n-- \r\nSilke"))
    assert mail.text == "Gerne.\n\n> Passt es?\n\n-- \nSilke"


def test_pictures_of_the_text_are_marked_as_such() -> None:
    logo = b"Content-Type: image/png; name=logo.png\r\nContent-ID: <l@x>\r\n\r\nx"
    raw = mixed(b"Content-Type: text/html\r\n\r\n<p>Text<img src='cid:l@x'>", logo)
    assert [
        a.inline for a in read_mail(raw.replace(b"multipart/mixed", b"multipart/related")).attachments
    ] == [True]
    assert MIXED in raw
