"""What may be done with a task or a follow-up, and how its columns stand afterwards; knows no store and no clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from app.domain.crm.kinds import Kind, TaskKind, TaskState
from app.domain.due import Due, check_ahead
from app.domain.errors import Refused


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """A task as the rules see it. `assignee`: a login, or empty."""

    id: int
    title: str
    kind: TaskKind
    state: TaskState
    due: Due | None
    assignee: str
    contact_id: int | None = None
    lead_id: int | None = None
    opportunity_id: int | None = None


class TaskRefusal(Refused):
    """A rule forbids a step; `cause` says why."""


class TaskDone(TaskRefusal):
    """Nothing is left to do."""


class TaskOpen(TaskRefusal):
    """There is nothing to reopen."""


class TaskTheirs(TaskRefusal):
    """The colleague has it already."""


Columns = Mapping[str, Any]


class Belonging(Protocol):
    """A task as far as it says what it belongs to."""

    @property
    def contact_id(self) -> int | None: ...
    @property
    def lead_id(self) -> int | None: ...
    @property
    def opportunity_id(self) -> int | None: ...


def belongs_to(task: Belonging) -> list[tuple[Kind, int]]:
    """The records on whose pages a task is told of: its lead and opportunity, else its contact."""
    found = [(Kind.LEAD, task.lead_id), (Kind.OPPORTUNITY, task.opportunity_id)]
    chosen = [(kind, number) for kind, number in found if number is not None]
    return chosen or ([(Kind.CONTACT, task.contact_id)] if task.contact_id is not None else [])


def told_of(number: int, kind: TaskKind) -> Columns:
    """What the history of what a task belongs to keeps of it, beside its title."""
    return {"task": number} | ({"kind": kind.value} if kind is TaskKind.FOLLOW_UP else {})


def finished(task: TaskFacts, now: datetime) -> Columns:
    """The columns of a task that is done. Raises TaskDone: what is done is never opened again by finishing it."""
    if task.state is TaskState.DONE:
        raise TaskDone("It is done already.")
    return {"state": TaskState.DONE.value, "finished_at": int(now.timestamp())}


def reopened(task: TaskFacts, assignee: str) -> Columns:
    """The columns of a task that is open again; `assignee`: who has it from now on. Raises TaskOpen."""
    if task.state is TaskState.OPEN:
        raise TaskOpen("It is still open.")
    columns = {"state": TaskState.OPEN.value, "finished_at": None}
    return columns if assignee == task.assignee else columns | {"assignee": assignee}


def postponed(task: TaskFacts, due: Due, now: datetime) -> Columns:
    """The columns of a task that is due then. Raises TaskDone, and DuePast for what lies in the past."""
    if task.state is TaskState.DONE:
        raise TaskDone("It is done already; reopen it first.")
    return due_columns(due, now)


def due_columns(due: Due, now: datetime) -> Columns:
    """A day, with a time or without, as the store keeps it. Raises DuePast."""
    check_ahead(due, now)
    return {"due_on": due.day.isoformat(), "remind_at": due.remind_at}


def passed_on(task: TaskFacts, to: str) -> Columns:
    """The columns of a task that the member with this login has from now on. Raises TaskDone and TaskTheirs."""
    if task.state is TaskState.DONE:
        raise TaskDone("It is done already; reopen it first.")
    if task.assignee == to:
        raise TaskTheirs("{name} has it already.", name=to)
    return {"assignee": to}
