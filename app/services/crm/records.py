"""Contacts, leads, tasks and opportunities: made, shown, listed and found; changing them is `changing`, what mail has to do
with them is triage. Reading is plain SQL; making imports SQLModel when it is first done.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from app.domain.crm.kinds import Kind, RecordRow, not_found
from app.domain.crm.record_input import (
    INPUTS,
    LeadInput,
    OpportunityInput,
    RecordInput,
    TaskInput,
    read_input,
)
from app.domain.leads.rules import Standing
from app.domain.team.members import Member
from app.domain.undo import RemoveRecord
from app.language import _
from app.services.crm import checks
from app.services.crm.checks import BELONGS, check_carer, check_references, check_unknown, known_by
from app.services.leads.entering import begin, first_standing
from app.services.opportunities import entering as opportunities
from app.services.remembering import remember, shown
from app.services.tasks.entering import check_new, tell_made
from app.services.team.acting import acting
from app.store.connection import Connection
from app.store.crm import finding, records
from app.store.database import Store
from app.store.leads.changing import standing_leads

if TYPE_CHECKING:
    from sqlmodel import Session

#: Mails that `show` names.
SHOWN_MAILS = 50
_PAGE = 500


@dataclass(frozen=True, slots=True)
class LinkedMail:
    """A mail that a record is linked to. `id`: of the message."""

    id: int
    date: datetime
    sender: str
    subject: str


@dataclass(frozen=True, slots=True)
class Record:
    """A whole record. `data`: its fields, as they can be edited; `contact`, `lead`, `opportunity`: the records it
    belongs to; `standing`: how a lead stands."""

    row: RecordRow
    data: RecordInput
    created_at: datetime
    changed_at: datetime
    contact: RecordRow | None = None
    lead: RecordRow | None = None
    opportunity: RecordRow | None = None
    mails: tuple[LinkedMail, ...] = ()
    standing: Standing | None = None


def create(
    store: Store,
    kind: Kind,
    values: Mapping[str, Any],
    *,
    author: str,
    now: datetime,
    beside: Collection[int] | None = None,
) -> RecordRow:
    """Make a record out of typed values; it is assigned to its author unless they say otherwise, but for a lead, which is
    new until somebody is named. `beside`: see `check_unknown`.

    Raises BadInput naming the fields that cannot be used, NotFound for a contact or lead that does not exist, NotAMember,
    LeadRefusal and AlreadyKnown.
    """
    own = {} if kind is Kind.LEAD else {"assignee": author}
    data = read_input(INPUTS[kind], own | dict(values), now.date())
    return row(store, kind, create_many(store, kind, [data], author=author, now=now, beside=beside)[0])


def create_many(
    store: Store,
    kind: Kind,
    inputs: Sequence[RecordInput],
    *,
    now: datetime,
    author: str | None = None,
    beside: Collection[int] | None = None,
) -> list[int]:
    """Make records in one transaction; their ids. Without an author nobody of the team has made them. Raises NotFound,
    NotAMember, LeadRefusal and AlreadyKnown as `create` does."""
    with store.session() as session:
        tx = store.sql_of(session)
        member = None if author is None else acting(tx, author, now)
        for data in inputs:
            check_references(tx, data)
            check_unknown(tx, data, beside)
        made = [enter(session, tx, kind, data, member, now) for data in inputs]
        if member is not None:
            _remember_made(tx, kind, made, member.login, now)
        return made


def _remember_made(tx: Connection, kind: Kind, made: Sequence[int], login: str, now: datetime) -> None:
    title = ", ".join(row.title for row in records.record_rows(tx, [(kind, number) for number in made]))
    inverses = [RemoveRecord(kind.value, number, _seconds(now)) for number in made]
    remember(tx, login, _("“{title}” made").format(title=shown(title)), inverses, now)


def enter(
    session: Session, tx: Connection, kind: Kind, data: RecordInput, member: Member | None, now: datetime
) -> int:
    """Write a new record within a transaction, by the rules of its kind; its id. Without a member nobody of the team makes
    it. Raises NotAMember and Refused."""
    from app.store.crm.record_entry import write_record

    standing = first_standing(tx, data, member, now) if isinstance(data, LeadInput) else None
    if member is not None and isinstance(data, TaskInput):
        check_new(tx, data, member.login, now)
    if member is not None:
        check_carer(tx, data, member.login)
    if member is not None and isinstance(data, OpportunityInput):
        opportunities.check_new(tx, data, member, now)
    author = member.login if member else ""
    number = write_record(session, tx, kind, data, author, _seconds(now))
    if standing is not None:
        begin(tx, number, standing, author, _seconds(now))
    if member is not None and isinstance(data, TaskInput):
        tell_made(tx, number, data, member.login, now)
    return number


def row(store: Store, kind: Kind, record_id: int) -> RecordRow:
    """A record as lists show it. Raises NotFound."""
    found = records.record_row(store.read, kind, record_id)
    if found is None:
        raise not_found(kind, record_id)
    return found


def show(store: Store, kind: Kind, record_id: int) -> Record:
    """A record with everything in it, and the newest mails linked to it. Raises NotFound."""
    record = whole(store.read, kind, [stored(store.read, kind, record_id)])[0]
    mails = records.mails_of(store.read, kind, record_id, SHOWN_MAILS)
    return replace(
        record,
        mails=tuple(
            LinkedMail(message, datetime.fromtimestamp(date, UTC), name or address, subject)
            for message, date, name, address, subject in mails
        ),
    )


def list_records(
    store: Store,
    kind: Kind,
    *,
    text: str = "",
    state: str = "",
    assignee: str = "",
    limit: int | None = None,
    offset: int = 0,
) -> list[RecordRow]:
    """Records of a kind: contacts by name, the others open ones first and by their day. `text`: each of its words begins a
    word of the record or of its contact. `state`: of an opportunity its stage."""
    ids = records.listed(
        store.read, kind, text=text, state=state, assignee=assignee, limit=limit, offset=offset
    )
    return records.record_rows(store.read, [(kind, number) for number in ids])


def offered(store: Store, kind: Kind, text: str, limit: int) -> list[RecordRow]:
    """What there is to choose from: what the words typed find, the likeliest first; without them the first of the list."""
    return (
        find_records(store, text, limit, (kind,)) if text.strip() else list_records(store, kind, limit=limit)
    )


def record_ids(store: Store, kind: Kind, text: str = "") -> list[int]:
    """Ids of all records of a kind in the order of `list_records`; with `text` of those found by it."""
    if text.strip():
        return [found.id for found in find_records(store, text, _PAGE, (kind,))]
    return records.listed(store.read, kind)


def records_with(store: Store, kind: Kind, ids: Sequence[int]) -> list[Record]:
    """The records with these ids, without their mails; those that are gone are left out."""
    return whole(store.read, kind, records.stored_records(store.read, kind, ids))


def every_record(store: Store, kind: Kind, *, state: str = "", assignee: str = "") -> Iterator[Record]:
    """All records of a kind, whole but without their mails, in the order of `list_records`."""
    ids = records.listed(store.read, kind, state=state, assignee=assignee)
    for start in range(0, len(ids), _PAGE):
        yield from whole(
            store.read, kind, records.stored_records(store.read, kind, ids[start : start + _PAGE])
        )


def find_records(
    store: Store, text: str, limit: int = 20, kinds: Sequence[Kind] = tuple(Kind)
) -> list[RecordRow]:
    """Records in which every word typed begins a word, umlauts written either way; every kind found has its share of
    the answer. What is open with the contacts found comes last."""
    groups = finding.find(store.read, text, kinds, limit)
    share = max(limit // max(len(groups), 1), 1)
    keys = dict.fromkeys(key for group in groups for key in group[:share])
    keys |= dict.fromkeys(key for group in groups for key in group)
    chosen = set(list(keys)[:limit])
    in_groups = dict.fromkeys(key for group in groups for key in group if key in chosen)
    return records.record_rows(store.read, in_groups)


def contacts_with(store: Store, addresses: Iterable[str]) -> list[RecordRow]:
    """The contacts that have one of these e-mail addresses."""
    return known_by(store.read, addresses)


def open_leads_of(store: Store, contact_id: int) -> list[RecordRow]:
    """The leads of a contact that are not done, the newest first."""
    return checks.open_leads_of(store.read, contact_id)


def stages(store: Store) -> list[str]:
    """The stages of opportunities that are in use, in the order of the alphabet."""
    return records.stages(store.read)


def whole(read: Connection, kind: Kind, found: Sequence[records.StoredRecord]) -> list[Record]:
    """The records with what they belong to; one query a kind for all."""
    belongs = [
        (of, each.values[field])
        for of, field in BELONGS.items()
        for each in found
        if each.values.get(field) is not None
    ]
    rows = {
        (row.kind, row.id): row
        for row in records.record_rows(read, [*((kind, each.id) for each in found), *belongs])
    }
    leads = standing_leads(read, [each.id for each in found]) if kind is Kind.LEAD else {}
    return [
        Record(
            rows[(kind, each.id)],
            INPUTS[kind].model_validate(each.values),
            datetime.fromtimestamp(each.created_at, UTC),
            datetime.fromtimestamp(each.changed_at, UTC),
            rows.get((Kind.CONTACT, each.values.get("contact_id", 0))),
            rows.get((Kind.LEAD, each.values.get("lead_id", 0))),
            rows.get((Kind.OPPORTUNITY, each.values.get("opportunity_id", 0))),
            standing=leads[each.id].standing if each.id in leads else None,
        )
        for each in found
        if (kind, each.id) in rows
    ]


def stored(read: Connection, kind: Kind, record_id: int) -> records.StoredRecord:
    """A record as the store has it. Raises NotFound."""
    found = records.stored_records(read, kind, [record_id])
    if not found:
        raise not_found(kind, record_id)
    return found[0]


def _seconds(now: datetime) -> int:
    return int(now.timestamp())
