"""A lease is one process's alone, until it runs out, its process ends, or the clock has made it senseless."""

from __future__ import annotations

import os
import subprocess
import sys

from app.store.database import Store
from app.store.sync.lease import drop_lease, is_held, new_owner, take_lease

NOW = 1_795_000_000.0
ELSEWHERE = f"another-machine {os.getpid()} 0a"


def test_a_lease_is_held_by_one_and_renewed_by_the_same(store: Store) -> None:
    first, second = new_owner(), new_owner()
    assert take_lease(store, "x", first, 60, NOW)
    assert not take_lease(store, "x", second, 60, NOW + 30)
    assert take_lease(store, "x", first, 60, NOW + 50)
    assert is_held(store.read, "x", NOW + 100)
    assert take_lease(store, "x", second, 60, NOW + 111)


def test_a_lease_that_was_given_back_is_free(store: Store) -> None:
    first, second = new_owner(), new_owner()
    assert take_lease(store, "x", first, 60, NOW)
    drop_lease(store, "x", second)
    assert is_held(store.read, "x", NOW)
    drop_lease(store, "x", first)
    assert take_lease(store, "x", second, 60, NOW)


def test_the_lease_of_a_process_that_ended_is_free(store: Store) -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    machine, _process, token = new_owner().rsplit(" ", 2)
    assert take_lease(store, "x", f"{machine} {process.pid} {token}", 60, NOW)
    assert take_lease(store, "x", new_owner(), 60, NOW + 1)


def test_a_lease_from_before_the_clock_was_set_back_blocks_nobody(store: Store) -> None:
    assert take_lease(store, "x", ELSEWHERE, 60, NOW)
    assert not take_lease(store, "x", new_owner(), 60, NOW - 5)
    assert is_held(store.read, "x", NOW - 5)
    assert not is_held(store.read, "x", NOW - 86_400)
    assert take_lease(store, "x", new_owner(), 60, NOW - 86_400)
