"""One writer at a time: whoever waited sees what the one before has written, however the server of a database is set up."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable

import pytest

from app.store.connection import Connection
from app.store.database import Store
from tests.servers.postgresql import Postgresql

WAITS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


def _plain(store: Store) -> int:
    with store.write() as tx:
        return _leases(tx)


def _with_a_session(store: Store) -> int:
    with store.session() as session:
        return _leases(store.sql_of(session))


def _leases(tx: Connection) -> int:
    return int(tx.value("SELECT count(*) FROM lease"))


@pytest.mark.parametrize("count", [_plain, _with_a_session])
def test_who_waited_sees_what_was_written_even_where_transactions_are_set_to_see_one_state(
    postgresql_server: Postgresql, count: Callable[[Store], int]
) -> None:
    name = postgresql_server.create()
    url = postgresql_server.url(name)
    with contextlib.closing(Store(url)) as store:
        store.read.run(f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'")
    seen: list[int] = []
    with contextlib.closing(Store(url)) as store, contextlib.closing(Store(url)) as other:
        waiting = threading.Thread(target=lambda: seen.append(count(other)))
        with store.write() as tx:
            waiting.start()
            while not other.read.value(WAITS):
                time.sleep(0.01)
            tx.run("INSERT INTO lease (name, owner) VALUES ('one', 'a')")
        waiting.join()
    postgresql_server.drop(name)
    assert seen == [1]
