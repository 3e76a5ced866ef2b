"""Reads the personal task list (Aufgabenliste); changes nothing. Imports nothing heavy: every place counts what is due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.domain.crm.agenda import Entry, Key, Wish, urgency
from app.domain.moments import iso_seconds
from app.store.crm import agenda
from app.store.database import Store


@dataclass(frozen=True, slots=True)
class DueCount:
    """Open entries of a member, mentions among those of today."""

    overdue: int = 0
    today: int = 0

    @property
    def total(self) -> int:
        return self.overdue + self.today


def due_count(store: Store, login: str, now: datetime) -> DueCount:
    """How much is due for this member. Not for the event loop's thread."""
    return DueCount(*agenda.due_counts(store.read, login, _day(now)))


def entry_keys(store: Store, wish: Wish, now: datetime) -> list[Key]:
    """What is listed, in its order: by day and time, what has no day last."""
    return agenda.keys(store.read, wish, _day(now))


def entries(store: Store, keys: Sequence[Key]) -> list[Entry]:
    """The lines of these entries; those that are gone are left out."""
    return agenda.entries(store.read, keys)


def entry_json(entry: Entry, now: datetime) -> dict[str, Any]:
    """An entry as the command line prints it; `id`: of the lead, the task or the mention."""
    due = entry.due
    day: date | None = due.day if due is not None else None
    at = due.remind_at if due is not None else None
    return {
        "kind": entry.kind.value,
        "id": entry.key.id,
        "title": entry.title,
        "about": entry.about,
        "next_step": entry.next_step,
        "due": day.isoformat() if day is not None else None,
        "remind_at": iso_seconds(at),
        "group": urgency(day, now.astimezone().date()).name.lower(),
        "assignee": entry.assignee or None,
        "author": entry.author or None,
        "record": {"kind": entry.record[0].value, "id": entry.record[1]} if entry.record else None,
        "mail": entry.message_id,
    }


def _day(now: datetime) -> str:
    """Today in the rep's zone."""
    return now.astimezone().date().isoformat()
