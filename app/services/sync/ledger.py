"""Shows how the sync stands: the ledger of every folder, and the changes that wait; it changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from app.domain.mail.ledger import MailboxLine, SkippedLine
from app.domain.mail.sync import FolderReport
from app.mail.errors import FolderMissing
from app.store.connection import Connection
from app.store.database import Store
from app.store.mail.mailboxes import mailboxes
from app.store.sync import ledger, sync_state

#: Changes of a mailbox that are shown; the others are only counted.
SHOWN_CHANGES = 200


def read_ledger(store: Store) -> list[MailboxLine]:
    """Every mailbox in the rep's order."""
    named = {mailbox.id: mailbox.only_folders for mailbox in mailboxes(store.read)}
    lines = ledger.ledger(store.read, SHOWN_CHANGES)
    return [_with_missing(store.read, line, named.get(line.id, ())) for line in lines]


def missing_folders(read: Connection, mailbox_id: int, only: Sequence[str]) -> tuple[FolderReport, ...]:
    """The folders that were named for the sync and that the server does not have, each as one that failed."""
    known = {folder.name for folder in sync_state.known_folders(read, mailbox_id)} if only else set()
    return tuple(FolderReport(name, error=str(FolderMissing(name))) for name in only if name not in known)


def _with_missing(read: Connection, line: MailboxLine, only: Sequence[str]) -> MailboxLine:
    """A mailbox that was synced is not in order while a folder that was named is missing."""
    missing = () if line.error or line.synced_at is None else missing_folders(read, line.id, only)
    return replace(line, error=missing[0].error) if missing else line


def skipped_mails(store: Store, folder_id: int) -> list[SkippedLine]:
    """The mails of a folder that could not be taken over, and why."""
    return ledger.skipped(store.read, folder_id)
