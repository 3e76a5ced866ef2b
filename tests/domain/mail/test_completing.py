"""Completing an address line: only the piece under the cursor changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.domain.mail.addresses import format_addresses, parse_addresses
from app.domain.mail.completing import piece_at, with_address
from app.domain.mail.messages import Address

SILKE = Address("Silke Berger", "silke@vogel.example")
people = st.lists(
    st.builds(
        Address,
        st.sampled_from(["", "Max Vogel", 'Vogel, "Max"', "a;b"]),
        st.sampled_from(["m@x.example", "n@y.example"]),
    ),
    max_size=4,
)


def test_the_piece_is_what_stands_between_separators():
    assert piece_at("max@x.example, sil", 18) == (15, 18)
    assert piece_at("sil, max@x.example", 3) == (0, 3)
    assert piece_at('"Vogel, Max" <m@x.example>; si ; b', 30) == (28, 30)


def test_a_taken_address_leaves_room_for_the_next_one():
    assert with_address("si", 2, SILKE) == ("Silke Berger <silke@vogel.example>, ", 36)
    assert with_address("m@x.example,si", 14, SILKE)[0] == "m@x.example, Silke Berger <silke@vogel.example>, "


@given(people, people)
def test_the_others_stay_as_they_are(before: list[Address], after: list[Address]):
    head = format_addresses(before) + ", " * bool(before) + "sil"
    line = head + ", " * bool(after) + format_addresses(after)
    done, cursor = with_address(line, len(head), SILKE)
    assert parse_addresses(done) == (*before, SILKE, *after)
    assert parse_addresses(done[:cursor]) == (*before, SILKE)


@given(st.text(alphabet='ab,;<>"@ \\', max_size=30), st.integers(0, 30))
def test_any_line_has_a_piece(line: str, cursor: int):
    start, end = piece_at(line, min(cursor, len(line)))
    assert 0 <= start <= end <= len(line)
