"""A server that never comes to an end is given up: in the login, in answers, before and after IDLE, at the goodbye."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from app.mail.errors import CommandRefused, ConnectionLost, MailError
from app.mail.imap import connecting, fetching, selecting, session, syntax, waiting
from app.mail.imap.source import ImapSource
from app.mail.urls import parse_url
from tests.servers.scripted import imap_talk, scripted_server

SOON = 0.3  # seconds; what counts as too long here
DRIP = SOON / 10


def source_at(port: int) -> ImapSource:
    return ImapSource(parse_url(f"imap+insecure://rep@localhost:{port}"), "x")


def plain(rest: bytes) -> bytes:
    """What a server with one folder says."""
    word = rest.upper()
    if word.startswith(b"CAPABILITY"):
        return b"* CAPABILITY IMAP4rev1 IDLE UIDPLUS\r\n"
    if word.startswith((b"SELECT", b"EXAMINE")):
        return b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 3]\r\n"
    return b""


@contextlib.contextmanager
def saying(command: bytes, said: bytes) -> Iterator[ImapSource]:
    """A server that says this before it completes the commands named."""

    def answers(tag: bytes, rest: bytes) -> bytes:
        return (said if rest.upper().startswith(command) else plain(rest)) + tag + b" OK done\r\n"

    with scripted_server(imap_talk(answers)) as port:
        source = source_at(port)
        source.select("INBOX")
        yield source
        source.close()


@contextlib.contextmanager
def dripping(command: bytes, answer: bytes = b"* OK still here\r\n") -> Iterator[int]:
    """A server that says a little every now and then after this command, and never more."""
    ended = threading.Event()

    def talk(connection: socket.socket) -> None:
        connection.sendall(b"* OK hallo\r\n")
        with connection.makefile("rb") as lines:
            for line in lines:
                tag, _blank, rest = line.rstrip(b"\r\n").partition(b" ")
                if (tag + b" " + rest).upper().find(command) >= 0:
                    while not ended.wait(DRIP):
                        connection.sendall(answer)
                    return
                if rest.upper().startswith(b"IDLE"):
                    connection.sendall(b"+ idling\r\n")
                elif tag != b"DONE":
                    connection.sendall(plain(rest) + tag + b" OK done\r\n")

    with scripted_server(talk) as port:
        try:
            yield port
        finally:
            ended.set()


@pytest.mark.parametrize("command", [b"LOGIN", b"CAPABILITY"])
def test_a_login_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch, command: bytes) -> None:
    monkeypatch.setattr(connecting, "LOGIN_SECONDS", SOON)
    with dripping(command) as port, pytest.raises(MailError, match="in time"):
        source_at(port)


@pytest.mark.parametrize("said", [b"* OK hm\r\n" * 2000, b"* LIST {50000}\r\n" + b"x" * 50_000 + b"\r\n"])
def test_a_server_that_says_too_much_before_the_login_is_done_is_given_up(
    monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(connecting, "LOGIN_BYTES", 10_000)
    with pytest.raises(MailError, match="too much"), saying(b"LOGIN", said):
        pass


class Never:
    def is_set(self) -> bool:
        return False


def test_an_idle_that_does_not_begin_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "READ_SECONDS", SOON)
    with dripping(b"IDLE") as port:
        source = source_at(port)
        source.select("INBOX")
        with pytest.raises(ConnectionLost, match="in time"):
            source.idle(60, Never())


def test_an_idle_that_does_not_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "DONE_SECONDS", SOON)
    with dripping(b"DONE") as port:
        source = source_at(port)
        source.select("INBOX")
        with pytest.raises(ConnectionLost, match="in time"):
            source.idle(0.05, Never())


def test_a_goodbye_that_does_not_end_holds_up_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "LOGOUT_SECONDS", SOON)
    with dripping(b"LOGOUT") as port:
        source = source_at(port)
        source.close()
        with pytest.raises(ConnectionLost):
            source.folders()


@pytest.mark.parametrize(
    ("ask", "command", "said"),
    [
        (lambda s: s.flags(), b"UID FETCH", b"* 1 FETCH (UID 1 FLAGS ())\r\n" * 300),
        (lambda s: s.folders(), b"LIST", b"* OK still here\r\n" * 300),
        (lambda s: list(s.fetch([1])), b"UID FETCH", b"* 1 FETCH (UID 1 BODY[] {1}\r\nx)\r\n" * 300),
    ],
    ids=["flags", "list", "mails"],
)
def test_answers_without_end_are_given_up(
    monkeypatch: pytest.MonkeyPatch, ask: Callable[[ImapSource], object], command: bytes, said: bytes
) -> None:
    monkeypatch.setattr(session, "MAX_UNTAGGED", 200)
    monkeypatch.setattr(fetching, "MOST_ANSWERS", 200)
    with saying(command, said) as source, pytest.raises(ConnectionLost, match=r"without end|asked for"):
        ask(source)


def test_an_answer_of_literals_without_end_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "MAX_ANSWERS", 10_000)
    said = b"* LIST () " + (b"{1000}\r\n" + b"x" * 1000) * 20 + b"\r\n"
    with saying(b"LIST", said) as source, pytest.raises(ConnectionLost, match="one answer"):
        source.folders()


@pytest.mark.parametrize(
    "said", [b"* SEARCH" + b" 1 2 3 4 5 6 7 8 9 10 11\r\n", b"* ESEARCH UID ALL 1:11\r\n"]
)
def test_more_mails_than_there_can_be_are_not_found(monkeypatch: pytest.MonkeyPatch, said: bytes) -> None:
    monkeypatch.setattr(selecting, "MAX_UIDS", 10)
    with saying(b"UID SEARCH", said) as source, pytest.raises(CommandRefused, match="more messages"):
        source.uids()


def test_an_answer_that_is_too_long_to_be_one_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syntax, "MAX_PARSED", 10_000)
    with (
        saying(b"LIST", b'* LIST () "/" ' + b"[" * 20_000 + b"\r\n") as source,
        pytest.raises(ConnectionLost, match="longer"),
    ):
        source.folders()


HUGE = b"9" * 5000


@pytest.mark.parametrize("uid", [HUGE, b"9" * 30, b"0", b"4294967296", b"-1"])
def test_uids_that_cannot_be_are_passed_over(uid: bytes) -> None:
    mail = b'* 1 FETCH (FLAGS () UID %s INTERNALDATE "20-Nov-2026 09:00:00 +0100" BODY[] {1}\r\nx)\r\n' % uid
    with saying(b"UID FETCH", mail + b"* 2 FETCH (FLAGS () UID 2 BODY[] {1}\r\ny)\r\n") as source:
        assert [raw.uid for raw in source.fetch([1, 2])] == [2]
    with saying(
        b"UID FETCH", b"* 1 FETCH (FLAGS () UID %s)\r\n* 2 FETCH (FLAGS () UID 2)\r\n" % uid
    ) as source:
        assert list(source.flags()) == [2]


@pytest.mark.parametrize("uid", [HUGE, b"9" * 30, b"0", b"4294967296"])
def test_told_uids_of_copies_that_cannot_be_are_not_believed(uid: bytes) -> None:
    appends: list[bytes] = []

    def answers(tag: bytes, rest: bytes) -> bytes:
        if tag == b"x":  # the mail
            return appends.pop() + b" OK [APPENDUID 7 %s] done\r\n" % uid
        if rest.upper().startswith(b"APPEND"):
            appends.append(tag)
            return b"+ go on\r\n"
        if rest.upper().startswith(b"UID COPY"):
            return tag + b" OK [COPYUID 7 1 %s] done\r\n" % uid
        return plain(rest) + tag + b" OK done\r\n" if tag else b""

    with scripted_server(imap_talk(answers)) as port:
        source = source_at(port)
        source.select("INBOX")
        assert source.copy([1], "Archiv") == {}
        assert source.append("Archiv", b"x\r\n", [], datetime(2026, 11, 20, tzinfo=UTC)) is None


def test_two_copies_are_not_given_the_same_uid() -> None:
    def answers(tag: bytes, rest: bytes) -> bytes:
        if rest.upper().startswith(b"UID COPY"):
            return tag + b" OK [COPYUID 7 1:2 5,5] done\r\n"
        return plain(rest) + tag + b" OK done\r\n"

    with scripted_server(imap_talk(answers)) as port:
        source = source_at(port)
        source.select("INBOX")
        assert source.copy([1, 2], "Archiv") == {}
