"""Takes back what was done with records of any kind: that they were made, what they held, what was written about them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind, TaskState
from app.domain.crm.record_input import INPUTS
from app.domain.crm.tasks import belongs_to
from app.domain.errors import Refused
from app.domain.leads.rules import LeadRefusal, check_assignee, may_be_given
from app.domain.opportunities.rules import Action, refusal
from app.domain.opportunities.stages import Outcome
from app.domain.undo import (
    RecordInverse,
    RemoveEntry,
    RemoveRecord,
    RestoreFields,
    RestoreRecord,
    frozen,
)
from app.language import _
from app.services.crm.checks import BELONGS, known_by
from app.services.opportunities.success import check_leaves
from app.services.remembering import shown
from app.services.team.acting import team_of
from app.services.undo.ground import Back, Ground
from app.services.undo.mentions import forget
from app.store.connection import Connection
from app.store.crm import tasks, triage
from app.store.crm.history import add_entry, forget_task, remove_entry, told_by_others, written_since
from app.store.crm.records import is_as_made, is_used, record_row, remove_record, stored_records
from app.store.mail.processed import refresh_processed
from app.store.opportunities import rows
from app.store.team.campaigns import campaign_names

#: The state of leads and tasks with which nothing is done any more.
_FINISHED = TaskState.DONE.value
#: The kind of the record that a field names.
_NAMED = {field: kind for kind, field in BELONGS.items()}


def take_back(ground: Ground, inverse: RecordInverse) -> Back:
    """Restore what the step changed, as far as it is still as the step left it. Raises NotAMember and ReadsOnly."""
    match inverse:
        case RemoveRecord():
            return remove_made(ground, inverse)
        case RestoreRecord():
            return _restore_record(ground, inverse)
        case RestoreFields():
            return _restore_fields(ground, inverse)
        case RemoveEntry():
            return _remove_entry(ground, inverse)


# -- made


def remove_made(ground: Ground, step: RemoveRecord) -> Back:
    """Remove a record that the step made. One that was changed, or that others linked or refer to, stays; of a
    task that goes, nothing is told any more where it belonged."""
    tx, kind, number = ground.tx, Kind(step.kind), step.id
    login = ground.writer(kind).login
    links = triage.links_of_record(tx, kind, number)
    messages = tuple(message for message, _origin in links)
    is_needed = kind is Kind.OPPORTUNITY and not _may_leave(tx, number)
    if is_needed or is_used(tx, kind, number) or not is_as_made(tx, kind, number, step.changed_at, login):
        note = _("the opportunity was used since and stays") if kind is Kind.OPPORTUNITY else ""
        return Back(1, 0, records=((kind, number),), note=note)
    task = tasks.task_facts(tx, number) if kind is Kind.TASK else None
    if task is not None:
        forget_task(tx, number, belongs_to(task))
    remove_record(tx, kind, number)
    triage.remove_links(tx, [(message, kind.value, number) for message in messages])
    refresh_processed(tx, messages)
    return Back(1, 1, messages)


def _may_leave(tx: Connection, number: int) -> bool:
    """Whether no lead is successful because of this opportunity."""
    found = rows.opportunity(tx, number)
    try:
        if found is not None:
            check_leaves(tx, found)
    except Refused:
        return False
    return True


# -- written into a history


def _remove_entry(ground: Ground, step: RemoveEntry) -> Back:
    """Let a history hold no more what the step wrote into it. Of records it names none: none of them is anywhere else by it,
    so every place stays where it is."""
    ground.worker()
    tx = ground.tx
    if not remove_entry(tx, step.id):
        return Back(1, 0, note=_("it is no longer there"))
    return Back(1, 1, note=forget(tx, step.mentions))


# -- changed


def _restore_record(ground: Ground, step: RestoreRecord) -> Back:
    """Put back what the step changed, by the rules that hold for steps. A record of which that was changed since, with which
    somebody else has worked since, or that would come to somebody who can do it no longer, stays as it is."""
    tx, kind = ground.tx, Kind(step.kind)
    login, about = ground.writer(kind).login, ((kind, step.id),)
    names = tuple(name for name, _set, _before in step.values)
    found = tasks.columns_of(tx, kind, step.id, tuple({*names, "state", "assignee"}))
    if found is None or any(found[name] != was_set for name, was_set, _before in step.values):
        return Back(1, 0, records=about)
    if "state" not in names and found["state"] == _FINISHED:
        return Back(1, 0, records=about)
    if told_by_others(tx, kind, [step.id], login, step.at):
        return Back(1, 0, records=about)
    before = {name: old for name, _set, old in step.values}
    assignee, state = ({**found, **before}[name] for name in ("assignee", "state"))
    try:
        if assignee and state != _FINISHED:
            check_assignee(str(assignee), team_of(tx))
    except LeadRefusal as error:
        return Back(1, 0, records=about, note=error.told_cause)
    changed_at = tasks.change_columns(tx, kind, step.id, before, ground.at)
    changed = {name: [was_set, old] for name, was_set, old in step.values if name != "finished_at"}
    add_entry(tx, kind, step.id, Event(step.event), login, changed_at, details={**changed, "undone": True})
    return Back(1, 1, records=about)


def _restore_fields(ground: Ground, step: RestoreFields) -> Back:
    """Let fields hold what they held; those that somebody changed since stay, and so do the addresses of a contact of which
    another one has one by now: nobody is asked here whether both may have it."""
    from app.store.crm.record_entry import replace_record

    tx, kind = ground.tx, Kind(step.kind)
    login, about, wanted = ground.writer(kind).login, ((kind, step.id),), len(step.fields)
    found = stored_records(tx, kind, [step.id])
    if not found or not _may_change(ground, kind, step.id):
        return Back(wanted, 0, records=about)
    model = INPUTS[kind]
    held = model.model_validate(found[0].values).model_dump(mode="json")
    theirs = _changed_by_others(tx, step, login)
    back = {
        name: old
        for name, was_set, old in _as_called_now(tx, step)
        if frozen(held[name]) == was_set
        and name not in theirs
        and _may_hold(ground, kind, step.id, name, old)
    }
    known = _known_by_now(tx, step.id, held["emails"], back["emails"]) if "emails" in back else ""
    if known:
        del back["emails"]
    try:
        data = model.model_validate({**held, **back})
    except ValueError:  # the fields that stay do not go with those that come back
        return Back(wanted, 0, records=about)
    if back:
        assert ground.session is not None, "it was opened for this"
        at = replace_record(ground.session, kind, step.id, data, ground.at)
        told: Mapping[str, Any] = {name: [held[name], old] for name, old in back.items()}
        add_entry(tx, kind, step.id, Event.CHANGED, login, at, details={**told, "undone": True})
    return Back(wanted, len(back), records=about, note=known)


def _changed_by_others(tx: Connection, step: RestoreFields, author: str) -> set[str]:
    """The fields that somebody else has changed since, even if they hold again what the step set."""
    since = written_since(tx, Kind(step.kind), step.id, datetime.fromtimestamp(step.at, UTC))
    return {name for written in since if written.author != author for name in written.fields}


def _known_by_now(tx: Connection, number: int, held: Iterable[Any], back: Iterable[Any]) -> str:
    """Which contact has an address by now that this one would get back; empty if none has."""
    has = {entry["value"] for entry in held}
    rows = known_by(tx, [entry["value"] for entry in back if entry["value"] not in has])
    others = [row.title for row in rows if row.id != number]
    return _("“{title}” has the address by now").format(title=shown(others[0])) if others else ""


def _as_called_now(read: Connection, step: RestoreFields) -> list[tuple[str, Any, Any]]:
    """The fields, with campaigns by the names that they bear now; without those that are gone."""
    if not step.campaigns:
        return list(step.fields)
    names = campaign_names(read)
    called = {then: names.get(number) for then, number in step.campaigns}
    fields = [
        (name, called.get(was_set, was_set), called.get(old, old))
        if name == "campaign"
        else (name, was_set, old)
        for name, was_set, old in step.fields
    ]
    return [(name, was_set, old) for name, was_set, old in fields if name != "campaign" or old is not None]


def _may_change(ground: Ground, kind: Kind, number: int) -> bool:
    """Whether the rules let whoever takes it back change the record."""
    if kind is not Kind.OPPORTUNITY:
        return True
    return refusal(Action.CHANGE, ground.worker(), rows.opportunity(ground.tx, number)) is None


def _may_hold(ground: Ground, kind: Kind, number: int, name: str, value: Any) -> bool:
    """Whether a field may hold this again: no record that is gone, nobody who has left, no other lead than the one that is
    successful because of it, and no other probability of what is decided by now."""
    tx = ground.tx
    if name == "lead_id" and kind is Kind.OPPORTUNITY and not _may_leave(tx, number):
        return False
    if name in _NAMED:
        return value is None or record_row(tx, _NAMED[name], value) is not None
    if name == "assignee":
        return not value or may_be_given(value, team_of(tx))
    if name == "probability" and kind is Kind.OPPORTUNITY:
        found = rows.opportunity(tx, number)
        return found is not None and found.outcome is Outcome.OPEN
    return True
