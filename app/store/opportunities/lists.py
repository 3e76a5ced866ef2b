"""Which opportunities a filter lets through, in which order, and what they come to: one query each; knows no rules."""

from __future__ import annotations

from datetime import date

from app.domain.crm.naming import words
from app.domain.months import last_day
from app.domain.opportunities.pipeline import NO_MONTH, OVERDUE, OpportunityFilter, Part, Sort, Sum
from app.domain.opportunities.stages import Outcome
from app.store.connection import Connection, places
from app.store.crm.finding import POSITION
from app.store.opportunities.rows import weighted
from app.store.opportunities.stages import stages

_MEMBER = " LEFT JOIN member ON member.login = o.assignee"
_CONTACT = " LEFT JOIN contact ON contact.id = o.contact_id"
_WEIGHTED = weighted("o")
_EXPECTED = "CASE o.expected_on WHEN '' THEN 1 ELSE 0 END, o.expected_on"
_ORDER = {
    Sort.EXPECTED: f"coalesce(-o.closed_at, 0), {_EXPECTED}",
    Sort.VALUE: f"coalesce(o.value, -1) DESC, {_EXPECTED}",
    Sort.WEIGHTED: f"{_WEIGHTED} DESC, {_EXPECTED}",
    Sort.STAGE: _EXPECTED,
    Sort.TITLE: "o.search",
    Sort.ASSIGNEE: f"coalesce(nullif(member.name, ''), o.assignee), {_EXPECTED}",
    Sort.CHANGED: "o.changed_at DESC",
}
#: Sums are taken of whole millions and of the rest apart: SQLite refuses one beyond 64 bits.
_MILLION = 1_000_000


def listed(read: Connection, wanted: OpportunityFilter, sort: Sort, today: date) -> list[tuple[int, str]]:
    """Id and stage of each that the filter lets through, what is open first."""
    tables, where, values = _scope(read, wanted, today)
    tables += _MEMBER if sort is Sort.ASSIGNEE else ""
    sql = f"""SELECT o.id, o.stage FROM {tables} WHERE {where}
  ORDER BY CASE WHEN o.closed_at IS NULL THEN 0 ELSE 1 END, {_ORDER[sort]}, o.id"""
    found = [(number, stage) for number, stage in read.rows(sql, values)]
    if sort is Sort.STAGE:
        places_of = {s.name: (s.outcome is not Outcome.OPEN, s.position) for s in stages(read)}
        found.sort(key=lambda row: places_of.get(row[1], (False, 0)))
    return found


def parts(read: Connection, wanted: OpportunityFilter, today: date) -> list[Part]:
    """What the filter lets through, added up by stage and month. SQL adds up by day: it finds these side by side in an
    index, and they are few."""
    tables, where, values = _scope(read, wanted, today)
    sums = ", ".join(
        f"coalesce(sum({amount} / {_MILLION}), 0), coalesce(sum({amount} % {_MILLION}), 0)"
        for amount in ("coalesce(o.value, 0)", _WEIGHTED)
    )
    rows = read.rows(
        f"""SELECT o.stage, o.expected_on, count(*), {sums} FROM {tables} WHERE {where}
  GROUP BY o.stage, o.expected_on""",
        values,
    )
    outcomes = {stage.name: stage.outcome for stage in stages(read)}
    found: dict[tuple[str, str], Sum] = {}
    for stage, day, count, value, cents, by_probability, rest in rows:
        more = Sum(count, int(value) * _MILLION + int(cents), int(by_probability) * _MILLION + int(rest))
        found[stage, day[:7]] = found.get((stage, day[:7]), Sum()) + more
    return [
        Part(stage, outcomes.get(stage, Outcome.OPEN), month, added)
        for (stage, month), added in found.items()
    ]


def _scope(read: Connection, wanted: OpportunityFilter, today: date) -> tuple[str, str, list[object]]:
    """The tables to look at, what must hold, and the values in that."""
    tables = "opportunity o"
    tests: list[tuple[str, list[object]]] = [("1 = 1", [])]
    if wanted.assignee:
        tests.append(("o.assignee = ?", [wanted.assignee]))
    if wanted.stage:
        tests.append(("o.stage = ?", [wanted.stage]))
    if wanted.outcome is not None:
        tests.append(_of_outcome(read, wanted.outcome))
    if wanted.month == NO_MONTH:
        tests.append(("o.expected_on = ''", []))
    elif wanted.month == OVERDUE:
        tests.append(
            ("o.expected_on > '' AND o.expected_on < ? AND o.closed_at IS NULL", [today.isoformat()])
        )
    elif wanted.month:
        span: list[object] = [f"{wanted.month}-01", last_day(wanted.month).isoformat()]
        tests.append(("o.expected_on BETWEEN ? AND ?", span))
    for word in words(wanted.text):
        if _CONTACT not in tables:
            tables += _CONTACT
        position = POSITION[read.dialect]
        found = f"({position}(o.search, ?) > 0 OR {position}(coalesce(contact.search, ''), ?) > 0)"
        tests.append((found, [f" {word}"] * 2))
    return tables, " AND ".join(sql for sql, _values in tests), [each for _sql, v in tests for each in v]


def _of_outcome(read: Connection, outcome: Outcome) -> tuple[str, list[object]]:
    """That something is at a stage with this outcome; at one that nobody knows it is open."""
    if outcome is Outcome.OPEN:
        decided = [stage.name for stage in stages(read) if stage.outcome is not Outcome.OPEN]
        return f"o.stage NOT IN {places(decided)}", list(decided)
    names = [stage.name for stage in stages(read) if stage.outcome is outcome]
    return f"o.stage IN {places(names)}", list(names)
