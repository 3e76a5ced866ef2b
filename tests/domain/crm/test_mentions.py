"""Who is named by "@login"."""

from __future__ import annotations

import pytest

from app.domain.crm.mentions import begun, fitting, mentioned, unknown_names
from app.domain.team.members import Member

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


@pytest.mark.parametrize(
    ("before", "typed"),
    [
        ("@a", "a"),
        ("Bitte @b.mei", "b.mei"),
        ("(@Süß", "Süß"),
        ("@", ""),
        ("anna", ""),
        ("info@vogel", ""),
        ("@anna ", ""),
        ("@anna, ruf an", ""),
    ],
)
def test_a_name_is_begun_behind_the_sign_but_not_in_an_address(before: str, typed: str) -> None:
    assert begun(before) == typed


def test_those_who_fit_are_found_by_login_and_by_name_but_not_who_has_left() -> None:
    anna, meier = Member("anna", "Anna Berg"), Member("b.meier", "Beate Meier")
    suess, gone = Member("js", "Jürgen Süß"), Member("anton", "Anton Alt", active=False)
    team = [anna, meier, suess, gone]
    assert fitting("b", team) == [meier, anna]
    assert fitting("AN", team) == [anna]
    assert fitting("suess", team) == [suess]
    assert fitting("anna", team) == []
    assert fitting("x", team) == []
