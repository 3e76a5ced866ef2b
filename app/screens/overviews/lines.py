"""Overviews as bars, as columns and lines of a table, and in words; pure, drawn by widgets."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

from app.domain.crm.reasons import reason_word
from app.domain.leads.rows import LeadRow
from app.domain.months import month_of
from app.domain.overviews.figures import BASES, Basis, Group, Overview, Step, View, rate
from app.domain.overviews.tables import (
    Figures,
    Heading,
    Sort,
    Value,
    expected_word,
    figures_of,
    group_word,
    lead_headings,
    lead_values,
    step_word,
)
from app.language import _, ngettext
from app.widgets.chart import ChartBar
from app.widgets.figures import duration, euros, figure, percent
from app.widgets.table import Cell, Column, Line
from app.widgets.words import number

_STYLES: dict[str, str] = {
    Group.SUCCESS: "good",
    Group.FAILURE: "note",
    Step.OPPORTUNITY: "good",
    Step.WON: "good",
}
#: The line of the sums.
TOTAL = "total"
#: Where in the values of a lead its day stands.
_DUE = 9
#: As a month: those that have passed.
_PAST = "past"
_T = TypeVar("_T")


def basis_word(view: View) -> str:
    """What a period of this overview means."""
    return {
        Basis.CAME: _("by when it came"),
        Basis.ENDED: _("by when it ended"),
        Basis.EXPECTED: _("by when it is expected"),
    }[BASES[view]]


def counted_word(overview: Overview) -> str:
    """How many were counted."""
    if overview.view is View.OPPORTUNITIES:
        n = sum(each.opportunities for each in overview.stages)
        weighted = euros(sum(each.weighted for each in overview.stages))
        told = ngettext("{n} opportunity", "{n} opportunities", n).format(n=number(n))
        return _("{opportunities}, weighted {value}").format(opportunities=told, value=weighted)
    n = {
        View.LEADS: sum(each.leads for each in overview.groups),
        View.FUNNEL: sum(each.leads for each in overview.steps if each.step is Step.NEW),
        View.LOAD: sum(each.open + each.done for each in overview.loads),
        View.REASONS: sum(each.leads for each in overview.reasons),
    }[overview.view]
    return ngettext("{n} lead", "{n} leads", n).format(n=number(n))


def chart_title(view: View) -> str:
    """What the bars show."""
    return {
        View.LEADS: _("Leads by state, with their value"),
        View.FUNNEL: _("Leads at each step, share of the step before, median time"),
        View.LOAD: _("Open leads, overdue ones, success rate"),
        View.REASONS: _("Unsuccessful leads by reason"),
        View.OPPORTUNITIES: _("Open opportunities: weighted of their value"),
    }[view]


def bars_of(overview: Overview, most: int, today: date) -> list[ChartBar]:
    """At most so many bars, and a line without one that sums up those that there is no room for."""
    match overview.view:
        case View.LEADS:
            return _group_bars(overview)
        case View.FUNNEL:
            return _step_bars(overview)
        case View.LOAD:
            return _load_bars(overview, most)
        case View.REASONS:
            return _reason_bars(overview, most)
        case View.OPPORTUNITIES:
            return _month_bars(overview, most, month_of(today))


def _group_bars(overview: Overview) -> list[ChartBar]:
    leads = sum(each.leads for each in overview.groups)
    return [
        ChartBar(
            group_word(each.group),
            each.leads,
            (
                number(each.leads),
                euros(each.value),
                _overdue(each.overdue),
                duration(each.seconds),
                percent(rate(each.leads, leads)),
            ),
            style=_STYLES.get(each.group, "bar"),
        )
        for each in overview.groups
    ]


def _step_bars(overview: Overview) -> list[ChartBar]:
    return [
        ChartBar(
            step_word(each.step),
            each.leads,
            (
                number(each.leads),
                "" if each.whole is None else percent(each.rate),
                "" if each.whole is None else duration(each.seconds),
            ),
            whole=each.whole or 0,
            style=_STYLES.get(each.step, "bar"),
        )
        for each in overview.steps
    ]


def _load_bars(overview: Overview, most: int) -> list[ChartBar]:
    shown, rest = _parted(overview.loads, most)
    bars = [
        ChartBar(
            each.name or each.login or _("not assigned"),
            each.open if each.login else 0,  # would be so long that colleagues could not be compared
            (number(each.open), _overdue(each.overdue), percent(each.rate)),
        )
        for each in shown
    ]
    if rest:
        success = rate(sum(each.success for each in rest), sum(each.done for each in rest))
        count, overdue = sum(each.open for each in rest), sum(each.overdue for each in rest)
        bars.append(_more(len(rest), number(count), _overdue(overdue), percent(success)))
    return bars


def _reason_bars(overview: Overview, most: int) -> list[ChartBar]:
    shown, rest = _parted(overview.reasons, most)
    bars = [
        ChartBar(
            reason_word(each.reason) or _("without a reason"),
            each.leads,
            (number(each.leads), percent(each.rate), euros(each.value)),
            style="note",
        )
        for each in shown
    ]
    if rest:
        count = sum(each.leads for each in rest)
        lost = euros(sum(each.value for each in rest))
        bars.append(_more(len(rest), number(count), percent(rate(count, rest[0].whole)), lost))
    return bars


def _month_bars(overview: Overview, most: int, here: str) -> list[ChartBar]:
    months: dict[str, tuple[int, int, int]] = {}
    for each in overview.stages:
        if not each.outcome:
            month = _PAST if each.month and each.month < here else each.month
            n, value, weighted = months.get(month, (0, 0, 0))
            months[month] = (n + each.opportunities, value + each.value, weighted + each.weighted)
    shown, rest = _parted(list(months.items()), most)
    bars = []
    for month, (n, value, weighted) in shown:
        label = _("overdue") if month == _PAST else expected_word(month)
        style = "note" if month == _PAST else "bar"
        bars.append(ChartBar(label, weighted, _weighted(n, value, weighted), value, style))
    if rest:
        n, value, weighted = (sum(figures[i] for _month, figures in rest) for i in range(3))
        bars.append(_more(len(rest), *_weighted(n, value, weighted)))
    return bars


def _weighted(n: int, value: int, weighted: int) -> tuple[str, ...]:
    return euros(weighted), _("of {value}").format(value=euros(value)), _("{n} open").format(n=number(n))


def _parted(found: Sequence[_T], most: int) -> tuple[Sequence[_T], Sequence[_T]]:
    """Those that have a bar of their own, and the rest."""
    return (found, ()) if len(found) <= most else (found[: most - 1], found[most - 1 :])


def _more(n: int, *told: str) -> ChartBar:
    """What the others are together. A bar as long as theirs laid end to end would dwarf the single ones."""
    return ChartBar(_("{n} more").format(n=number(n)), 0, told)


def _overdue(n: int) -> str:
    return _("{n} overdue").format(n=number(n)) if n else ""


# -- the table


def columns_of(headings: Sequence[Heading]) -> tuple[Column, ...]:
    """The columns of a table on the screen."""
    return tuple(
        Column(
            heading.title,
            heading.least,
            heading.share,
            heading.rank,
            right=heading.sort not in (Sort.TEXT, Sort.DAY),
        )
        for heading in headings
    )


def figure_lines(overview: Overview) -> list[Line]:
    """The lines of an overview, the sum at the end; each stands for its place in the overview."""
    table: Figures = figures_of(overview)
    lines = [
        Line(place, _cells(table.headings, row, "text" if any(row[1:]) else "quiet"))
        for place, row in enumerate(table.rows)
    ]
    return [*lines, Line(TOTAL, _cells(table.headings, table.total, "strong"))] if table.total else lines


def lead_line(row: LeadRow, today: date) -> Line:
    """A lead as a line of its overview."""
    group = Group(row.result or row.state)
    done = group in (Group.SUCCESS, Group.FAILURE)
    cells = list(_cells(lead_headings(), lead_values(row), "quiet" if done else "text"))
    cells[0] = Cell(cells[0].text, "good" if group is Group.SUCCESS else "quiet" if done else "heading")
    if row.is_overdue(today):
        cells[_DUE] = Cell(cells[_DUE].text, "error")
    return Line(row.id, tuple(cells))


def _cells(headings: Sequence[Heading], values: Sequence[Value], style: str) -> tuple[Cell, ...]:
    return tuple(
        Cell(figure(heading.sort, value), style) for heading, value in zip(headings, values, strict=True)
    )
