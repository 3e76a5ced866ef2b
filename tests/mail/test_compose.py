"""Messages as they go onto the wire, read back with the standard library's parser."""

from __future__ import annotations

import email
import email.header
import email.policy
import email.utils
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.mail.addresses import is_hostile
from app.domain.mail.compose import Draft
from app.domain.mail.messages import Address
from app.mail.compose import File, make_message_id, render
from app.mail.fields import HostileHeader

DATE = datetime(2026, 11, 20, 8, 41, tzinfo=UTC)
ID = "<abc@nordholz.example>"
DRAFT = Draft(
    sender=Address("A. Berg", "berg@nordholz.example"),
    to=(Address("Silke Berger", "silke@vogel.example"),),
    subject="Angebot",
    body="Guten Tag\n",
)
FIELDS = {"Date", "From", "To", "Subject", "Message-ID", "User-Agent", "MIME-Version", "Content-Type"}
SAFE_TEXT = st.text().filter(lambda text: not is_hostile(text))
NASTY = st.text(alphabet=st.sampled_from('\r\n\x00 :;,<>"=?_\\@.aüß-\u2028\u202e'), max_size=40)


def read(raw: bytes) -> EmailMessage:
    return cast(EmailMessage, email.message_from_bytes(raw, policy=email.policy.default))


