"""What can happen to a record (Verlauf); knows no store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.domain.crm.kinds import RecordRow


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


class Source(StrEnum):
    """Where a line of a history is read from."""

    ENTRY = "e"
    MAIL = "m"
    COMMENT = "c"


@dataclass(frozen=True, slots=True)
class LineKey:
    """A line of a history: `id` is that of the entry, the message or the comment; `at` in epoch seconds."""

    at: int
    source: Source
    id: int


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """A line of the history of a record. `author`: a login; `name`: what others read for it, of a mail whoever sent it.

    `event`: None for mails and comments on them. `text`: what was written, of a mail its subject; at most its beginning,
    `is_cut`. `details`: as the entry keeps them. `record`: what it is about, if that is not the record itself but one that
    belongs to it. `sent`: a mail of ours; `message_id`: of a mail and of a comment. `titles`: the records, and `names`: the
    members that the details name.
    """

    key: LineKey
    at: datetime
    author: str
    name: str
    text: str
    event: Event | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    record: RecordRow | None = None
    document_id: int | None = None
    size: int = 0
    sent: bool = False
    message_id: int | None = None
    is_cut: bool = False
    titles: Mapping[tuple[str, int], str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
