"""Takes back what was done with records of any kind: that they were made, what they held, and who was mentioned."""

from __future__ import annotations

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind, LinkOrigin, TaskState
from app.domain.leads.rules import check_works, may_be_given
from app.domain.undo import (
    RecordInverse,
    RemoveMention,
    RemoveRecord,
    ReopenMention,
    RestoreMentionDay,
    RestoreRecord,
)
from app.services.team.acting import acting, team_of
from app.services.undo.ground import Back, Ground
from app.store.connection import Connection
from app.store.crm import tasks, triage
from app.store.crm.history import add_entry
from app.store.crm.records import is_used, remove_record
from app.store.mail.processed import refresh_processed

#: The state of leads and tasks with which nothing is done any more.
_FINISHED = TaskState.DONE.value


def take_back(ground: Ground, inverse: RecordInverse) -> Back:
    """Restore what the step changed, as far as it is still as the step left it. Raises NotAMember and ReadsOnly."""
    tx = ground.tx
    match inverse:
        case RemoveRecord(kind, number, changed_at):
            messages = tuple(message for message, _origin in triage.links_of_record(tx, Kind(kind), number))
            return Back(1, _remove_record(tx, Kind(kind), number, changed_at), messages)
        case RestoreRecord():
            record = (Kind(inverse.kind), inverse.id)
            return Back(1, _restore_record(ground, inverse), records=(record,))
        case ReopenMention(number, done_at):
            return Back(1, int(tasks.reopen_mention(tx, number, done_at)), mentions=(number,))
        case RestoreMentionDay(number, due_on, before):
            return Back(1, int(tasks.put_off_mention(tx, number, before, due_on)), mentions=(number,))
        case RemoveMention(number):
            return Back(1, int(tasks.remove_mention(tx, number)))


def _remove_record(tx: Connection, kind: Kind, number: int, changed_at: int) -> int:
    """Remove a record that the step made. One that was changed, or that others linked or refer to, stays."""
    links = triage.links_of_record(tx, kind, number)
    by_hand = any(origin != LinkOrigin.THREAD for _message, origin in links)
    if by_hand or is_used(tx, kind, number) or not remove_record(tx, kind, number, changed_at):
        return 0
    triage.remove_links(tx, [(message, kind.value, number) for message, _origin in links])
    refresh_processed(tx, [message for message, _origin in links])
    return 1


def _restore_record(ground: Ground, step: RestoreRecord) -> int:
    """Put back what the step changed, by the rules that hold for steps. A record of which that was changed since, that was
    finished since, or that would come to somebody who can do it no longer, stays as it is. Raises NotAMember and ReadsOnly."""
    tx, author = ground.tx, ground.author
    check_works(acting(tx, author, ground.now))
    kind, names = Kind(step.kind), tuple(name for name, _set, _before in step.values)
    found = tasks.columns_of(tx, kind, step.id, tuple({*names, "state", "assignee"}))
    if found is None or any(found[name] != was_set for name, was_set, _before in step.values):
        return 0
    if "state" not in names and found["state"] == _FINISHED:
        return 0
    before = {name: old for name, _set, old in step.values}
    assignee, state = ({**found, **before}[name] for name in ("assignee", "state"))
    if assignee and state != _FINISHED and not may_be_given(str(assignee), team_of(tx)):
        return 0
    changed_at = tasks.change_columns(tx, kind, step.id, before, ground.at)
    changed = {name: [was_set, old] for name, was_set, old in step.values if name != "finished_at"}
    add_entry(tx, kind, step.id, Event(step.event), author, changed_at, details={**changed, "undone": True})
    return 1
