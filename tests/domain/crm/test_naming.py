"""Words and phrases that records are found by."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.crm.naming import (
    LONGEST_PHRASE,
    company_core,
    contact_phrases,
    domain_of,
    is_freemail,
    person_search,
    phrases_in,
    search_words,
    words,
)

NAME = st.text(alphabet="abcdeöüß -.&", max_size=20)


@pytest.mark.parametrize(
    ("company", "core"),
    [
        ("Vogel Maschinenbau GmbH & Co. KG", "vogel maschinenbau"),
        ("Müller AG", "muller"),
        ("Weiß e. K.", "weiss"),
        ("Kurz UG (haftungsbeschränkt)", "kurz"),
        ("AG", "ag"),
        ("", ""),
    ],
)
def test_the_legal_form_is_no_part_of_a_name(company: str, core: str) -> None:
    assert " ".join(company_core(company)) == core


def test_a_text_betrays_a_contact_by_name_either_way_round_company_or_number() -> None:
    phrases = contact_phrases("Silke Anna", "Berger", "Vogel Maschinenbau GmbH", "K-10023")
    assert phrases == {
        "silke anna berger",
        "berger silke anna",
        "silke berger",
        "vogel maschinenbau",
        "k 10023",
    }


def test_short_names_and_single_names_betray_nobody() -> None:
    assert contact_phrases("", "Berger", "ABB AG", "12") == set()


@given(NAME, NAME, NAME, NAME, st.text(max_size=40), st.text(max_size=40))
def test_every_phrase_of_a_contact_is_found_in_a_text_that_holds_it(
    first: str, last: str, company: str, number: str, before: str, after: str
) -> None:
    for phrase in contact_phrases(first, last, company, number):
        assert phrase in phrases_in(words(f"{before} {phrase} {after}"))


@given(st.text(max_size=60))
def test_phrases_are_at_most_so_long_and_come_once(text: str) -> None:
    found = phrases_in(words(text))
    assert len(found) == len(set(found))
    assert all(len(phrase.split()) <= LONGEST_PHRASE for phrase in found)


@given(st.lists(st.text(max_size=20), max_size=4))
def test_every_word_stands_behind_a_space(parts: list[str]) -> None:
    search = search_words(parts)
    assert all(f" {word} " in f"{search} " for part in parts for word in words(part))


@given(st.text(max_size=30), st.text(alphabet="abcäü.@-_0", max_size=30))
def test_a_person_is_found_by_every_word_of_name_and_address(name: str, address: str) -> None:
    search = person_search(name, address)
    assert all(word in search for word in (*words(name), *words(address)))


def test_a_persons_words_begin_behind_spaces() -> None:
    assert person_search("Berger, Silke (Vogel)", "s_berger@vogel.example").split() == [
        "berger", "silke", "vogel", "s", "berger", "vogel", "example",
    ]  # fmt: skip


def test_free_mail_says_nothing_about_a_company() -> None:
    assert is_freemail(domain_of("Silke@GMX.de"))
    assert not is_freemail(domain_of("silke@vogel.example"))
