"""Takes an account away from this machine: its mail, folders, waiting changes and password; the server keeps its mail.

Messages on which something of a person hangs (links, comments, marks) stay: if the account is set up again, or its
mail arrives elsewhere, they are found again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import Refused
from app.domain.mail.accounts import Mailbox
from app.services.accounts.alone import alone_with
from app.services.accounts.secrets import Secrets
from app.services.reading.parsing import parse_again
from app.store.connection import Connection
from app.store.database import Store
from app.store.mail.mailboxes import remove_copies, remove_mailbox, unsent
from app.store.mail.removal import remove_unheld

_AT_ONCE = 100  # the store is locked for as long as it takes to parse so many messages again


class HoldsUnsent(Refused):
    title = "This mailbox holds what its servers do not have yet"
    next_step = "Have it sent and carried out first: `postkorb outbox list` and `postkorb sync`; `--drop-unsent` throws it away."


@dataclass(frozen=True, slots=True)
class Removed:
    """How many messages went, and how many stay because of what a person did to them or because they lie elsewhere."""

    gone: int
    kept: int


def remove_account(
    store: Store,
    secrets: Secrets,
    mailbox: Mailbox,
    clock: Callable[[], datetime],
    *,
    drop_unsent: bool = False,
    patience: float = 0.0,
) -> Removed:
    """Remove it. When this is interrupted, doing it again goes on. `patience`: seconds that the background work may take
    to let go of it. `drop_unsent`: throw away as well what its servers do not have yet.

    Raises HoldsUnsent unless that is allowed or there is nothing of the kind, Refused while another process syncs the
    account, and what `Secrets.forget` raises, with all else done.
    """
    gone = kept = 0
    with alone_with(store, mailbox.id, clock, patience) as keep:
        while True:
            with store.write() as tx:
                if not drop_unsent:  # somebody may write a mail while the others go
                    refuse_unsent(tx, mailbox.id)
                messages = remove_copies(tx, mailbox.id, _AT_ONCE)
                forgotten = remove_unheld(tx, messages, parse_again)
                if not messages:
                    remove_mailbox(tx, mailbox.id)
                    break
            gone += forgotten
            kept += len(messages) - forgotten
            keep()
    secrets.forget(mailbox)
    return Removed(gone, kept)


def refuse_unsent(read: Connection, mailbox_id: int) -> None:
    """Raises HoldsUnsent when there is something in a mailbox that its servers do not have yet."""
    if found := unsent(read, mailbox_id):
        raise HoldsUnsent(found.told)
