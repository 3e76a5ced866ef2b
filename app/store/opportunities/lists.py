"""Which opportunities a filter lets through, in which order, and what they come to; knows no rules.

Ids come as `Connection.ids` gives them: a list of 50,000 keeps no key waiting for the interpreter's lock.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from app.domain.crm.naming import words
from app.domain.months import last_day
from app.domain.opportunities.pipeline import NO_MONTH, OVERDUE, OpportunityFilter, Part, Sort, Sum
from app.domain.opportunities.stages import Outcome
from app.store.connection import Connection, places
from app.store.crm.finding import with_word
from app.store.opportunities.rows import weighted
from app.store.opportunities.stages import stages

_WEIGHTED = weighted("o")
_VALUE = "coalesce(o.value, 0)"
_EXPECTED = "CASE o.expected_on WHEN '' THEN 1 ELSE 0 END, o.expected_on"
#: What is open first, and of what is decided, what was decided last.
_DECIDED = "CASE WHEN o.closed_at IS NULL THEN 0 ELSE 1 END"
_BY_DAY = f"coalesce(-o.closed_at, 0), {_EXPECTED}"
_ORDER = {
    Sort.EXPECTED: _BY_DAY,
    Sort.VALUE: f"coalesce(o.value, -1) DESC, {_EXPECTED}",
    Sort.WEIGHTED: f"{_WEIGHTED} DESC, {_EXPECTED}",
    Sort.TITLE: "o.search",
    Sort.ASSIGNEE: f"coalesce(nullif(member.name, ''), o.assignee), {_EXPECTED}",
    Sort.CHANGED: "o.changed_at DESC",
}
_MEMBER = " LEFT JOIN member ON member.login = o.assignee"
#: Sums are taken of whole millions and of the rest apart: SQLite refuses one beyond 64 bits.
_MILLION = 1_000_000


def list_ids(read: Connection, wanted: OpportunityFilter, sort: Sort, today: date) -> list[int]:
    """The ids of all that the filter lets through, sorted."""
    if sort is Sort.STAGE:
        at = board_ids(read, wanted, _stages_in_order(read), today)
        return [number for ids in at.values() for number in ids]
    where, values = _scope(read, wanted, today)
    return read.ids(
        f"""SELECT o.id FROM opportunity o{_MEMBER if sort is Sort.ASSIGNEE else ""} WHERE {where}
  ORDER BY {_DECIDED}, {_ORDER[sort]}, o.id""",
        values,
    )


def board_ids(
    read: Connection, wanted: OpportunityFilter, names: Sequence[str], today: date
) -> dict[str, list[int]]:
    """The ids at each of these stages, of all that the filter lets through, in the order of the board."""
    found: dict[str, list[int]] = {name: [] for name in names}
    where, values = _scope(read, wanted, today)
    order = f"ORDER BY {_DECIDED}, {_BY_DAY}, o.id"
    if wanted.text:  # words are looked for once, not at each stage anew; and they leave little to read
        for name, number in read.rows(
            f"SELECT o.stage, o.id FROM opportunity o WHERE {where} {order}", values
        ):
            if name in found:
                found[name].append(number)
        return found
    for name in names:
        sql = f"SELECT o.id FROM opportunity o WHERE o.stage = ? AND {where} {order}"
        found[name] = read.ids(sql, [name, *values])
    return found


def _stages_in_order(read: Connection) -> list[str]:
    """The names of all stages, those that nobody knows (any more) first, those of what is decided last."""
    known = sorted(stages(read), key=lambda stage: (stage.outcome is not Outcome.OPEN, stage.position))
    names = [stage.name for stage in known]
    used = (name for (name,) in read.rows("SELECT DISTINCT stage FROM opportunity"))
    return [*sorted(set(used) - set(names)), *names]


def parts(read: Connection, wanted: OpportunityFilter, today: date) -> list[Part]:
    """What the filter lets through, added up by stage and month. First by day: those stand side by side in an index."""
    where, values = _scope(read, wanted, today)
    split = {
        "amounts": f"{_VALUE} / {_MILLION}",
        "cents": f"{_VALUE} % {_MILLION}",
        "weights": f"{_WEIGHTED} / {_MILLION}",
        "rest": f"{_WEIGHTED} % {_MILLION}",
    }
    by_day = ", ".join(f"sum({part}) AS {name}" for name, part in split.items())
    rows = read.rows(
        f"""SELECT stage, substr(day, 1, 7), sum(found), {", ".join(f"sum({name})" for name in split)} FROM (
  SELECT o.stage AS stage, o.expected_on AS day, count(*) AS found, {by_day} FROM opportunity o WHERE {where}
  GROUP BY o.stage, o.expected_on) AS days GROUP BY stage, substr(day, 1, 7)""",
        values,
    )
    outcomes = {stage.name: stage.outcome for stage in stages(read)}
    return [
        Part(
            stage,
            outcomes.get(stage, Outcome.OPEN),
            month,
            Sum(int(count), int(value) * _MILLION + int(cents), int(weight) * _MILLION + int(rest)),
        )
        for stage, month, count, value, cents, weight, rest in rows
    ]


def _scope(read: Connection, wanted: OpportunityFilter, today: date) -> tuple[str, list[object]]:
    """What must hold of an opportunity (`o`), and the values in that."""
    tests: list[tuple[str, Sequence[object]]] = [("1 = 1", [])]
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
    tests += [with_word(read.dialect, "o", word) for word in dict.fromkeys(words(wanted.text))]
    return " AND ".join(sql for sql, _values in tests), [each for _sql, v in tests for each in v]


def _of_outcome(read: Connection, outcome: Outcome) -> tuple[str, list[object]]:
    """That something is at a stage with this outcome; at one that nobody knows it is open."""
    if outcome is Outcome.OPEN:
        decided = [stage.name for stage in stages(read) if stage.outcome is not Outcome.OPEN]
        return f"o.stage NOT IN {places(decided)}", list(decided)
    names = [stage.name for stage in stages(read) if stage.outcome is outcome]
    return f"o.stage IN {places(names)}", list(names)
