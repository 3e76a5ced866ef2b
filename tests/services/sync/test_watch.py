"""The background work notices what happens, here and on the server."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.mail.operations import FlagsChange
from app.mail.errors import ConnectionLost
from app.mail.imap import waiting
from app.mail.imap.source import ImapSource
from app.services.sync import folder as folder_visit
from app.services.sync import held
from app.services.sync import worker as mailbox_worker
from app.services.sync.mailbox import MailboxPass
from app.services.sync.run import sync_once
from app.services.sync.watch import Watch
from app.services.sync.worker import MailboxWorker, SettingsChanged, Surroundings
from app.store.mail.mailboxes import change_mailbox, mailboxes
from app.store.sync import sync_state
from app.store.sync.lease import new_owner
from tests.servers.dovecot import ok
from tests.services.sync.conftest import Desk, mail
from tests.services.sync.test_postman import ask, copy_of
from tests.store.invariants import check

SECONDS = 20.0


def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so; the limit is only there to end a test that fails."""
    end = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.05)


@contextmanager
def watching(desk: Desk) -> Iterator[None]:
    stop = threading.Event()
    around = Surroundings(desk.store, desk.home, lambda: datetime.now(UTC), stop, timedelta(minutes=10))
    thread = threading.Thread(target=Watch(around).run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(SECONDS)
        assert not thread.is_alive()
    check(desk.store)


def test_new_mail_in_the_inbox_arrives_by_itself_also_without_idle(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "ASK_SECONDS", 0.2)
    desk.deliver(mail(1))
    with watching(desk):
        until(lambda: len(desk.subjects()) == 1)
        desk.deliver(mail(2))
        until(lambda: len(desk.subjects()) == 2)


def test_a_wish_brings_the_other_folders_in_step(desk: Desk) -> None:
    with watching(desk):
        until(lambda: desk.store.read.value("SELECT synced_at FROM mailbox") is not None)
        desk.deliver(mail(5), folder="Archiv")
        with desk.store.write() as tx:
            tx.run("UPDATE mailbox SET sync_wanted = sync_wanted + 1")
        until(lambda: desk.subjects("Archiv") == ["Anfrage 0005"])


def test_a_change_made_here_is_carried_out_at_once(desk: Desk) -> None:
    desk.deliver(mail(1))
    with watching(desk):
        until(lambda: len(desk.subjects()) == 1)
        with desk.store.write() as tx:
            tx.run("UPDATE mail_copy SET flagged = 1")
            tx.run(
                """INSERT INTO operation (mailbox_id, folder_id, copy_id, message_id, uid, kind, arguments)
  SELECT 1, folder_id, id, message_id, uid, 'flags', '{"add": ["\\\\Flagged"], "remove": []}' FROM mail_copy"""
            )
        until(lambda: desk.store.read.value("SELECT count(*) FROM operation") == 0)
    with desk.server.client(desk.user, "INBOX") as elsewhere:
        assert b"\\Flagged" in ok(elsewhere.fetch("1", "(FLAGS)"))[0]  # type: ignore[operator]


def test_a_second_process_lets_the_one_that_syncs_a_mailbox_do_its_pass_and_reports_it(desk: Desk) -> None:
    with watching(desk):
        until(lambda: desk.store.read.value("SELECT synced_at FROM mailbox") is not None)
        desk.deliver(mail(3), folder="Archiv")
        (report,) = sync_once(desk.store, desk.home, lambda: datetime.now(UTC))
        assert report.done
        assert {folder.name: folder.new for folder in report.folders}["Archiv"] == 1
        assert desk.subjects("Archiv") == ["Anfrage 0003"]


def test_older_mail_arrives_when_the_limit_of_days_is_lifted(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.run("UPDATE mailbox SET fetch_days = 10")
    desk.server.deliver(mail(1), arrived=datetime(2025, 1, 2, tzinfo=UTC), user=desk.user)
    with watching(desk):
        until(lambda: desk.store.read.value("SELECT synced_at FROM mailbox") is not None)
        assert desk.subjects() == []
        (mailbox,) = mailboxes(desk.store.read)
        with desk.store.write() as tx:
            change_mailbox(tx, replace(mailbox, fetch_days=None))
        until(lambda: desk.subjects() == ["Anfrage 0001"])
    with desk.store.write() as tx:
        change_mailbox(tx, replace(mailbox, fetch_days=1))
    assert desk.sync()["INBOX"].gone == 0


def test_a_mailbox_that_is_removed_is_let_go(desk: Desk) -> None:
    with watching(desk):
        until(lambda: desk.store.read.value("SELECT synced_at FROM mailbox") is not None)
        with desk.store.write() as tx:
            tx.run("DELETE FROM mailbox")
        until(lambda: desk.store.read.value("SELECT count(*) FROM lease") == 0)


@pytest.mark.parametrize("where", ["take_lease", "mailbox_by_id"])
def test_a_store_that_is_locked_for_too_long_does_not_end_the_work_on_a_mailbox(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, where: str
) -> None:
    module: Any = held if where == "take_lease" else mailbox_worker
    works, failures = getattr(module, where), [sqlite3.OperationalError("database is locked")] * 2
    told: list[str] = []

    def stumble(*arguments: Any) -> Any:
        if failures:
            told.append(str(desk.store.read.value("SELECT sync_error FROM mailbox")))
            raise failures.pop()
        return works(*arguments)

    monkeypatch.setattr(module, where, stumble)
    monkeypatch.setattr(mailbox_worker, "PAUSES", (timedelta(0), timedelta(0)))
    desk.deliver(mail(1))
    with watching(desk):
        until(lambda: desk.subjects() == ["Anfrage 0001"])
        until(lambda: desk.store.read.value("SELECT sync_error FROM mailbox") == "")
    assert told[1:] == ["Something went wrong: OperationalError: database is locked"] * (len(told) - 1)


def test_a_worker_that_has_ended_is_replaced(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    works, ends = MailboxWorker.run, [True]

    def end_once(worker: MailboxWorker) -> None:
        if not ends:
            works(worker)
        ends.clear()

    monkeypatch.setattr(MailboxWorker, "run", end_once)
    desk.deliver(mail(1))
    with watching(desk):
        until(lambda: desk.subjects() == ["Anfrage 0001"])


@pytest.mark.parametrize("attached", [True, False], ids=["watch", "once"])
def test_the_lease_does_not_run_out_while_one_command_takes_long(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, attached: bool
) -> None:
    desk.deliver(mail(1))
    desk.sync()
    monkeypatch.setattr(held, "LEASE_RENEWAL", 0.05)
    change = ImapSource.change_flags

    def slowly(*arguments: Any) -> None:
        end = runs_out()
        until(lambda: runs_out() > end)
        change(*arguments)

    def runs_out() -> float:
        return float(desk.store.read.value("SELECT expires_at FROM lease WHERE name = 'mailbox:1'"))

    monkeypatch.setattr(ImapSource, "change_flags", slowly)
    ask(desk, copy_of(desk, 1), FlagsChange(("\\Flagged",)))
    if attached:
        with watching(desk):
            until(lambda: desk.store.read.value("SELECT count(*) FROM operation") == 0)
    else:
        desk.sync()
    assert desk.store.read.value("SELECT count(*) FROM operation") == 0
    assert desk.store.read.value("SELECT count(*) FROM lease") == 0


def test_work_ends_when_the_lease_went_to_another_process(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held, "LEASE_RENEWAL", 0.05)
    lease = held.HeldLease(desk.store, 1, lambda: datetime.now(UTC))
    assert lease.take()
    with lease.kept():
        with desk.store.write() as tx:
            tx.run("UPDATE lease SET owner = ?", (new_owner(),))
        until(lambda: not lease.is_held)
        with pytest.raises(held.LeaseLost):
            lease.hold()
    lease.drop()
    assert desk.store.read.value("SELECT count(*) FROM lease") == 1


def test_the_next_pass_comes_although_the_clock_was_set_back(desk: Desk) -> None:
    set_back = timedelta(0)
    stop = threading.Event()
    around = Surroundings(
        desk.store, desk.home, lambda: datetime.now(UTC) - set_back, stop, timedelta(milliseconds=300)
    )
    thread = threading.Thread(target=Watch(around).run)
    thread.start()
    try:
        until(lambda: desk.store.read.value("SELECT synced_at FROM mailbox") is not None)
        set_back = timedelta(days=1)
        desk.deliver(mail(5), folder="Archiv")
        until(lambda: desk.subjects("Archiv") == ["Anfrage 0005"])
    finally:
        stop.set()
        thread.join(SECONDS)
    assert not thread.is_alive()


def test_a_mailbox_that_can_be_opened_and_always_fails_is_tried_after_growing_pauses(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ConnectionLost("the server closed the connection")

    pauses: list[float] = []
    around = Surroundings(
        desk.store, desk.home, lambda: datetime.now(UTC), threading.Event(), timedelta(minutes=10)
    )
    worker = MailboxWorker(around, 1)

    def note(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 7:
            worker.end()

    monkeypatch.setattr(MailboxPass, "run", fail)
    monkeypatch.setattr(worker, "_pause", note)
    worker.run()
    assert pauses == [5, 15, 60, 300, 900, 900, 900]


def test_other_settings_are_taken_over_in_the_middle_of_a_long_first_sync(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.sync.folder.FIRST_ROUND", 1)
    desk.server.deliver(*(mail(number) for number in range(5)), user=desk.user)
    took = folder_visit.take_in
    began = threading.Event()

    def slowly(*arguments: Any) -> Any:
        if not began.is_set():
            began.set()
            arguments[0].run("UPDATE mailbox SET only_folders = 'Archiv'")
        return took(*arguments)

    monkeypatch.setattr(folder_visit, "take_in", slowly)
    around = Surroundings(
        desk.store, desk.home, lambda: datetime.now(UTC), threading.Event(), timedelta(minutes=10)
    )
    worker = MailboxWorker(around, 1)
    (mailbox,) = mailboxes(desk.store.read)
    assert worker._lease.take()
    with pytest.raises(SettingsChanged):
        worker._serve(mailbox)
    assert len(desk.subjects()) < 5


def test_why_a_server_did_not_answer_is_forgotten_when_it_answers_not_when_all_mail_is_here(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.deliver(mail(1))
    with desk.store.write() as tx:
        sync_state.note_mailbox(
            tx, 1, "The server cannot be reached: imap.vogel.example", 0, datetime.now(UTC)
        )
    noted: list[tuple[Any, ...]] = []
    took = folder_visit.take_in

    def look(*arguments: Any) -> Any:
        noted.extend(desk.store.read.rows("SELECT sync_error, synced_at FROM mailbox"))
        return took(*arguments)

    monkeypatch.setattr(folder_visit, "take_in", look)
    desk.sync()
    assert noted == [("", None)]
