"""What opportunities, their outcomes and sums are called, in the rep's language; it draws nothing."""

from __future__ import annotations

from app.domain.money import format_euros
from app.domain.opportunities.pipeline import Sort, Sum
from app.domain.opportunities.stages import Outcome
from app.language import _, ngettext


def outcome_word(outcome: Outcome) -> str:
    """How something ended, or that it did not."""
    return {Outcome.OPEN: _("undecided"), Outcome.WON: _("won"), Outcome.LOST: _("lost")}[outcome]


def sum_words(added: Sum, outcome: Outcome = Outcome.OPEN, *, counted: bool = True) -> str:
    """ "4 Verkaufschancen, 12.500 €, gewichtet 6.250 €"; what is decided is not weighted. `counted`: with how many."""
    count = ngettext("{n} opportunity", "{n} opportunities", added.count).format(n=added.count)
    parts = [count] if counted else []
    parts.append(format_euros(added.value))
    if outcome is Outcome.OPEN:
        parts.append(_("weighted {amount}").format(amount=format_euros(added.weighted)))
    return ", ".join(parts)


def sort_word(sort: Sort) -> str:
    """By what a list is sorted."""
    return {
        Sort.EXPECTED: _("by expected day"),
        Sort.VALUE: _("by value"),
        Sort.WEIGHTED: _("by weighted value"),
        Sort.STAGE: _("by stage"),
        Sort.TITLE: _("by title"),
        Sort.ASSIGNEE: _("by assignee"),
        Sort.CHANGED: _("changed last first"),
    }[sort]
