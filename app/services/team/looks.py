"""How a person has a place shown (as a list, sorted so, with these columns), kept for the next time; what it says is the
place's own."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.services.team.acting import acting
from app.store.database import Store
from app.store.team import looks


def look(store: Store, place: str, *, owner: str) -> Mapping[str, Any] | None:
    """What a person (login) keeps for a place; empty for nothing, None for what cannot be read."""
    return looks.look_of(store.read, owner, place)


def keep_look(store: Store, place: str, kept: Mapping[str, Any], *, author: str, now: datetime) -> None:
    """Keep this for the next time. Raises NotAMember."""
    with store.write() as tx:
        looks.keep_look(tx, acting(tx, author, now).login, place, kept)
