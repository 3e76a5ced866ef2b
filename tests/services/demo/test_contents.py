"""What the demo's mails carry: attachments that open, newsletters, a bounce, and mail that is broken or hostile."""

from __future__ import annotations

import csv
import email
import email.policy
import re
import struct
import zlib
from email.message import EmailMessage

import icalendar

from tests.services.demo.mailbox import Found, demo


def parts(kind: str) -> list[EmailMessage]:
    found = [part for mail in demo()[1] for part in mail.message.walk() if part.get_content_type() == kind]
    return [part for part in found if isinstance(part, EmailMessage)]


def one(subject: str) -> Found:
    """The one received mail with this in its subject."""
    found = [m for m in demo()[1] if subject in str(m.message["Subject"]) and m.folder in {"", ".Spam"}]
    assert len(found) == 1
    return found[0]


def test_charsets_and_transfer_encodings_vary() -> None:
    charsets = {str(part.get_content_charset()) for part in parts("text/plain")}
    assert {"utf-8", "iso-8859-1", "windows-1252"} <= charsets
    encodings = {str(part["Content-Transfer-Encoding"]) for part in parts("text/plain")}
    assert {"8bit", "quoted-printable", "base64"} <= encodings
    assert len(parts("multipart/alternative")) > 100


def test_pdf_files_find_their_objects_where_the_table_says() -> None:
    files = [part.get_content() for part in parts("application/pdf") if b"trailer" in part.get_content()]
    assert len(files) > 30
    for data in files:
        assert data.startswith(b"%PDF-1.4\n")
        start = int(data.rpartition(b"startxref\n")[2].split()[0])
        assert data[start:].startswith(b"xref\n0 6\n")
        for number, offset in enumerate(re.findall(rb"(\d{10}) 00000 n", data), 1):
            assert data[int(offset) :].startswith(b"%d 0 obj" % number)
        length = int(re.search(rb"/Length (\d+)", data)[1])  # type: ignore[index]
        assert data.partition(b"stream\n")[2][length:].startswith(b"\nendstream")


def test_pictures_invitations_cards_and_tables_can_be_read() -> None:
    for part in parts("image/png"):
        data = part.get_content()
        assert data.startswith(b"\x89PNG\r\n\x1a\n")
        assert struct.unpack(">II", data[16:24]) == (48, 32)
        size = data.index(b"IDAT")
        length = struct.unpack(">I", data[size - 4 : size])[0]
        assert len(zlib.decompress(data[size + 4 : size + 4 + length])) == 49 * 32
    invitations = parts("text/calendar")
    assert len(invitations) > 8
    for part in invitations:
        event = icalendar.Calendar.from_ical(part.get_content()).walk("VEVENT")[0]
        assert event["ORGANIZER"].startswith("mailto:")
        assert event["DTEND"].dt > event["DTSTART"].dt
        assert "{" not in str(event["SUMMARY"]) + str(event["LOCATION"])
    cards = parts("text/vcard")
    assert len(cards) == 4
    for part in cards:
        (email,) = (
            line for line in part.get_content().splitlines() if line.startswith("EMAIL;TYPE=INTERNET:")
        )
        assert email.endswith(".example")
    for part in parts("text/csv"):
        rows = list(csv.reader(part.get_content().splitlines(), delimiter=";"))
        assert len(rows) > 1
        assert len({len(row) for row in rows}) == 1


def test_a_forwarded_mail_lies_inside_as_a_message() -> None:
    inside = [part.get_content() for part in parts("message/rfc822")]
    assert len(inside) >= 4
    for message in inside:
        assert message["Message-ID"]
        assert message["From"]


def test_file_names_with_umlauts_come_in_both_manners() -> None:
    raw = b"".join(mail.raw for mail in demo()[1])
    assert b"filename*=utf-8''" in raw
    assert b'filename="=?utf-8?b?' in raw
    assert {"Prüfplan", "Maßblatt", "Rücksendeschein"} <= {
        str(part.get_filename()).partition("_")[0] for part in parts("application/pdf")
    }


def test_newsletters_have_tables_remote_pictures_a_tracking_pixel_and_a_way_out() -> None:
    letters = [mail for mail in demo()[1] if mail.message["List-Unsubscribe"]]
    assert len(letters) == 15
    for mail in letters:
        body = mail.message.get_body(("html",))
        assert body is not None
        page = body.get_content()
        assert "<table" in page
        assert re.search(
            r'<img src="https://news\.[a-z-]+\.example/o\.gif\?k=\w+" width="1" height="1"', page
        )


def test_the_bounce_reports_on_a_mail_that_lies_in_sent() -> None:
    bounce = one("Unzustellbar")
    assert bounce.message.get_content_type() == "multipart/report"
    status = next(
        part for part in bounce.message.walk() if part.get_content_type() == "message/delivery-status"
    )
    recipient = status.get_payload()[1]
    assert recipient["Action"] == "failed"
    assert recipient["Status"] == "5.1.1"
    headers = next(part for part in bounce.message.walk() if part.get_content_type() == "text/rfc822-headers")
    original = email.message_from_string(headers.get_content(), policy=email.policy.default)
    sent = [mail for mail in demo()[1] if mail.folder == ".Gesendet" and mail.id == original["Message-ID"]]
    assert len(sent) == 1


def test_automatic_answers_say_that_they_are() -> None:
    away = [mail for mail in demo()[1] if str(mail.message["Auto-Submitted"]) == "auto-replied"]
    assert len(away) == 6


def test_the_hostile_mail_hides_escape_sequences_and_a_name_that_reads_backwards() -> None:
    mail = one("DRINGEND")
    assert "\x1b[31m" in str(mail.message["Subject"])
    assert b"\x1b" not in mail.raw.partition(b"\n\n")[0]
    names = [str(part.get_filename()) for part in mail.message.iter_attachments()]
    assert "Rechnung_\u202efdp.exe" in names
    table = next(part for part in mail.message.walk() if part.get_content_type() == "text/csv")
    assert "=HYPERLINK(" in table.get_content()


def test_the_hostile_page_shows_another_host_and_a_file_name_that_leaves_its_folder() -> None:
    mail = one("Postfach ist fast voll")
    assert "../../.ssh/authorized_keys" in [part.get_filename() for part in mail.message.iter_attachments()]
    body = mail.message.get_body(("html",))
    assert body is not None
    assert "<script>" in body.get_content()


def test_three_mails_are_broken_each_in_its_own_way() -> None:
    boundary = one("Abliefernachweis")
    assert boundary.message.defects
    charset = next(mail for mail in demo()[1] if b"charset=us-ascii" in mail.raw)
    assert b"Gr\xf6\xdfe" in charset.raw.partition(b"\n\n")[0]
    assert [mail for mail in demo()[1] if b"charset=x-unbekannt" in mail.raw]


def test_most_spam_was_recognised_and_one_was_not() -> None:
    junk = [mail for mail in demo()[1] if mail.folder == ".Spam"]
    assert len(junk) == 4
    assert all(str(mail.message["X-Spam-Flag"]) == "YES" for mail in junk)
    assert one("Ihr Paket wartet").folder == ""
