"""Steps on entries of the personal task list: finish, reopen, put off, pass on; each in one transaction, told in the
history, and with a way back (`services.undo`). Leads are finished where leads are worked on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.domain.crm import tasks as rules
from app.domain.crm.agenda import EntryKind
from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind, LeadState, not_found
from app.domain.crm.mentions import check_own
from app.domain.crm.tasks import TaskFacts
from app.domain.due import Due, format_due
from app.domain.errors import NotFound, Refused
from app.domain.leads.rules import Assign, called, check_assignee, check_works, goes_on
from app.domain.team.members import Member
from app.domain.text import clean_line
from app.domain.undo import Done, Inverse, ReopenMention, RestoreMentionDay, RestoreRecord, ReturnMention
from app.language import _
from app.services.leads.steps import at_work
from app.services.remembering import remember, shown
from app.services.team.acting import acting, team_of
from app.services.triage.steps import seconds
from app.store.connection import Connection
from app.store.crm import tasks
from app.store.crm.history import add_entry
from app.store.crm.tasks import Mention
from app.store.database import Store


class MentionNotFound(NotFound):
    title = "There is no such mention"


def finish(store: Store, kind: EntryKind, number: int, *, author: str, now: datetime) -> Done:
    """A task or follow-up is done, a mention read. Raises NotFound, NotAMember, and Refused for what is done already and
    for leads."""
    if kind is EntryKind.LEAD:
        raise Refused("How a lead ended is asked for: finish it as successful or not.")
    if kind is EntryKind.MENTION:
        return _read_mention(store, number, author, now)
    with store.write() as tx:
        worker, task = _worker(tx, author, now), _task(tx, number)
        inverse = _set(
            tx, Kind.TASK, number, rules.finished(task, now), Event.FINISHED, Event.REOPENED, worker, now
        )
        for of, record in rules.belongs_to(task):
            told = rules.told_of(number, task.kind)
            add_entry(tx, of, record, Event.TASK_DONE, worker.login, seconds(now), task.title, told)
        return _done(tx, worker, _is_done(task.title), [inverse], now)


def reopen(store: Store, kind: EntryKind, number: int, *, author: str, now: datetime) -> Done:
    """A task or follow-up is to be done again, by whoever had it, or by the author if they work here no more; a mention is
    unread. Raises NotFound, NotAMember and Refused."""
    with store.write() as tx:
        worker = _worker(tx, author, now)
        if kind is EntryKind.MENTION:
            found = _mention(tx, number, worker)
            if not tasks.reopen_mention(tx, number):
                raise rules.TaskOpen("It is still open.")
            return Done(_is_open(found.text), 1, undoable=False)
        task = _task(tx, number)
        columns = rules.reopened(task, goes_on(task.assignee, worker, team_of(tx)))
        inverse = _set(tx, Kind.TASK, number, columns, Event.REOPENED, Event.FINISHED, worker, now)
        return _done(tx, worker, _is_open(task.title, is_mine="assignee" in columns), [inverse], now)


def postpone(store: Store, kind: EntryKind, number: int, due: Due, *, author: str, now: datetime) -> Done:
    """A task, a follow-up or the next step of a lead is due then, a mention comes back. Raises NotFound, NotAMember, DuePast
    for what lies in the past, and Refused for what is finished."""
    if kind is EntryKind.MENTION:
        return _postpone_mention(store, number, due, author, now)
    with store.write() as tx:
        worker = _worker(tx, author, now)
        if kind is EntryKind.LEAD:
            return _postpone_lead(tx, number, due, worker, now)
        task = _task(tx, number)
        columns = rules.postponed(task, due, now)
        inverse = _set(tx, Kind.TASK, number, columns, Event.POSTPONED, Event.POSTPONED, worker, now)
        return _done(tx, worker, _is_due(task.title, due), [inverse], now)


def pass_on(store: Store, kind: EntryKind, number: int, to: str, *, author: str, now: datetime) -> Done:
    """A colleague has the task, the follow-up or the lead from now on, or is mentioned instead of the author. Raises
    NotFound, NotAMember, and Refused for what is done and for a colleague who cannot have it."""
    if kind is EntryKind.LEAD:
        return _pass_on_lead(store, number, to, author, now)
    with store.write() as tx:
        worker = _worker(tx, author, now)
        team = team_of(tx)
        check_assignee(to, team)
        if kind is EntryKind.MENTION:
            return _pass_on_mention(tx, number, team[to], worker, now)
        task = _task(tx, number)
        try:
            columns = rules.passed_on(task, to)
        except rules.TaskTheirs:
            raise rules.TaskTheirs("{name} has it already.", name=called(to, team)) from None
        inverse = _set(tx, Kind.TASK, number, columns, Event.ASSIGNED, Event.ASSIGNED, worker, now)
        return _done(tx, worker, _is_with(task.title, team[to]), [inverse], now)


# -- what they share


def _is_done(title: str) -> str:
    return _("“{title}” finished").format(title=shown(title))


def _is_open(title: str, *, is_mine: bool = False) -> str:
    told = _("“{title}” opened again, it is yours now") if is_mine else _("“{title}” opened again")
    return told.format(title=shown(title))


def _is_due(title: str, due: Due) -> str:
    return _("“{title}” put off to {day}").format(title=shown(title), day=format_due(due))


def _is_with(title: str, member: Member) -> str:
    return _("“{title}” passed on to {name}").format(title=shown(title), name=clean_line(member.name))


def _worker(tx: Connection, author: str, now: datetime) -> Member:
    """Who does it. Raises NotAMember, and Refused for a privacy officer."""
    member = acting(tx, author, now)
    check_works(member)
    return member


def _task(tx: Connection, number: int) -> TaskFacts:
    found = tasks.task_facts(tx, number)
    if found is None:
        raise not_found(Kind.TASK, number)
    return found


def _mention(tx: Connection, number: int, worker: Member) -> Mention:
    found = tasks.mention(tx, number)
    if found is None:
        raise MentionNotFound(str(number))
    check_own(found.login, worker.login)
    return found


def _set(
    tx: Connection,
    kind: Kind,
    number: int,
    columns: Mapping[str, Any],
    event: Event,
    back: Event,
    worker: Member,
    now: datetime,
) -> Inverse:
    """Set columns of a record and tell it; `back`: the event that taking it back is."""
    before = tasks.columns_of(tx, kind, number, tuple(columns))
    assert before is not None, "it was just read"
    at = tasks.change_columns(tx, kind, number, columns, seconds(now))
    changed = {name: [before[name], value] for name, value in columns.items() if name != "finished_at"}
    add_entry(tx, kind, number, event, worker.login, at, details=changed)
    values = tuple((name, value, before[name]) for name, value in columns.items())
    return RestoreRecord(kind.value, number, values, back.value, at)


def _done(tx: Connection, worker: Member, told: str, inverses: Sequence[Inverse], now: datetime) -> Done:
    remember(tx, worker.login, told, inverses, now)
    return Done(told, 1)


def _postpone_lead(tx: Connection, number: int, due: Due, worker: Member, now: datetime) -> Done:
    found = tasks.columns_of(tx, Kind.LEAD, number, ("title", "state"))
    if found is None:
        raise not_found(Kind.LEAD, number)
    if found["state"] == LeadState.DONE:
        raise Refused("It is finished; reopen it first.")
    day = Due(due.day)  # a lead has a day for its next step, and no time
    columns = {"due_on": rules.due_columns(day, now)["due_on"]}
    inverse = _set(tx, Kind.LEAD, number, columns, Event.POSTPONED, Event.POSTPONED, worker, now)
    return _done(tx, worker, _is_due(found["title"], day), [inverse], now)


def _pass_on_lead(store: Store, number: int, to: str, author: str, now: datetime) -> Done:
    with at_work(store, author, now) as work:
        lead = work.lead(number)
        if lead.standing.state is LeadState.NEW:
            raise Refused("Nobody has it yet; it is distributed among the leads.")
        work.take(number, Assign(to))
        return Done(_is_with(lead.title, work.team[to]), 1)


def _read_mention(store: Store, number: int, author: str, now: datetime) -> Done:
    with store.write() as tx:
        worker = acting(tx, author, now)
        found = _mention(tx, number, worker)
        if not tasks.finish_mention(tx, number, seconds(now)):
            raise Refused("It is done already.")
        inverse = ReopenMention(number, seconds(now))
        return _done(tx, worker, _is_done(found.text), [inverse], now)


def _postpone_mention(store: Store, number: int, due: Due, author: str, now: datetime) -> Done:
    with store.write() as tx:
        worker = acting(tx, author, now)
        found = _mention(tx, number, worker)
        day = Due(due.day)  # it has a day only, as a lead
        due_on = str(rules.due_columns(day, now)["due_on"])
        if not tasks.put_off_mention(tx, number, due_on, found.due_on):
            raise Refused("It is done already; reopen it first.")
        inverse = RestoreMentionDay(number, due_on, found.due_on)
        return _done(tx, worker, _is_due(found.text, day), [inverse], now)


def _pass_on_mention(tx: Connection, number: int, to: Member, worker: Member, now: datetime) -> Done:
    found = _mention(tx, number, worker)
    if to.login == worker.login or not tasks.finish_mention(tx, number, seconds(now)):
        raise Refused("It is done already.")
    new = tasks.add_mention(tx, found, to.login, worker.login, seconds(now))
    inverse = ReturnMention(number, seconds(now), new)
    return _done(tx, worker, _is_with(found.text, to), [inverse], now)
