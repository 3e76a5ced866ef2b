"""Lets the invented team work on its leads as people do, by the services, each step at its own time in the past."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from app.domain.crm.calls import CallOutcome
from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind, TaskState
from app.domain.crm.record_input import LeadInput, TaskInput
from app.domain.team.members import Member
from app.services.crm.history import log_call, note
from app.services.crm.records import create_many
from app.services.demo.data import DemoLead, DemoMail, DemoMember, DemoStep
from app.services.leads.finishing import fail, succeed
from app.services.leads.working import assign
from app.services.opportunities.working import lose, move
from app.store.crm.history import add_entry
from app.store.crm.tasks import change_columns
from app.store.database import Store
from app.store.team.campaigns import add_campaign
from app.store.team.members import put_member

#: When a task was made: so long before its day.
MADE_BEFORE, NINE = timedelta(days=4), time(9)


def make_team(store: Store, members: Sequence[DemoMember], at: datetime) -> None:
    """Take the team in; those who left later too, who are active while the past is played."""
    _put(store, members, at, gone=False)


def let_go(store: Store, members: Sequence[DemoMember], at: datetime) -> None:
    """Let those go who are no longer active."""
    _put(store, [member for member in members if not member.active], at, gone=True)


def _put(store: Store, members: Sequence[DemoMember], at: datetime, *, gone: bool) -> None:
    with store.write() as tx:
        for member in members:
            addresses = (f"{member.login}@nordholz-pumpen.example",)
            now = Member(member.login, member.name, member.role, not gone, addresses)
            put_member(tx, now, int(at.timestamp()))


def play_leads(store: Store, demo: DemoMail, contacts: Sequence[int]) -> list[int]:
    """Make the leads and do what was done with them; their ids."""
    with store.write() as tx:
        for name in demo.campaigns:
            add_campaign(tx, name)
    return [_play_lead(store, lead, contacts) for lead in demo.leads]


def _play_lead(store: Store, lead: DemoLead, contacts: Sequence[int]) -> int:
    data = LeadInput(
        title=lead.title,
        contact_id=contacts[lead.contact],
        campaign=lead.campaign,
        source=lead.source,
        value=lead.value,
        next_step=lead.next_step,
        due_on=lead.next_step_on,
    )
    (number,) = create_many(store, Kind.LEAD, [data], author=lead.login, now=lead.created_at)
    for step in lead.steps:
        _do(store, lead, number, step)
    return number


def _do(store: Store, lead: DemoLead, number: int, step: DemoStep) -> None:
    if step.event is Event.ASSIGNED:
        assign(store, [number], step.detail, author=step.login, now=step.at)
    elif step.event is Event.NOTE:
        note(store, Kind.LEAD, number, step.text, author=step.login, now=step.at)
    elif step.event is Event.CALL:
        outcome = CallOutcome(step.detail)
        log_call(store, Kind.LEAD, number, outcome, text=step.text, author=step.login, now=step.at)
    elif step.detail:
        fail(store, number, step.detail, step.text, author=step.login, now=step.at)
    else:
        _succeed(store, lead, number, step)


def _succeed(store: Store, lead: DemoLead, number: int, step: DemoStep) -> None:
    assert lead.opportunity is not None, "what succeeds becomes something"
    about = lead.opportunity
    values = {"title": about.title, "value": about.value, "expected_on": about.expected_on}
    made = succeed(store, number, values, author=step.login, now=step.at).opportunity
    for later in about.steps:
        if later.event is Event.LOST:
            lose(store, made, later.detail, author=later.login, now=later.at)
        else:
            move(store, made, later.detail, author=later.login, now=later.at)


def play_tasks(
    store: Store, demo: DemoMail, contacts: Sequence[int], leads: Sequence[int], now: datetime
) -> list[int]:
    """The tasks and follow-ups, each made some days before it is due; their ids."""
    numbers = []
    for task in demo.tasks:
        made = min(now, datetime.combine(task.due - MADE_BEFORE, NINE, now.tzinfo))
        data = TaskInput(
            title=task.title,
            kind=task.kind,
            contact_id=None if task.contact is None else contacts[task.contact],
            lead_id=None if task.lead is None else leads[task.lead],
            due_on=task.due,
            remind_at=None if task.remind_at is None else int(task.remind_at.timestamp()),
            assignee=task.assignee,
        )
        (number,) = create_many(store, Kind.TASK, [data], author=demo.own_login, now=made)
        if task.state is TaskState.DONE:
            done = int(datetime.combine(task.due, NINE, now.tzinfo).timestamp())
            with store.write() as tx:  # without a step that `u` would take back
                change_columns(tx, Kind.TASK, number, {"state": task.state.value, "finished_at": done}, done)
                add_entry(tx, Kind.TASK, number, Event.FINISHED, task.assignee, done)
        numbers.append(number)
    return numbers
