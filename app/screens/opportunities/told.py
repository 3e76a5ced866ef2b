"""A filter of opportunities in words; pure."""

from __future__ import annotations

from datetime import date

from app.domain.months import month_words
from app.domain.opportunities.pipeline import NO_MONTH, OVERDUE, OpportunityFilter
from app.domain.opportunities.stages import stage_word
from app.domain.opportunities.words import outcome_word
from app.language import _


def month_wish(month: str, today: date) -> str:
    """A month of a filter, as a person names it."""
    if month == OVERDUE:
        return _("overdue")
    return month_words("" if month == NO_MONTH else month, today)


def told_filter(wanted: OpportunityFilter, name: str, today: date) -> str:
    """What a filter lets through; empty for everything. `name`: whose login it names."""
    parts = [
        name,
        stage_word(wanted.stage),
        outcome_word(wanted.outcome) if wanted.outcome else "",
        month_wish(wanted.month, today) if wanted.month else "",
        _("search “{query}”").format(query=wanted.text) if wanted.text else "",
    ]
    return ", ".join(filter(None, parts))
