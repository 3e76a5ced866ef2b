"""Attachments are saved where the rep said and nowhere else, and some are read in place."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.domain.errors import NotFound
from app.domain.mail.reading import TextBlock
from app.domain.text import clean_line
from app.mail.attachments import (
    NotReadable,
    attachment_bytes,
    can_read,
    read_attachment,
    save_attachment,
)
from app.mail.mime.names import MAX_BYTES, safe_name
from app.mail.mime.reading import read_mail
from app.mail.saving import NotSaved
from tests.mail.nasty import HEAD, file_part, mixed, nested, text_part


def mail_with(name: str, data: bytes = b"data", content_type: bytes = b"application/pdf") -> bytes:
    return mixed(text_part(b"x"), file_part(name.encode(), data, content_type))


def blocks_of_attachment(raw: bytes) -> list[TextBlock]:
    return list(read_attachment(raw, 0, UTC).blocks)


def test_an_attachment_is_saved_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = save_attachment(mail_with("Angebot.pdf", b"\x00\xffPDF"), 0, tmp_path)
    assert path == tmp_path / "Angebot.pdf"
    assert path.read_bytes() == b"\x00\xffPDF"
    assert path.stat().st_mode & 0o777 == 0o600


def test_nothing_is_ever_overwritten(tmp_path: Path) -> None:
    raw = mail_with("Angebot.pdf")
    (tmp_path / "Angebot.pdf").write_text("mine")
    assert [save_attachment(raw, 0, tmp_path).name for _ in range(2)] == [
        "Angebot (2).pdf",
        "Angebot (3).pdf",
    ]
    assert (tmp_path / "Angebot.pdf").read_text() == "mine"


def test_a_link_in_the_folder_leads_nowhere(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "folder"
    folder.mkdir()
    (folder / "Angebot.pdf").symlink_to(outside)
    assert save_attachment(mail_with("Angebot.pdf"), 0, folder).name == "Angebot (2).pdf"
    assert not outside.exists()


@pytest.mark.parametrize(
    ("name", "saved"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\\\..\\\\boot.ini", "boot.ini"),
        ("/etc/cron.d/x", "x"),
        ("..", "attachment.pdf"),
        (".bashrc", "bashrc"),
        ("CON.txt", "_CON.txt"),
        ("nul", "_nul"),
        ("a\x1b[31m.pdf", "a_[31m.pdf"),
        ("rechnung\u202efdp.exe", "rechnungfdp.exe"),
        ("a:b*c?.pdf", "a_b_c_.pdf"),
        ("Größe 5.pdf ", "Größe 5.pdf"),
        ("", "attachment.pdf"),
        ("   ", "attachment.pdf"),
    ],
)
def test_a_hostile_name_becomes_a_harmless_one(name: str, saved: str, tmp_path: Path) -> None:
    path = save_attachment(mail_with(name), 0, tmp_path)
    assert (path.parent, path.name) == (tmp_path, saved)


@given(
    st.text(st.characters(codec=None, exclude_categories=[]))
    | st.text(st.sampled_from('./\\: \u202e\x00aäCON…"'))
)
@example(". .0")
def test_any_name_stays_in_its_folder(name: str) -> None:
    safe = safe_name(name)
    assert safe not in (".", "..")
    assert "/" not in safe
    assert "\\" not in safe
    assert not safe.startswith(".")
    assert len(safe.encode()) <= MAX_BYTES
    assert clean_line(safe) == safe == safe_name(safe)
    assert Path("/folder", safe).parent == Path("/folder") or not safe


def test_a_long_name_keeps_its_extension() -> None:
    assert safe_name("ä" * 300 + ".pdf") == "ä" * 98 + ".pdf"


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    with pytest.raises(NotSaved, match="missing"):
        save_attachment(mail_with("a.pdf"), 0, tmp_path / "missing")


def test_an_attachment_that_is_not_there_is_told(tmp_path: Path) -> None:
    for index in (-1, 1):
        with pytest.raises(NotFound):
            attachment_bytes(mail_with("a.pdf"), index)


def test_half_an_attachment_is_better_than_none() -> None:
    raw = mail_with("a.bin", b"0123456789" * 10).replace(b"OQ==", b"O")
    assert attachment_bytes(raw, 0).startswith(b"0123456789")


def test_a_mail_inside_is_saved_whole_and_read_in_place(tmp_path: Path) -> None:
    inner = HEAD + b"\r\ninnen"
    raw = mixed(text_part(b"x"), nested(inner))
    assert save_attachment(raw, 0, tmp_path).read_bytes() == inner
    attached = mail_with("mail.eml", inner, b"application/octet-stream")
    for found in (read_attachment(raw, 0), read_attachment(attached, 0)):
        assert found.blocks[0].text == "innen"
        assert found.sender.address


INVITATION = (
    b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Besprechung\\, Pumpen\r\n"
    b"DTSTART:20261120T090000Z\r\nDTEND:20261120T100000Z\r\nLOCATION:Raum 3\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\n"
    b"ORGANIZER;CN=Silke Berger:mailto:silke@vogel.example\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:a@nordholz.example\r\n"
    b"DESCRIPTION:Hallo\\n\x1b[31mWelt\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2\r\nSUMMARY:Messe\r\n"
    b"DTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261204\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def test_an_invitation_is_read_in_place() -> None:
    (block,) = blocks_of_attachment(mail_with("invite.ics", INVITATION, b"text/calendar"))
    assert block.text.split("\n") == [
        "Einladung",
        "",
        "Besprechung, Pumpen",
        "Wann: 20.11.2026 09:00–10:00",
        "Wiederholung: wöchentlich",
        "Wo: Raum 3",
        "Veranstalter: Silke Berger <silke@vogel.example>",
        "Eingeladen: a@nordholz.example (zugesagt)",
        "",
        "Hallo",
        "\ufffd[31mWelt",
        "",
        "Messe",
        "Wann: 01.12.2026 – 03.12.2026",
    ]


def test_a_damaged_invitation_is_shown_as_it_came() -> None:
    blocks = blocks_of_attachment(mail_with("invite.ics", INVITATION[:200], b"text/calendar"))
    assert "Besprechung" in blocks[0].text
    assert blocks[-1].text == "Diese Einladung ist beschädigt; sie wird gezeigt, wie sie kam."


@given(st.binary(max_size=200))
def test_any_invitation_is_shown_somehow(data: bytes) -> None:
    for raw in (data, INVITATION[:150] + data + INVITATION[150:]):
        blocks_of_attachment(mail_with("a.ics", raw, b"text/calendar"))


def test_texts_are_read_in_place_and_the_rest_is_not() -> None:
    assert blocks_of_attachment(mail_with("a.csv", "Größe;5".encode(), b"text/csv"))[0].text == "Größe;5"
    assert blocks_of_attachment(mail_with("a.log", b"zeile", b"application/octet-stream"))[0].text == "zeile"
    assert blocks_of_attachment(mail_with("a.html", b"<p>Hallo</p>", b"text/html"))[0].text == "Hallo"
    raw = mail_with("a.exe", b"MZ", b"application/octet-stream")
    assert not can_read(read_mail(raw).attachments[0])
    with pytest.raises(NotReadable, match=r"a\.exe"):
        read_attachment(raw, 0)
