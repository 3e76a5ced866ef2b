"""Address lines as people type them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.mail.addresses import (
    address_key,
    format_addresses,
    is_address,
    is_hostile,
    parse_addresses,
    wire_address,
)
from app.domain.mail.messages import Address


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ()),
        (" , ;; ", ()),
        ("s@vogel.example", (Address("", "s@vogel.example"),)),
        ("Silke Berger <s@v.example>", (Address("Silke Berger", "s@v.example"),)),
        ("a@v.example;b@v.example,c@v.example", tuple(Address("", f"{x}@v.example") for x in "abc")),
        ("Berger, Silke <s@v.example>", (Address("Berger, Silke", "s@v.example"),)),
        ('"Vogel, Max \\"Mäx\\"" <m@v.example>', (Address('Vogel, Max "Mäx"', "m@v.example"),)),
        ('"a,b"@v.example', (Address("", '"a,b"@v.example'),)),
        ("Müller <ä@bücher.example>", (Address("Müller", "ä@bücher.example"),)),
    ],
)
def test_an_address_line_is_read_as_a_person_means_it(typed: str, read: tuple[Address, ...]) -> None:
    assert parse_addresses(typed) == read


@pytest.mark.parametrize(
    "typed", ["Max Vogel, Silke <s@v.example>", "Meier, s@v.example", "Meier; Silke B <s@v.example>"]
)
def test_a_person_without_address_never_vanishes_into_a_name(typed: str) -> None:
    bad, good = parse_addresses(typed)
    assert not is_address(bad.address)
    assert good.address == "s@v.example"


@given(st.text())
def test_nothing_that_was_typed_is_dropped_and_nothing_raises(typed: str) -> None:
    kept = "".join(a.name + a.address for a in parse_addresses(typed))
    wanted = {c for c in typed if not c.isspace() and c not in ',;<>"\\'}
    assert wanted <= set(kept)


@given(
    st.lists(
        st.tuples(st.text(), st.from_regex(r"[a-z.+]{1,9}@[a-z]{1,9}\.example", fullmatch=True)), max_size=4
    )
)
def test_formatted_addresses_are_read_back_the_same(pairs: list[tuple[str, str]]) -> None:
    people = tuple(Address(" ".join(name.split()), address) for name, address in pairs)
    assert parse_addresses(format_addresses(people)) == people


@pytest.mark.parametrize(
    "address",
    [
        "s@vogel.example",
        "chef@firma.local",
        "root@localhost",
        "ä@bücher.example",
        '"a b"@v.example',
        "x@[127.0.0.1]",
    ],
)
def test_good_addresses_pass(address: str) -> None:
    assert is_address(address)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "silke",
        "a@",
        "@b.example",
        "a b@c.example",
        "a@b..example",
        "a@b.example\r\nBcc: x@y.example",
        "a@b c",
    ],
)
def test_bad_addresses_do_not(address: str) -> None:
    assert not is_address(address)


@given(st.sampled_from("\r\n\x00\x0b\x0c\x1b\x85\u2028\u2029\x7f\ud800"), st.text(), st.text())
def test_text_that_could_break_out_of_a_header_is_hostile(bad: str, before: str, after: str) -> None:
    assert is_hostile(before + bad + after)
    assert not is_address(f"a{bad}@b.example")


def test_an_international_domain_goes_out_in_ascii() -> None:
    assert wire_address("info@bücher.example") == "info@xn--bcher-kva.example"
    assert wire_address("ä@vogel.example") == "ä@vogel.example"
    assert wire_address("info@bücher.local") == "info@xn--bcher-kva.local"


def test_addresses_that_differ_in_case_are_one() -> None:
    assert address_key("S.Berger@Vogel.Example ") == address_key("s.berger@vogel.example")
