"""How many mails are on their way out, for the line on top of every place; apart, because it must cost next to nothing."""

from __future__ import annotations

from app.domain.mail.outbox import OutState
from app.store.database import Store
from app.store.outbox import rows as outbox


def counts(store: Store) -> dict[OutState, int]:
    """Mails by their state; those that are sent are not counted."""
    return outbox.counts(store.read)
