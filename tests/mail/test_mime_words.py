"""Header values, addresses, charsets and transfer encodings as they are written in the wild."""

from __future__ import annotations

from datetime import UTC, datetime
from email.header import Header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mail.messages import Address
from app.mail.mime.charset import decode_text
from app.mail.mime.dates import parse_date
from app.mail.mime.defects import Defect
from app.mail.mime.people import field_addresses
from app.mail.mime.transfer import decode_transfer
from app.mail.mime.words import decode_field


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b" Anfrage", "Anfrage"),
        (b" lange\r\n\tZeile", "lange Zeile"),
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?UTF-8?B?R3LDvMOfZQ==?= 2026", "Grüße 2026"),
        (b"=?iso-8859-1?Q?5_=80?=", "5 €"),
        (b"=?utf-8*de?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
        (b"=?utf-8?q?a?=\r\n =?utf-8?q?b?=", "ab"),
        (b"=?utf-8?q?a?= und =?utf-8?q?b?=", "a und b"),
        (b"=?utf-8?q?Gr=C3?= =?utf-8?q?=BC=C3=9F?=e", "Grüße"),
        (b"=?utf-8?b?R3LDvMOfZ?=", "Grüß"),
        (b"=?utf-8?q?Was nun??=", "Was nun?"),
        (b"=?x-none?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?q?Gr=FC=DFe?=", "Grüße"),
        (b"=?utf-8?q?nie beendet", "=?utf-8?q?nie beendet"),
        (b"=?utf-8?x?abc?=", "=?utf-8?x?abc?="),
        ("Grüße".encode(), "Grüße"),
        ("Grüße".encode("cp1252"), "Grüße"),
        (b"=?utf-8?q?a=0D=0ABcc:_x?=", "a  Bcc: x"),
        (b"a\0b", "ab"),
    ],
)
def test_a_subject_is_decoded_as_it_was_meant(value: bytes, text: str) -> None:
    assert decode_field(value) == text


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), max_size=100))
def test_what_the_standard_library_encodes_is_decoded(text: str) -> None:
    assert decode_field(Header(text, "utf-8").encode().encode()) == text


@pytest.mark.parametrize(
    ("value", "people"),
    [
        (b"Silke <s@x.example>", [("Silke", "s@x.example")]),
        (b"s@x.example, t@x.example", [("", "s@x.example"), ("", "t@x.example")]),
        (b"a@x.example; b@x.example", [("", "a@x.example"), ("", "b@x.example")]),
        (b'"Berger, Silke" <s@x.example>', [("Berger, Silke", "s@x.example")]),
        (b"Berger, Silke <s@x.example>", [("Berger, Silke", "s@x.example")]),
        (b"=?utf-8?q?Berger=2C_J=C3=B6rg?= <j@x.example>", [("Berger, Jörg", "j@x.example")]),
        (b"'Silke' <s@x.example>", [("Silke", "s@x.example")]),
        (b"s@x.example (Silke)", [("Silke", "s@x.example")]),
        (b"Silke Berger s@x.example", [("Silke Berger", "s@x.example")]),
        (b'"Silke \\"S\\" B" <s@x.example>', [('Silke "S" B', "s@x.example")]),
        (
            b"Team: a@x.example, b@x.example;, c@x.example",
            [("", "a@x.example"), ("", "b@x.example"), ("", "c@x.example")],
        ),
        (b"undisclosed-recipients:;", []),
        (b"Der Chef", [("Der Chef", "")]),
        (b"Silke < s @ x.example >", [("Silke", "s@x.example")]),
        (b'"a@bank.example" <x@evil.example>', [("a@bank.example", "x@evil.example")]),
        (b"", []),
    ],
)
def test_addresses_are_read_as_they_were_meant(value: bytes, people: list[tuple[str, str]]) -> None:
    assert field_addresses([value]) == tuple(Address(*person) for person in people)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "piece", [b'"\\', b"(", b"<", b",", b"@", b":", b"aaa,", b'a"', b"a ", b"=?a?q?", b"\\", b"a@b "]
)
def test_hostile_address_fields_end(piece: bytes) -> None:
    assert len(field_addresses([piece * 100_000])) <= 20_000


