"""What is done with leads that are there: assigned, taken back, reopened; `distributing` shares many out, `finishing` ends
them. Not for the event loop's thread.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from app.domain.leads.rules import Assign, Reopen, Standing, TakeBack
from app.services.leads.steps import Progress, Worked, at_work, carry_out
from app.store.database import Store


def assign(
    store: Store,
    ids: Iterable[int],
    to: str,
    *,
    author: str,
    now: datetime,
    seen: Mapping[int, str] | None = None,
    progress: Progress | None = None,
) -> Worked:
    """Give leads to the member with the login `to`. `seen`: who had each as far as the author knew (empty: nobody); a
    lead that somebody else has by now is refused. Raises NotAMember, ReadsOnly, UnknownAssignee, InactiveAssignee and
    NoAssignee before anything is done."""
    known = seen or {}
    steps = [(number, Assign(to, known.get(number))) for number in dict.fromkeys(ids)]
    return carry_out(store, steps, author=author, now=now, targets=(to,), progress=progress)


def take_back(
    store: Store, ids: Iterable[int], *, author: str, now: datetime, progress: Progress | None = None
) -> Worked:
    """Nobody has these leads any more: they are new again. Raises NotAMember and ReadsOnly."""
    steps = [(number, TakeBack()) for number in dict.fromkeys(ids)]
    return carry_out(store, steps, author=author, now=now, progress=progress)


def reopen(store: Store, number: int, *, author: str, now: datetime) -> Standing:
    """Work on a finished lead goes on: with whoever had it if they still work here, else it is new.

    Raises NotFound, NotAMember and LeadRefusal.
    """
    with at_work(store, author, now) as work:
        return work.take(number, Reopen())
