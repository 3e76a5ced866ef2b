"""Who is named by "@login"."""

from __future__ import annotations

import pytest

from app.domain.crm.mentions import mentioned, unknown_names

TEAM = ("anna", "b.meier", "Chris", "d-lang")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("@anna ruf bitte an", ["anna"]),
        ("Bitte an @anna, @b.meier und @d-lang.", ["anna", "b.meier", "d-lang"]),
        ("(@ANNA) @chris!", ["anna", "Chris"]),
        ("@b.meier @anna @b.meier", ["b.meier", "anna"]),
        ("Frag @anna... oder @d-lang-", ["anna", "d-lang"]),
    ],
)
def test_members_are_found_in_the_order_of_the_text_each_once(text: str, named: list[str]) -> None:
    assert mentioned(text, TEAM) == named


@pytest.mark.parametrize(
    "text", ["", "anna", "info@anna", "x.@anna", "@annabell", "@ anna", "@niemand", "@@anna", "@b"]
)
def test_what_only_looks_like_a_name_mentions_nobody(text: str) -> None:
    assert mentioned(text, TEAM) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("@le, bitte @anna fragen", ["le"]),
        ("@le... @le @niemand.", ["le", "niemand"]),
        ("info@le, x.@le, @ le, @anna", []),
    ],
)
def test_names_of_nobody_are_told(text: str, names: list[str]) -> None:
    assert unknown_names(text, TEAM) == names
