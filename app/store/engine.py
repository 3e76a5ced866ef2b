"""The SQLAlchemy engine over the same connections that the plain SQL uses; imported only when a session is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.pool import QueuePool

from app.store.connection import ONE_WRITER, Connection, Dialect, begin

if TYPE_CHECKING:
    from app.store.database import Store


def make_engine(store: Store) -> Engine:
    """An engine whose transactions begin like those of `Store.write`."""
    if store.dialect == "sqlite":
        engine = create_engine("sqlite://", creator=lambda: store.connect().driver, poolclass=QueuePool)
    else:
        url = str(store.target).replace("postgresql://", "postgresql+psycopg://", 1)
        engine = create_engine(url, isolation_level="READ COMMITTED")
    _begin_like_write(engine, store.dialect)
    return engine


def _begin_like_write(engine: Engine, dialect: Dialect) -> None:
    """Let SQLAlchemy begin its transactions the way `write` does."""

    @event.listens_for(engine, "begin")
    def _begin(connection: Any) -> None:
        if dialect == "sqlite":
            begin(Connection(connection.connection.driver_connection, dialect))
        else:
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({ONE_WRITER})")
