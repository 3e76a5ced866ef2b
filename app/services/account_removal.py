"""Takes an account away from this machine: its mail, folders, waiting changes and password; the server keeps its mail.

Messages on which something of a person hangs (links, comments, marks) stay: if the account is set up again, or its
mail arrives elsewhere, they are found again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.accounts import Mailbox
from app.domain.errors import Refused
from app.services.parsing import parse_again
from app.services.secrets import Secrets
from app.services.sync.run import LEASE_RENEWAL, LEASE_SECONDS, lease_name
from app.store.database import Store
from app.store.lease import drop_lease, new_owner, take_lease
from app.store.mailboxes import remove_copies, remove_mailbox
from app.store.removal import remove_messages
from app.store.sync_state import orphans

_AT_ONCE = 100  # the store is locked for as long as it takes to parse so many messages again


@dataclass(frozen=True, slots=True)
class Removed:
    """How many messages went, and how many stay because of what a person did to them or because they lie elsewhere."""

    gone: int
    kept: int


def remove_account(
    store: Store, secrets: Secrets, mailbox: Mailbox, clock: Callable[[], datetime]
) -> Removed:
    """Remove it. When this is interrupted, doing it again goes on.

    Raises Refused while another process syncs the account, and what `Secrets.forget` raises, with all else done.
    """
    lease, owner = lease_name(mailbox.id), new_owner()
    renewed = clock()
    if not take_lease(store, lease, owner, LEASE_SECONDS, renewed.timestamp()):
        raise Refused("another Postkorb is syncing this account; close it first")
    gone = kept = 0
    try:
        while True:
            with store.write() as tx:
                messages = remove_copies(tx, mailbox.id, _AT_ONCE)
                forgotten = orphans(tx, messages)
                remove_messages(tx, forgotten, parse_again)
            if not messages:
                break
            gone += len(forgotten)
            kept += len(messages) - len(forgotten)
            if (clock() - renewed).total_seconds() > LEASE_RENEWAL:
                renewed = clock()
                take_lease(store, lease, owner, LEASE_SECONDS, renewed.timestamp())
        with store.write() as tx:
            remove_mailbox(tx, mailbox.id)
    finally:
        drop_lease(store, lease, owner)
    secrets.forget(mailbox)
    return Removed(gone, kept)
