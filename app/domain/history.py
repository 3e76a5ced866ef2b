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
