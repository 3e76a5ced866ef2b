"""From the answer to the copy on the server: a real Dovecot for the folders, a real Postfix for the delivery."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from app.domain.mail.compose import DraftKind
from app.domain.mail.outbox import OutState
from app.mail.urls import parse_url
from app.services.outbox.drafts import Outbox
from app.services.outbox.filing import keeps_copies
from app.services.outbox.originals import Answering
from app.services.outbox.sending import Sender
from app.services.sync.watch import Watch
from app.services.sync.worker import Surroundings
from tests.servers.dovecot import Dovecot, dovecot, ok
from tests.servers.postfix import Postfix, postfix
from tests.services.sync.conftest import Desk, mail, open_desk

SECONDS = 20.0


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


@pytest.fixture(scope="module")
def post() -> Iterator[Postfix]:
    with postfix() as running:
        yield running


@pytest.fixture
def desk(tmp_path: Path, server: Dovecot, post: Postfix) -> Iterator[Desk]:
    for opened in open_desk(tmp_path, server):
        with opened.store.write() as tx:
            tx.run("UPDATE mailbox SET outgoing = ?", (post.url("smtp+insecure"),))
        opened.deliver(mail(1))
        opened.sync()
        yield opened


def answer(desk: Desk, undo_seconds: int = 0) -> int:
    """An answer to the one mail in the inbox, queued; its number."""
    stored = desk.store.read.value("SELECT id FROM message")
    begun = Answering(desk.store, "de", UTC).answer(stored, DraftKind.REPLY)
    outbox = Outbox(desk.store, lambda: datetime.now(UTC))
    draft = replace(begun.draft, body=f"Gern.{begun.draft.body}")
    saved = outbox.save(begun.mailbox_id, draft)
    outbox.queue(saved.id, undo_seconds)
    return saved.id


def sender(desk: Desk) -> Sender:
    return Sender(desk.store, lambda mailbox: "", lambda: datetime.now(UTC))


def on_server(desk: Desk, folder: str, what: str) -> list[bytes]:
    with desk.server.client(desk.user, folder) as client:
        numbers = ok(client.search(None, "ALL"))[0]
        assert isinstance(numbers, bytes)
        return [
            item[1] if isinstance(item, tuple) else item
            for number in numbers.split()
            for item in ok(client.fetch(number.decode(), what))
            if isinstance(item, (tuple, bytes)) and item != b")"
        ]


def test_an_answer_reaches_its_reader_and_leaves_one_copy_and_one_sign(desk: Desk, post: Postfix) -> None:
    answer(desk)
    assert [attempt.state for attempt in sender(desk).send_due() or ()] == [OutState.SENT]
    arrived = post.wait_for(b"In-Reply-To: <1@vogel.example>")
    desk.sync()
    desk.sync()
    assert desk.subjects("Gesendet") == ["AW: Anfrage 0001"]
    (copy,) = on_server(desk, "Gesendet", "(BODY.PEEK[])")
    assert b"In-Reply-To: <1@vogel.example>" in copy
    assert arrived[-1].endswith(copy.replace(b"\r\n", b"\n")[-200:])
    assert b"\\Answered" in on_server(desk, "INBOX", "(FLAGS)")[0]
    assert b"\\Seen" in on_server(desk, "Gesendet", "(FLAGS)")[0]
    assert desk.store.read.value("SELECT count(*) FROM operation") == 0


def test_a_server_that_keeps_its_own_copy_ends_up_with_one(desk: Desk) -> None:
    outbox_id = answer(desk)
    raw = bytes(desk.store.read.value("SELECT raw FROM outbox WHERE id = ?", (outbox_id,)))
    sender(desk).send_due()
    desk.deliver(raw, folder="Gesendet")
    desk.sync()
    desk.sync()
    assert len(on_server(desk, "Gesendet", "(FLAGS)")) == 1
    assert desk.subjects("Gesendet") == ["AW: Anfrage 0001"]
    assert desk.store.read.value("SELECT count(*) FROM message") == 2


def test_the_background_sends_what_was_not_taken_back_in_time(desk: Desk, post: Postfix) -> None:
    outbox = Outbox(desk.store, lambda: datetime.now(UTC))
    back, kept = answer(desk, undo_seconds=600), answer(desk, undo_seconds=1)
    outbox.take_back(back)
    stop = threading.Event()
    around = Surroundings(desk.store, desk.home, lambda: datetime.now(UTC), stop, timedelta(minutes=10))
    thread = threading.Thread(target=Watch(around).run)
    thread.start()
    try:
        end = time.monotonic() + SECONDS
        while not on_server(desk, "Gesendet", "(FLAGS)"):
            assert time.monotonic() < end, "nothing was filed"
            time.sleep(0.1)
    finally:
        stop.set()
        thread.join(SECONDS)
    states = {row.id: row.state for row in outbox.rows()}
    assert states == {back: OutState.DRAFT, kept: OutState.SENT}


@pytest.mark.parametrize(
    ("outgoing", "keeps"),
    [
        ("smtp://a@smtp.gmail.com", True),
        ("smtp://a@smtp.office365.com", True),
        ("smtps://a@mail.nordholz.example", False),
        ("smtps://a@notgmail.com", False),
        ("maildir:///tmp/gmail.com", False),
    ],
)
def test_servers_known_to_keep_copies_are_left_to_it(outgoing: str, keeps: bool) -> None:
    assert parse_url(outgoing)
    assert keeps_copies(outgoing) is keeps
