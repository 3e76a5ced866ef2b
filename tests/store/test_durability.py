"""What can be fetched again does not wait for the disk; everything else does, and takes along what came before. What is
deleted is overwritten."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from app.store.connection import Connection
from app.store.database import Store

FULL, NORMAL = 2, 1
NOTE = "INSERT INTO lease (name, owner) VALUES ('x', 'a')"


def test_only_a_transaction_that_says_so_does_not_wait_for_the_disk(sqlite_store: Store) -> None:
    levels = []
    for durable in (True, False, True):
        with sqlite_store.write(durable=durable) as tx:
            levels.append(tx.value("PRAGMA synchronous"))
    assert levels == [FULL, NORMAL, FULL]


def test_a_transaction_that_does_not_wait_is_seen_by_all_and_can_be_rolled_back(store: Store) -> None:
    try:
        with store.write(durable=False) as tx:
            tx.run(NOTE)
            raise InterruptedError
    except InterruptedError:
        assert store.read.value("SELECT count(*) FROM lease") == 0
    with store.write(durable=False) as tx:
        tx.run(NOTE)
    assert store.read.value("SELECT count(*) FROM lease") == 1


def test_a_session_waits_for_the_disk(sqlite_store: Store) -> None:
    with sqlite_store.session() as session:
        assert sqlite_store.sql_of(session).value("PRAGMA synchronous") == FULL


@contextmanager
def in_session(store: Store) -> Iterator[Connection]:
    with store.session() as session:
        yield store.sql_of(session)


@pytest.mark.parametrize("writing", [Store.write, in_session], ids=["write", "session"])
def test_what_is_deleted_is_overwritten_in_the_file(
    sqlite_store: Store, writing: Callable[[Store], AbstractContextManager[Connection]]
) -> None:
    secret = "vertraulich " * 2_000
    with writing(sqlite_store) as tx:
        tx.run("INSERT INTO message_source (id, raw) VALUES (1, ?)", (secret.encode(),))
        tx.run("PRAGMA secure_delete = OFF")  # some builds of SQLite have it on by themselves
    with writing(sqlite_store) as tx:
        tx.run("DELETE FROM message_source")
    sqlite_store.connect().run("PRAGMA wal_checkpoint(TRUNCATE)")
    assert isinstance(sqlite_store.target, Path)
    assert b"vertraulich" not in sqlite_store.target.read_bytes()


def test_it_outlives_the_sudden_end_of_its_process(tmp_path: Path) -> None:
    database = tmp_path / "postkorb.db"
    program = f"""
import os, pathlib, signal
from app.store.database import Store
with Store(pathlib.Path({str(database)!r})).write(durable=False) as tx:
    tx.run({NOTE!r})
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode < 0
    after = Store(database)
    assert after.read.value("SELECT count(*) FROM lease") == 1
    after.close()
