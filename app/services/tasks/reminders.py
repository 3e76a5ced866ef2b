"""Hands out reminders when their time has come, each of them once, whichever window of the member asks first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.store.crm import tasks
from app.store.database import Store


@dataclass(frozen=True, slots=True)
class Reminder:
    """A task whose time has come. `at`: that time, in epoch seconds."""

    task_id: int
    title: str
    at: int


def take_due(store: Store, login: str, now: datetime) -> list[Reminder]:
    """The reminders of a member that were not told yet, the earliest first; they count as told from now on. Writes only when
    there is one. Not for the event loop's thread."""
    at = int(now.timestamp())
    if not tasks.has_reminders(store.read, login, at):
        return []
    with store.write() as tx:
        return [Reminder(*found) for found in tasks.take_reminders(tx, login, at)]
