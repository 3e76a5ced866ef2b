"""Asks the background work for a sync at once; it is carried out there, not here."""

from __future__ import annotations

from datetime import datetime

from app.store.database import Store
from app.store.mail import mailboxes
from app.store.sync import operations, skipped


def want_sync(store: Store, now: datetime, mailbox_id: int | None = None) -> None:
    """Have this mailbox, or every one, synced as soon as its worker sees it."""
    with store.write() as tx:
        if mailbox_id is None:
            mailboxes.want_sync(tx, int(now.timestamp()))
        else:
            mailboxes.want_sync_of(tx, mailbox_id, int(now.timestamp()))


def retry_skipped(store: Store, folder_id: int, now: datetime) -> None:
    """Have the mails of a folder that could not be taken over tried again at once."""
    with store.write() as tx:
        skipped.let_try(tx, folder_id)
        mailboxes.want_sync_of(tx, operations.mailbox_of(tx, folder_id), int(now.timestamp()))
