"""The vocabulary of customer work: what mail can be linked to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import (
    ContactNotFound,
    LeadNotFound,
    NotFound,
    OpportunityNotFound,
    TaskNotFound,
)


class Kind(StrEnum):
    """The records that make a mail processed when it is linked to one."""

    CONTACT = "contact"
    LEAD = "lead"
    TASK = "task"
    OPPORTUNITY = "opportunity"


_NOT_FOUND: dict[Kind, type[NotFound]] = {
    Kind.CONTACT: ContactNotFound,
    Kind.LEAD: LeadNotFound,
    Kind.TASK: TaskNotFound,
    Kind.OPPORTUNITY: OpportunityNotFound,
}


def not_found(kind: Kind, asked: object) -> NotFound:
    """The error for a record that is not there, by what was asked for."""
    return _NOT_FOUND[kind](str(asked))


class LinkOrigin(StrEnum):
    """Who made a link: a person, the thread rule at sync, or the answer to a linked mail."""

    PERSON = "person"
    THREAD = "thread"
    ANSWER = "answer"


class LeadState(StrEnum):
    NEW = "new"
    ACTIVE = "active"
    DONE = "done"


class LeadResult(StrEnum):
    """How a lead ended (erfolgreich, erfolglos)."""

    NONE = ""
    SUCCESS = "success"
    FAILURE = "failure"


class TaskState(StrEnum):
    OPEN = "open"
    DONE = "done"


class TaskKind(StrEnum):
    """Something to do, or something to come back to (Wiedervorlage)."""

    TASK = "task"
    FOLLOW_UP = "follow_up"


class MarkColour(StrEnum):
    """The coloured mark (Markierung) of a message."""

    NONE = ""
    RED = "red"
    YELLOW = "yellow"
    GREEN = "green"
    BLUE = "blue"
    VIOLET = "violet"


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A contact, lead, task or opportunity as pickers and lists show it. `follow_up`: whether a task is one."""

    kind: Kind
    id: int
    title: str
    detail: str = ""
    state: str = ""
    due: str = ""
    follow_up: bool = False
