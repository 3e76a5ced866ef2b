"""Has a mailbox to itself for a while: the background work lets go of it, and takes it up again afterwards."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from app.domain.errors import Refused
from app.services.sync.held import LEASE_RENEWAL, LEASE_SECONDS, HeldLease, claim_name, lease_name
from app.store.database import Store
from app.store.sync.lease import drop_lease, is_held, new_owner, take_lease

_LOOK_SECONDS = 0.3
_UNTIL_SEEN_DEAD = LEASE_SECONDS + 5.0


@contextmanager
def alone_with(
    store: Store, mailbox_id: int, clock: Callable[[], datetime], patience: float
) -> Iterator[Callable[[], None]]:
    """Nobody else works on the mailbox meanwhile. Gives what makes sure of it: to be called now and then by work that lasts,
    and before what was found out is written; it raises LeaseLost when this machine slept and another has taken over.

    `patience`: seconds that others may take to let go of it. Raises Refused when they do not. One whose time is over may be
    dead: that takes longer to see, as `HeldLease` tells.
    """
    claim, owner = claim_name(mailbox_id), new_owner()
    lease = HeldLease(store, mailbox_id, clock)

    def take_claim() -> bool:
        return take_lease(store, claim, owner, LEASE_SECONDS, clock().timestamp())

    if not take_claim():
        raise Refused("this account is being changed or removed already")
    try:
        began = time.monotonic()
        while not lease.take():
            alive = is_held(store.read, lease_name(mailbox_id), clock().timestamp())
            if time.monotonic() - began >= (patience if alive else max(patience, _UNTIL_SEEN_DEAD)):
                raise Refused("another Postkorb is syncing this account; close it first")
            time.sleep(_LOOK_SECONDS)
        renewed = time.monotonic()

        def keep() -> None:
            nonlocal renewed
            lease.hold()
            if time.monotonic() - renewed > LEASE_RENEWAL:
                renewed = time.monotonic()
                take_claim()

        try:
            with lease.kept():
                yield keep
        finally:
            lease.drop()
    finally:
        drop_lease(store, claim, owner)
