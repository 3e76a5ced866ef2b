"""What can happen to a record (Verlauf); knows no store."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Event(StrEnum):
    """What an entry of the history tells. Mails are no entries: their links tell of them."""

    CREATED = "created"
    CHANGED = "changed"
    ASSIGNED = "assigned"
    TAKEN_BACK = "taken back"
    FINISHED = "finished"
    REOPENED = "reopened"
    NOTE = "note"
    CALL = "call"
    DOCUMENT = "document"
    TASK_MADE = "task made"
    TASK_DONE = "task done"
    POSTPONED = "postponed"
    STAGE = "stage"
    WON = "won"
    LOST = "lost"
    MERGED = "merged"
    UNMERGED = "unmerged"


#: Fields that an event writes beside those that its entry names.
WRITES: dict[Event, tuple[str, ...]] = {
    Event.ASSIGNED: ("assignee", "state"),
    Event.TAKEN_BACK: ("assignee", "state"),
    Event.FINISHED: ("state", "result", "reason", "reason_text"),
    Event.REOPENED: ("assignee", "state", "result", "reason", "reason_text"),
    Event.TASK_DONE: ("state",),
    Event.POSTPONED: ("due_on", "remind_at"),
    Event.STAGE: ("stage", "probability"),
    Event.WON: ("stage", "probability", "reason", "reason_text"),
    Event.LOST: ("stage", "probability", "reason", "reason_text"),
}


def changes_in(details: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """The fields that an entry says were changed: under a field's name its details hold the old and the new value."""
    return {
        name: (value[0], value[1])
        for name, value in details.items()
        if isinstance(value, list) and len(value) == 2
    }
