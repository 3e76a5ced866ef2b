"""Filters that people kept, each their own ones, for each place; plain SQL, no rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.domain.folding import fold
from app.domain.kept import from_text
from app.domain.saved_filter import SavedFilter
from app.store.connection import Connection


def filters_of(read: Connection, owner: str, place: str) -> list[SavedFilter]:
    """The filters of a person for a place, by name."""
    sql = "SELECT id, name, query FROM saved_filter WHERE owner = ? AND place = ?"
    found = [
        SavedFilter(number, name, from_text(kept)) for number, name, kept in read.rows(sql, (owner, place))
    ]
    return sorted(found, key=lambda each: (fold(each.name), each.id))


def keep_filter(tx: Connection, owner: str, place: str, name: str, query: Mapping[str, Any]) -> int:
    """Keep a filter, in place of the one of this name; its id."""
    return int(
        tx.value(
            """INSERT INTO saved_filter (owner, place, name, query) VALUES (?, ?, ?, ?)
  ON CONFLICT (owner, place, name) DO UPDATE SET query = excluded.query RETURNING id""",
            (owner, place, name, json.dumps(query, ensure_ascii=False)),
        )
    )


def delete_filter(tx: Connection, owner: str, filter_id: int) -> bool:
    """Whether it was there, and this person's."""
    return tx.run("DELETE FROM saved_filter WHERE id = ? AND owner = ?", (filter_id, owner)) > 0
