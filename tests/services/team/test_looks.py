"""How a place is shown is kept by each person for each place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.team.members import NotAMember
from app.services.team import looks
from app.store.database import Store
from tests.services.leads.team import furnish

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def keep(store: Store, look: dict[str, Any], author: str = "anna") -> None:
    looks.keep_look(store, "leads", look, author=author, now=NOW)


def test_a_look_is_kept_for_its_owner_and_its_place_alone(store: Store) -> None:
    keep(store, {"list": True})
    assert looks.look(store, "leads", owner="anna") == {"list": True}
    assert looks.look(store, "leads", owner="bert") == {}
    assert looks.look(store, "opportunities", owner="anna") == {}


def test_the_last_look_is_the_one_that_is_kept(store: Store) -> None:
    keep(store, {"list": True})
    keep(store, {"sort": "value", "columns": ["title", "Größe"]})
    assert looks.look(store, "leads", owner="anna") == {"sort": "value", "columns": ["title", "Größe"]}


@pytest.mark.parametrize("author", ["emil", "nobody", ""])
def test_whoever_is_no_active_member_keeps_none(store: Store, author: str) -> None:
    furnish(store)
    with pytest.raises(NotAMember):
        keep(store, {"list": True}, author)
    assert store.read.rows("SELECT owner FROM place_look") == []


@pytest.mark.parametrize(
    "kept", ["[1]", "{", "", "[" * 100_000], ids=["a list", "broken", "empty", "too deep"]
)
def test_what_is_no_look_at_all_is_told_apart_from_none(store: Store, kept: str) -> None:
    with store.write() as tx:
        tx.run("INSERT INTO place_look (owner, place, look) VALUES ('anna', 'leads', ?)", (kept,))
    assert looks.look(store, "leads", owner="anna") is None
    keep(store, {"list": True})
    assert looks.look(store, "leads", owner="anna") == {"list": True}
