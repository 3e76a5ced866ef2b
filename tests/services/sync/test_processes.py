"""Two Postkorbs on one store: one syncs, both see what happens, and one takes over from the other."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from app.screens.ledger import screen as ledger
from app.services.sync import worker
from app.services.sync.folder import Interrupted
from app.services.sync.run import Course, spec_of, sync_once
from app.services.sync.team import own_process
from app.store.mail.mailboxes import mailboxes
from tests.services.sync.conftest import Desk, mail
from tests.services.sync.test_watch import until, watching


@contextmanager
def another_process(desk: Desk) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen([sys.executable, "-m", "tests.services.sync.watcher", str(desk.home.data)])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def holder(desk: Desk) -> int | None:
    """The process that may sync the mailbox."""
    owner = desk.store.read.value("SELECT owner FROM lease WHERE name = 'mailbox:1'")
    return int(owner.rsplit(" ", 2)[1]) if owner else None


def test_one_of_two_processes_syncs_and_the_other_takes_over_when_it_is_killed(desk: Desk) -> None:
    desk.deliver(mail(1))
    with another_process(desk) as other:
        until(lambda: desk.subjects() == ["Anfrage 0001"])
        with watching(desk):
            seen = desk.store.version()
            desk.deliver(mail(2), folder="Archiv")
            with desk.store.write() as tx:
                tx.run("UPDATE mailbox SET sync_wanted = sync_wanted + 1")
            until(lambda: desk.subjects("Archiv") == ["Anfrage 0002"])
            assert desk.store.version() != seen
            assert holder(desk) == other.pid
            other.kill()
            other.wait()
            until(lambda: holder(desk) not in (None, other.pid))
            desk.deliver(mail(3), folder="Archiv")
            with desk.store.write() as tx:
                tx.run("UPDATE mailbox SET sync_wanted = sync_wanted + 1")
            until(lambda: desk.subjects("Archiv") == ["Anfrage 0002", "Anfrage 0003"])


def test_every_place_looks_for_changes_of_others_more_than_once_a_second() -> None:
    assert max(ledger.WATCH, worker.POLL_SECONDS) < 1


def test_ctrl_c_leaves_the_fetching_process_alone(desk: Desk) -> None:
    desk.deliver(mail(1))
    spec = spec_of(mailboxes(desk.store.read)[0], desk.home)
    before = set(multiprocessing.active_children())
    with own_process(spec) as fetcher:
        (process,) = set(multiprocessing.active_children()) - before
        assert process.pid is not None
        os.kill(process.pid, signal.SIGINT)
        assert fetcher.is_open(wait=True)
        os.kill(process.pid, signal.SIGINT)
        source = spec.open()
        validity = source.select("INBOX", readonly=True).status.uidvalidity
        uids = source.uids()
        source.close()
        (batch,) = fetcher.batches("INBOX", validity, uids)
        assert [arrived.mail.subject for arrived in batch.mails] == ["Anfrage 0001"]


def test_a_sync_that_is_stopped_lets_go_of_the_mailbox_and_the_next_one_goes_on(desk: Desk) -> None:
    desk.deliver(mail(1))
    course = Course()
    course.stop.set()
    with pytest.raises(Interrupted):
        sync_once(desk.store, desk.home, lambda: datetime.now(UTC), course=course)
    assert holder(desk) is None
    desk.sync()
    assert desk.subjects() == ["Anfrage 0001"]
