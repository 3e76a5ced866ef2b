"""Folder names of any language go to the wire and come back, and no wire name harms the screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imapclient.imap_utf7 import encode as reference_encode

from app.domain.errors import BadInput
from app.mail.folder_names import check_level, decode_level, decode_name, encode_name, from_utf7, to_utf7


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("Entwürfe", b"Entw&APw-rfe"),
        ("Forschung & Lehre", b"Forschung &- Lehre"),
        ("台北", b"&U,BTFw-"),
        ("日本語", b"&ZeVnLIqe-"),
        ('Angebote "neu" \\ alt', b'Angebote "neu" \\ alt'),
        ("Ablage €", b"Ablage &IKw-"),
    ],
)
def test_a_level_is_written_in_modified_utf7(name: str, path: bytes) -> None:
    assert to_utf7(name) == path
    assert decode_level(path) == name


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=30))
def test_any_text_survives_being_written_and_read(text: str) -> None:
    path = to_utf7(text)
    assert path == reference_encode(text)
    assert all(0x20 <= byte <= 0x7E for byte in path)
    assert from_utf7(path) == text


@pytest.mark.parametrize("name", ["", " ", "a\r\nb", "a\x1b[2J", "\u202eabc", "a\u200bb"])
def test_a_level_that_deceives_or_breaks_lines_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        check_level(name)


@given(st.binary(max_size=30))
def test_any_wire_name_can_be_shown(path: bytes) -> None:
    shown = decode_level(path)
    assert shown.encode().decode() == shown
    assert all(c >= " " and c != "\x7f" for c in shown)


@pytest.mark.parametrize("path", [b"&Jjo!-", b"&U", b"&2AA-", b"A&B", b"\xff\xfe", b"&ABs-[2J"])
def test_a_broken_wire_name_is_shown_without_harm(path: bytes) -> None:
    shown = decode_level(path)
    assert shown
    assert "\x1b" not in shown


def test_names_have_slashes_between_levels_whatever_the_server_uses() -> None:
    assert decode_name(b"Kunden.M&APw-ller.2026", b".") == "Kunden/Müller/2026"
    assert decode_name(b"A/B", b".") == "A/B"
    assert encode_name("Kunden/Müller/2026", b".") == b"Kunden.M&APw-ller.2026"


def test_the_prefix_of_the_namespace_is_not_shown() -> None:
    assert decode_name(b"INBOX.Kunden", b".", b"INBOX.") == "Kunden"
    assert decode_name(b"INBOX", b".", b"INBOX.") == "INBOX"
    assert decode_name(b"Inbox/Kunden", b"/") == "INBOX/Kunden"
    assert encode_name("Kunden", b".", b"INBOX.") == b"INBOX.Kunden"


@pytest.mark.parametrize("name", ["", " ", "a//b", "/a", "a\r\nb", "a\x1b[2Jb", "a.b", "\u202eabc"])
def test_a_name_that_no_folder_should_have_is_refused(name: str) -> None:
    with pytest.raises(BadInput):
        encode_name(name, b".")


def test_a_server_without_levels_gets_no_subfolders() -> None:
    with pytest.raises(BadInput):
        encode_name("a/b", b"")
