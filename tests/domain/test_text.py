"""Text from outside, whatever it holds, comes out safe to draw and of known width."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from app.domain import text as rules
from app.domain.text import MAX_MARKS, cell_width, clean_block, clean_line, fit

HOSTILE = (
    "\x00\x07\x1b\x7f\x80\x85\x9b\x9d\xad\n\r\t\x0b\u200b\u200c\u200d\u2028\u2029\u202e\u2066\u2069\u061c\ufeff\ufe0f"
    "\U000e0041\U000e0100\ud800\udfff\u0301\u0489\u20e3\u1160\u3164\u3000\ue000\U0001f468\U0001f3fd\U0001f1e9中กิ가ä ab"
)
anything = st.text(st.characters(codec=None, exclude_categories=[])) | st.text(st.sampled_from(HOSTILE))


def forbidden(text: str, allowed: str = "") -> list[str]:
    return [
        hex(ord(c))
        for c in text
        if c not in allowed
        and (
            unicodedata.category(c) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Me")
            or c in rules.BIDI_SIGNS
            or ord(c) in rules._IGNORABLE
        )
    ]


@given(anything)
@example("\r\n\x1b]8;;http://a\x07")
@example("e\u200d\u0301")
def test_no_control_or_direction_character_survives_in_a_line(text: str) -> None:
    clean = clean_line(text)
    assert forbidden(clean) == []
    clean.encode()


@given(anything)
def test_no_control_or_direction_character_survives_in_a_block(text: str) -> None:
    clean = clean_block(text)
    assert forbidden(clean, "\n") == []
    clean.encode()


@given(anything)
def test_cleaning_clean_text_changes_nothing(text: str) -> None:
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_block(clean_block(text)) == clean_block(text)


@given(anything, st.integers(-2, 60))
@example("漢字", 3)
@example("a\u0301bc", 2)
def test_fitted_text_is_exactly_as_wide_as_asked_and_clean(text: str, width: int) -> None:
    fitted = fit(text, width)
    assert cell_len(fitted) == cell_width(fitted) == max(width, 0)
    assert forbidden(fitted) == []


@given(anything)
def test_marks_never_pile_up_and_never_stand_without_a_letter(text: str) -> None:
    marks = MAX_MARKS
    for char in clean_block(text):
        marks = marks + 1 if rules._is_mark(char) else MAX_MARKS if char == "\n" else 0
        assert marks <= MAX_MARKS or char == "\n"


def test_every_character_of_the_quick_path_takes_one_cell() -> None:
    plain = [chr(i) for i in range(0x110000) if not rules._NOT_PLAIN.search(chr(i))]
    assert "ä" in plain
    assert [c for c in plain if cell_len(c) != 1 or forbidden(c) or rules._is_mark(c)] == []


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Grüße – „Angebot“ 5 €", "Grüße – „Angebot“ 5 €"),
        ("eins\r\nzwei\tdrei", "eins zwei drei"),
        ("\x1b[31mrot", "\ufffd[31mrot"),
        ("rechnung\u202efdp.exe", "rechnung<RLO>fdp.exe"),
        ("Ra\u00adbatt\ufeff\u200b", "Rabatt"),
        ("a\u00a0b", "a b"),
        ("👨\u200d👩 👍🏽 ❤\ufe0f 🇩🇪 1\ufe0f\u20e3", "👨👩 👍 ❤ DE 1"),
        ("Q" + "\u0301\u0302\u0303\u0304\u0305", "Q" + "\u0301\u0302\u0303"),
        ("\ud800", "\ufffd"),
        ("", ""),
    ],
)
def test_a_line_is_cleaned(raw: str, clean: str) -> None:
    assert clean_line(raw) == unicodedata.normalize("NFC", clean)


def test_a_block_keeps_its_lines_and_expands_tabs() -> None:
    assert clean_block("a\tb\r\nc\rd\u2028e\x1bf") == "a       b\nc\nd\ne\ufffdf"


def test_clean_text_is_handed_back_as_it_is() -> None:
    subject = "Anfrage Rahmenvertrag 2027"
    assert clean_line(subject) is subject
    assert clean_block(subject) is subject


@pytest.mark.parametrize(
    ("text", "width", "fitted"),
    [
        ("Vogel", 8, "Vogel   "),
        ("Vogel", 5, "Vogel"),
        ("Vogel", 4, "Vog…"),
        ("Vogel", 1, "…"),
        ("Vogel", 0, ""),
        ("漢字", 3, "漢…"),
        ("漢字", 2, "… "),
        ("a\u0308\u0323bc", 2, "ạ̈…"),
    ],
)
def test_text_is_fitted(text: str, width: int, fitted: str) -> None:
    assert fit(text, width) == unicodedata.normalize("NFC", fitted)
