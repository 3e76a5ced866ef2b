"""The history of a record (Verlauf): read line by line, and notes and calls written into it, with whom they name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.domain.crm.calls import CallOutcome
from app.domain.crm.history import Event, HistoryLine, LineKey
from app.domain.crm.kinds import Kind, RecordRow, TaskKind, not_found
from app.domain.crm.record_fields import LONGEST_LINE, LONGEST_NOTE
from app.domain.crm.record_input import TaskInput
from app.domain.due import Due, check_ahead, format_due
from app.domain.errors import BadInput, NotFound
from app.domain.leads.rules import check_works
from app.domain.moments import iso
from app.domain.team.members import Member
from app.domain.text import clean_block
from app.domain.undo import RemoveEntry, RemoveRecord
from app.language import _
from app.services.crm.checks import BELONGS
from app.services.crm.mentions import tell_mentioned
from app.services.crm.records import create, stored
from app.services.remembering import remember, shown
from app.services.team.acting import acting
from app.store.connection import Connection
from app.store.crm import timeline as reading
from app.store.crm.history import add_entry
from app.store.crm.records import record_row
from app.store.database import Store


class LineGone(NotFound):
    title = "This is no longer there"


def timeline(store: Store, kind: Kind, record_id: int) -> list[LineKey]:
    """All that happened to a record and to what belongs to it, the newest first: one query, however much it is."""
    return reading.timeline(store.read, kind, record_id)


def lines(store: Store, kind: Kind, record_id: int, keys: Sequence[LineKey]) -> list[HistoryLine]:
    """Some lines of that, with the beginnings of their texts; those that are gone are left out."""
    return reading.lines(store.read, kind, record_id, keys)


def whole_line(store: Store, kind: Kind, record_id: int, key: LineKey) -> HistoryLine:
    """A line with all of its text. Raises NotFound when it is gone."""
    found = reading.lines(store.read, kind, record_id, [key], whole=True)
    if not found:
        raise LineGone
    return found[0]


def history(store: Store, kind: Kind, record_id: int, limit: int | None = None) -> list[HistoryLine]:
    """The newest lines whole, the oldest of them first, to be printed."""
    keys = timeline(store, kind, record_id)[:limit][::-1]
    return reading.lines(store.read, kind, record_id, keys, whole=True)


def history_json(line: HistoryLine) -> dict[str, Any]:
    """A line as the command line prints it, amounts in euros. `event`: "mail", "mail sent", "comment", or what an entry
    tells."""
    event = (
        line.event.value if line.event else "comment" if line.author else "mail sent" if line.sent else "mail"
    )
    return {
        "at": iso(line.at),
        "author": line.author or line.name,
        "event": event,
        "text": line.text,
        "details": {name: _in_euros(name, value) for name, value in line.details.items()},
        "record": {"kind": line.record.kind.value, "id": line.record.id} if line.record else None,
        "mail": line.message_id,
        "document": line.document_id,
    }


def _in_euros(name: str, value: Any) -> Any:
    """What a detail holds, or held before and after; amounts are kept in cents."""
    if name != "value":
        return value
    if isinstance(value, list):
        return [_in_euros(name, each) for each in value]
    return value / 100 if isinstance(value, int) else value


def note(store: Store, kind: Kind, record_id: int, text: str, *, author: str, now: datetime) -> None:
    """Write a note. Raises BadInput for an empty or endless one, NotFound, NotAMember and ReadsOnly."""
    text = note_text(text)
    if not text:
        raise BadInput(_("a note has 1 to {n} characters").format(n=LONGEST_NOTE))
    with store.write() as tx:
        member, row = at_work(tx, kind, record_id, author, now)
        entry = add_entry(tx, kind, record_id, Event.NOTE, member.login, _seconds(now), text)
        mentions = tell_mentioned(tx, kind.value, [record_id], text, member.login, now)
        told = _("Note on “{title}”").format(title=shown(row.title))
        remember(tx, member.login, told, [RemoveEntry(entry, mentions)], now)


def log_call(
    store: Store,
    kind: Kind,
    record_id: int,
    outcome: CallOutcome,
    *,
    text: str = "",
    again: Due | None = None,
    author: str,
    now: datetime,
) -> int | None:
    """Note a call. `again`: when to call again; a follow-up of the author is due then, of which this gives the id.

    Raises BadInput, DuePast for what is over already, NotFound, NotAMember and ReadsOnly.
    """
    from app.store.crm.record_entry import write_record

    text, at = note_text(text), _seconds(now)
    check_ahead(again, now)
    details = {"outcome": outcome.value} | ({"again": format_due(again)} if again else {})
    with store.session() as session:
        tx = store.sql_of(session)
        member, row = at_work(tx, kind, record_id, author, now)
        task: int | None = None
        made: list[RemoveRecord] = []
        if again is not None:
            data = _follow_up(tx, row, again, member.login)
            task = write_record(session, tx, Kind.TASK, data, member.login, at)
            details["task"] = str(task)
            made = [RemoveRecord(Kind.TASK.value, task, at)]
        entry = add_entry(tx, kind, record_id, Event.CALL, member.login, at, text, details)
        mentions = tell_mentioned(tx, kind.value, [record_id], text, member.login, now)
        told = _("Call on “{title}”").format(title=shown(row.title))
        remember(tx, member.login, told, [RemoveEntry(entry, mentions), *made], now)
        return task


def _follow_up(tx: Connection, row: RecordRow, due: Due, login: str) -> TaskInput:
    """What is to be done: call, about what the record belongs to."""
    title = _("Call: {title}").format(title=row.title)
    return TaskInput(
        title=title[:LONGEST_LINE],
        kind=TaskKind.FOLLOW_UP,
        due_on=due.day,
        remind_at=due.remind_at,
        assignee=login,
        **_belongs(tx, row.kind, row.id),
    )


def add_task(
    store: Store, kind: Kind, record_id: int, values: Mapping[str, Any], *, author: str, now: datetime
) -> RecordRow:
    """Make a task or follow-up that belongs to a record and to what that belongs to. Raises as `records.create` does."""
    return create(
        store, Kind.TASK, {**values, **_belongs(store.read, kind, record_id)}, author=author, now=now
    )


def _belongs(read: Connection, kind: Kind, record_id: int) -> dict[str, int | None]:
    """The fields of a task that belongs to a record. Raises NotFound."""
    values = stored(read, kind, record_id).values
    belongs = {field: values.get(field) for field in BELONGS.values()}
    return belongs | ({BELONGS[kind]: record_id} if kind in BELONGS else {})


# -- what notes, calls and documents share


def note_text(text: str) -> str:
    """A text as it is kept, of several lines. Raises BadInput for an endless one."""
    text = clean_block(text).strip()
    if len(text) > LONGEST_NOTE:
        raise BadInput(_("a note has 1 to {n} characters").format(n=LONGEST_NOTE))
    return text


def at_work(
    tx: Connection, kind: Kind, record_id: int, author: str, now: datetime
) -> tuple[Member, RecordRow]:
    """The member who writes something into the history of a record that is there, and that record. Raises NotFound,
    NotAMember and ReadsOnly."""
    member = acting(tx, author, now)
    check_works(member)
    row = record_row(tx, kind, record_id)
    if row is None:
        raise not_found(kind, record_id)
    return member, row


def _seconds(now: datetime) -> int:
    return int(now.timestamp())
