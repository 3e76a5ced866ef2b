"""Reads the history of a record in time order: its entries, the mails linked to it with their comments, and what happened to
the records that belong to it; first which lines there are, then some of them whole.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from app.domain.crm.history import Event, HistoryLine, LineKey, Source, changes_in
from app.domain.crm.kinds import Kind
from app.store.connection import Connection, rows_in
from app.store.crm.records import RecordKey, record_rows
from app.store.crm.suggest import own_addresses

#: Characters of a text that a list gets; the rest is read when it is opened.
SHOWN = 600
_ALL = 1_000_000

_OF_CONTACT = """UNION SELECT 'lead', id FROM lead WHERE contact_id = ?
  UNION SELECT 'opportunity', id FROM opportunity WHERE contact_id = ?
  UNION SELECT 'opportunity', o.id FROM opportunity o JOIN lead l ON l.id = o.lead_id WHERE l.contact_id = ?
  UNION SELECT 'task', id FROM task WHERE contact_id = ?
  UNION SELECT 'task', t.id FROM task t JOIN lead l ON l.id = t.lead_id WHERE l.contact_id = ?
  UNION SELECT 'task', t.id FROM task t JOIN opportunity o ON o.id = t.opportunity_id WHERE o.contact_id = ?"""
_OF_LEAD = """UNION SELECT 'opportunity', id FROM opportunity WHERE lead_id = ?
  UNION SELECT 'task', id FROM task WHERE lead_id = ?
  UNION SELECT 'task', t.id FROM task t JOIN opportunity o ON o.id = t.opportunity_id WHERE o.lead_id = ?"""
_OF_OPPORTUNITY = "UNION SELECT 'task', id FROM task WHERE opportunity_id = ?"
#: The records whose history belongs to that of a record.
_SCOPE = {
    Kind.CONTACT: _OF_CONTACT,
    Kind.LEAD: _OF_LEAD,
    Kind.OPPORTUNITY: _OF_OPPORTUNITY,
    Kind.TASK: "",
}
#: What is told of those: no change of their fields, and of tasks nothing that the record tells itself.
_TOLD = """(scope.kind = ? AND scope.id = ?) OR e.event NOT IN ('changed', 'postponed', 'task made', 'task done')
  AND (scope.kind <> 'task' OR e.event IN ('note', 'call', 'document', 'reopened'))"""


def timeline(read: Connection, kind: Kind, record_id: int) -> list[LineKey]:
    """All lines of the history of a record, the newest first."""
    scope = _SCOPE[kind]
    of = [record_id] * scope.count("?")
    rows = read.rows(
        f"""WITH scope (kind, id) AS (SELECT '{kind.value}', CAST(? AS BIGINT) {scope}),
  mail (id) AS (SELECT DISTINCT link.message_id FROM scope JOIN link ON link.kind = scope.kind AND link.record_id = scope.id)
SELECT e.at, 'e', e.id FROM scope JOIN history_entry e ON e.kind = scope.kind AND e.record_id = scope.id WHERE {_TOLD}
UNION ALL SELECT message.date, 'm', message.id FROM mail JOIN message ON message.id = mail.id
UNION ALL SELECT comment.created_at, 'c', comment.id FROM mail JOIN comment ON comment.message_id = mail.id
ORDER BY 1 DESC, 2 DESC, 3 DESC""",
        (record_id, *of, kind.value, record_id),
    )
    return [LineKey(at, Source(source), number) for at, source, number in rows]


def lines(
    read: Connection, kind: Kind, record_id: int, keys: Sequence[LineKey], *, whole: bool = False
) -> list[HistoryLine]:
    """These lines in this order; those that are gone are left out. `whole`: with all of their texts."""
    shown = _ALL if whole else SHOWN
    found: dict[LineKey, HistoryLine] = {}
    entries = _entries(read, keys, shown)
    titles, names = _named(read, [line for line, _key in entries]), _names(read) if entries else {}
    wanted = [key for _line, key in entries if key != (kind, record_id)]
    records = {(row.kind, row.id): row for row in record_rows(read, wanted)}
    for line, of in entries:
        found[line.key] = replace(line, record=records.get(of), titles=titles, names=names)
    found |= {line.key: line for line in (*_mails(read, keys), *_comments(read, keys, shown))}
    return [found[key] for key in keys if key in found]


def _entries(read: Connection, keys: Sequence[LineKey], shown: int) -> list[tuple[HistoryLine, RecordKey]]:
    sql = f"""SELECT e.id, e.at, e.author, coalesce(member.name, e.author), e.event, substr(e.text, 1, {shown}),
  length(e.text), e.details, e.kind, e.record_id, e.document_id, document.name, document.size
  FROM history_entry e LEFT JOIN member ON member.login = e.author LEFT JOIN document ON document.id = e.document_id
  WHERE e.id IN """
    found: list[tuple[HistoryLine, RecordKey]] = []
    for row in rows_in(read, sql, _ids(keys, Source.ENTRY)):
        number, at, author, name, event, text, length, details, kind, record, document, file, size = row
        line = HistoryLine(
            key=LineKey(at, Source.ENTRY, number),
            at=datetime.fromtimestamp(at, UTC),
            author=author,
            name=name,
            text=file or text,
            event=Event(event),
            details=json.loads(details) if details else {},
            document_id=document,
            size=size or 0,
            is_cut=length > shown,
        )
        found.append((line, (Kind(kind), record)))
    return found


def _mails(read: Connection, keys: Sequence[LineKey]) -> list[HistoryLine]:
    ids = _ids(keys, Source.MAIL)
    own = own_addresses(read) if ids else set()
    sql = "SELECT id, date, sender_name, sender_address, subject FROM message WHERE id IN "
    return [
        HistoryLine(
            key=LineKey(date, Source.MAIL, number),
            at=datetime.fromtimestamp(date, UTC),
            author="",
            name=name or address,
            text=subject,
            sent=address.lower() in own,
            message_id=number,
        )
        for number, date, name, address, subject in rows_in(read, sql, ids)
    ]


def _comments(read: Connection, keys: Sequence[LineKey], shown: int) -> list[HistoryLine]:
    sql = f"""SELECT comment.id, comment.created_at, comment.author, coalesce(member.name, comment.author),
  substr(comment.text, 1, {shown}), length(comment.text), comment.message_id
  FROM comment LEFT JOIN member ON member.login = comment.author WHERE comment.id IN """
    return [
        HistoryLine(
            key=LineKey(at, Source.COMMENT, number),
            at=datetime.fromtimestamp(at, UTC),
            author=author,
            name=name,
            text=text,
            message_id=message,
            is_cut=length > shown,
        )
        for number, at, author, name, text, length, message in rows_in(read, sql, _ids(keys, Source.COMMENT))
    ]


def _ids(keys: Sequence[LineKey], source: Source) -> list[int]:
    return [key.id for key in keys if key.source is source]


def _named(read: Connection, entries: Sequence[HistoryLine]) -> dict[tuple[str, int], str]:
    """The titles of the records that were put into fields."""
    keys = {
        (Kind(field.removesuffix("_id")), number)
        for line in entries
        for field, values in changes_in(line.details).items()
        if field.endswith("_id")
        for number in values
        if isinstance(number, int)
    }
    return {(row.kind.value, row.id): row.title for row in record_rows(read, keys)}


def _names(read: Connection) -> dict[str, str]:
    return dict(read.rows("SELECT login, name FROM member"))
