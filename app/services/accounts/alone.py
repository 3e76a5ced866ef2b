"""Has a mailbox to itself for a while: the background work lets go of it, and takes it up again afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from app.domain.errors import Refused
from app.services.sync.held import LEASE_RENEWAL, LEASE_SECONDS, HeldLease, claim_name
from app.store.database import Store
from app.store.sync.lease import drop_lease, new_owner, take_lease

_LOOK_SECONDS = 0.3


@contextmanager
def alone_with(
    store: Store, mailbox_id: int, clock: Callable[[], datetime], patience: float
) -> Iterator[Callable[[], None]]:
    """Nobody else works on the mailbox meanwhile. Gives what keeps it so: to be called now and then by work that lasts.

    `patience`: seconds that others may take to let go of it. Raises Refused when they do not.
    """
    claim, owner = claim_name(mailbox_id), new_owner()
    lease = HeldLease(store, mailbox_id, clock)

    def take_claim() -> bool:
        return take_lease(store, claim, owner, LEASE_SECONDS, clock().timestamp())

    if not take_claim():
        raise Refused("this account is being changed or removed already")
    try:
        end = time.monotonic() + patience
        while not lease.take():
            if time.monotonic() >= end:
                raise Refused("another Postkorb is syncing this account; close it first")
            time.sleep(_LOOK_SECONDS)
        renewed = time.monotonic()

        def keep() -> None:
            nonlocal renewed
            if time.monotonic() - renewed > LEASE_RENEWAL:
                renewed = time.monotonic()
                lease.take()
                take_claim()

        try:
            yield keep
        finally:
            lease.drop()
    finally:
        drop_lease(store, claim, owner)
