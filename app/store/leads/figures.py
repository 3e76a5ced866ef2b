"""Counts leads and opportunities for the overviews: one query each, plain SQL that both databases speak; no rules, no words.

Amounts are summed up as floating-point numbers, which are exact below 90 million million euros and never overflow. A median is
the mean of the middle one or two: by window functions, and where the parts are known beforehand by sorting each and taking
those in its middle, which takes half the time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from app.domain.overviews.figures import Group, GroupFigures, Load, ReasonFigures, Scope, StageFigures, Step
from app.store.connection import Connection, Row
from app.store.days import begin_of, end_of
from app.store.opportunities.rows import weighted

_GROUP = "CASE WHEN result <> '' THEN result WHEN assignee <> '' THEN 'active' ELSE 'new' END"
_OVERDUE = "CASE WHEN result = '' AND due_on <> '' AND due_on < ? THEN 1 ELSE 0 END"
_SUM = "SUM(CAST(value AS DOUBLE PRECISION))"
#: Of `timed`, which has a group and seconds: the median of each group.
_MEDIANS = """placed AS (SELECT part, seconds, ROW_NUMBER() OVER (PARTITION BY part ORDER BY seconds) AS place,
    COUNT(*) OVER (PARTITION BY part) AS n FROM timed WHERE seconds IS NOT NULL),
  medians AS (SELECT part, AVG(seconds) AS seconds FROM placed
    WHERE place IN ((n + 1) / 2, (n + 2) / 2) GROUP BY part)"""


@dataclass(frozen=True, slots=True)
class _Where:
    """Conditions on a table, and their parameters."""

    sql: str
    params: tuple[int | str, ...]


def _leads(scope: Scope, day: str = "lead.created_at") -> _Where:
    """The leads of a scope: those whose `day` lies in its period."""
    parts: list[tuple[str, int | str]] = []
    if scope.period.first is not None:
        parts.append((f"{day} >= ?", begin_of(scope.period.first)))
    if scope.period.last is not None:
        parts.append((f"{day} < ?", end_of(scope.period.last)))
    if scope.campaign_id is not None:
        parts.append(("lead.campaign_id = ?", scope.campaign_id))
    if scope.assignee:
        parts.append(("lead.assignee = ?", scope.assignee))
    return _all(parts)


def _opportunities(scope: Scope, *, expected: bool) -> _Where:
    """The opportunities of a scope: those that are `expected` in its period, or else were made in it; of a campaign those
    whose lead is of it."""
    first, last = scope.period.first, scope.period.last
    parts: list[tuple[str, int | str]] = []
    if expected:
        parts += [("opportunity.expected_on >= ?", first.isoformat())] if first else []
        parts += [("opportunity.expected_on <= ?", last.isoformat())] if last else []
        parts += [("opportunity.expected_on <> ?", "")] if first or last else []
    else:
        parts += [("opportunity.created_at >= ?", begin_of(first))] if first else []
        parts += [("opportunity.created_at < ?", end_of(last))] if last else []
    if scope.campaign_id is not None:
        parts.append(
            ("opportunity.lead_id IN (SELECT id FROM lead WHERE campaign_id = ?)", scope.campaign_id)
        )
    if scope.assignee:
        parts.append(("opportunity.assignee = ?", scope.assignee))
    return _all(parts)


def _all(parts: list[tuple[str, int | str]]) -> _Where:
    return _Where(
        " AND ".join(["1 = 1", *(sql for sql, _value in parts)]), tuple(value for _sql, value in parts)
    )


def _middle(seconds: str, having: str) -> str:
    """SQL for the median of those of `chosen` for which `having` holds."""
    those = f"FROM chosen WHERE {having} AND {seconds} IS NOT NULL"
    return f"""(SELECT AVG(seconds) FROM (SELECT {seconds} AS seconds {those} ORDER BY {seconds}
    LIMIT (SELECT 2 - COUNT(*) % 2 {those}) OFFSET (SELECT CASE COUNT(*) WHEN 0 THEN 0 ELSE (COUNT(*) - 1) / 2 END {those})) AS middle)"""


def groups(read: Connection, scope: Scope, now: int, today: date) -> list[GroupFigures]:
    """The leads of a scope by how they stand. `now` in epoch seconds, `today` in the rep's zone."""
    where = _leads(scope)
    counted = " UNION ALL ".join(
        f"""SELECT '{group}', COUNT(*), coalesce(SUM(overdue), 0), {_SUM}, {_middle("seconds", f"part = '{group}'")}
  FROM chosen WHERE part = '{group}'"""
        for group in Group
    )
    rows = read.rows(
        f"""WITH chosen AS MATERIALIZED (SELECT {_GROUP} AS part, value, {_OVERDUE} AS overdue,
    CASE WHEN result = '' THEN ? ELSE finished_at END - created_at AS seconds FROM lead WHERE {where.sql}) {counted}""",
        (today.isoformat(), now, *where.params),
    )
    return [
        GroupFigures(Group(part), leads, int(overdue), _cents(value), _seconds(seconds))
        for part, leads, overdue, value, seconds in rows
    ]


