"""Shows how the sync stands: the ledger of every folder, and the changes that wait; it changes nothing."""

from __future__ import annotations

from app.domain.ledger import MailboxLine, SkippedLine
from app.store.database import Store
from app.store.sync import ledger

#: Changes of a mailbox that are shown; the others are only counted.
SHOWN_CHANGES = 200


def read_ledger(store: Store) -> list[MailboxLine]:
    """Every mailbox in the rep's order."""
    return ledger.ledger(store.read, SHOWN_CHANGES)


def skipped_mails(store: Store, folder_id: int) -> list[SkippedLine]:
    """The mails of a folder that could not be taken over, and why."""
    return ledger.skipped(store.read, folder_id)
