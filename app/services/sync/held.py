"""The lease of a mailbox while somebody works on it: who may, and that it does not run out meanwhile; no mail work here."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from app.domain.errors import PostkorbError
from app.store.database import Store
from app.store.sync.lease import drop_lease, new_owner, running_holder, take_lease

log = logging.getLogger(__name__)

LEASE_SECONDS = 60.0
LEASE_RENEWAL = 15.0


class LeaseLost(PostkorbError):
    """We were away for so long that another process has taken over."""

    title = "Another Postkorb is syncing this mailbox"


def lease_name(mailbox_id: int) -> str:
    return f"mailbox:{mailbox_id}"


def claim_name(mailbox_id: int) -> str:
    """The lease of whoever removes a mailbox, or has it read from another server: the background work lets go of it then."""
    return f"claim:{mailbox_id}"


#: Goes on while the machine sleeps, where there is such a clock.
_SLEEPLESS = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


class HeldLease:
    """The right to work on a mailbox. For the thread that works; `kept` renews it from another one.

    The wall clock may be set while two processes want it. So the holder believes in it by a clock that nobody sets, and
    another one takes it only after it has seen for as long as a lease lasts, by its own clock, that nobody renews it:
    by then the holder has stopped believing.
    """

    def __init__(self, store: Store, mailbox_id: int, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._name = lease_name(mailbox_id)
        self._clock = clock
        self._owner = new_owner()
        self._until = 0.0  # by the sleepless clock; later than this somebody else may have it
        self._seen: tuple[tuple[str, float], float] | None = (
            None  # another holder, and since when it is the same
        )

    @property
    def is_held(self) -> bool:
        return time.clock_gettime(_SLEEPLESS) < self._until

    def take(self) -> bool:
        """Take or renew it; False if somebody else holds it."""
        began = time.clock_gettime(_SLEEPLESS)
        held = self._is_free() and take_lease(
            self._store, self._name, self._owner, LEASE_SECONDS, self._clock().timestamp()
        )
        self._until = began + LEASE_SECONDS if held else 0.0
        return held

    def _is_free(self) -> bool:
        """Whether nobody else renews it. Time during which this machine sleeps does not count: nothing was seen then."""
        now, other = time.monotonic(), running_holder(self._store.read, self._name)
        if other is None or other[0] == self._owner:
            self._seen = None
            return True
        if self._seen is None or self._seen[0] != other:
            self._seen = (other, now)
        return now - self._seen[1] >= LEASE_SECONDS

    def hold(self) -> None:
        """Go on only with the lease: after the machine slept, another process may have it. Raises LeaseLost."""
        if not self.is_held and not self.take():
            raise LeaseLost

    @contextmanager
    def kept(self) -> Iterator[None]:
        """Renew it for as long as the block takes. One command may take longer than the lease lasts: a second Postkorb would
        take what is under way for cut off, and do it again."""
        over = threading.Event()
        keeper = threading.Thread(target=self._renew, args=(over,), name=f"lease-{self._name}", daemon=True)
        keeper.start()
        try:
            yield
        finally:
            over.set()
            keeper.join()

    def _renew(self, over: threading.Event) -> None:
        try:
            while not over.wait(LEASE_RENEWAL):
                try:
                    if not self.take():
                        return
                except Exception:
                    log.exception("the lease %s could not be renewed", self._name)
        finally:
            self._store.leave()

    def drop(self) -> None:
        """Give it back, if it is still ours."""
        self._until = 0.0
        drop_lease(self._store, self._name, self._owner)
