"""Asks the background work for a sync at once; it is carried out there, not here."""

from __future__ import annotations

from datetime import datetime

from app.store import mailboxes
from app.store.database import Store


def want_sync(store: Store, now: datetime) -> None:
    """Have every mailbox synced as soon as its worker sees it."""
    with store.write() as tx:
        mailboxes.want_sync(tx, int(now.timestamp()))
