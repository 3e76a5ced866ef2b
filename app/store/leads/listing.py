"""Leads for the board and the list: their ids in order, a portion of them as rows, and their counters; reads only.

A place holds the ids of all its leads, 50,000 of them in a third of a megabyte, and asks for the rows that it draws. The
ids come out of one index that holds all that is filtered by (`lead_list`), so that no note is read on the way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from app.domain.crm.kinds import LeadState
from app.domain.crm.naming import words
from app.domain.folding import fold
from app.domain.leads.filter import NO_CAMPAIGN, LeadFilter, LeadSort, SortKey
from app.domain.leads.rows import LeadCount, LeadRow
from app.store.connection import Connection, Dialect, Row, rows_in, time_of
from app.store.crm.finding import with_word
from app.store.days import begin_of, end_of

Params = list[Any]

#: Within a group of the board. New: who has waited longest comes first, so that nobody is forgotten, and what arrives
#: moves no card below the cursor. Active: overdue and due first, then what has no day. Done: what was finished last.
_BOARD_ORDER = """CASE lead.state WHEN 'new' THEN lead.created_at WHEN 'done' THEN -lead.finished_at
  ELSE CASE lead.due_on WHEN '' THEN 1 ELSE 0 END END,
  CASE lead.state WHEN 'active' THEN lead.due_on ELSE '' END,
  CASE lead.state WHEN 'done' THEN -lead.id ELSE lead.id END"""
_OVERDUE = "lead.due_on <> '' AND lead.due_on < ? AND lead.state <> 'done'"


def board_ids(read: Connection, wanted: LeadFilter, today: date) -> dict[LeadState, list[int]]:
    """The ids of each group of the board, in its order; a group that the filter leaves out is empty."""
    found: dict[LeadState, list[int]] = {state: [] for state in LeadState}
    if wanted.text:  # words are looked for once, not in each group anew; and they leave little to read
        where, params = conditions(read.dialect, wanted, today)
        sql = f"SELECT lead.state, lead.id FROM lead WHERE {where} ORDER BY {_BOARD_ORDER}"
        for state, number in read.rows(sql, params):
            found[state].append(number)
    else:
        for group in wanted.states or LeadState:
            found[group] = _ids(read, replace(wanted, states=(group,)), today, _BOARD_ORDER)
    return found


def list_ids(read: Connection, wanted: LeadFilter, sort: LeadSort, today: date) -> list[int]:
    """The ids of all leads that the filter lets through, sorted."""
    if sort.key in _NAMES:
        return _by_name(read, wanted, sort, today)
    return _ids(read, wanted, today, _order(read.dialect, sort))


def _ids(read: Connection, wanted: LeadFilter, today: date, order: str) -> list[int]:
    where, params = conditions(read.dialect, wanted, today)
    return read.ids(f"SELECT lead.id FROM lead WHERE {where} ORDER BY {order}", params)


def lead_rows(read: Connection, ids: Sequence[int]) -> list[LeadRow]:
    """The leads with these ids, in this order; those that are gone are left out."""
    found = {row[0]: _row(row) for row in rows_in(read, _ROWS, ids)}
    return [found[number] for number in ids if number in found]


def lead_counts(read: Connection, wanted: LeadFilter, today: date) -> dict[LeadState, LeadCount]:
    """The counters of every state, in one query; of values as exact as the figures of the overviews."""
    where, params = conditions(read.dialect, wanted, today)
    rows = read.rows(
        f"""SELECT lead.state, count(*), coalesce(sum(CAST(lead.value AS DOUBLE PRECISION)), 0),
  coalesce(sum(CASE WHEN {_OVERDUE} THEN 1 ELSE 0 END), 0) FROM lead WHERE {where} GROUP BY lead.state""",
        [today.isoformat(), *params],
    )
    counted = {
        LeadState(state): LeadCount(leads, int(value), overdue) for state, leads, value, overdue in rows
    }
    return {state: counted.get(state, LeadCount()) for state in LeadState}


def campaigns(read: Connection) -> list[tuple[int, str]]:
    """(id, name) of the campaigns, by name."""
    return sorted(read.rows("SELECT id, name FROM campaign"), key=lambda row: (fold(row[1]), row[0]))


def sources(read: Connection) -> list[str]:
    """What leads have as their source, by name."""
    rows = read.rows("SELECT DISTINCT source FROM lead WHERE source <> ''")
    return sorted((row[0] for row in rows), key=lambda source: (fold(source), source))


def conditions(dialect: Dialect, wanted: LeadFilter, today: date) -> tuple[str, Params]:
    """What must hold of a row of `lead`, as SQL with its parameters."""
    parts: list[tuple[str, Params]] = [("1 = 1", [])]
    if wanted.states:
        some = ", ".join("?" * len(wanted.states))
        parts.append((f"lead.state IN ({some})", [state.value for state in wanted.states]))
    if wanted.assignee is not None:
        parts.append(("lead.assignee = ?", [wanted.assignee]))
    if wanted.campaign_id == NO_CAMPAIGN:
        parts.append(("lead.campaign_id IS NULL", []))
    elif wanted.campaign_id is not None:
        parts.append(("lead.campaign_id = ?", [wanted.campaign_id]))
    if wanted.contact_id is not None:
        parts.append(("lead.contact_id = ?", [wanted.contact_id]))
    if wanted.source:
        parts.append(("lead.source = ?", [wanted.source]))
    if wanted.created_from is not None:
        parts.append(("lead.created_at >= ?", [begin_of(wanted.created_from)]))
    if wanted.created_to is not None:
        parts.append(("lead.created_at < ?", [end_of(wanted.created_to)]))
    if wanted.overdue:
        parts.append((_OVERDUE, [today.isoformat()]))
    parts += [with_word(dialect, "lead", word) for word in dict.fromkeys(words(wanted.text))]
    return " AND ".join(sql for sql, _ in parts), [value for _, values in parts for value in values]


def _order(dialect: Dialect, sort: LeadSort) -> str:
    down = " DESC" if sort.descending else ""
    alphabet = ' COLLATE "C"' if dialect == "postgresql" else ""
    orders = {
        SortKey.DUE: "CASE lead.state WHEN 'done' THEN 1 ELSE 0 END, "
        f"CASE lead.due_on WHEN '' THEN 1 ELSE 0 END, lead.due_on{down}",
        SortKey.CREATED: f"lead.created_at{down}",
        SortKey.CHANGED: f"lead.changed_at{down}",
        SortKey.TITLE: f"lead.search{alphabet}{down}",
        SortKey.VALUE: f"CASE WHEN lead.value IS NULL THEN 1 ELSE 0 END, lead.value{down}",
        SortKey.STATE: f"CASE lead.state WHEN 'new' THEN 0 WHEN 'active' THEN 1 ELSE 2 END{down}",
    }
    return f"{orders[sort.key]}, lead.id{down}"


#: Names that leads are sorted by, and by which column of theirs. They are put in order here, as Germans do it, whatever
#: alphabet a database was made with; those of contacts are folded already.
_NAMES = {
    SortKey.CONTACT: ("lead.contact_id", "SELECT id, name_order FROM contact"),
    SortKey.ASSIGNEE: ("lead.assignee", "SELECT login, name FROM member"),
    SortKey.CAMPAIGN: ("lead.campaign_id", "SELECT id, name FROM campaign"),
    SortKey.SOURCE: ("lead.source", "SELECT DISTINCT source, source FROM lead"),
}


#: All ids of a group as one text: a row for each of them would take longer to read than to find.
_TOGETHER: dict[Dialect, str] = {
    "sqlite": "group_concat(lead.id)",
    "postgresql": "string_agg(CAST(lead.id AS TEXT), ',')",
}


def _by_name(read: Connection, wanted: LeadFilter, sort: LeadSort, today: date) -> list[int]:
    column, named = _NAMES[sort.key]
    names: dict[Any, str] = dict(read.rows(named))
    if sort.key is not SortKey.CONTACT:
        names = {key: fold(name) for key, name in names.items()}
    where, params = conditions(read.dialect, wanted, today)
    sql = f"SELECT {column}, {_TOGETHER[read.dialect]} FROM lead WHERE {where} GROUP BY {column}"
    groups = {
        key: sorted(map(int, together.split(",")), reverse=sort.descending)
        for key, together in read.rows(sql, params)
    }
    last = [number for key in ("", None) for number in groups.pop(key, [])]
    # A login that is no member's is its own name.
    order = sorted(groups, key=lambda key: (names.get(key) or fold(str(key)), key), reverse=sort.descending)
    return [number for key in order for number in groups[key]] + last


_ROWS = """SELECT lead.id, lead.title, lead.state, lead.contact_id, contact.first_name, contact.last_name,
  contact.company, coalesce((SELECT address FROM contact_email WHERE contact_id = contact.id ORDER BY id LIMIT 1), ''),
  coalesce(campaign.name, ''), lead.source, lead.assignee, coalesce(member.name, lead.assignee), lead.value,
  lead.next_step, lead.due_on, lead.created_at, lead.activated_at, lead.finished_at, lead.result, lead.reason,
  lead.reason_text, lead.changed_at
  FROM lead LEFT JOIN contact ON contact.id = lead.contact_id LEFT JOIN campaign ON campaign.id = lead.campaign_id
  LEFT JOIN member ON member.login = lead.assignee WHERE lead.id IN """


def _row(row: Row) -> LeadRow:
    number, title, state, contact_id, first, last, company, address, *rest = row
    campaign, source, assignee, member, value, step, due, created, activated, finished, *ended, changed = rest
    name = f"{first or ''} {last or ''}".strip()
    created_at, changed_at = time_of(created), time_of(changed)
    assert created_at is not None
    assert changed_at is not None
    return LeadRow(
        id=number,
        title=title,
        state=LeadState(state),
        contact_id=contact_id,
        contact=name or ("" if company else address),
        company=company or "",
        campaign=campaign,
        source=source,
        assignee=assignee,
        assignee_name=member,
        value=value,
        next_step=step,
        due=date.fromisoformat(due) if due else None,
        created_at=created_at,
        activated_at=time_of(activated),
        finished_at=time_of(finished),
        result=ended[0],
        reason=ended[1],
        reason_text=ended[2],
        changed_at=changed_at,
    )
