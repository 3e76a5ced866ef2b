"""A list that takes long to sort is sorted by one thread at a time, and nobody waits for it who has an old one."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from app.domain.mail.listing import ListFilter, SortOrder
from app.domain.mail.messages import Role
from app.services.reading import snapshots
from app.services.reading.snapshots import Snapshot, Snapshots
from app.store.database import Store
from tests.store.filling import Copy, Filling

TODAY = date(2026, 11, 20)
BY_SIZE = ListFilter(order=SortOrder.SIZE)
SECONDS = 20


class SlowSorting:
    """Stands in front of the making of snapshots: each waits until it is let go."""

    def __init__(self, make: Callable[..., Snapshot]) -> None:
        self._make = make
        self.begun = threading.Semaphore(0)
        self.go_on = threading.Semaphore(0)
        self.times = 0

    def __call__(self, *arguments: object) -> Snapshot:
        self.times += 1
        self.begun.release()
        assert self.go_on.acquire(timeout=SECONDS)
        return self._make(*arguments)


@pytest.fixture
def sorting(monkeypatch: pytest.MonkeyPatch) -> SlowSorting:
    slow = SlowSorting(snapshots._make)
    monkeypatch.setattr(snapshots, "_make", slow)
    monkeypatch.setattr(snapshots, "_REST", 0)
    return slow


def test_two_who_ask_at_once_share_one_sorting(store: Store, sorting: SlowSorting) -> None:
    kept = Snapshots()
    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(lambda: kept.of(store.read, BY_SIZE, None, TODAY)) for _ in range(2)]
        assert sorting.begun.acquire(timeout=SECONDS)
        sorting.go_on.release()
        first, second = (future.result(SECONDS) for future in both)
    assert first is second
    assert sorting.times == 1


def test_the_old_list_is_shown_while_the_new_one_is_sorted(store: Store, sorting: SlowSorting) -> None:
    filling, kept = Filling(store), Snapshots()
    inbox = filling.folder(filling.mailbox("a"), "INBOX", Role.INBOX)
    filling.copies([Copy(1, inbox)])

    def ask() -> Snapshot:
        return kept.of(store.read, BY_SIZE, None, TODAY)

    sorting.go_on.release()
    old = ask()
    filling.copies([Copy(2, inbox)])
    with ThreadPoolExecutor(1) as pool:
        new = pool.submit(ask)
        assert sorting.begun.acquire(timeout=SECONDS)
        assert sorting.begun.acquire(timeout=SECONDS)
        assert ask() is old
        sorting.go_on.release()
        assert (len(old.ids), len(new.result(SECONDS).ids)) == (1, 2)
