"""How people have their places shown, each for themselves; plain SQL, no rules."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.domain.kept import from_text
from app.store.connection import Connection


def look_of(read: Connection, owner: str, place: str) -> Mapping[str, Any] | None:
    """What a person (login) keeps for a place; empty for nothing, None for what cannot be read."""
    kept = read.value("SELECT look FROM place_look WHERE owner = ? AND place = ?", (owner, place))
    return {} if kept is None else from_text(kept)


def keep_look(tx: Connection, owner: str, place: str, look: Mapping[str, Any]) -> None:
    """Keep this in place of what was kept."""
    tx.run(
        """INSERT INTO place_look (owner, place, look) VALUES (?, ?, ?)
  ON CONFLICT (owner, place) DO UPDATE SET look = excluded.look""",
        (owner, place, json.dumps(look, ensure_ascii=False)),
    )