#: Leads of a funnel with what became of them: `reached` is 0 new, 1 active, 2 failure, 3 success. What was made of a lead
#: that was opened again counts when it is finished again.
_CHOSEN = """chosen AS MATERIALIZED (SELECT
    CASE result WHEN 'success' THEN 3 WHEN '' THEN CASE assignee WHEN '' THEN 0 ELSE 1 END ELSE 2 END AS reached,
    activated_at - lead.created_at AS begun, finished_at - activated_at AS worked, made_at, won, won_at - made_at AS won_after,
    CASE WHEN made_at < finished_at THEN 0 ELSE made_at - finished_at END AS waited
  FROM lead LEFT JOIN (SELECT lead_id, MIN(opportunity.created_at) AS made_at,
      MAX(CASE outcome WHEN 'won' THEN 1 ELSE 0 END) AS won, MIN(CASE outcome WHEN 'won' THEN closed_at END) AS won_at
    FROM opportunity LEFT JOIN stage ON stage.name = opportunity.stage WHERE lead_id IS NOT NULL GROUP BY lead_id) AS made
    ON made.lead_id = lead.id AND lead.result = 'success' WHERE {where})"""
_STEPS = {
    Step.NEW: ("", "1 = 1"),
    Step.ACTIVE: ("begun", "reached > 0"),
    Step.SUCCESS: ("worked", "reached = 3"),
    Step.FAILURE: ("worked", "reached = 2"),
    Step.OPPORTUNITY: ("waited", "made_at IS NOT NULL"),
    Step.WON: ("won_after", "won = 1"),
}


def steps(read: Connection, scope: Scope) -> dict[Step, tuple[int, float | None]]:
    """How many leads of a scope reached each step of the funnel, and the median of the seconds since the step before."""
    where = _leads(scope)
    counted = " UNION ALL ".join(
        f"SELECT '{step}', COUNT(*), {_middle(seconds, reached) if seconds else 'NULL'} FROM chosen WHERE {reached}"
        for step, (seconds, reached) in _STEPS.items()
    )
    rows = read.rows(f"WITH {_CHOSEN.format(where=where.sql)} {counted}", where.params)
    return {Step(step): (leads, _seconds(seconds)) for step, leads, seconds in rows}


