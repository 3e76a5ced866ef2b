"""What holds for every task that is made or changed, wherever that is done: who may have it, when it may be due, and that a new
one is told where it belongs."""

from __future__ import annotations

from datetime import datetime

from app.domain.crm.history import Event
from app.domain.crm.record_input import TaskInput
from app.domain.crm.tasks import belongs_to, told_of
from app.domain.due import Due, check_ahead
from app.domain.errors import BadInput
from app.domain.leads.rules import check_assignee, check_works
from app.services.team.acting import acting, team_of
from app.services.triage.steps import seconds
from app.store.connection import Connection
from app.store.crm.history import add_entry


def check_new(tx: Connection, data: TaskInput, author: str, now: datetime) -> None:
    """Raise NotAMember, DuePast, and Refused for a privacy officer and for an assignee who cannot have it."""
    check_works(acting(tx, author, now))
    check_ahead(_due(data), now)
    _check_given(tx, data.assignee)


def check_changed(tx: Connection, before: TaskInput, after: TaskInput, author: str, now: datetime) -> None:
    """The same for what is changed of a task; raises BadInput for its state, which has steps of its own."""
    check_works(acting(tx, author, now))
    if after.state is not before.state:
        raise BadInput("a task is finished and reopened by steps of their own")
    if _due(after) != _due(before):
        check_ahead(_due(after), now)
    if after.assignee != before.assignee:
        _check_given(tx, after.assignee)


def tell_made(tx: Connection, number: int, data: TaskInput, author: str, now: datetime) -> None:
    """Note that a task was made, in the history of what it belongs to."""
    for kind, record in belongs_to(data):
        add_entry(
            tx, kind, record, Event.TASK_MADE, author, seconds(now), data.title, told_of(number, data.kind)
        )


def _check_given(tx: Connection, login: str) -> None:
    if login:
        check_assignee(login, team_of(tx))


def _due(data: TaskInput) -> Due | None:
    return Due.of(data.due_on.isoformat() if data.due_on else "", data.remind_at)
