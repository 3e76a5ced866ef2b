"""Overviews as tables of plain values under named columns, for the screen, the command line and files alike; how a value is
written is theirs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.domain.crm.reasons import reason_word, told_reason
from app.domain.leads.rows import LeadRow
from app.domain.months import month_name
from app.domain.opportunities.stages import stage_word
from app.domain.overviews.figures import Group, Overview, Step, View, rate
from app.language import _


class Sort(StrEnum):
    """What the values of a column are: texts, whole numbers, cents, parts of 1, seconds, or days."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"
    RATE = "rate"
    TIME = "time"
    DAY = "day"


Value = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class Heading:
    """A column: its title in the rep's language and what stands in it. `least`: cells that it needs; `rank`: the largest
    goes first where room is short."""

    title: str
    sort: Sort = Sort.TEXT
    least: int = 8
    share: int = 0
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Figures:
    """The table of an overview: each row has a value for each heading. `total` is the row that sums them up; empty where
    there is nothing to sum up."""

    headings: tuple[Heading, ...]
    rows: tuple[tuple[Value, ...], ...]
    total: tuple[Value, ...] = ()


def view_word(view: View) -> str:
    """What an overview is called."""
    return {
        View.LEADS: _("Leads"),
        View.FUNNEL: _("Funnel"),
        View.LOAD: _("Assignees"),
        View.REASONS: _("Reasons"),
        View.OPPORTUNITIES: _("Opportunities"),
    }[view]


def group_word(group: Group) -> str:
    """How a lead stands, as the heading of a group."""
    return {
        Group.NEW: _("New"),
        Group.ACTIVE: _("Active"),
        Group.SUCCESS: _("Successful"),
        Group.FAILURE: _("Unsuccessful"),
    }[group]


def step_word(step: Step) -> str:
    """What a step of the funnel is called."""
    if step is Step.OPPORTUNITY:
        return _("Opportunity")
    return _("Won") if step is Step.WON else group_word(Group(step.value))


def expected_word(month: str) -> str:
    """The month in which something is expected: "2026-12" as "Dezember 2026"."""
    return month_name(month) if month else _("without a date")


def figures_of(overview: Overview) -> Figures:
    """The table of an overview, in the language of this run."""
    make = {
        View.LEADS: _groups,
        View.FUNNEL: _funnel,
        View.LOAD: _load,
        View.REASONS: _reasons,
        View.OPPORTUNITIES: _stages,
    }
    return make[overview.view](overview)


def _groups(overview: Overview) -> Figures:
    found = overview.groups
    leads = sum(each.leads for each in found)
    return Figures(
        (
            Heading(_("State"), least=12, share=1),
            Heading(_("Leads"), Sort.COUNT),
            Heading(_("Share"), Sort.RATE, rank=3),
            Heading(_("Overdue"), Sort.COUNT, least=10),
            Heading(_("Value"), Sort.MONEY, least=14),
            Heading(_("Age or duration"), Sort.TIME, least=16, rank=2),
        ),
        tuple(
            (
                group_word(each.group),
                each.leads,
                rate(each.leads, leads),
                each.overdue,
                each.value,
                each.seconds,
            )
            for each in found
        ),
        (
            _("Total"),
            leads,
            None,
            sum(each.overdue for each in found),
            sum(each.value for each in found),
            None,
        ),
    )


def _funnel(overview: Overview) -> Figures:
    return Figures(
        (
            Heading(_("Step"), least=14, share=1),
            Heading(_("Leads"), Sort.COUNT),
            Heading(_("Of step before"), Sort.RATE, least=17),
            Heading(_("Time to step"), Sort.TIME, least=14),
        ),
        tuple((step_word(each.step), each.leads, each.rate, each.seconds) for each in overview.steps),
    )


