"""Rows of the mail list out of copies, with what a person did to each message; reads only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from app.domain.crm.kinds import LinkOrigin
from app.domain.mail.messages import LinkLabel, MailRow
from app.store.connection import Connection, places

_IN_ONE_QUERY = 500


def rows_of(read: Connection, copy_ids: Sequence[int]) -> list[MailRow]:
    """The rows of these copies, in this order; copies that are gone are left out."""
    found: dict[int, MailRow] = {}
    for start in range(0, len(copy_ids), _IN_ONE_QUERY):
        found.update(_rows(read, copy_ids[start : start + _IN_ONE_QUERY]))
    return [found[copy] for copy in copy_ids if copy in found]


_ROWS = """SELECT c.id, c.message_id, c.folder_id, m.date, m.sender_name, m.sender_address, m.recipients, m.subject,
  m.size, m.attachments, c.seen, c.flagged, c.answered, c.unprocessed,
  EXISTS (SELECT 1 FROM operation o WHERE o.copy_id = c.id), coalesce(k.colour, ''),
  (SELECT count(*) FROM comment n WHERE n.message_id = c.message_id)
FROM mail_copy c JOIN message m ON m.id = c.message_id LEFT JOIN mark k ON k.message_id = c.message_id
WHERE c.id IN """


def _rows(read: Connection, copy_ids: Sequence[int]) -> Iterable[tuple[int, MailRow]]:
    rows = read.rows(_ROWS + places(copy_ids), copy_ids)
    labels = link_labels(read, {row[1] for row in rows})
    # By position and without loops, for whoever prints 100,000 of them: the order is that of the columns and of MailRow.
    for row in rows:
        copy, message, folder, at, name, address, to, subject, size, files = row[:10]
        seen, flagged, answered, unprocessed, waiting, mark, comments = row[10:]
        yield (
            copy,
            MailRow(
                copy,
                message,
                folder,
                datetime.fromtimestamp(at, UTC),
                name,
                address,
                to,
                subject,
                size,
                files,
                seen == 1,
                flagged == 1,
                answered == 1,
                unprocessed == 1,
                bool(waiting),  # SQLite says 1, PostgreSQL True
                mark,
                comments,
                labels.get(message, ()),
            ),
        )


_LABELS = """SELECT l.message_id, l.kind, l.record_id, l.origin,
  coalesce(d.title, t.title, o.title, nullif(trim(c.first_name || ' ' || c.last_name), ''), c.company, '')
FROM link l
LEFT JOIN lead d ON l.kind = 'lead' AND d.id = l.record_id
LEFT JOIN task t ON l.kind = 'task' AND t.id = l.record_id
LEFT JOIN opportunity o ON l.kind = 'opportunity' AND o.id = l.record_id
LEFT JOIN contact c ON l.kind = 'contact' AND c.id = l.record_id
WHERE l.message_id IN """


def link_labels(read: Connection, message_ids: Iterable[int]) -> dict[int, tuple[LinkLabel, ...]]:
    """What each of these messages is linked to, in order of linking; one query for all."""
    wanted = list(message_ids)
    found: dict[int, tuple[LinkLabel, ...]] = {}
    for message, *label in read.rows(f"{_LABELS}{places(wanted)} ORDER BY l.id", wanted):
        found[message] = (*found.get(message, ()), _label(*label))
    return found


def _label(kind: str, record: int, origin: str, title: str) -> LinkLabel:
    return LinkLabel(kind, record, title, origin == LinkOrigin.THREAD)


def linked_by_thread(read: Connection, after: int, since: int) -> tuple[int, int, LinkLabel | None]:
    """The number of the last link; how many messages their thread has linked since the link numbered `after` and the
    time `since` (epoch seconds), and what the last of them was linked to."""
    last = int(read.value("SELECT coalesce(max(id), 0) FROM link"))
    if last <= after:
        return last, 0, None
    rows = read.rows(
        "SELECT DISTINCT message_id FROM link WHERE id > ? AND origin = ? AND created_at >= ? ORDER BY 1",
        (after, LinkOrigin.THREAD.value, since),
    )
    if not rows:
        return last, 0, None
    labels = link_labels(read, [rows[-1][0]])[rows[-1][0]]
    return last, len(rows), next((label for label in reversed(labels) if label.by_thread), None)
