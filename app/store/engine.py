"""The SQLAlchemy engine over the same connections that the plain SQL uses; imported only when a session is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import QueuePool

from app.store.database import engine_events

if TYPE_CHECKING:
    from app.store.database import Store


def make_engine(store: Store) -> Engine:
    """An engine whose transactions begin like those of `Store.write`."""
    if store.dialect == "sqlite":
        engine = create_engine("sqlite://", creator=lambda: store.connect().driver, poolclass=QueuePool)
    else:
        url = str(store.target).replace("postgresql://", "postgresql+psycopg://", 1)
        engine = create_engine(url)
    engine_events(engine, store.dialect)
    return engine
