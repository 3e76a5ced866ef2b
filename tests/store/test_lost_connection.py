"""A store goes on when its database hung up, and after a transaction that could not be committed."""

from __future__ import annotations

import contextlib
import sqlite3
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
