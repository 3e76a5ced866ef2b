"""One database connection that speaks the SQL both dialects know; opens SQLite and PostgreSQL, knows no table."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Protocol

ONE_WRITER = 7_041_1  # PostgreSQL advisory lock: one writer at a time, as SQLite has it
Dialect = Literal["sqlite", "postgresql"]
Row = tuple[Any, ...]

BUSY_SECONDS = 30.0
_STATEMENTS = 500  # kept ready: a search asks each quarter of a year's index with one of its own
_CHUNK = 900  # parameters of one statement, below the oldest limit of SQLite
_AT_ONCE = 1_000  # rows fetched at once when they are read one after the other


class DriverCursor(Protocol):
    rowcount: int

    def execute(self, sql: str, params: Sequence[Any] = ...) -> Any: ...
    def executemany(self, sql: str, params: Iterable[Sequence[Any]]) -> Any: ...
    def fetchall(self) -> list[Row]: ...
    def fetchmany(self, size: int) -> list[Row]: ...
    def fetchone(self) -> Row | None: ...


class Connection:
    """A driver connection with `?` as the parameter sign in every dialect. Belongs to one thread at a time.

    Only `close` may be called from another thread: it waits for the statement under way, because closing below a running
    one crashes the process. Whoever asks afterwards gets the driver's error.
    """

    def __init__(self, driver: Any, dialect: Dialect) -> None:
        self.driver = driver
        self.dialect: Dialect = dialect
        self._in_use = (
            threading.RLock()
        )  # again by the same thread: parameters may be read while others are written
        self._is_over = False

    def rows(self, sql: str, params: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query."""
        with self._in_use:
            return self._executed(sql, params).fetchall()

    def each(self, sql: str, params: Sequence[Any] = ()) -> Iterator[Row]:
        """The rows of a query one after the other, for those that are too many to hold."""
        with self._in_use:
            cursor = self._executed(sql, params)
        while some := self._some(cursor):
            yield from some

    def row(self, sql: str, params: Sequence[Any] = ()) -> Row | None:
        """The first row, or None."""
        with self._in_use:
            return self._executed(sql, params).fetchone()

    def value(self, sql: str, params: Sequence[Any] = ()) -> Any:
        """The first column of the first row, or None."""
        row = self.row(sql, params)
        return row[0] if row else None

    def ids(self, sql: str, params: Sequence[Any] = ()) -> list[int]:
        """The column `id` of a query, in its order, for those that list ten thousands. SQLite puts them together by itself:
        given out row by row, each one would wait for the interpreter's lock."""
        if self.dialect != "sqlite":
            return [row[0] for row in self.rows(sql, params)]
        # The order of a query stays when an aggregate that depends on it is built over it.
        together = self.value(f"SELECT group_concat(id) FROM ({sql})", params)
        return list(map(int, together.split(","))) if together else []

    def run(self, sql: str, params: Sequence[Any] = ()) -> int:
        """Carry out one statement; the number of rows it touched."""
        with self._in_use:
            return self._executed(sql, params).rowcount

    def run_many(self, sql: str, params: Iterable[Sequence[Any]]) -> None:
        """Carry out one statement for each set of parameters."""
        with self._in_use:
            self._cursor().executemany(self._spell(sql), params)

    def close(self) -> None:
        """Give the database back; from any thread."""
        self._is_over = True
        with self._in_use:
            self.driver.close()

    def _executed(self, sql: str, params: Sequence[Any]) -> DriverCursor:
        cursor = self._cursor()
        cursor.execute(self._spell(sql), params)
        return cursor

    def _some(self, cursor: DriverCursor) -> list[Row]:
        with self._in_use:
            self._give_way()
            return cursor.fetchmany(_AT_ONCE)

    def _cursor(self) -> DriverCursor:
        self._give_way()
        cursor: DriverCursor = self.driver.cursor()
        return cursor

    def _give_way(self) -> None:
        """A thread that asks again and again would keep the one that closes waiting: it closes itself."""
        if self._is_over:
            self.driver.close()

    def _spell(self, sql: str) -> str:
        return sql if self.dialect == "sqlite" else sql.replace("%", "%%").replace("?", "%s")


def time_of(seconds: int | None) -> datetime | None:
    """A time as the store keeps it, in epoch seconds; None where there is none."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def places(values: Sequence[Any]) -> str:
    """`(?, ?, ?)` for an IN clause over these values; `(NULL)` for none, which matches nothing."""
    return f"({', '.join('?' * len(values))})" if values else "(NULL)"


def rows_in(
    connection: Connection, sql: str, values: Sequence[Any], before: Sequence[Any] = ()
) -> Iterator[Row]:
    """The rows of a query that ends in `IN `, over any number of values; `before`: the parameters ahead of them."""
    for start in range(0, len(values), _CHUNK):
        chunk = values[start : start + _CHUNK]
        yield from connection.rows(sql + places(chunk), [*before, *chunk])


def run_in(connection: Connection, sql: str, values: Sequence[Any], before: Sequence[Any] = ()) -> None:
    """Carry out a statement that ends in `IN `, as `rows_in` does. In bulk far cheaper than one statement a row."""
    for start in range(0, len(values), _CHUNK):
        chunk = values[start : start + _CHUNK]
        connection.run(sql + places(chunk), [*before, *chunk])


def begin(connection: Connection, *, durable: bool = True) -> None:
    """Begin a write transaction, waiting for the writer before us. `durable`: see `Store.write`."""
    if connection.dialect == "sqlite":
        # The write-ahead log is one file, so that who waits for the disk waits for all who wrote before.
        connection.run(f"PRAGMA synchronous = {'FULL' if durable else 'NORMAL'}")
        # What is deleted is overwritten. Merging the search index frees whole pages: they are when they are used again.
        connection.run(f"PRAGMA secure_delete = {'ON' if durable else 'FAST'}")
        connection.run("BEGIN IMMEDIATE")
    else:
        connection.run("BEGIN")
        if not durable:
            connection.run("SET LOCAL synchronous_commit = off")
        connection.run("SELECT pg_advisory_xact_lock(?)", (ONE_WRITER,))


def open_sqlite(path: Path, *, cache_kib: int) -> Connection:
    """A connection in autocommit mode; transactions are opened by hand. Raises sqlite3.Error."""
    driver = sqlite3.connect(
        path,
        timeout=BUSY_SECONDS,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_STATEMENTS,
    )
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"cache_size=-{cache_kib}",
        "temp_store=MEMORY",
        "wal_autocheckpoint=4000",
        "journal_size_limit=67108864",
    ):
        driver.execute(f"PRAGMA {pragma}")
    return Connection(driver, "sqlite")


def open_postgresql(url: str) -> Connection:
    """A connection in autocommit mode. Raises psycopg.Error."""
    import psycopg

    driver = psycopg.connect(url, autocommit=True)
    # Who waits for the writer before must see what it wrote, whatever this server or role is set to: a transaction that is
    # to see one state only has seen it before it began to wait.
    driver.execute("SET default_transaction_isolation = 'read committed'")
    # Compiling a statement costs 0.3 s; without statistics PostgreSQL takes every short one of ours for worth it.
    driver.execute("SET jit = off")
    return Connection(driver, "postgresql")
