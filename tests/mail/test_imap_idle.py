"""Waiting for news ends when something happens elsewhere, and soon when it shall stop."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from app.mail.errors import CommandRefused, ConnectionLost
from app.mail.imap import waiting
from app.mail.imap.source import ImapSource
from app.mail.urls import parse_url
from tests.mail.conftest import Post
from tests.mail.letters import letter
from tests.servers.dovecot import ok
from tests.servers.proxy import proxy
from tests.servers.scripted import imap_talk, scripted_server


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "TICK", 0.05)


class When:
    """A stop signal that does something at its first question, which is asked when the waiting has begun."""

    def __init__(self, *deeds: Callable[[], object]) -> None:
        self._deeds = list(deeds)
        self._is_set = False
        self.questions = 0

    def is_set(self) -> bool:
        self.questions += 1
        if self.questions > 2 and self._deeds:  # the first questions come before IDLE is under way
            self._deeds.pop(0)()
        return self._is_set

    def set(self) -> None:
        self._is_set = True


def flag(post: Post) -> None:
    with post.elsewhere() as client:
        ok(client.uid("STORE", "1", "+FLAGS", "(\\Flagged)"))


def expunge(post: Post) -> None:
    with post.elsewhere() as client:
        ok(client.uid("STORE", "1", "+FLAGS", "(\\Deleted)"))
        ok(client.expunge())


def arrive(post: Post) -> None:
    post.deliver(letter(2))


@pytest.mark.parametrize("happening", [arrive, flag, expunge])
def test_what_happens_elsewhere_ends_the_waiting(
    any_post: Post, happening: Callable[[Post], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        waiting, "ASK_SECONDS", 0.2
    )  # the old server is asked, which is no different otherwise
    any_post.deliver(letter(1))
    source = any_post.connect()
    source.select("INBOX")
    assert source.idle(30, When(lambda: happening(any_post))) is True
    before = source.select("INBOX").status
    assert source.idle(0.01, threading.Event()) is False
    assert source.select("INBOX").status == before
    source.close()


def test_news_told_before_the_waiting_end_it_at_once(any_post: Post) -> None:
    source = any_post.connect()
    source.select("INBOX")
    arrive(any_post)
    source.flags([1])
    assert source.idle(30, threading.Event()) is True
    source.close()


def test_waiting_stops_when_told(any_post: Post) -> None:
    source = any_post.connect()
    source.select("INBOX")
    stop = When()
    stop._deeds.append(stop.set)
    assert source.idle(600, stop) is False
    assert source.uids() == []
    source.close()


def test_waiting_ends_when_its_time_is_over(any_post: Post) -> None:
    source = any_post.connect()
    source.select("INBOX")
    assert source.idle(0.3, threading.Event()) is False
    assert source.uids() == []
    source.close()


def test_idle_is_renewed_before_routers_forget_the_connection(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "IDLE_SECONDS", 0.1)
    with proxy(post.server.port) as between:
        source = post.connect(port=between.port)
        source.select("INBOX")
        assert source.idle(0.5, threading.Event()) is False
        lines = between.client_lines
        assert sum(line.endswith(b" IDLE") for line in lines) == lines.count(b"DONE") >= 2
        source.close()


def test_a_connection_lost_while_waiting_is_told(any_post: Post) -> None:
    with proxy(any_post.server.port) as between:
        source = any_post.connect(port=between.port)
        source.select("INBOX")
        with pytest.raises(ConnectionLost):
            source.idle(60, When(between.break_all))


def test_a_connection_that_died_in_silence_is_noticed(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "IDLE_SECONDS", 0.2)
    monkeypatch.setattr(waiting, "DONE_SECONDS", 0.2)
    with proxy(post.server.port) as between:
        source = post.connect(port=between.port)
        source.select("INBOX")
        with pytest.raises(ConnectionLost, match="no answer"):
            source.idle(60, When(between.stall))


def test_another_thread_can_end_the_waiting(any_post: Post) -> None:
    source = any_post.connect("imaps")
    source.select("INBOX")
    with pytest.raises(ConnectionLost):
        source.idle(60, When(source.interrupt))


def scripted(port: int) -> ImapSource:
    return ImapSource(parse_url(f"imap+insecure://rep@localhost:{port}"), "geheim")


def answering_idle(idle: bytes) -> Callable[[bytes, bytes], bytes]:
    idling: list[bytes] = []

    def answers(tag: bytes, rest: bytes) -> bytes:
        if rest == b"CAPABILITY":
            return b"* CAPABILITY IMAP4rev1 IDLE\r\n" + tag + b" OK gut\r\n"
        if rest == b"IDLE":
            idling.append(tag)
            return idle.replace(b"TAG", tag)
        return (idling[-1] if tag == b"DONE" else tag) + b" OK gut\r\n"

    return answers


def test_a_refused_idle_is_told() -> None:
    with scripted_server(imap_talk(answering_idle(b"TAG NO nein\r\n"))) as port:
        source = scripted(port)
        with pytest.raises(CommandRefused):
            source.idle(5, threading.Event())
        source.close()


def test_a_server_that_ends_idle_at_once_is_not_asked_in_a_rush() -> None:
    asked: list[bytes] = []
    answers = answering_idle(b"+ ja\r\nTAG OK schon vorbei\r\n")

    def counting(tag: bytes, rest: bytes) -> bytes:
        asked.append(rest)
        return answers(tag, rest)

    with scripted_server(imap_talk(counting)) as port:
        source = scripted(port)
        assert source.idle(0.5, threading.Event()) is False
        assert asked.count(b"IDLE") == 1
        source.close()


def test_a_servers_chatter_is_no_news() -> None:
    with scripted_server(imap_talk(answering_idle(b"+ ja\r\n* OK Still here\r\n* 0 RECENT\r\n"))) as port:
        source = scripted(port)
        assert source.idle(0.5, threading.Event()) is False
        source.close()