def _load(overview: Overview) -> Figures:
    found = overview.loads
    success, failure = sum(each.success for each in found), sum(each.failure for each in found)
    return Figures(
        (
            Heading(_("Assignee"), least=14, share=1),
            Heading(_("New"), Sort.COUNT, least=6),
            Heading(_("Active"), Sort.COUNT, least=6),
            Heading(_("Overdue"), Sort.COUNT, least=10),
            Heading(_("Done"), Sort.COUNT, least=8, rank=1),
            Heading(_("Success"), Sort.RATE),
            Heading(_("Lead value"), Sort.MONEY, least=14, rank=4),
            Heading(_("Opportunities"), Sort.COUNT, least=15, rank=6),
            Heading(_("Weighted value"), Sort.MONEY, least=13, rank=3),
            Heading(_("Age"), Sort.TIME, rank=2),
            Heading(_("Oldest"), Sort.TIME, least=10, rank=5),
        ),
        tuple(
            (
                each.name or each.login or _("not assigned"),
                *(each.new, each.active, each.overdue, each.done, each.rate),
                *(each.value, each.opportunities, each.weighted, each.age, each.oldest),
            )
            for each in found
        ),
        (
            _("Total"),
            *(sum(each.new for each in found), sum(each.active for each in found)),
            *(sum(each.overdue for each in found), success + failure, rate(success, success + failure)),
            *(sum(each.value for each in found), sum(each.opportunities for each in found)),
            *(sum(each.weighted for each in found), None),
            max((each.oldest for each in found if each.oldest is not None), default=None),
        ),
    )


def _reasons(overview: Overview) -> Figures:
    found = overview.reasons
    leads = sum(each.leads for each in found)
    return Figures(
        (
            Heading(_("Reason"), least=20, share=1),
            Heading(_("Leads"), Sort.COUNT),
            Heading(_("Share"), Sort.RATE),
            Heading(_("Lost value"), Sort.MONEY, least=14, rank=1),
            Heading(_("Duration"), Sort.TIME, rank=2),
        ),
        tuple(
            (
                reason_word(each.reason) or _("without a reason"),
                each.leads,
                each.rate,
                each.value,
                each.seconds,
            )
            for each in found
        ),
        (_("Total"), leads, rate(leads, leads), sum(each.value for each in found), None),
    )


def _stages(overview: Overview) -> Figures:
    found = overview.stages
    return Figures(
        (
            Heading(_("Expected"), least=15, share=1),
            Heading(_("Stage"), least=14, share=1),
            Heading(_("Number"), Sort.COUNT),
            Heading(_("Value"), Sort.MONEY, least=14, rank=1),
            Heading(_("Weighted"), Sort.MONEY, least=14),
        ),
        tuple(
            (
                expected_word(each.month),
                stage_word(each.stage) or _("without a stage"),
                each.opportunities,
                each.value,
                None if each.outcome else each.weighted,
            )
            for each in found
        ),
        (
            _("Total"),
            "",
            sum(each.opportunities for each in found),
            sum(each.value for each in found),
            sum(each.weighted for each in found),
        ),
    )


def lead_headings() -> tuple[Heading, ...]:
    """The columns of the single leads."""
    return (
        Heading(_("State"), least=12),
        Heading(_("Lead"), least=24, share=3),
        Heading(_("Contact"), least=12, share=2, rank=1),
        Heading(_("Company"), least=14, share=2, rank=5),
        Heading(_("Campaign"), least=14, share=1, rank=6),
        Heading(_("Source"), least=10, rank=8),
        Heading(_("Assignee"), least=12, rank=2),
        Heading(_("Value"), Sort.MONEY, least=12, rank=3),
        Heading(_("Came"), Sort.DAY, least=10),
        Heading(_("Due"), Sort.DAY, least=10, rank=9),
        Heading(_("Finished"), Sort.DAY, least=10, rank=4),
        Heading(_("Reason"), least=16, rank=7),
    )


def lead_values(row: LeadRow) -> tuple[Value, ...]:
    """A lead under those columns; its days are those of the zone that this machine is in."""
    ended = row.finished_at.astimezone().date() if row.finished_at else None
    reason = told_reason(row.reason, row.reason_text) if row.reason else ""
    return (
        group_word(Group(row.result or row.state)),
        *(row.title, row.contact, row.company, row.campaign, row.source, row.assignee_name, row.value),
        *(row.created_at.astimezone().date(), row.due, ended, reason),
    )
