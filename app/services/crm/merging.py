"""Merges two contacts or two leads, and undoes that: nothing that hung on either of them is lost on the way.

Not for the event loop's thread.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind, LeadState, RecordRow, not_found
from app.domain.crm.merging import KINDS, MergeField, Side, merged, restored
from app.domain.crm.record_input import FIELD_NAMES
from app.domain.crm.versions import changed_fields
from app.domain.errors import BadInput, NotFound, Refused
from app.domain.leads.rules import check_may_merge, check_works, may_be_given
from app.domain.undo import UndoMerge, write_inverses
from app.language import _, ngettext
from app.services.remembering import remember
from app.services.team.acting import acting, team_of
from app.store.connection import Connection
from app.store.crm.history import add_entry
from app.store.crm.records import record_row
from app.store.database import Store
from app.store.leads.changing import standing_leads
from app.store.mail.processed import refresh_processed
from app.store.team.campaigns import campaign_names
from app.store.undo import drop_steps

if TYPE_CHECKING:
    from sqlmodel import Session

    from app.store.crm.merging import Step


class MergeNotFound(NotFound):
    title = "There is no such merge"


class MergeRefused(Refused):
    """It cannot be merged, or not be undone; `cause` says why."""


class WentOn(MergeRefused):
    """The survivor itself went into another record: that merge is to be undone first."""


@dataclass(frozen=True, slots=True)
class MergeDone:
    """`row`: the survivor. `step`: what `undo_merge` takes back."""

    row: RecordRow
    step: int
    text: str


@dataclass(frozen=True, slots=True)
class MergeUndone:
    """`row`: the record that is back; `survivor`: the one that it had gone into. `stay`: fields of that one which somebody
    changed since, so that they stay as they are; `left`: how many mails, tasks and so on somebody took elsewhere since."""

    row: RecordRow
    survivor: RecordRow
    stay: tuple[MergeField, ...]
    left: int
    text: str


def merge(
    store: Store,
    kind: Kind,
    survivor_id: int,
    other_id: int,
    choices: Mapping[str, Side] | None = None,
    *,
    author: str,
    now: datetime,
    seen: tuple[int, int] | None = None,
) -> MergeDone:
    """Let a record take another one in, which is removed then. `choices`: whose value the survivor has, by the names of
    `app.domain.crm.merging.FIELDS`. `seen`: the versions of both, as `merge_draft` told them to who chose.

    Raises NotFound, NotAMember, BadInput for choices, and Refused: for privacy officers, for leads of colleagues, and when
    one of them was changed since it was seen.
    """
    from app.store.crm import merging

    with store.session() as session:
        tx = store.sql_of(session)
        _check_may(tx, kind, (survivor_id, other_id), author, now)
        kept, version = _snapshot(tx, kind, survivor_id)
        other, other_version = _snapshot(tx, kind, other_id)
        if seen not in (None, (version, other_version)):
            raise MergeRefused("Somebody has changed one of them meanwhile; look at them again.")
        removed = _title(tx, kind, other_id)
        at = max(int(now.timestamp()), version + 1)
        values = merged(kind, kept, other, choices or {})
        before: dict[str, Any] = {"title": removed, "kept": kept, "removed": other, "version": other_version}
        before |= _take_in(session, tx, kind, survivor_id, other_id, values, at)
        step = merging.add_step(tx, kind, survivor_id, other_id, author, at, before)
        told = {**_changes(tx, kept, before["after"]), "removed": other_id, "step": step}
        add_entry(tx, kind, survivor_id, Event.MERGED, author, at, removed, told)
        row = _row(tx, kind, survivor_id)
        text = _("Merged: {title}").format(title=row.title)
        remember(tx, author, text, [UndoMerge(step)], now)
        return MergeDone(row, step, text)


def _take_in(
    session: Session, tx: Connection, kind: Kind, here: int, gone: int, values: Mapping[str, Any], at: int
) -> dict[str, Any]:
    """Let the survivor `here` have these values and all that hung on the other record, which is removed; what the way back
    needs to know of that."""
    from app.store.crm import merging

    moved, dropped = merging.move_all(tx, kind, gone, here)
    merging.put(session, tx, kind, here, values, at)
    merging.remove(tx, kind, gone)
    after, _version = _snapshot(tx, kind, here)
    return {"after": after, "moved": moved, "dropped": dropped}


def undo_merge(store: Store, step_id: int, *, author: str, now: datetime) -> MergeUndone:
    """Undo this merge, whoever made it and whatever was done since; as the last step of a person it is undone like all of
    them. Raises as `take_apart` does."""
    with store.session() as session:
        tx = store.sql_of(session)
        drop_steps(tx, write_inverses([UndoMerge(step_id)]))
        return take_apart(session, tx, step_id, author, now)


def take_apart(session: Session, tx: Connection, step_id: int, author: str, now: datetime) -> MergeUndone:
    """Let both records be as they were: the one that was removed comes back with all that came from it, and the survivor
    has its own values again. What somebody changed since stays, and the answer says so.

    Raises MergeNotFound, NotAMember, Refused as `merge` does and when it is undone already, and WentOn.
    """
    from app.store.crm import merging

    step = _undoable(tx, step_id)
    kind, here, back = step.kind, step.survivor_id, step.removed_id
    _check_may(tx, kind, (here,), author, now)
    stands, version = _snapshot(tx, kind, here)
    values, stay = restored(kind, step.before["kept"], step.before["after"], stands)
    at = max(int(now.timestamp()), version + 1)
    removed = _with_who_works(tx, kind, merging.still_there(tx, kind, step.before["removed"]))
    values = _with_who_works(tx, kind, merging.still_there(tx, kind, values))
    merging.put_back(session, tx, kind, back, removed, step.before["version"])
    left = merging.move_back(tx, kind, step.before["moved"], here, back)
    refresh_processed(tx, merging.bring_back(tx, kind, step.before["dropped"]))
    merging.put(session, tx, kind, here, values, at)
    merging.set_undone(tx, step_id, at)
    row, survivor = _row(tx, kind, back), _row(tx, kind, here)
    told = {**_changes(tx, stands, values), "removed": back, "step": step_id}
    add_entry(tx, kind, here, Event.UNMERGED, author, at, row.title, told)
    add_entry(tx, kind, back, Event.UNMERGED, author, at, survivor.title, {"survivor": here, "step": step_id})
    return MergeUndone(row, survivor, tuple(stay), left, _undone_text(row, stay, left))


def last_merge_into(store: Store, kind: Kind, record_id: int) -> int:
    """The last merge into this record that is not undone. Raises MergeNotFound."""
    from app.store.crm import merging

    step = merging.last_into(store.read, kind, record_id)
    if step is None:
        raise MergeNotFound(str(record_id))
    return step.id


def _check_may(tx: Connection, kind: Kind, ids: tuple[int, ...], author: str, now: datetime) -> None:
    """Raise what forbids this person to merge these records, or to take them apart."""
    member = acting(tx, author, now)
    check_works(member)
    if kind not in KINDS:
        raise BadInput("only contacts and leads can be merged")
    if len(set(ids)) < len(ids):
        raise MergeRefused("A record cannot go into itself; choose another one.")
    if kind is Kind.LEAD:
        team = team_of(tx)
        for lead in standing_leads(tx, ids).values():
            check_may_merge(lead.standing, member, team)


def _with_who_works(tx: Connection, kind: Kind, values: dict[str, Any]) -> dict[str, Any]:
    """These values; an open lead of somebody who can work on it no longer is new again, as when it is reopened."""
    if kind is not Kind.LEAD or values["result"] or may_be_given(values["assignee"], team_of(tx)):
        return values
    return {**values, "assignee": "", "activated_at": None, "state": LeadState.NEW.value}


def _undoable(tx: Connection, step_id: int) -> Step:
    from app.store.crm import merging

    step = merging.step_of(tx, step_id)
    if step is None:
        raise MergeNotFound(str(step_id))
    if step.undone_at is not None:
        raise MergeRefused("This merge is undone already.")
    if record_row(tx, step.kind, step.survivor_id) is None:
        later = merging.went_into(tx, step.kind, step.survivor_id)
        if later is None:
            raise MergeRefused("The record that it went into is gone.")
        title = _title(tx, step.kind, later.survivor_id)
        raise WentOn("It went on into “{title}”; undo that merge first.", title=title)
    return step


def _snapshot(tx: Connection, kind: Kind, record_id: int) -> tuple[dict[str, Any], int]:
    from app.store.crm import merging

    found = merging.snapshot(tx, kind, record_id)
    if found is None:
        raise not_found(kind, record_id)
    return found


def _row(tx: Connection, kind: Kind, record_id: int) -> RecordRow:
    row = record_row(tx, kind, record_id)
    assert row is not None, "it was written just now"
    return row


def _title(tx: Connection, kind: Kind, record_id: int) -> str:
    row = record_row(tx, kind, record_id)
    return row.title if row else ""


def _changes(tx: Connection, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """What the history tells of the survivor's fields, under the names that they are edited by."""
    changes: dict[str, Any] = {
        name: pair for name, pair in changed_fields(before, after).items() if name in FIELD_NAMES
    }
    if "campaign_id" in before and before["campaign_id"] != after["campaign_id"]:
        known = campaign_names(tx)
        changes["campaign"] = [known.get(each["campaign_id"], "") for each in (before, after)]
    return changes


def _undone_text(row: RecordRow, stay: list[MergeField], left: int) -> str:
    text = _("“{title}” is a record of its own again").format(title=row.title)
    if stay:
        names = ", ".join(_(field.label) for field in stay)
        text += " " + _("(changed since and left as it is: {fields})").format(fields=names)
    if left:
        told = ngettext("({n} was changed since and stays)", "({n} were changed since and stay)", left)
        text += " " + told.format(n=left)
    return text
