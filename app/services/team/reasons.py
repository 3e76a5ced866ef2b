"""The list of reasons for which leads and opportunities come to nothing, as admins keep it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from app.domain.crm.reason_list import checked, find_reason, moved, reason_name
from app.domain.crm.reasons import FinishReason
from app.domain.team.membership import check_manages
from app.services.team.acting import acting
from app.store.connection import Connection
from app.store.database import Store
from app.store.team import reasons as stored

Reasons = list[FinishReason]


def list_reasons(store: Store) -> list[tuple[FinishReason, int]]:
    """All reasons in their order, offered or not, with how many leads and opportunities ended for each."""
    counts = stored.used(store.read)
    return [(reason, counts.get(reason.name, 0)) for reason in stored.reasons(store.read)]


def add_reason(store: Store, name: str, *, needs_text: bool = False, author: str, now: datetime) -> None:
    """One more, at the end. Raises BadInput, NotAMember, and Refused for all but admins and for a name that is there."""
    new = FinishReason(reason_name(name), needs_text)
    _set(store, author, now, lambda known: [*known, new])


def change_reason(store: Store, name: str, *, to: str, needs_text: bool, author: str, now: datetime) -> None:
    """Another name, also for what ended for it, and whether it needs a text from now on. Raises as `add_reason` does, and
    ReasonNotFound."""
    after = reason_name(to)

    def change(known: Reasons) -> Reasons:
        reason = find_reason(known, name)
        new = replace(reason, name=after, needs_text=needs_text)
        return [new if each is reason else each for each in known]

    def rename(tx: Connection) -> None:
        if after != name:
            stored.rename_reason(tx, name, after)

    _set(store, author, now, change, rename)


def set_active(store: Store, name: str, active: bool, *, author: str, now: datetime) -> None:
    """Offer a reason or not; what ended for it keeps it. Raises Refused, NotAMember and ReasonNotFound."""

    def change(known: Reasons) -> Reasons:
        reason = find_reason(known, name)
        return [replace(each, active=active) if each is reason else each for each in known]

    _set(store, author, now, change)


def reorder(store: Store, name: str, steps: int, *, author: str, now: datetime) -> None:
    """Offer a reason so many places later. Raises Refused, NotAMember and ReasonNotFound."""
    _set(store, author, now, lambda known: moved(known, name, steps))


def _set(
    store: Store,
    author: str,
    now: datetime,
    change: Callable[[Reasons], Reasons],
    before: Callable[[Connection], None] | None = None,
) -> None:
    """Let the list be what `change` makes of it; `before`: what is to be done once that is allowed."""
    with store.write() as tx:
        check_manages(acting(tx, author, now))
        after = checked(change(stored.reasons(tx)))
        if before is not None:
            before(tx)
        stored.put_reasons(tx, after)
