"""Whatever is typed becomes a query; what is not understood becomes a hint."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mail.query import Hint, Part, Query, Sign, Term
from app.domain.mail.query_language import MOST_TERMS, MOST_WORDS, as_typed, parse

TODAY = date(2026, 11, 20)


def read(text: str, *, typing: bool = False) -> Query:
    return parse(text, TODAY, typing=typing)


def test_words_are_folded_and_all_wanted() -> None:
    assert read("Müller Maß").terms == (Term(("muller",)), Term(("mass",)))
    assert read("Mueller").terms == read("MÜLLER").terms == read("muller").terms


@pytest.mark.parametrize(
    "quotes", ['"verbindliche Zusage"', "„verbindliche Zusage“", "»verbindliche Zusage«"]
)
def test_quotation_marks_keep_words_side_by_side(quotes: str) -> None:
    assert read(quotes).terms == (Term(("verbindliche", "zusage")),)


def test_an_address_or_a_number_with_signs_is_words_side_by_side() -> None:
    assert read("s.berger@vogel.example").terms == (Term(("s", "berger", "vogel", "example")),)
    assert read("AX-0042").terms == (Term(("ax", "0042")),)
    assert read("12:30").terms == (Term(("12", "30")),)
    assert read("https://shop.example/a").terms == (Term(("https", "shop", "example", "a")),)
    assert read("https://shop.example/a").hint is None


def test_a_minus_excludes_and_a_star_leaves_the_end_open() -> None:
    assert read('angebot -newsletter -"nicht antworten" rech*').terms == (
        Term(("angebot",)),
        Term(("newsletter",), excluded=True),
        Term(("nicht", "antworten"), excluded=True),
        Term(("rech",), prefix=True),
    )
    assert read('"offene rech"*').terms == (Term(("offene", "rech"), prefix=True),)
    assert read("Liefer-termin -").terms == (Term(("liefer", "termin")),)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("von:", Part.SENDER),
        ("From:", Part.SENDER),
        ("an:", Part.RECIPIENTS),
        ("to:", Part.RECIPIENTS),
        ("betreff:", Part.SUBJECT),
        ("SUBJECT:", Part.SUBJECT),
        ("anhang:", Part.FILES),
        ("text:", Part.BODY),
    ],
)
def test_keys_look_into_one_part_of_the_mail(text: str, part: Part) -> None:
    assert read(f"{text}Berger").terms == (Term(("berger",), part),)
    assert read(f'{text}"Silke Berger"').terms == (Term(("silke", "berger"), part),)
    assert read(f"-{text}Berger").terms == (Term(("berger",), part, excluded=True),)


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("hat:anhang", (Sign.ATTACHMENT, True)),
        ("has:attachment", (Sign.ATTACHMENT, True)),
        ("-hat:anhang", (Sign.ATTACHMENT, False)),
        ("ist:ungelesen", (Sign.UNREAD, True)),
        ("is:read", (Sign.UNREAD, False)),
        ("-ist:gelesen", (Sign.UNREAD, True)),
        ("ist:unverarbeitet", (Sign.UNPROCESSED, True)),
        ("ist:verarbeitet", (Sign.UNPROCESSED, False)),
        ("ist:wichtig", (Sign.FLAGGED, True)),
        ("-is:important", (Sign.FLAGGED, False)),
        ("ist:markiert", (Sign.MARKED, True)),
        ("ist:Beantwortet", (Sign.ANSWERED, True)),
    ],
)
def test_signs_are_asked_for_in_german_and_english(text: str, sign: tuple[Sign, bool]) -> None:
    assert read(text) == Query(signs=(sign,))


def test_folders_are_named_or_excluded() -> None:
    assert read('in:Aufträge -in:"Kunden Alt"').folders == (("Aufträge", True), ("Kunden Alt", False))


@pytest.mark.parametrize(
    ("text", "after", "before"),
    [
        ("nach:2026-11-20", date(2026, 11, 20), None),
        ("vor:20.11.2026", None, date(2026, 11, 20)),
        ("before:20.11.26", None, date(2026, 11, 20)),
        ("am:2.1.2026", date(2026, 1, 2), date(2026, 1, 3)),
        ("am:2026-11", date(2026, 11, 1), date(2026, 12, 1)),
        ("am:12.2025", date(2025, 12, 1), date(2026, 1, 1)),
        ("am:2025", date(2025, 1, 1), date(2026, 1, 1)),
        ("am:heute", date(2026, 11, 20), date(2026, 11, 21)),
        ("on:yesterday", date(2026, 11, 19), date(2026, 11, 20)),
        ("seit:20.11.", date(2026, 11, 20), None),
        ("seit:21.11.", date(2025, 11, 21), None),
        ("nach:2026-10 vor:2026-11", date(2026, 10, 1), date(2026, 11, 1)),
        ("nach:2025 nach:2026", date(2026, 1, 1), None),
        ("-vor:2026", date(2026, 1, 1), None),
        ("-nach:2026", None, date(2026, 1, 1)),
    ],
)
def test_days_months_and_years_limit_the_time(text: str, after: date | None, before: date | None) -> None:
    assert read(text) == Query(after=after, before=before)


@pytest.mark.parametrize(
    ("text", "hint", "about"),
    [
        ("vor:irgendwann", Hint.NO_DATE, "irgendwann"),
        ("vor:31.02.2026", Hint.NO_DATE, "31.02.2026"),
        ("nach:99999999999999999999", Hint.NO_DATE, "99999999999999999999"),
        ("am:9999", Hint.NO_DATE, "9999"),
        ("ist:schön", Hint.NO_SIGN, "ist:schön"),
        ("kunde:Vogel", Hint.NO_KEY, "kunde"),
        ('"offen', Hint.OPEN_QUOTE, ""),
        ("a*", Hint.STAR, ""),
        ("*ende", Hint.STAR, ""),
    ],
)
def test_what_is_not_understood_becomes_a_hint_and_the_rest_is_searched(
    text: str, hint: Hint, about: str
) -> None:
    query = read(f"Pumpe {text}")
    assert (query.hint, query.about) == (hint, about)
    assert query.terms[0] == Term(("pumpe",))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "%%%",
        '""',
        "von:",
        "ist:egal",
        "hat:bild",
        "vor:quatsch",
        "Pumpe vor:quatsch",
        "Pumpe -%%",
        "a von:(",
    ],
)
def test_a_query_of_which_a_condition_is_not_understood_is_unclear_and_says_why(text: str) -> None:
    query = read(text)
    assert query.unclear
    assert query.hint is not None


@pytest.mark.parametrize(
    "text", ["Müller & Söhne", "Müller - Söhne", "kunde:Vogel", "a*", "-Pumpe", "in:Kunden"]
)
def test_signs_between_words_leave_a_query_clear(text: str) -> None:
    assert not read(text).unclear


@pytest.mark.parametrize("text", ["", "ist:unge", "vor:2026-1", "von:", "-", '"'])
def test_a_query_that_is_being_typed_is_not_called_unclear(text: str) -> None:
    assert not read(text, typing=True).unclear


def test_an_unknown_key_is_searched_as_a_word() -> None:
    assert read("kunde:Vogel").terms == (Term(("kunde", "vogel")),)


def test_while_typing_the_last_word_is_the_beginning_of_one() -> None:
    assert read("offene Rech", typing=True).terms == (Term(("offene",)), Term(("rech",), prefix=True))
    assert read("offene Rech ", typing=True).terms == (Term(("offene",)), Term(("rech",)))
    assert read("von:Ber", typing=True).terms == (Term(("ber",), Part.SENDER, prefix=True),)
    assert read('"offene Rech', typing=True) == Query(terms=(Term(("offene", "rech"), prefix=True),))
    assert read('"offene Rech"', typing=True).terms == (Term(("offene", "rech")),)
    assert read("Pumpe -new", typing=True).terms[1] == Term(("new",), excluded=True)
    assert read("R", typing=True).terms == (Term(("r",)),)


@pytest.mark.parametrize("text", ["ist:unge", "vor:2026-1", "vor:20.1", '"offene', "von:"])
def test_nobody_is_told_off_in_the_middle_of_a_word(text: str) -> None:
    assert read(text, typing=True).hint is None


def test_a_pasted_page_is_cut_and_says_so() -> None:
    many = read("wort " * 500)
    assert (len(many.terms), many.hint) == (MOST_TERMS, Hint.TOO_LONG)
    long = read('"' + "wort " * 500 + '"')
    assert (len(long.terms[0].words), long.hint) == (MOST_WORDS, Hint.TOO_LONG)


PIECES = st.sampled_from(
    [
        "von:",
        "vor:",
        "ist:",
        "in:",
        "-",
        '"',
        "*",
        " ",
        "müller",
        "2026-11",
        "AND",
        "OR",
        "NOT",
        "NEAR(",
        ")",
        "{",
        "^",
        "'",
        "\\",
        "\0",
        ":",
    ]
)


@given(st.text() | st.lists(PIECES | st.text(max_size=3)).map("".join), st.booleans())
def test_any_text_becomes_a_query_of_bare_words(text: str, typing: bool) -> None:
    for term in read(text, typing=typing).terms:
        assert term.words
        assert all(word and word.isalnum() for word in term.words)


@pytest.mark.parametrize("text", ["von:(", "an:--", "betreff:! x", "von: "])
@pytest.mark.parametrize("typing", [True, False])
def test_a_key_or_a_sign_without_a_word_gives_a_hint_also_while_typing(text: str, typing: bool) -> None:
    found = read(text, typing=typing)
    assert found.hint is Hint.NO_WORD
    assert all(term.part is None for term in found.terms)


@pytest.mark.parametrize("text", ["-", '"', "(", "von:"])
def test_what_has_just_begun_gives_no_hint_while_typing(text: str) -> None:
    assert read(text, typing=True).hint is None


def test_blanks_behind_a_key_are_taken_as_a_slip() -> None:
    assert read("von: berger") == read("von:berger")
    assert read("rechnung nach:  2026-11").after == date(2026, 11, 1)


def test_words_that_would_connect_others_elsewhere_give_a_hint() -> None:
    assert read("pumpe ODER motor").hint is Hint.NO_OR
    assert read("pumpe oder motor").hint is None


@pytest.mark.parametrize(
    ("typed", "lasting"),
    [
        ("liefer", "liefer*"),
        ("liefer ", "liefer"),
        ("von:ber", "von:ber*"),
        ("von: ber", "von:ber*"),
        ('"offene rech', '"offene rech"*'),
        ('"offene rechnung"', '"offene rechnung"'),
        ("-newsletter", "-newsletter"),
        ("ist:ungelesen", "ist:ungelesen"),
        ("nach:2026", "nach:2026"),
        ("x", "x"),
        ("", ""),
    ],
)
def test_a_search_finds_after_enter_what_it_found_while_it_was_typed(typed: str, lasting: str) -> None:
    assert as_typed(typed) == lasting


@given(st.text(alphabet='ab -"*:(vonist„', max_size=20))
def test_the_lasting_form_of_any_query_asks_for_the_same(text: str) -> None:
    assert read(as_typed(text)).terms == read(text, typing=True).terms
