"""Folding for search: written-out, plain and proper umlauts are one, and the quick way equals the plain rule."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.folding import fold


@pytest.mark.parametrize("word", ["Müller", "Mueller", "Muller", "MÜLLER", "Mu\u0308ller"])
def test_every_spelling_of_an_umlaut_is_one(word: str) -> None:
    assert fold(word) == "muller"


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Bauer neue Quelle", "bauer neue quelle"),
        ("Straße", "strasse"),
        ("Café Ærø", "cafe aro"),
        ("ﬁnal", "final"),
        ("Договор", "договор"),
        ("Й" * 50, "и" * 50),
    ],
)
def test_other_words_keep_what_tells_them_apart(text: str, folded: str) -> None:
    assert fold(text) == folded


def plain_rule(text: str) -> str:
    letters = str.maketrans({"ä": "a", "ö": "o", "ü": "u", "ß": "ss", "æ": "a", "ø": "o", "ς": "σ"})
    text = unicodedata.normalize("NFKD", text.lower().translate(letters))
    text = "".join(c for c in text if not unicodedata.combining(c)).lower().translate(letters)
    return re.sub(r"(?<![aeiouqy])([aou])e(?!e)", r"\1", text)


@given(st.text() | st.text(st.sampled_from("aeouqyAÜüäößæøé\u0308. \nİſﬁ漢ǅΣςK")))
def test_folding_by_runs_equals_folding_by_letters(text: str) -> None:
    assert fold(text) == plain_rule(text)


@given(st.text())
def test_folded_words_fold_to_themselves(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_folded_word_folds_to_itself_where_vowels_pile_up() -> None:
    assert fold(fold("baeea")) == fold("baeea")