@pytest.mark.timeout(20)
@pytest.mark.parametrize("piece", [b"=?utf-8?q?", b"=?", b"?=", b"\r\n ", b"=?a?b?x?= "])
def test_hostile_subjects_end(piece: bytes) -> None:
    assert len(decode_field(piece * 50_000)) <= len(piece) * 50_000


@pytest.mark.parametrize(
    ("data", "label", "text", "exact"),
    [
        ("Grüße".encode(), "utf-8", "Grüße", True),
        ("Grüße".encode(), "", "Grüße", True),
        ("Grüße".encode(), "iso-8859-1", "Grüße", True),
        ("Grüße €".encode("cp1252"), "iso-8859-1", "Grüße €", True),
        ("Grüße €".encode("cp1252"), "", "Grüße €", True),
        ("Grüße".encode("cp1252"), "utf-8", "Grüße", False),
        ("Grüße".encode() + b" \x80", "utf-8", "Grüße €", False),
        ("Grüße".encode(), "x-klingon", "Grüße", False),
        ("漢字".encode("iso-2022-jp"), "iso-2022-jp", "漢字", True),
        ("漢字".encode("gbk"), "gb2312", "漢字", True),
        ("Ğ".encode("cp1254"), "iso-8859-9", "Ğ", True),
        (b"Gr+APwA3w-e", "utf-7", "Grüße", True),
        ("Grüße".encode("utf-16"), "utf-16", "Grüße", True),
        (b"\xef\xbb\xbfa", "utf-8", "a", True),
        (b"a\0b", "", "ab", True),
        (b"xn--", "punycode", "xn--", True),
        (b"\xff", "rot13", "ÿ", False),
        (b"\x81", "", "\ufffd", False),
    ],
)
def test_charsets_are_read_as_they_were_meant(data: bytes, label: str, text: str, exact: bool) -> None:
    assert decode_text(data, label) == (text, exact)


@given(
    st.binary(max_size=60),
    st.sampled_from(["", "utf-8", "utf-7", "utf-16", "hz", "big5", "cp037", "undefined", "\0", "é"]),
)
def test_any_bytes_are_some_text(data: bytes, label: str) -> None:
    text, _ = decode_text(data, label)
    assert "\0" not in text
    text.encode("utf-8")


@pytest.mark.parametrize(
    ("data", "encoding", "decoded", "defect"),
    [
        (b"SGFs\r\nbG8=\r\n", "base64", b"Hallo", None),
        (b"SGFsbG8", "base64", b"Hallo", Defect.TRANSFER),
        (b"SGFs!bG8=", "base64", b"Hallo", Defect.TRANSFER),
        (b"SGE=SGE=", "base64", b"HaHa", Defect.TRANSFER),
        (b"a=3Db=\r\nc", "quoted-printable", b"a=bc", None),
        (b"a=ZZ", "quoted-printable", b"a=ZZ", None),
        (b"begin 644 a\n#0V%T\n`\nend\n", "x-uuencode", b"Cat", None),
        (b"begin 644 a\n#0V%T\n", "x-uuencode", b"Cat", Defect.TRANSFER),
        (b"none", "x-uuencode", b"none", Defect.TRANSFER),
        (b"words", "x-secret", b"words", Defect.ENCODING),
        (b"words", "8bit", b"words", None),
    ],
)
def test_encoded_data_is_decoded_as_far_as_it_goes(
    data: bytes, encoding: str, decoded: bytes, defect: Defect | None
) -> None:
    assert decode_transfer(data, encoding) == (decoded, defect)


@pytest.mark.parametrize(
    "value",
    [
        b"Fri, 20 Nov 2026 09:41:00 +0100",
        b"20 Nov 2026 08:41 GMT",
        b"Fri, 20 Nov 2026 09:41:00 +0100 (CET)",
        b"Fri, 20 Nov 26 09:41:00 +0100",
        b"2026-11-20T09:41:00+01:00",
        b"Fri, 20 Nov 2026 08:41:00 -0000",
    ],
)
def test_dates_are_read_in_every_spelling(value: bytes) -> None:
    assert parse_date(value) == datetime(2026, 11, 20, 8, 41, tzinfo=UTC)


@given(st.binary(max_size=60) | st.from_regex(rb"\w{3}, \d{1,9} Nov \d{1,6} \d\d:\d\d:\d\d [+-]\d{4,8}"))
def test_what_is_no_date_is_none(value: bytes) -> None:
    date = parse_date(value)
    assert date is None or date.tzinfo is UTC
