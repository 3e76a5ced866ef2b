"""One process at a time works on a mailbox, also when the clock of the machine is set while two of them want to."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.mail.operations import Effect, Move
from app.mail.imap import changing
from app.services.sync import held
from app.services.sync.held import HeldLease
from app.services.sync.run import sync_once
from app.store.database import Store
from app.store.sync.lease import take_lease
from tests.services.sync.conftest import Desk, mail
from tests.services.sync.test_postman import ask, copy_of, folder_id, waiting
from tests.services.sync.test_refusals import ask_to_store
from tests.services.sync.test_twins import FOLDERS, alive_on_server
from tests.services.sync.test_watch import SECONDS, until

JUMPS = [timedelta(seconds=15), timedelta(seconds=61), timedelta(days=1), timedelta(days=-1)]


class Clock:
    """A wall clock that can be set."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


@contextmanager
def beginning(desk: Desk, clock: Clock) -> Iterator[None]:
    """A sync in another thread; at the end it must have gone well."""
    reports: list[Any] = []
    thread = threading.Thread(target=lambda: reports.extend(sync_once(desk.store, desk.home, clock)))
    thread.start()
    yield
    thread.join(SECONDS)
    assert [report.error for report in reports] == [""]


@pytest.mark.parametrize("jump", JUMPS, ids=str)
@pytest.mark.parametrize("kind", ["move", "append"])
def test_nothing_is_done_twice_when_the_clock_is_set_while_another_process_waits(
    bare: Desk, monkeypatch: pytest.MonkeyPatch, kind: str, jump: timedelta
) -> None:
    bare.deliver(mail(1))
    bare.sync()
    if kind == "move":
        effect: Effect = Move(folder_id(bare, "Archiv"))
        ask(bare, copy_of(bare, 1), effect)
    else:
        ask_to_store(bare, "Anfrage 0001", "Archiv", once=False)
    clock, begun, go_on, looks = Clock(), threading.Event(), threading.Event(), []
    command = "copy" if kind == "move" else "append"
    work, look = getattr(changing, command), HeldLease._is_free

    def slowly(*arguments: Any) -> Any:
        begun.set()
        assert go_on.wait(SECONDS)
        return work(*arguments)

    def note(lease: HeldLease) -> bool:
        looks.append(lease)
        return look(lease)

    monkeypatch.setattr(changing, command, slowly)
    monkeypatch.setattr(HeldLease, "_is_free", note)
    with beginning(bare, clock):
        assert begun.wait(SECONDS)
        clock.ahead = jump
        looks.clear()
        with beginning(bare, clock):
            until(lambda: len(looks) > 2)  # the second process wants to work, again and again
            go_on.set()
    assert waiting(bare) == 0
    assert [alive_on_server(bare, name) for name in FOLDERS] == [int(kind == "append"), 1]


@pytest.mark.parametrize("jump", JUMPS, ids=str)
def test_a_lease_that_is_renewed_stays_with_its_holder_whatever_the_clock_says(
    store: Store, monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    monkeypatch.setattr(held, "LEASE_RENEWAL", 0.02)
    clock = Clock()
    first, second = HeldLease(store, 1, clock), HeldLease(store, 1, clock)
    assert first.take()
    renewals = 0
    with first.kept():
        for sign in (1, -1):
            clock.ahead += sign * jump
            for _ in range(5):
                end = ends(store)
                assert not second.take()
                until(lambda end=end: ends(store) != end)  # type: ignore[misc]
                renewals += 1
        assert first.is_held
    assert renewals == 10


def ends(store: Store) -> float:
    return float(store.read.value("SELECT expires_at FROM lease WHERE name = 'mailbox:1'"))


def test_the_lease_of_a_process_on_another_machine_is_taken_when_nobody_renews_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock()
    assert take_lease(store, "mailbox:1", f"another-machine {os.getpid()} 0a", 1.0, clock().timestamp())
    clock.ahead = timedelta(hours=1)
    lease = HeldLease(store, 1, clock)
    assert not lease.take()
    monkeypatch.setattr(held, "LEASE_SECONDS", 0.2)
    until(lease.take)
    assert lease.is_held


def test_who_has_slept_takes_the_lease_again_unless_another_has_it(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = HeldLease(store, 1, Clock()), HeldLease(store, 1, Clock())
    assert first.take()
    first._until = 0.0
    first.hold()
    assert first.is_held
    first.drop()
    assert second.take()
    with pytest.raises(held.LeaseLost):
        first.hold()
