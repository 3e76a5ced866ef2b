"""Keeps the way back of a step, in the transaction in which it is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.domain.undo import Inverse, write_inverses
from app.store.connection import Connection
from app.store.undo import push_step


def remember(tx: Connection, author: str, text: str, inverses: Sequence[Inverse], now: datetime) -> None:
    """Keep how to take a step back; `text` names it when that is done."""
    push_step(tx, author, text, write_inverses(inverses), int(now.timestamp()))
