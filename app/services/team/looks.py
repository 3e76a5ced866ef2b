"""How a person has a place shown (as a list, sorted so, with these columns), kept for the next time; what it says is the
place's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.store.database import Store
from app.store.team import looks


def look(store: Store, place: str, *, owner: str) -> dict[str, Any]:
    """What a person (login) keeps for a place; empty for nothing."""
    return looks.look_of(store.read, owner, place)


def keep_look(store: Store, place: str, kept: Mapping[str, Any], *, owner: str) -> None:
    """Keep this for the next time."""
    with store.write() as tx:
        looks.keep_look(tx, owner, place, kept)
