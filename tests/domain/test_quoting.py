"""Subjects, quotes and signatures of answers."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mail import Address
from app.domain.quoting import (
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


def test_an_empty_signature_leaves_no_separator() -> None:
    assert signature_block("  \n") == ""
