"""Reads the personal task list: its entries in their order by one query, the lines in sight by a few more; plain SQL."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from app.domain.crm.agenda import Entry, EntryKind, Key, Wish
from app.domain.crm.kinds import Kind, RecordRow, TaskState
from app.domain.crm.naming import words
from app.domain.crm.tasks import belongs_to
from app.domain.due import Due
from app.store.connection import Connection, Row, rows_in
from app.store.crm.finding import POSITION
from app.store.crm.records import contact_label, record_rows
from app.store.team.mentions import MAIL

#: Entries that are listed of what is finished.
FINISHED = 500
_KINDS = {kind.value: kind for kind in EntryKind}  # a look here is quicker than the enumeration's own
_TASKS = (EntryKind.TASK, EntryKind.FOLLOW_UP)


def keys(read: Connection, wish: Wish, today: str) -> list[Key]:
    """The entries in the order of their days, those of a day by their time; what is finished: the last first. `today`:
    a mention is due on the day on which it is looked at, unless it was put off to a later one."""
    parts = [_records(read, wish), _mentions(wish, today)]
    sql = " UNION ALL ".join(part for part, _values in parts if part)
    if not sql:
        return []
    order = (
        """CASE due_on WHEN '' THEN 1 ELSE 0 END, due_on, CASE at WHEN 0 THEN 1 ELSE 0 END, at, kind, id"""
    )
    if wish.done:
        order = f"at DESC, kind, id DESC LIMIT {FINISHED}"
    rows = read.rows(
        f"SELECT kind, id, due_on FROM ({sql}) AS entry ORDER BY {order}",
        [value for _part, values in parts for value in values],
    )
    found = [Key(_KINDS[kind], number, "" if wish.done else due) for kind, number, due in rows]
    return _with_words(read, found, words(wish.text)) if wish.text.strip() else found


def _records(read: Connection, wish: Wish) -> tuple[str, list[Any]]:
    """Leads and tasks."""
    parts: list[str] = []
    values: list[Any] = []
    typed = words(wish.text)
    found = f"{POSITION[read.dialect]}(r.search || coalesce(contact.search, ''), ?) > 0"
    join = "LEFT JOIN contact ON contact.id = r.contact_id" if typed else ""
    where = "".join(f" AND {found}" for _word in typed)
    whose = " AND r.assignee = ?" if wish.assignee else ""
    given = [*([wish.assignee] if wish.assignee else []), *(f" {word}" for word in typed)]
    if wish.holds(EntryKind.LEAD):
        parts.append(f"""SELECT 'lead' AS kind, r.id, r.due_on, 0 AS at FROM lead r {join}
  WHERE r.state = 'active'{whose}{where}""")
        values += given
    if kinds := [kind for kind in _TASKS if wish.holds(kind)]:
        state, at = ("done", "r.finished_at") if wish.done else ("open", "r.remind_at")
        only = f" AND r.kind = '{kinds[0].value}'" if len(kinds) == 1 else ""
        parts.append(f"""SELECT r.kind, r.id, r.due_on, coalesce({at}, 0) AS at FROM task r {join}
  WHERE r.state = '{state}'{whose}{where}{only}""")
        values += given
    return " UNION ALL ".join(parts), values


def _mentions(wish: Wish, today: str) -> tuple[str, list[Any]]:
    if not wish.holds(EntryKind.MENTION):
        return "", []
    at, state = ("done_at", "NOT NULL") if wish.done else ("0", "NULL")
    whose = " AND login = ?" if wish.assignee else ""
    sql = f"""SELECT 'mention' AS kind, id, CASE WHEN due_on > ? THEN due_on ELSE CAST(? AS TEXT) END AS due_on, {at} AS at
  FROM mention WHERE done_at IS {state}{whose}"""
    return sql, [today, today, *([wish.assignee] if wish.assignee else [])]


def _with_words(read: Connection, found: Sequence[Key], typed: Sequence[str]) -> list[Key]:
    """Without the mentions that do not hold the words: their texts are not stored folded, and are few."""
    ids = [key.id for key in found if key.kind is EntryKind.MENTION]
    texts: dict[int, str] = dict(rows_in(read, "SELECT id, text FROM mention WHERE id IN ", ids))
    fitting = {
        number
        for number, text in texts.items()
        if all(any(word.startswith(part) for word in words(text)) for part in typed)
    }
    return [key for key in found if key.kind is not EntryKind.MENTION or key.id in fitting]


def due_counts(read: Connection, login: str, today: str) -> tuple[int, int]:
    """How many open entries of a member are overdue, and how many are due today, mentions among them."""
    row = read.row(
        """SELECT coalesce(sum(CASE WHEN due_on < ? THEN 1 ELSE 0 END), 0), count(*) FROM (
  SELECT due_on FROM task WHERE state = 'open' AND assignee = ? AND due_on > '' AND due_on <= ?
  UNION ALL SELECT due_on FROM lead WHERE state = 'active' AND assignee = ? AND due_on > '' AND due_on <= ?
  UNION ALL SELECT CAST(? AS TEXT) FROM mention WHERE login = ? AND done_at IS NULL AND due_on <= ?) AS entry""",
        (today, login, today, login, today, today, login, today),
    )
    assert row is not None, "it counts"
    return int(row[0]), int(row[1]) - int(row[0])


_ABOUT = "coalesce(contact.first_name, ''), coalesce(contact.last_name, ''), coalesce(contact.company, '')"
_LEADS = f"""SELECT r.id, r.title, r.next_step, r.due_on, r.assignee, coalesce(member.name, r.assignee), {_ABOUT}
  FROM lead r LEFT JOIN contact ON contact.id = r.contact_id LEFT JOIN member ON member.login = r.assignee
  WHERE r.id IN """
_OPEN = f"""SELECT r.id, r.title, r.due_on, r.remind_at, r.state, r.assignee, coalesce(member.name, r.assignee),
  (SELECT max(message_id) FROM link WHERE link.kind = 'task' AND link.record_id = r.id),
  r.lead_id, coalesce(lead.title, ''), r.opportunity_id, coalesce(opportunity.title, ''), r.contact_id, {_ABOUT}
  FROM task r LEFT JOIN contact ON contact.id = r.contact_id LEFT JOIN member ON member.login = r.assignee
  LEFT JOIN lead ON lead.id = r.lead_id LEFT JOIN opportunity ON opportunity.id = r.opportunity_id
  WHERE r.id IN """
_MENTIONS = """SELECT r.id, r.text, r.kind, r.record_id, r.login, coalesce(mine.name, r.login),
  coalesce(theirs.name, r.author), r.done_at, coalesce(message.subject, '')
  FROM mention r LEFT JOIN member mine ON mine.login = r.login LEFT JOIN member theirs ON theirs.login = r.author
  LEFT JOIN message ON r.kind = 'mail' AND message.id = r.record_id WHERE r.id IN """


def entries(read: Connection, wanted: Sequence[Key]) -> list[Entry]:
    """The lines of these entries, in this order; those that are gone are left out."""
    found: dict[tuple[EntryKind, int], Entry] = {}
    by_kind = {kind: {key.id: key for key in wanted if key.kind is kind} for kind in EntryKind}
    leads = by_kind[EntryKind.LEAD]
    for row in rows_in(read, _LEADS, list(leads)):
        found[(EntryKind.LEAD, row[0])] = _lead(leads[row[0]], row)
    tasks = by_kind[EntryKind.TASK] | by_kind[EntryKind.FOLLOW_UP]
    for row in rows_in(read, _OPEN, list(tasks)):
        found[(tasks[row[0]].kind, row[0])] = _task(tasks[row[0]], row)
    mentions = by_kind[EntryKind.MENTION]
    rows = list(rows_in(read, _MENTIONS, list(mentions)))
    records = record_rows(read, [(Kind(row[2]), row[3]) for row in rows if row[2] != MAIL])
    told_on = {(str(record.kind), record.id): record for record in records}
    for row in rows:
        found[(EntryKind.MENTION, row[0])] = _mention(mentions[row[0]], row, told_on)
    return [found[(key.kind, key.id)] for key in wanted if (key.kind, key.id) in found]


def _lead(key: Key, row: Row) -> Entry:
    number, title, next_step, due_on, assignee, name, *about = row
    due = Due.of(due_on, None)
    record = (Kind.LEAD, number)
    told_on = RecordRow(Kind.LEAD, number, title)
    label = contact_label(*about)
    return Entry(key, title, label, due, assignee, name, record, next_step=next_step, told_on=told_on)


class _Belongs(NamedTuple):
    """What a task belongs to."""

    lead_id: int | None
    lead: str
    opportunity_id: int | None
    opportunity: str
    contact_id: int | None
    contact: str


def _task(key: Key, row: Row) -> Entry:
    number, title, due_on, remind_at, state, assignee, name, message, *rest = row
    lead_id, lead, opportunity_id, opportunity, contact_id, *about = rest
    of = _Belongs(lead_id, lead, opportunity_id, opportunity, contact_id, contact_label(*about))
    names = {Kind.LEAD: of.lead, Kind.OPPORTUNITY: of.opportunity, Kind.CONTACT: of.contact, Kind.TASK: title}
    kind, record_id = next(iter(belongs_to(of)), (Kind.TASK, number))
    return Entry(
        key,
        title,
        of.contact or of.lead or of.opportunity,
        Due.of(due_on, remind_at),
        assignee,
        name,
        (Kind.TASK, number),
        message,
        state == TaskState.DONE,
        told_on=RecordRow(kind, record_id, names[kind]),
    )


def _mention(key: Key, row: Row, records: dict[tuple[str, int], RecordRow]) -> Entry:
    _number, text, kind, record_id, login, name, author, done_at, subject = row
    on_mail, told_on = kind == MAIL, records.get((kind, record_id))
    return Entry(
        key,
        text,
        subject if told_on is None else told_on.title,
        Due.of(key.due_on, None),
        login,
        name,
        None if on_mail else (Kind(kind), record_id),
        record_id if on_mail else None,
        done_at is not None,
        author=author,
        told_on=told_on,
    )
