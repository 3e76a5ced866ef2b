"""What every kind of way back is handed, and what it answers with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.crm.kinds import Kind
from app.store.connection import Connection


@dataclass(frozen=True, slots=True)
class Ground:
    """The transaction in which a step is taken back, by whom and when."""

    tx: Connection
    author: str
    now: datetime

    @property
    def at(self) -> int:
        """In epoch seconds."""
        return int(self.now.timestamp())


@dataclass(frozen=True, slots=True)
class Back:
    """How many things were to be restored and how many were; the messages, records and mentions that this was about."""

    wanted: int
    restored: int
    messages: tuple[int, ...] = ()
    records: tuple[tuple[Kind, int], ...] = ()
    mentions: tuple[int, ...] = ()
