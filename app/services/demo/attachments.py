"""Small but valid documents: PDF, PNG, iCalendar, vCard, CSV; nothing that is read from a disk."""

from __future__ import annotations

import struct
import zlib
from datetime import UTC, datetime, timedelta
from random import Random

from app.domain.mail.messages import Address
from app.services.demo.mime import Attachment


def pdf(name: str, lines: list[str]) -> Attachment:
    """One A4 page of text in Helvetica (PDF 1.4)."""
    rows = ["BT /F1 11 Tf 14 TL 60 780 Td"]
    for line in lines:
        safe = line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        rows.append(f"({safe}) Tj T*")
    content = "\n".join([*rows, "ET"]).encode("windows-1252", "replace")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>\nstream\n%s\nendstream" % (len(content), content),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    ]
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    out += b"trailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        len(objects) + 1,
        out.index(b"xref\n"),
    )
    return Attachment(name, "application/pdf", out)


def png(name: str, random: Random) -> Attachment:
    """A grey picture of 48 x 32 pixels with a lighter plate in the middle, like a badly lit photograph."""
    base = random.randint(40, 90)
    rows = b"".join(
        b"\0" + bytes(base + x + (90 if 8 < x < 40 and 6 < y < 26 else 0) for x in range(48))
        for y in range(32)
    )

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 48, 32, 8, 0, 0, 0, 0))
    picture = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    return Attachment(name, "image/png", picture)


def _folded(lines: list[str]) -> bytes:
    """Content lines of RFC 5545 section 3.1: CRLF, at most 75 octets, continued with a space."""
    out = []
    for line in lines:
        data = line.encode()
        while len(data) > 75:
            cut = 75
            while data[cut] & 0xC0 == 0x80:
                cut -= 1
            out.append(data[:cut])
            data = b" " + data[cut:]
        out.append(data)
    return b"\r\n".join(out) + b"\r\n"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace(";", r"\;").replace(",", r"\,").replace("\n", r"\n")


def invitation(
    name: str,
    uid: str,
    written: datetime,
    start: datetime,
    minutes: int,
    texts: tuple[str, str],
    people: list[Address],
) -> Attachment:
    """An iTIP request (RFC 5546). `texts`: title and place; `people`: the organizer first."""
    stamp = "%Y%m%dT%H%M%SZ"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Nordholz//Kalender//DE",
        "METHOD:REQUEST",
        "BEGIN:VEVENT",
    ]
    lines += [
        f"UID:{uid}",
        f"DTSTAMP:{written.astimezone(UTC):{stamp}}",
        f"DTSTART:{start.astimezone(UTC):{stamp}}",
    ]
    lines += [f"DTEND:{(start + timedelta(minutes=minutes)).astimezone(UTC):{stamp}}"]
    lines += [f"SUMMARY:{_escaped(texts[0])}", f"LOCATION:{_escaped(texts[1])}"]
    lines += [f'ORGANIZER;CN="{people[0].name}":mailto:{people[0].address}']
    lines += [f'ATTENDEE;CN="{who.name}";RSVP=TRUE:mailto:{who.address}' for who in people[1:]]
    lines += ["STATUS:CONFIRMED", "SEQUENCE:0", "END:VEVENT", "END:VCALENDAR"]
    return Attachment(name, "text/calendar", _folded(lines), "; method=REQUEST; charset=utf-8")


def card(
    name: str, person: tuple[str, str], company: str, function: str, email: str, phone: str
) -> Attachment:
    """A vCard 3.0 (RFC 2426) of a person, given as first and last name."""
    first, last = person
    lines = ["BEGIN:VCARD", "VERSION:3.0", f"N:{last};{first};;;", f"FN:{first} {last}"]
    lines += [f"ORG:{_escaped(company)}", f"TITLE:{_escaped(function)}", f"EMAIL;TYPE=INTERNET:{email}"]
    lines += [f"TEL;TYPE=WORK:{phone}", "END:VCARD"]
    return Attachment(name, "text/vcard", _folded(lines), "; charset=utf-8")


def table(name: str, rows: list[list[str]], charset: str) -> Attachment:
    """A CSV file as German spreadsheets write it: semicolons, and often windows-1252."""
    text = "\r\n".join(";".join(row) for row in rows) + "\r\n"
    return Attachment(name, "text/csv", text.encode(charset, "replace"), f"; charset={charset}")
