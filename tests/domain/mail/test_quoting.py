"""Subjects, quotes and signatures of answers."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mail.messages import Address
from app.domain.mail.quoting import (
    QUOTE_WIDTH,
    Part,
    attribution,
    base_subject,
    forward_subject,
    own_text,
    quote,
    reply_subject,
    signature_block,
    stretches,
)
from app.domain.text import cell_width, clean_block

BERLIN = ZoneInfo("Europe/Berlin")
SILKE = Address("Silke Berger", "silke.berger@vogel.example")
PREFIXES = st.lists(
    st.sampled_from(["Re: ", "RE:", "AW: ", "aw:", "Antw: ", "Re[2]: ", "WG: ", "Fwd: ", "FW: ", "Wtrlt: "])
)


@pytest.mark.parametrize(
    ("subject", "answer"),
    [
        ("Anfrage", "AW: Anfrage"),
        ("Re: Anfrage", "AW: Anfrage"),
        ("Re: AW: Re: Anfrage", "AW: Anfrage"),
        ("AW: WG: Anfrage", "AW: Anfrage"),
        ("Re[3]: AW (2): Anfrage", "AW: Anfrage"),
        ("Antwort: Anfrage", "AW: Anfrage"),
        ("Reklamation: Pumpe", "AW: Reklamation: Pumpe"),
        ("Awning: Preise", "AW: Awning: Preise"),
        ("", "AW:"),
    ],
)
def test_an_answer_carries_its_prefix_once(subject: str, answer: str) -> None:
    assert reply_subject(subject, "de") == answer


@given(PREFIXES, st.text())
def test_any_chain_of_prefixes_becomes_one(chain: list[str], text: str) -> None:
    core = base_subject(text)
    assert base_subject("".join(chain) + core) == core
    assert reply_subject(reply_subject(core, "de"), "en") == f"Re: {core}".strip()
    assert forward_subject(reply_subject(core, "en"), "de") == f"WG: {core}".strip()
    assert "\n" not in core
    assert "\r" not in core


def test_the_attribution_line_speaks_the_language_and_the_zone_of_the_writer() -> None:
    date = datetime(2026, 11, 20, 8, 41, tzinfo=UTC)
    assert attribution(SILKE, date, "de", BERLIN) == "Am 20.11.2026 um 09:41 schrieb Silke Berger:"
    assert attribution(SILKE, date, "en", UTC) == "On 2026-11-20 at 08:41, Silke Berger wrote:"
    assert attribution(Address("", "a@b.example"), None, "de", BERLIN) == "a@b.example schrieb:"


def test_quoting_goes_one_level_deeper_and_leaves_the_signature_out() -> None:
    text = "\nGuten Tag,\n\n> alt\n>> älter\nGruß\n\n-- \nSilke Berger\nVogel GmbH\n"
    assert quote(text) == "> Guten Tag,\n>\n>> alt\n>>> älter\n> Gruß"


@given(st.text())
def test_every_quoted_line_is_marked(text: str) -> None:
    quoted = quote(text)
    assert quoted == "" or all(line.startswith(">") for line in quoted.split("\n"))
    assert own_text(quoted).strip() == ""


@given(
    st.lists(
        st.sampled_from(
            ["Text", "", "> alt", "-- ", "A. Berg", "X schrieb:", "---------- Forwarded message ----------"]
        )
    )
)
def test_cutting_a_body_loses_nothing(lines: list[str]) -> None:
    body = "\n".join(lines)
    assert "\n".join(stretch.text for stretch in stretches(body)) == body


def test_a_body_is_cut_into_own_text_signature_and_quote() -> None:
    body = f"Danke!\n\n{signature_block('A. Berg')}\n\nSilke schrieb:\n> Hallo\n\nNoch etwas."
    cut = [(stretch.part, stretch.text) for stretch in stretches(body)]
    assert cut == [
        (Part.OWN, "Danke!\n"),
        (Part.SIGNATURE, "-- \nA. Berg\n"),
        (Part.OWN, "Silke schrieb:"),
        (Part.QUOTE, "> Hallo"),
        (Part.OWN, "\nNoch etwas."),
    ]


def test_a_long_line_is_broken_between_words_and_each_piece_is_marked() -> None:
    sentence = "Wir bräuchten für das Werk in Öhringen bis zum Jahresende noch zwölf Pumpen der Baureihe N."
    assert quote(sentence) == (
        "> Wir bräuchten für das Werk in Öhringen bis zum Jahresende noch zwölf\n> Pumpen der Baureihe N."
    )
    assert quote(f"> > {sentence}").split("\n") == [
        ">>> Wir bräuchten für das Werk in Öhringen bis zum Jahresende noch zwölf",
        ">>> Pumpen der Baureihe N.",
    ]


def test_addresses_and_rows_of_tables_are_not_broken() -> None:
    address = f"https://vogel.example/{'angebot/' * 20}"
    assert quote(f"Hier: {address} und mehr") == f"> Hier:\n> {address}\n> und mehr"
    row = f"Pumpe N 40{' ' * 40}12 Stück{' ' * 20}4.500,00 €"
    assert quote(row) == f"> {row}"


def test_no_broken_line_begins_like_a_deeper_quote() -> None:
    for words in range(11, 15):
        lines = quote(f"{'wort ' * words}> 5 bar bei voller Last").split("\n")
        assert len(lines) == 2
        assert not lines[1].startswith("> >")


@given(st.lists(st.text(st.characters(categories=["L", "Nd", "P", "Sm"]), min_size=1, max_size=30)))
def test_breaking_loses_no_word_and_keeps_the_level(words: list[str]) -> None:
    line = " ".join(word for word in words if not word.startswith(">"))
    quoted = quote(f"> {line}")
    if line:
        lines = quoted.split("\n")
        assert all(piece.startswith(">> ") and not piece.startswith(">>>") for piece in lines)
        assert " ".join(piece.removeprefix(">> ") for piece in lines) == clean_block(line)
        assert all(cell_width(piece) <= QUOTE_WIDTH or " " not in piece[3:] for piece in lines)


def test_an_empty_signature_leaves_no_separator() -> None:
    assert signature_block("  \n") == ""
