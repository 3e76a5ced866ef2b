"""The dialog that says what an overview takes in: campaign, period, assignee; it only gives back what was chosen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from app.domain.due import format_day
from app.domain.errors import BadInput
from app.domain.overviews.figures import Scope
from app.domain.periods import Period, Span, period_of, period_of_span, span_word
from app.domain.team.members import Member
from app.language import N_, _
from app.screens.records.form import FormLine, RecordForm, Typed

#: The period is none that has a word.
_OWN = "own"


class ScopeForm(RecordForm):
    """Enter gives back what `scope_of` reads."""

    AUTO_FOCUS = "#field-campaign"

    def __init__(
        self,
        scope: Scope,
        campaigns: Sequence[tuple[int, str]],
        members: Sequence[Member],
        basis: str,
        today: date,
    ) -> None:
        lines = scope_lines(scope, campaigns, members, today)
        super().__init__(
            _("Filter"),
            _("The period goes {basis}.").format(basis=basis),
            lines,
            enter=_("show"),
            check=lambda typed: scope_of(typed, lines, today),
        )
        self.lines = lines


def scope_lines(
    scope: Scope, campaigns: Sequence[tuple[int, str]], members: Sequence[Member], today: date
) -> list[FormLine]:
    """The fields of the dialog, filled in."""
    period = scope.period
    span = next((span for span in Span if period_of_span(span, today) == period), None)
    spans = [(each.value, span_word(each)) for each in Span]
    first, last = ("", "") if span else (_day(period.first), _day(period.last))
    return [
        FormLine(
            "campaign",
            N_("Campaign"),
            "" if scope.campaign_id is None else str(scope.campaign_id),
            words=(("", _("all campaigns")), *((str(number), name) for number, name in campaigns)),
        ),
        FormLine(
            "span",
            N_("Period"),
            span.value if span else _OWN,
            words=(*spans, *(() if span else ((_OWN, _("as below")),))),
        ),
        FormLine("first", N_("From day"), first, _("yyyy-mm-dd")),
        FormLine("last", N_("until day"), last, _("yyyy-mm-dd"), beside=True),
        FormLine(
            "assignee",
            N_("Assignee"),
            scope.assignee,
            words=(("", _("all assignees")), *((member.login, member.name) for member in members)),
        ),
    ]


def scope_of(typed: Typed, lines: Sequence[FormLine], today: date) -> Scope:
    """What was chosen. Days that are typed win over the word for a period, unless that was what was changed.

    Raises BadInput for what is no day, and for a period that ends before it begins.
    """
    given = {line.name: line.value for line in lines}
    days_stayed = all(typed[name] == given[name] for name in ("first", "last"))
    has_days = any(typed[name].strip() for name in ("first", "last"))
    if not has_days or (days_stayed and typed["span"] != given["span"]):
        named = typed["span"] if typed["span"] != _OWN else Span.EVER.value
        period = period_of_span(Span(named), today)
    else:
        first, last = _read(typed["first"], today), _read(typed["last"], today)
        period = Period(first[0] if first else None, last[1] - timedelta(days=1) if last else None)
    campaign = typed["campaign"]
    return Scope(int(campaign) if campaign else None, period, typed["assignee"])


def _read(text: str, today: date) -> tuple[date, date] | None:
    found = period_of(text, today) if text.strip() else None
    if text.strip() and found is None:
        told = _("“{text}” is not a day. Example: {example}")
        raise BadInput(told.format(text=text, example=format_day(today)))
    return found


def _day(day: date | None) -> str:
    return format_day(day) if day else ""
