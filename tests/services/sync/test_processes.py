"""Two Postkorbs on one store: one syncs, both see what happens, and one takes over from the other."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.screens.ledger import screen as ledger
from app.services.sync import worker
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
