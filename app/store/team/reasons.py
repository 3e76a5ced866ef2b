"""Reads the reasons that a team keeps for what comes to nothing; knows no rules."""

from __future__ import annotations

from app.domain.reasons import FinishReason
from app.store.connection import Connection


def reasons(read: Connection) -> list[FinishReason]:
    """All of them in their order, active or not."""
    rows = read.rows("SELECT name, needs_text, active FROM finish_reason ORDER BY position, id")
    return [FinishReason(name, bool(needs_text), bool(active)) for name, needs_text, active in rows]
