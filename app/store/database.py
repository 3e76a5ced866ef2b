"""The store: gives each thread a connection to read with, lets one writer in at a time, tells when something changed.

Lists, bulk work and the sync go through `read` and `write` with plain SQL; single records (contacts, leads, settings of
a mailbox) go through `session` and the SQLModel classes, which are imported only then (0.3 s).
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app.store.connection import Connection, Dialect, begin, open_postgresql, open_sqlite

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlmodel import Session

READ_CACHE_KIB = 8_000
WRITE_CACHE_KIB = 32_000


class Store:
    """One database, open. Built once at the front door and handed down.

    `target` is the path of an SQLite file or a `postgresql://` URL. The schema is brought up to date when opened.
    Raises `app.store.schema.SchemaTooNew` when a later version of Postkorb wrote it.
    """

    def __init__(self, target: Path | str) -> None:
        from app.store.schema import bring_up_to_date

        self.target = target
        self.dialect: Dialect = "postgresql" if isinstance(target, str) else "sqlite"
        self._threads = threading.local()
        self._opened: list[Connection] = []
        self._opened_lock = threading.Lock()
        self._write_lock = threading.RLock()
        self._engine: Engine | None = None
        if isinstance(target, Path):
            _make_private(target)
        bring_up_to_date(self)

    @property
    def read(self) -> Connection:
        """This thread's connection for reading; each query sees the newest committed state."""
        connection: Connection | None = getattr(self._threads, "read", None)
        if connection is None or self._is_lost(connection):
            connection = self._threads.read = self._open(READ_CACHE_KIB)
        return connection

    @contextmanager
    def write(self, *, durable: bool = True) -> Iterator[Connection]:
        """A transaction: committed at the end of the block, rolled back when it raises. Keep it to milliseconds.

        Without `durable` it does not wait for the disk. The end of a process does not harm it, but after a power cut it may
        never have been, with all that came after it, unless something durable came later. For what can be fetched again.
        """
        with self._write_lock:
            connection: Connection | None = getattr(self._threads, "write", None)
            if connection is None or self._is_lost(connection):
                connection = self._threads.write = self._open(WRITE_CACHE_KIB)
            begin(connection, durable=durable)
            try:
                yield connection
                if self.dialect == "postgresql":
                    connection.run("UPDATE store_version SET number = number + 1")
                connection.run("COMMIT")
            except BaseException:
                _roll_back(connection)
                raise

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A SQLModel session in one transaction, for single records; `sql_of` gives its plain connection."""
        from sqlmodel import Session

        with self._write_lock, Session(self.engine, expire_on_commit=False) as session:
            yield session
            session.flush()
            if self.dialect == "postgresql":
                self.sql_of(session).run("UPDATE store_version SET number = number + 1")
            session.commit()

    def sql_of(self, session: Session) -> Connection:
        """Plain SQL inside the transaction of a session."""
        return Connection(session.connection().connection.driver_connection, self.dialect)

    @property
    def engine(self) -> Engine:
        """The SQLAlchemy engine, made when first asked for."""
        if self._engine is None:
            from app.store.engine import make_engine

            self._engine = make_engine(self)
        return self._engine

    def version(self) -> int:
        """A number that changes when anybody has written. Cheap: may be asked several times a second. Compare it only with
        what the same thread was told before."""
        watch: Connection | None = getattr(self._threads, "watch", None)
        if watch is None or self._is_lost(watch):
            watch = self._threads.watch = self._open(500)
        if self.dialect == "sqlite":
            return int(watch.value("PRAGMA data_version"))
        return int(watch.value("SELECT number FROM store_version"))

    def connect(self, cache_kib: int = WRITE_CACHE_KIB) -> Connection:
        """A further connection that the caller closes."""
        if isinstance(self.target, Path):
            return open_sqlite(self.target, cache_kib=cache_kib)
        return open_postgresql(self.target)

    def leave(self) -> None:
        """Close the connections of this thread. For one that ends long before the store is closed."""
        with self._opened_lock:
            for connection in self._threads.__dict__.values():
                if connection in self._opened:
                    self._opened.remove(connection)
                    connection.close()
        self._threads.__dict__.clear()

    def close(self) -> None:
        """Close every connection; the store cannot be used afterwards."""
        if self._engine is not None:
            self._engine.dispose()
        with self._opened_lock:
            for connection in self._opened:
                connection.close()
            self._opened.clear()

    def _is_lost(self, connection: Connection) -> bool:
        """Whether a server of a database has hung up, as it does when it is started anew; the next question may go well."""
        if self.dialect == "sqlite" or not connection.driver.closed:
            return False
        with self._opened_lock:
            self._opened.remove(connection)
        return True

    def _open(self, cache_kib: int) -> Connection:
        connection = self.connect(cache_kib)
        with self._opened_lock:
            self._opened.append(connection)
        return connection


def _roll_back(connection: Connection) -> None:
    """After some errors, such as a full disk or a lost server, that has happened already; then nothing is left to do."""
    is_open = (
        connection.driver.in_transaction if connection.dialect == "sqlite" else not connection.driver.closed
    )
    if is_open:
        connection.run("ROLLBACK")


def _make_private(path: Path) -> None:
    """The file exists for its owner only, before SQLite would create it for more."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    os.close(descriptor)
