"""What can happen to a record (Verlauf); knows no store."""

from __future__ import annotations

from enum import StrEnum


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
