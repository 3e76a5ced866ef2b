"""Puts opportunities into a store for a test, by plain SQL and without any rule."""

from __future__ import annotations

from typing import Any

from app.domain.crm.naming import search_words
from app.store.database import Store
from tests.store.build import NOON


def add_opportunity(store: Store, title: str = "Rahmenvertrag", **values: Any) -> int:
    """An opportunity; its columns by name."""
    columns: dict[str, Any] = {
        "title": title,
        "search": search_words([title]),
        "stage": "Qualifiziert",
        "probability": 25,
        "created_at": NOON,
        "changed_at": NOON,
    } | values
    names = ", ".join(columns)
    with store.write() as tx:
        sql = f"INSERT INTO opportunity ({names}) VALUES ({', '.join('?' * len(columns))}) RETURNING id"
        return int(tx.value(sql, list(columns.values())))
