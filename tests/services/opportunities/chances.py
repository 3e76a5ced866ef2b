"""A team with opportunities in a store, for the tests of what is done with them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from app.domain.opportunities.rules import Opportunity
from app.services.opportunities import making
from app.store.database import Store
from tests.store.leads import add_member

NOW = datetime(2026, 11, 22, 9, 41, tzinfo=UTC)
TODAY = NOW.date()


def add_team(store: Store) -> None:
    """Two reps, an admin, a privacy officer, and one who has left."""
    add_member(store, "anna", "Anna Berg")
    add_member(store, "ben", "Ben Kurz", "admin")
    add_member(store, "cem", "Cem Arslan", active=False)
    add_member(store, "dora", "Dora Lenz", "privacy")
    add_member(store, "emil", "Emil Voss")


def add_chance(store: Store, title: str = "Pumpen", *, author: str = "anna", **values: Any) -> Opportunity:
    return making.create(store, {"title": title, **values}, author=author, now=NOW)


def entries(store: Store, number: int) -> list[tuple[str, str, str]]:
    """Event, author and text of what the history tells, in its order."""
    sql = """SELECT event, author, text FROM history_entry WHERE kind = 'opportunity' AND record_id = ?
  ORDER BY at, id"""
    return [(event, author, text) for event, author, text in store.read.rows(sql, (number,))]
