"""The reader of answers gives back every message as it was sent, and survives whatever a server says."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.mail.messages import Flags
from app.mail.errors import CommandRefused, ConnectionLost, FolderMissing
from app.mail.imap.fetching import PORTION, fetch_flags, fetch_mails
from app.mail.imap.refusals import MAX_CAUSE
from app.mail.imap.session import Session
from app.mail.imap.stream import BUFFER, Stream
from app.mail.imap.syntax import EPOCH, Literal, astring
from app.mail.source import RawMail

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
DATE = b'"20-Nov-2026 12:00:00 +0000"'


@contextlib.contextmanager
def told(
    *pieces: bytes, hang_up: bool = True, capabilities: frozenset[str] = frozenset()
) -> Iterator[Session]:
    """A session whose server says these pieces, one send each, whatever it is asked. The first tag is P1."""
    here, there = socket.socketpair()

    def talk() -> None:
        with contextlib.suppress(OSError):
            for piece in pieces:
                there.sendall(piece)
            if hang_up:
                there.shutdown(socket.SHUT_WR)

    speaker = threading.Thread(target=talk, daemon=True)
    speaker.start()
    session = Session(Stream(here, 5.0), capabilities)
    try:
        yield session
    finally:
        here.close()
        there.close()
        speaker.join(5)


def usual(uid: int, raw: bytes, flags: bytes = rb"\Seen") -> bytes:
    return b"* %d FETCH (UID %d FLAGS (%s) INTERNALDATE %s BODY[] {%d}\r\n%s)\r\n" % (
        *(uid, uid, flags, DATE, len(raw)),
        raw,
    )


RAW = st.one_of(
    st.binary(max_size=300),
    st.sampled_from(
        [b"", b")\r\n", b"P1 OK\r\n", b"* BYE\r\n", b"x{5}\r\n", b"\r\nP2 OK done\r\n)\r\n", b"a" * 70_000]
    ),
)


@st.composite
def fetch_answer(draw: st.DrawFn, uid: int) -> tuple[bytes, RawMail]:
    """An answer as some server may write it, with what it means."""
    raw = draw(RAW)
    flags, meaning = draw(
        st.sampled_from(
            [(rb"", Flags()), (rb"\Seen $X", Flags(seen=True)), (rb"\flagged", Flags(flagged=True))]
        )
    )
    mark = draw(st.sampled_from([b"{%d}", b"~{%d}"])) % len(raw)
    literal = mark + b"\r\n" + raw
    can_quote = raw.isascii() and not set(raw) & set(b'\r\n\0"\\')
    body = draw(st.sampled_from([literal, b'"' + raw + b'"'])) if can_quote else literal
    items = [b"UID %d" % uid, b"FLAGS (%s)" % flags, b"INTERNALDATE %s" % DATE, b"BODY[] " + body]
    items += draw(st.sampled_from([[], [b"MODSEQ (7)"], [b"X-NEW (a (b) {3}\r\n(()x)"]]))
    items = draw(st.permutations(items))
    word = draw(st.sampled_from([b"FETCH", b"Fetch"]))
    return b"* %d %s (%s)\r\n" % (uid, word, b" ".join(items)), RawMail(uid, meaning, NOON, raw)


UNASKED = st.sampled_from(
    [
        b"* 3 EXISTS\r\n",
        b"* 1 EXPUNGE\r\n",
        b"* VANISHED 7,9\r\n",
        b"* 2 FETCH (FLAGS (\\Seen))\r\n",
        b"* 2 FETCH (UID 2 MODSEQ (9) FLAGS (\\Seen))\r\n",
        b"* OK Still here {5}\r\n",
        b"* 0 RECENT\r\n",
        b"* NO [ALERT] Wartung {3}\r\n",
    ]
)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_messages_are_read_in_any_form_and_any_portion(data: st.DataObject) -> None:
    count = data.draw(st.integers(0, 4))
    answers = [data.draw(fetch_answer(uid)) for uid in range(1, count + 1)]
    text = b""
    for written, _mail in answers:
        text += data.draw(UNASKED) + written if data.draw(st.booleans()) else written
    text += b"P1 OK done\r\n"
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    with told(*pieces) as session:
        assert list(fetch_mails(session, [1, 2, 3, 4])) == [mail for _written, mail in answers]


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
def test_garbage_ends_in_a_named_error(garbage: bytes) -> None:
    with told(garbage) as session, pytest.raises(ConnectionLost):
        list(fetch_mails(session, [1]))


@pytest.mark.parametrize("size", [BUFFER - 1, BUFFER, BUFFER + 1, 5 * BUFFER + 3])
def test_a_message_bigger_than_the_buffer_arrives_whole(size: int) -> None:
    raw = bytes(range(256)) * (size // 256 + 1)
    with told(usual(1, raw[:size]), usual(2, b"danach"), b"P1 OK\r\n") as session:
        assert [mail.raw for mail in fetch_mails(session, [1, 2])] == [raw[:size], b"danach"]


def test_a_line_longer_than_the_buffer_arrives_whole() -> None:
    line = b"* SEARCH " + b"123456 " * 100_000
    with told(line + b"\r\n", b"P1 OK\r\n") as session:
        assert session.run(b"UID SEARCH ALL").answers == [[line]]


def test_a_message_that_vanished_meanwhile_is_left_out() -> None:
    with told(usual(1, b"a"), b"P1 NO [EXPUNGEISSUED] Some of the messages no longer exist\r\n") as session:
        assert [mail.uid for mail in fetch_mails(session, [1, 2])] == [1]


def test_a_message_without_content_is_told_after_the_others_were_read() -> None:
    with told(b"* 1 FETCH (UID 1 BODY[] NIL FLAGS ())\r\n", usual(2, b"b"), b"P1 OK\r\n") as session:
        mails = fetch_mails(session, [1, 2])
        assert next(mails).uid == 2
        with pytest.raises(CommandRefused, match="no content of the mails: 1"):
            next(mails)


def test_a_message_without_content_is_left_out_if_it_is_gone() -> None:
    for word in (b"OK", b"NO"):
        gone = b"* 1 FETCH (UID 1 BODY[] NIL FLAGS ())\r\nP1 %s [EXPUNGEISSUED] weg\r\n" % word
        with told(gone) as session:
            assert list(fetch_mails(session, [1])) == []


def test_a_refusal_is_told_after_what_could_be_read() -> None:
    with told(usual(1, b"a"), b"P1 NO [SERVERBUG] Internal error\r\n") as session:
        mails = fetch_mails(session, [1, 2])
        assert next(mails).uid == 1
        with pytest.raises(CommandRefused) as caught:
            next(mails)
        assert (caught.value.code, caught.value.temporary) == ("SERVERBUG", True)


def test_a_connection_cut_within_a_message_is_told() -> None:
    with told(usual(1, b"a"), usual(2, b"b" * 1000)[:500]) as session:
        mails = fetch_mails(session, [1, 2])
        assert next(mails).uid == 1
        with pytest.raises(ConnectionLost):
            next(mails)
        with pytest.raises(ConnectionLost):
            session.run(b"NOOP")


def test_the_next_portion_is_asked_for_before_the_last_was_read() -> None:
    here, there = socket.socketpair()
    with here, there:
        there.settimeout(5)
        mails = fetch_mails(Session(Stream(here, 5.0), frozenset()), list(range(1, 2 * PORTION + 1)))
        there.sendall(usual(1, b"a"))
        assert next(mails).uid == 1
        asked = b""
        while asked.count(b"\r\n") < 2:
            asked += there.recv(4096)
        assert [line.split()[3] for line in asked.splitlines()] == [b"1:200", b"201:400"]


def test_another_command_ends_a_fetch_that_was_not_read_to_its_end() -> None:
    portions = [
        usual(1, b"a"),
        usual(2, b"b"),
        b"P1 OK\r\n",
        usual(201, b"c"),
        b"P2 OK\r\n",
        b"P3 OK done\r\n",
    ]
    with told(*portions) as session:
        mails = fetch_mails(session, list(range(1, 2 * PORTION + 1)))
        assert next(mails).uid == 1
        assert session.run(b"NOOP").answers == []
        assert list(mails) == []


def test_fetching_is_no_news_but_a_flag_changed_meanwhile_is() -> None:
    other_order = b"* 1 FETCH (FLAGS () UID 1 BODY[] {1}\r\na INTERNALDATE %s)\r\n" % DATE
    for unasked, is_news in (
        (b"", False),
        (b"* 9 FETCH (UID 9 FLAGS ())\r\n", True),
        (b"* 9 EXPUNGE\r\n", True),
    ):
        with told(usual(2, b"b"), other_order, unasked, b"P1 OK\r\n") as session:
            assert len(list(fetch_mails(session, [1, 2]))) == 2
            assert session.news is is_news


def test_flags_are_read_in_the_order_of_any_server() -> None:
    with told(
        b"* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n* 2 FETCH (FLAGS (\\Answered) UID 2)\r\n",
        b"* 3 FETCH (UID 3 MODSEQ (5) FLAGS ())\r\n* 4 FETCH (UID 4 FLAGS (\\Draft $x) MODSEQ (6))\r\n",
        b"* 5 FETCH (MODSEQ (6) UID 5)\r\n* 5 FETCH (FLAGS (\\Seen))\r\nP1 OK\r\n",
    ) as session:
        assert fetch_flags(session) == {
            1: Flags(seen=True),
            2: Flags(answered=True),
            3: Flags(),
            4: Flags(draft=True),
        }


def test_an_arrival_time_that_is_missing_is_the_epoch() -> None:
    with told(b"* 1 FETCH (UID 1 FLAGS () BODY[] {1}\r\na)\r\nP1 OK\r\n") as session:
        assert list(fetch_mails(session, [1])) == [RawMail(1, Flags(), EPOCH, b"a")]


def test_completions_may_come_in_another_order() -> None:
    with told(b"P2 NO nein\r\nP1 OK gut\r\n") as session:
        first, second = session.send(b"STATUS"), session.send(b"STATUS")
        assert session.finish(first).answers == []
        with pytest.raises(CommandRefused, match="nein"):
            session.finish(second)


def test_a_missing_folder_is_told_apart_from_a_refusal() -> None:
    with told(
        b"P1 NO [NONEXISTENT] weg\r\nP2 NO [TRYCREATE] weg\r\nP3 NO Mailbox doesn't exist: A\r\nP4 NO [NOPERM] nein\r\n"
    ) as session:
        for _ in range(3):
            with pytest.raises(FolderMissing):
                session.run(b"SELECT")
        with pytest.raises(CommandRefused) as caught:
            session.run(b"SELECT")
        assert caught.value.code == "NOPERM"


def test_a_servers_words_are_cut_to_a_bearable_length() -> None:
    with told(b"P1 NO " + b"x" * 100_000 + b"\r\n") as session, pytest.raises(CommandRefused) as caught:
        session.run(b"NOOP")
    assert len(caught.value.cause) <= MAX_CAUSE + 1


def test_the_servers_goodbye_is_the_reason_of_the_lost_connection() -> None:
    with (
        told(b"* BYE Wartung bis 14 Uhr\r\n") as session,
        pytest.raises(ConnectionLost, match="Wartung bis 14 Uhr"),
    ):
        session.run(b"NOOP")


def test_a_literal_that_no_memory_can_hold_is_refused() -> None:
    with (
        told(b"* 1 FETCH (UID 1 BODY[] {99999999999}\r\n") as session,
        pytest.raises(ConnectionLost, match="announced"),
    ):
        list(fetch_mails(session, [1]))


def test_a_silent_server_counts_as_lost() -> None:
    with told(hang_up=False) as session:
        session.stream.timeout = 0.05
        with pytest.raises(ConnectionLost, match="no answer"):
            session.run(b"NOOP")


def test_waiting_in_vain_loses_no_bytes() -> None:
    here, there = socket.socketpair()
    with here, there:
        stream = Stream(here, 5.0)
        there.sendall(b"* OK hal")
        assert stream.wait(0.01)
        stream.read(2)
        there.sendall(b"lo\r\n")
        assert stream.read_line() == b"OK hallo\r\n"
        assert not stream.wait(0.01)


def test_a_literal_goes_out_after_the_server_agreed() -> None:
    here, there = socket.socketpair()
    with here, there:
        there.settimeout(5)
        session = Session(Stream(here, 5.0), frozenset())
        there.sendall(b"* 1 EXISTS\r\n+ ja\r\nP1 OK\r\n")
        session.run(b"LIST", astring("ä".encode()), b"x")
        assert there.recv(100) == b"P1 LIST {2}\r\n\xc3\xa4 x\r\n"


def test_a_literal_that_the_server_does_not_want_is_not_sent() -> None:
    here, there = socket.socketpair()
    with here, there:
        there.settimeout(5)
        session = Session(Stream(here, 5.0), frozenset({"LITERAL+"}))
        there.sendall(b"P1 NO [OVERQUOTA] voll\r\n")
        with pytest.raises(CommandRefused) as caught:
            session.run(b"APPEND A", Literal(b"x" * 5000))
        assert caught.value.code == "OVERQUOTA"
        assert there.recv(10_000) == b"P1 APPEND A {5000}\r\n"


def test_a_small_literal_goes_out_at_once_where_the_server_allows_it() -> None:
    here, there = socket.socketpair()
    with here, there:
        there.settimeout(5)
        session = Session(Stream(here, 5.0), frozenset({"LITERAL-"}))
        there.sendall(b"P1 OK\r\n")
        session.run(b"APPEND A", Literal(b"xyz"))
        assert there.recv(100) == b"P1 APPEND A {3+}\r\nxyz\r\n"