def loads(read: Connection, scope: Scope, now: int, today: date) -> list[Load]:
    """What each member who works on leads has on the desk, what former ones still have, and what nobody has."""
    leads, made = _leads(scope), _opportunities(scope, expected=False)
    rows = read.rows(
        f"""WITH chosen AS MATERIALIZED (SELECT assignee AS part, result, value, {_OVERDUE} AS overdue,
    ? - created_at AS seconds FROM lead WHERE {leads.sql}),
  timed AS (SELECT part, seconds FROM chosen WHERE result = ''), {_MEDIANS},
  parts AS (
    SELECT part, SUM(CASE result WHEN '' THEN 1 ELSE 0 END) AS undone, SUM(overdue) AS overdue,
      SUM(CASE result WHEN 'success' THEN 1 ELSE 0 END) AS success, SUM(CASE result WHEN 'failure' THEN 1 ELSE 0 END) AS failure,
      SUM(CASE result WHEN '' THEN CAST(value AS DOUBLE PRECISION) END) AS value, 0 AS opportunities, 0.0 AS weighted,
      MAX(CASE result WHEN '' THEN seconds END) AS oldest FROM chosen GROUP BY part
    UNION ALL SELECT opportunity.assignee, 0, 0, 0, 0, 0, COUNT(*),
      SUM(CAST({weighted("opportunity")} AS DOUBLE PRECISION)), NULL FROM opportunity
      LEFT JOIN stage ON stage.name = opportunity.stage WHERE coalesce(outcome, '') = '' AND {made.sql} GROUP BY 1
    UNION ALL SELECT login, 0, 0, 0, 0, 0, 0, 0, NULL FROM member WHERE active = 1 AND role <> 'privacy' AND ? IN ('', login)),
  sums AS (SELECT part, SUM(undone) AS undone, SUM(overdue) AS overdue, SUM(success) AS success, SUM(failure) AS failure,
    SUM(value) AS value, SUM(opportunities) AS opportunities, SUM(weighted) AS weighted, MAX(oldest) AS oldest
    FROM parts GROUP BY part)
SELECT sums.part, coalesce(member.name, ''), undone, overdue, success, failure, value, opportunities, weighted,
    medians.seconds, oldest
  FROM sums LEFT JOIN medians ON medians.part = sums.part LEFT JOIN member ON member.login = sums.part""",
        (today.isoformat(), now, *leads.params, *made.params, scope.assignee),
    )
    return [_load(row) for row in rows]


def _load(row: Row) -> Load:
    login, name, undone, overdue, success, failure, value, opportunities, weighted, age, oldest = row
    return Load(
        login,
        name,
        new=0 if login else int(undone),
        active=int(undone) if login else 0,
        overdue=int(overdue),
        success=int(success),
        failure=int(failure),
        value=_cents(value),
        opportunities=int(opportunities),
        weighted=_cents(weighted),
        age=_seconds(age),
        oldest=_seconds(oldest),
    )


def reasons(read: Connection, scope: Scope) -> list[ReasonFigures]:
    """Why the leads failed that were finished in the period of a scope, the most frequent reason first."""
    where = _leads(scope, "lead.finished_at")
    rows = read.rows(
        f"""WITH chosen AS MATERIALIZED (SELECT reason AS part, value, finished_at - created_at AS seconds
    FROM lead WHERE result = 'failure' AND {where.sql}),
  timed AS (SELECT part, seconds FROM chosen), {_MEDIANS},
  sums AS (SELECT part, COUNT(*) AS leads, {_SUM} AS value FROM chosen GROUP BY part)
SELECT sums.part, leads, value, medians.seconds FROM sums LEFT JOIN medians ON medians.part = sums.part
  ORDER BY leads DESC, sums.part""",
        where.params,
    )
    whole = sum(row[1] for row in rows)
    return [
        ReasonFigures(reason, leads, whole, _cents(value), _seconds(seconds))
        for reason, leads, value, seconds in rows
    ]


def stages(read: Connection, scope: Scope) -> list[StageFigures]:
    """The opportunities that are expected in the period of a scope, by month and by stage; those without a day at the end."""
    where = _opportunities(scope, expected=True)
    rows = read.rows(
        f"""SELECT substr(expected_on, 1, 7) AS part, opportunity.stage, coalesce(outcome, '') AS outcome, COUNT(*), {_SUM},
    SUM(CASE coalesce(outcome, '') WHEN '' THEN CAST({weighted("opportunity")} AS DOUBLE PRECISION) END)
  FROM opportunity LEFT JOIN stage ON stage.name = opportunity.stage WHERE {where.sql}
  GROUP BY 1, opportunity.stage, outcome, position
  ORDER BY CASE substr(expected_on, 1, 7) WHEN '' THEN 1 ELSE 0 END, 1, position, opportunity.stage""",
        where.params,
    )
    return [
        StageFigures(month, stage, outcome, n, _cents(value), _cents(weighted))
        for month, stage, outcome, n, value, weighted in rows
    ]


def _cents(found: float | None) -> int:
    return round(found or 0)


def _seconds(found: float | None) -> float | None:
    return None if found is None else float(found)
