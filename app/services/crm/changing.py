"""Changes of contacts, leads, tasks and opportunities: what they held is noted, and nobody replaces unasked what somebody
else has written since they read it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.crm.campaigns import campaign_key
from app.domain.crm.history import Event
from app.domain.crm.history_words import Titles, told_value
from app.domain.crm.kinds import Kind, RecordRow
from app.domain.crm.record_input import (
    FIELD_NAMES,
    INPUTS,
    LeadInput,
    OpportunityInput,
    RecordInput,
    TaskInput,
    read_input,
)
from app.domain.crm.versions import Clash, Merged, changed_fields, compare
from app.domain.errors import PostkorbError
from app.domain.undo import Inverse, RestoreFields
from app.language import _
from app.services.crm.checks import BELONGS, check_carer, check_references, check_unknown
from app.services.crm.records import Record, row, stored, whole
from app.services.leads.entering import passed_on
from app.services.opportunities import entering as opportunities
from app.services.remembering import remember, shown
from app.services.tasks.entering import check_changed
from app.services.team.acting import acting, team_of
from app.store.connection import Connection
from app.store.crm.history import add_entry, written_since
from app.store.crm.records import StoredRecord, record_rows
from app.store.database import Store
from app.store.team.campaigns import campaign_names


@dataclass(frozen=True, slots=True)
class Changed:
    """A record as a change left it. `merged`: what others had changed since it was read, which goes with it."""

    row: RecordRow
    merged: tuple[Merged, ...] = ()

    @property
    def id(self) -> int:
        return self.row.id


class ChangedMeanwhile(PostkorbError):
    """Others changed fields of `record` that were to be changed: `clashes`. `record`: as it stands now; a change based on
    it holds what was chosen. `told_values`: of each field what stands there and what was to stand there, as a person reads
    it; `names`: of members by login."""

    title = "Somebody else has changed this meanwhile"

    def __init__(
        self, record: Record, clashes: Sequence[Clash], names: Mapping[str, str], titles: Titles
    ) -> None:
        super().__init__(", ".join(_(FIELD_NAMES.get(clash.name, clash.name)) for clash in clashes))
        self.record = record
        self.clashes = tuple(clashes)
        self.names = names
        self.told_values = {
            each.name: (
                told_value(each.name, each.theirs, names, titles),
                told_value(each.name, each.mine, names, titles),
            )
            for each in clashes
        }


def change(
    store: Store,
    kind: Kind,
    record_id: int,
    changes: Mapping[str, Any],
    *,
    author: str,
    now: datetime,
    based_on: Record | None = None,
    beside: Collection[int] | None = None,
) -> Changed:
    """Change some fields of a record, and note what they held. `based_on`: the record as its author saw it; None: as it
    stands. `beside`: see `check_unknown`.

    Raises NotFound, BadInput, NotAMember, LeadRefusal and ContactKnown as `create` does, and ChangedMeanwhile.
    """
    from app.store.crm.record_entry import replace_record

    with store.session() as session:
        tx = store.sql_of(session)
        member = acting(tx, author, now)
        found = stored(tx, kind, record_id)
        before = INPUTS[kind].model_validate(found.values)
        held = before.model_dump()
        data = read_input(INPUTS[kind], {**held, **changes}, now.date(), held)
        _check_rules(tx, record_id, before, data, member.login, now)
        merged = _merged(tx, kind, found, data, changes, based_on)
        check_unknown(tx, data, beside, (record_id, before))
        moved = passed_on(tx, record_id, data, member, now) if isinstance(data, LeadInput) else None
        fields = changed_fields(before.model_dump(mode="json"), data.model_dump(mode="json"))
        if fields:
            at = replace_record(session, kind, record_id, data, int(now.timestamp()))
            told = {name: values for name, values in fields.items() if moved is None or name != "assignee"}
            inverses = _tell_changed(tx, kind, record_id, told, author, at)
            if moved is not None:
                inverses += moved.write()
            text = _("“{title}” changed").format(title=shown(_title(tx, kind, record_id)))
            remember(tx, member.login, text, inverses, now)
    return Changed(row(store, kind, record_id), merged)


def _check_rules(
    tx: Connection, record_id: int, before: RecordInput, data: RecordInput, login: str, now: datetime
) -> None:
    """Raise what forbids this member to change a record from what it was `before` to `data`."""
    check_references(tx, data)
    check_carer(tx, data, login, before)
    if isinstance(before, TaskInput) and isinstance(data, TaskInput):
        check_changed(tx, before, data, login, now)
    if isinstance(data, OpportunityInput):
        opportunities.check_changed(tx, record_id, data, login, now)


def _tell_changed(
    tx: Connection, kind: Kind, record_id: int, told: Mapping[str, Any], author: str, at: int
) -> list[Inverse]:
    """Note these fields, each with what it held and what it holds now, in the history; the way back."""
    if not told:
        return []
    add_entry(tx, kind, record_id, Event.CHANGED, author, at, details=told)
    values = tuple((name, held_now, held_then) for name, (held_then, held_now) in told.items())
    return [RestoreFields(kind.value, record_id, values, at, _campaigns(tx, told.get("campaign", ())))]


def _campaigns(read: Connection, named: Collection[str]) -> tuple[tuple[str, int], ...]:
    """The campaigns of these names, with their ids."""
    keys = {campaign_key(name): name for name in named}
    known = campaign_names(read) if keys else {}
    return tuple(
        (keys[campaign_key(name)], number) for number, name in known.items() if campaign_key(name) in keys
    )


def _title(read: Connection, kind: Kind, record_id: int) -> str:
    return "".join(row.title for row in record_rows(read, [(kind, record_id)]))


def _merged(
    read: Connection,
    kind: Kind,
    found: StoredRecord,
    data: RecordInput,
    changes: Mapping[str, Any],
    based_on: Record | None,
) -> tuple[Merged, ...]:
    """What others changed since a record was read. Raises ChangedMeanwhile for fields that they changed too."""
    if based_on is None:
        return ()
    now = INPUTS[kind].model_validate(found.values).model_dump(mode="json")
    typed = data.model_dump(mode="json")
    since = written_since(read, kind, found.id, based_on.changed_at)
    mine = {name: value for name, value in typed.items() if name in changes or value != now[name]}
    clashes, merged = compare(based_on.data.model_dump(mode="json"), now, mine, since)
    if clashes:
        names = {login: each.name for login, each in team_of(read).items()}
        titles = _titles(read, clashes)
        raise ChangedMeanwhile(whole(read, kind, [found])[0], clashes, names, titles)
    return tuple(merged)


def _titles(read: Connection, clashes: Sequence[Clash]) -> Titles:
    """What the records are called that are named in fields."""
    keys = [
        (kind, number)
        for kind, field in BELONGS.items()
        for clash in clashes
        for number in (clash.theirs, clash.mine)
        if clash.name == field and number is not None
    ]
    return {(row.kind.value, row.id): row.title for row in record_rows(read, keys)}
