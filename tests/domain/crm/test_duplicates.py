"""What makes two records likely one."""

from __future__ import annotations

import pytest

from app.domain.crm.duplicates import Likeness, person_key, phone_key, surest


@pytest.mark.parametrize(
    "written",
    ["+49 421 5550-12", "0421/555012", "0049 (0)421 555012", "+49 (0) 421 5550 12", "(0421) 555 012"],
)
def test_a_german_number_is_one_however_it_is_written(written: str) -> None:
    assert phone_key(written) == "421555012"


def test_numbers_of_other_countries_and_other_numbers_differ() -> None:
    assert phone_key("+43 421 555012") != phone_key("+49 421 555012")
    assert phone_key("0421 555013") != phone_key("0421 555012")


def test_a_short_number_says_nothing() -> None:
    assert phone_key("-12") == phone_key("Durchwahl 4711") == phone_key("") == ""


def test_a_person_of_a_company_is_one_however_it_is_written() -> None:
    assert person_key("Jürgen", "Müller", "Vogel GmbH & Co. KG") == person_key("Mueller", "Juergen", "VOGEL")
    assert person_key("Jürgen", "Müller", "Vogel") != person_key("Jürgen", "Müller", "Nordholz")


@pytest.mark.parametrize("parts", [("", "Müller", "Vogel"), ("Jürgen", "Müller", ""), ("", "", "")])
def test_half_a_name_or_no_company_says_nothing(parts: tuple[str, str, str]) -> None:
    assert person_key(*parts) == ""


def test_each_record_is_named_once_by_the_surest_reason_and_the_surest_come_first() -> None:
    found = surest([(3, Likeness.NAME), (7, Likeness.PHONE), (3, Likeness.ADDRESS), (7, Likeness.NAME)])
    assert list(found.items()) == [(3, Likeness.ADDRESS), (7, Likeness.PHONE)]