def part_text(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_mail_is_read_back_as_it_was_written() -> None:
    draft = replace(
        DRAFT,
        subject="Äußerst günstiges Angebot für Pumpen und Zubehör – gültig bis Jahresende 2026",
        to=(Address("Müller, Jürgen", "j@vogel.example"), Address('Max "M" Vogel', "max@vogel.example")),
        cc=(Address("", "kurt@x.example"),),
        in_reply_to="<a@vogel.example>",
        references=tuple(f"<{n}-lange-nummer@vogel.example>" for n in range(12)),
    )
    raw = render(draft, ID, DATE)
    message = read(raw)
    assert message["Subject"] == draft.subject
    assert [(a.display_name, a.addr_spec) for a in message["To"].addresses] == [
        (p.name, p.address) for p in draft.to
    ]
    assert message["Cc"] == "kurt@x.example"
    assert message["In-Reply-To"] == "<a@vogel.example>"
    assert message["References"].split() == list(draft.references)
    assert message["Message-ID"] == ID
    assert message["Date"].datetime == DATE
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert message.defects == []


def test_markdown_goes_out_as_text_and_as_html() -> None:
    body = "Hallo **Frau Berger**\nbis morgen\n\n| a | b |\n|---|---|\n| 1 | 2 |\n"
    message = read(render(replace(DRAFT, body=body), ID, DATE))
    assert message.get_content_type() == "multipart/alternative"
    assert part_text(message, "plain") == body
    page = part_text(message, "html")
    assert "<strong>Frau Berger</strong><br />\nbis morgen" in page
    assert "<td>1</td>" in page


def test_html_scripts_and_remote_images_do_not_get_into_the_html() -> None:
    body = "<script>alert(1)</script> ![x](https://t.example/p.png) [y](javascript:alert(1))\n> <b onclick=x>q</b>\n"
    page = part_text(read(render(replace(DRAFT, body=body), ID, DATE)), "html")
    assert "<script" not in page
    assert "<img" not in page
    assert 'href="javascript' not in page
    assert "<b " not in page


def test_what_others_wrote_is_not_read_as_markdown() -> None:
    body = "Ja.\n\n-- \nA. Berg\n*Nordholz*\n\nSilke schrieb:\n> # Preise\n>> 2 * 3 * 4\n"
    page = part_text(read(render(replace(DRAFT, body=body), ID, DATE)), "html")
    assert "<h1>" not in page
    assert "<h2>" not in page
    assert "*Nordholz*" in page
    assert "# Preise" in page
    assert page.count("<blockquote") == page.count("</blockquote>") == 2


@given(st.text())
def test_any_body_survives_as_text(body: str) -> None:
    plain = part_text(read(render(replace(DRAFT, body=body), ID, DATE)), "plain")
    wanted = body.replace("\r\n", "\n").replace("\r", "\n")
    wanted = "".join(c for c in wanted if c in "\t\n" or (ord(c) >= 32 and ord(c) != 127)).strip("\n") + "\n"
    assert plain == wanted


def test_long_lines_and_eight_bits_never_reach_the_wire() -> None:
    draft = replace(
        DRAFT,
        body="ä" * 5000 + "\n" + "x" * 5000,
        subject="ü" * 3000,
        to=(Address("ö" * 900, "a@b.example"),),
    )
    raw = render(draft, ID, DATE, [File("ß" * 400 + ".txt", "text/plain", b"\xff" * 5000)])
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 78
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert read(raw)["Subject"] == draft.subject


def test_blind_copies_stay_blind() -> None:
    raw = render(replace(DRAFT, bcc=(Address("Geheim", "geheim@x.example"),)), ID, DATE)
    assert b"eheim" not in raw
    assert b"Bcc" not in raw


def test_a_mail_with_blind_copies_only_names_nobody() -> None:
    raw = render(replace(DRAFT, to=(), bcc=(Address("", "geheim@x.example"),)), ID, DATE)
    assert b"\r\nTo: undisclosed-recipients:;\r\n" in raw
    assert b"geheim" not in raw


@pytest.mark.parametrize(
    "name", ["Angebot.pdf", 'Übersicht für Frau Müller; "neu".pdf', "x" * 300 + ".pdf", "a\\b/c.pdf"]
)
def test_attachments_keep_their_names_and_bytes(name: str) -> None:
    data = bytes(range(256)) * 40
    message = read(render(DRAFT, ID, DATE, [File(name, "application/pdf", data)]))
    assert message.get_content_type() == "multipart/mixed"
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == name.replace("\\", "_").replace("/", "_")
    assert attachment.get_content_type() == "application/pdf"
    assert attachment.get_content() == data


@pytest.mark.parametrize(
    "kind", ["multipart/mixed; boundary=x", "message/partial", "quatsch", "text/x\r\nBcc: a@b.example"]
)
def test_an_attachment_type_that_cannot_be_trusted_becomes_a_plain_file(kind: str) -> None:
    (attachment,) = read(render(DRAFT, ID, DATE, [File("a", kind, b"x")])).iter_attachments()
    assert attachment.get_content_type() == "application/octet-stream"


def test_a_forwarded_message_is_attached_untouched() -> None:
    inner = b"From: silke@vogel.example\nSubject: Anfrage\nX-Fremd: ja\n\nGuten Tag\n"
    (attachment,) = read(render(DRAFT, ID, DATE, forwarded=inner)).iter_attachments()
    assert attachment.get_content_type() == "message/rfc822"
    assert attachment.get_content().as_bytes().replace(b"\r\n", b"\n") == inner


def test_a_forwarded_message_that_no_server_takes_goes_as_a_file() -> None:
    inner = b"Subject: x\n\n" + b"y" * 2000 + b"\0"
    (attachment,) = read(render(DRAFT, ID, DATE, forwarded=inner)).iter_attachments()
    assert attachment.get_content_type() == "application/octet-stream"
    assert attachment.get_content() == inner


def test_a_forwarded_message_cannot_end_the_part_it_stands_in() -> None:
    first = render(DRAFT, ID, DATE, forwarded=b"x")
    boundary = read(first).get_boundary()
    raw = render(DRAFT, ID, DATE, forwarded=f"Subject: x\n\n--{boundary}--\nnoch da\n".encode())
    (attachment,) = read(raw).iter_attachments()
    assert b"noch da" in attachment.as_bytes()


def test_an_international_address_is_written_in_utf8_and_its_domain_in_ascii() -> None:
    raw = render(replace(DRAFT, to=(Address("", "jürgen@bücher.example"),)), ID, DATE)
    assert "To: jürgen@xn--bcher-kva.example\r\n".encode() in raw


def test_the_message_id_is_at_the_domain_of_the_sender() -> None:
    assert make_message_id("x@bücher.example", "tok.en") == "<tok.en@xn--bcher-kva.example>"
    with pytest.raises(BadInput):
        make_message_id("x@b.example", "a b>")
    with pytest.raises(BadInput):
        make_message_id("keine Adresse", "a")


@given(place=st.integers(0, 7), bad=NASTY)
def test_no_field_can_be_smuggled_in_anywhere(place: int, bad: str) -> None:
    draft, files, message_id = DRAFT, [], ID
    match place:
        case 0:
            draft = replace(draft, subject=bad)
        case 1:
            draft = replace(draft, to=(Address(bad, "a@b.example"), Address("", "c@b.example")))
        case 2:
            draft = replace(draft, to=(Address("x", bad),))
        case 3:
            draft = replace(draft, sender=Address(bad, "a@b.example"))
        case 4:
            draft = replace(draft, in_reply_to=bad, references=("<a@b>", bad))
        case 5:
            files = [File(bad, "text/plain", b"x")]
        case 6:
            files = [File("a", bad, b"x")]
        case _:
            message_id = bad
    try:
        raw = render(draft, message_id, DATE, files)
    except BadInput:
        return
    head = raw.partition(b"\r\n\r\n")[0]
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b" ")]
    names = [line.partition(b":")[0].decode() for line in lines]
    assert len(names) == len(set(names))
    assert set(names) - {"In-Reply-To", "References"} == FIELDS
    assert b"\r" not in head.replace(b"\r\n", b"")
    assert b"\n" not in head.replace(b"\r\n", b"")
    assert b"\0" not in head


@given(subject=SAFE_TEXT, name=SAFE_TEXT)
def test_every_harmless_subject_and_name_is_read_back(subject: str, name: str) -> None:
    raw = render(replace(DRAFT, subject=subject, to=(Address(name, "a@b.example"),)), ID, DATE)
    head = dict(email.message_from_bytes(raw, policy=email.policy.compat32).items())
    assert decoded(head["Subject"]) == subject
    ((shown, address),) = email.utils.getaddresses([str(head["To"])])
    assert address == "a@b.example"
    assert decoded(shown) == name


def decoded(value: str) -> str:
    return str(email.header.make_header(email.header.decode_header(value.replace("\r\n", ""))))


def test_control_characters_are_refused_by_the_renderer_itself() -> None:
    with pytest.raises(HostileHeader):
        render(replace(DRAFT, subject="a\r\nBcc: x@y.example"), ID, DATE)
