"""Hands out reminders when their time has come, each of them once, whichever window of the member asks first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.crm.agenda import EntryKind
from app.store.crm import tasks
from app.store.database import Store


@dataclass(frozen=True, slots=True)
class Reminder:
    """A task whose time has come. `at`: that time, in epoch seconds."""

    task_id: int
    kind: EntryKind
    title: str
    at: int


def is_due(store: Store, login: str, now: datetime) -> bool:
    """Whether there is a reminder to hand out. Not for the event loop's thread."""
    return tasks.has_reminders(store.read, login, int(now.timestamp()))


def take_due(store: Store, login: str, now: datetime) -> list[Reminder]:
    """The reminders of a member that were not told yet, the earliest first; they count as told from now on. Not for the
    event loop's thread."""
    with store.write() as tx:
        found = tasks.take_reminders(tx, login, int(now.timestamp()))
    return [Reminder(number, EntryKind(kind), title, at) for number, kind, title, at in found]


def standing(store: Store, login: str, told: Sequence[Reminder]) -> tuple[Reminder, ...]:
    """Those of these reminders whose tasks the member has still to do, and not at another time."""
    if not told:
        return ()
    found = tasks.standing_reminders(store.read, login, [each.task_id for each in told])
    return tuple(each for each in told if (each.task_id, each.at) in found)
