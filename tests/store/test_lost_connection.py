"""A store goes on when its database hung up, after a transaction that failed, and is closed whoever still asks."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from datetime import UTC, datetime

import pytest

from app.store.database import Store
from app.store.sync import sync_state
from tests.conftest import OpenStore


def test_a_store_goes_on_after_its_database_hung_up(open_store: OpenStore) -> None:
    import psycopg

    with open_store("postgresql") as store:
        _write(store, "one")
        assert store.read.value("SELECT count(*) FROM lease") == 1
        store.version()
        with contextlib.closing(store.connect()) as other:
            other.rows(
                """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid()"""
            )
        for ask in (lambda: store.read.rows("SELECT 1"), store.version, lambda: _write(store, "lost")):
            with pytest.raises(psycopg.OperationalError):
                ask()
        _write(store, "two")
        assert [row[0] for row in store.read.rows("SELECT name FROM lease ORDER BY name")] == ["one", "two"]
        assert store.version() > 0


def test_a_transaction_that_cannot_be_committed_does_not_spoil_the_next_one(sqlite_store: Store) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        _write_what_is_refused_at_the_end(sqlite_store)
    _write(sqlite_store, "next")
    assert sqlite_store.read.value("SELECT count(*) FROM lease") == 1


def _write_what_is_refused_at_the_end(store: Store) -> None:
    with store.write() as tx:
        tx.run("PRAGMA defer_foreign_keys = ON")
        tx.run("INSERT INTO skipped_message (folder_id, uid) VALUES (4711, 1)")


def _write(store: Store, name: str) -> None:
    with store.write() as tx:
        tx.run("INSERT INTO lease (name, owner) VALUES (?, 'a')", (name,))


def test_words_of_a_server_that_no_database_takes_are_noted_all_the_same(store: Store) -> None:
    now = datetime(2026, 11, 20, tzinfo=UTC)
    with store.write() as tx:
        mailbox = tx.value("INSERT INTO mailbox (name) VALUES ('vertrieb') RETURNING id")
        sync_state.note_mailbox(tx, mailbox, "no\0 \ud800", 0, now)
    assert "no" in store.read.value("SELECT sync_error FROM mailbox")


def test_short_statements_are_not_compiled_by_postgresql(open_store: OpenStore) -> None:
    with open_store("postgresql") as store:
        assert store.read.value("SHOW jit") == "off"


def test_a_store_can_be_closed_while_others_read(store: Store) -> None:
    for _ in range(20):  # the crash that this would be does not come at every closing
        opened = Store(store.target)
        told: list[str] = []
        begun = threading.Barrier(4)
        readers = [threading.Thread(target=_read_until_closed, args=(opened, begun, told)) for _ in range(3)]
        for reader in readers:
            reader.start()
        begun.wait()
        opened.close()
        for reader in readers:
            reader.join()
        assert ["closed" in words for words in told] == [True] * 3, told


def _read_until_closed(store: Store, begun: threading.Barrier, told: list[str]) -> None:
    import psycopg

    connection = store.read
    begun.wait()
    try:
        while True:
            connection.rows("SELECT name FROM folder UNION ALL SELECT name FROM mailbox ORDER BY 1")
    except (sqlite3.ProgrammingError, psycopg.OperationalError) as error:
        told.append(str(error))
