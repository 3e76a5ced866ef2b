"""How IMAP writes things down is read back as it was meant, and nothing slips out of a string."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import BadInput
from app.domain.mail.messages import Flags
from app.mail.imap.syntax import (
    EPOCH,
    MAX_SET,
    Literal,
    arrival,
    astring,
    flag_list,
    flags_of,
    internal_date,
    parse,
    portions,
    read_set,
    search_date,
    uid_sets,
    wire,
)

UIDS = st.lists(st.integers(1, 4_294_967_295), unique=True, max_size=300)


@given(UIDS)
def test_uid_sets_name_exactly_the_uids(uids: list[int]) -> None:
    sets = list(uid_sets(uids))
    assert sorted(uids) == [uid for text in sets for uid in read_set(text, len(uids)) or []]
    assert all(len(text) <= MAX_SET for text in sets)


def test_many_scattered_uids_are_split_over_several_command_lines() -> None:
    uids = list(range(1, 8000, 2))
    sets = list(uid_sets(uids))
    assert len(sets) > 1
    assert all(len(text) <= MAX_SET for text in sets)


def test_portions_keep_the_order_in_which_uids_were_given() -> None:
    assert list(portions([9, 8, 7, 3, 2, 1], 3)) == [b"7:9", b"1:3"]


def test_a_set_of_billions_is_not_spelled_out() -> None:
    assert read_set(b"1:4294967295", 1000) is None


@pytest.mark.parametrize("text", [b"1:*", b"a", b"1:2:3", b"-"])
def test_what_is_no_set_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):
        read_set(text, 10)


@given(st.binary().filter(lambda b: not set(b) & set(b"\r\n\0")))
def test_a_string_argument_is_read_back_as_it_was(text: bytes) -> None:
    written = astring(text)
    assert parse([b"", written, b""] if isinstance(written, Literal) else [written]) == [text]


@pytest.mark.parametrize("text", [b"a\r\nP9 LOGOUT", b"a\nb", b"a\0b"])
def test_a_string_cannot_end_the_command(text: bytes) -> None:
    with pytest.raises(BadInput):
        astring(text)


@pytest.mark.parametrize("flag", ["", "\\Seen) (", "a b", "\\Seen\r\nX", "(", "ä", "\\"])
def test_a_word_that_is_no_flag_is_refused(flag: str) -> None:
    with pytest.raises(BadInput):
        flag_list([flag])


def test_system_flags_are_found_whatever_their_case_and_keywords_are_passed_over() -> None:
    assert flags_of(rb"$Forwarded \SEEN \answered NonJunk") == Flags(seen=True, answered=True)


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1)))
def test_an_arrival_time_survives_being_written_and_read(when: datetime) -> None:
    when = when.replace(microsecond=0, tzinfo=UTC)
    assert arrival(internal_date(when).strip(b'"')) == when


def test_an_arrival_time_is_told_in_utc() -> None:
    assert arrival(b" 1-Nov-2026 00:30:00 +0130") == datetime(2026, 10, 31, 23, 0, tzinfo=UTC)
    assert arrival(b"01-nov-2026 23:30:00 -0100") == datetime(2026, 11, 2, 0, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [b"", b"32-Nov-2026 00:00:00 +0000", b"01-Foo-2026 00:00:00 +0000", b"01-Jan-0001 00:00:00 +9900", b"x"],
)
def test_an_arrival_time_that_cannot_be_read_is_the_epoch(text: bytes) -> None:
    assert arrival(text) == EPOCH


def test_a_search_day_is_written_in_english() -> None:
    assert search_date(date(2026, 3, 5)) == b"5-Mar-2026"


def test_brackets_quotes_lists_and_literals_are_told_apart() -> None:
    answer = [
        rb'* 1 FETCH (UID 5 FLAGS (\Seen) BODY[HEADER.FIELDS (A "B")]<0> ',
        b"a ) b",
        rb' X NIL "q\"\\" "")',
    ]
    assert parse(answer) == [
        b"*",
        b"1",
        b"FETCH",
        [
            *(b"UID", b"5", b"FLAGS", [rb"\Seen"], b'BODY[HEADER.FIELDS (A "B")]<0>', b"a ) b"),
            *(b"X", None, b'q"\\', b""),
        ],
    ]


@pytest.mark.parametrize("text", [b"(", b")", b"(()", b"a) (b"])
def test_parentheses_that_do_not_match_are_refused(text: bytes) -> None:
    with pytest.raises(ValueError):
        parse([text])


@given(st.lists(st.binary(max_size=50), max_size=5))
def test_any_answer_is_parsed_or_refused(parts: list[bytes]) -> None:
    try:
        parse(parts)
    except ValueError:
        return


def test_a_deep_nest_of_parentheses_does_not_break_the_parser() -> None:
    assert parse([b"(" * 50_000 + b")" * 50_000])


def test_a_decoded_name_is_not_taken_for_a_wire_name() -> None:
    with pytest.raises(BadInput):
        wire("Ablage €")
