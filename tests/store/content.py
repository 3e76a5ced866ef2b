"""All that stands in a store, to see whether something was written."""

from __future__ import annotations

from typing import Any

from app.store.database import Store


def content(store: Store) -> dict[str, list[Any]]:
    """Every row of every table of an SQLite file."""
    tables = [name for (name,) in store.read.rows("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {table: sorted(store.read.rows(f"SELECT * FROM {table}"), key=repr) for table in tables}
