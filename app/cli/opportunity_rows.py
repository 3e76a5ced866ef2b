"""Opportunities as the command line prints them: one, a list, and what a list comes to; it changes nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from app.cli.front import Front
from app.cli.history_rows import LABEL, print_history, print_mails
from app.cli.output import Column, print_json, print_json_rows, print_table, say, write_line
from app.domain.crm.kinds import Kind
from app.domain.crm.reasons import told_reason
from app.domain.due import format_day
from app.domain.money import format_euros
from app.domain.opportunities.stages import stage_word
from app.domain.opportunities.words import outcome_word, sum_words
from app.language import _

if TYPE_CHECKING:
    from app.domain.opportunities.pipeline import OpportunityFilter, Pipeline
    from app.domain.opportunities.rules import Opportunity
    from app.domain.opportunities.stages import Outcome


def print_opportunities(
    front: Front, wanted: OpportunityFilter, outcome: Outcome | None, as_json: bool
) -> None:
    """What the filter lets through, and for people what it comes to."""
    from app.services.opportunities import lists

    wanted = replace(wanted, outcome=outcome)
    today = front.now().astimezone().date()
    found = lists.each(front.store, wanted, today)
    if as_json:
        print_json_rows(map(lists.opportunity_json, found))
        return
    pipeline = lists.pipeline(front.store, wanted, today)
    if not pipeline.all.count:
        say(_("There is none."))
        return
    columns = (
        Column(_("Id"), 6, right=True),
        Column(_("Stage"), 12),
        Column(_("Expected"), 10),
        Column(_("Value"), 12, right=True),
        Column(_("Weighted"), 12, right=True),
        Column(_("Title"), 0),
    )
    print_table(columns, map(_cells, found))
    _say_sums(pipeline)


def _cells(found: Opportunity) -> tuple[str, ...]:
    return (
        str(found.id),
        stage_word(found.stage),
        format_day(found.expected_on) if found.expected_on else "",
        format_euros(found.value) if found.value is not None else "",
        format_euros(found.weighted) if found.value is not None else "",
        found.title,
    )


def _say_sums(pipeline: Pipeline) -> None:
    from app.domain.opportunities.stages import Outcome

    for outcome in Outcome:
        if (added := pipeline.of(outcome)).count:
            say(f"{outcome_word(outcome)}: {sum_words(added, outcome)}")


def print_opportunity(front: Front, number: int, as_json: bool) -> None:
    """One with everything in it, the mails linked to it, and what happened to it. Raises NotFound."""
    from app.services.opportunities import lists

    if as_json:
        print_json(lists.whole_opportunity_json(front.store, number))
        return
    for label, text in _fields(lists.show(front.store, number)):
        if text:
            write_line(f"{label + ':':<{LABEL}} {text}")
    print_mails(front, Kind.OPPORTUNITY, number)
    print_history(front, Kind.OPPORTUNITY, number)


def _fields(found: Opportunity) -> list[tuple[str, str]]:
    """What it holds, by labels; empty where it holds nothing."""
    return [
        (_("Id"), str(found.id)),
        (_("Title"), found.title),
        (_("Contact"), f"{found.contact.id} {found.contact.title}" if found.contact else ""),
        (_("Lead"), f"{found.lead.id} {found.lead.title}" if found.lead else ""),
        (_("Stage"), stage_word(found.stage)),
        (_("Value"), format_euros(found.value) if found.value is not None else ""),
        (_("Probability"), f"{found.probability} %"),
        (_("Weighted"), format_euros(found.weighted) if found.value is not None else ""),
        (_("Expected"), format_day(found.expected_on) if found.expected_on else ""),
        (_("Assignee"), found.assignee_name),
        (_("Closed"), format_day(found.closed_at.astimezone().date()) if found.closed_at else ""),
        (_("Reason"), told_reason(found.reason, found.reason_text)),
        (_("Note"), found.note),
    ]
