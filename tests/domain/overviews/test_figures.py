"""Rates, steps and tables of the overviews, and what periods are called."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.crm.kinds import LeadState
from app.domain.errors import BadInput
from app.domain.leads.rows import LeadRow
from app.domain.overviews.figures import (
    Group,
    GroupFigures,
    Load,
    Overview,
    ReasonFigures,
    Scope,
    StageFigures,
    Step,
    View,
    funnel,
    loads,
    rate,
)
from app.domain.overviews.tables import Sort, figures_of, lead_headings, lead_values
from app.domain.periods import EVER, Period, Span, period_of_span, period_word
from app.language import use_language

TODAY = date(2026, 2, 15)


@pytest.fixture(autouse=True)
def _german() -> Iterator[None]:
    use_language("de")
    yield
    use_language("de")


@pytest.mark.parametrize(
    ("period", "word"),
    [
        (EVER, "gesamte Zeit"),
        (Period(date(2026, 11, 22), date(2026, 11, 22)), "22.11.2026"),
        (Period(date(2026, 11, 1), date(2026, 11, 30)), "November 2026"),
        (Period(date(2028, 2, 1), date(2028, 2, 29)), "Februar 2028"),
        (Period(date(2026, 10, 1), date(2026, 12, 31)), "4. Quartal 2026"),
        (Period(date(2026, 1, 1), date(2026, 12, 31)), "2026"),
        (Period(date(2026, 11, 1), date(2026, 11, 29)), "01.11.2026–29.11.2026"),
        (Period(date(2026, 11, 1), None), "ab 01.11.2026"),
        (Period(None, date(2026, 11, 30)), "bis 30.11.2026"),
        (Period(date(1999, 12, 31), date.max), "31.12.1999–31.12.9999"),
    ],
)
def test_a_period_is_called_as_a_person_calls_it(period: Period, word: str) -> None:
    assert period_word(period) == word


@pytest.mark.parametrize(
    ("span", "word"),
    [
        (Span.EVER, "gesamte Zeit"),
        (Span.THIS_MONTH, "Februar 2026"),
        (Span.LAST_MONTH, "Januar 2026"),
        (Span.THIS_QUARTER, "1. Quartal 2026"),
        (Span.LAST_QUARTER, "4. Quartal 2025"),
        (Span.THIS_YEAR, "2026"),
        (Span.LAST_YEAR, "2025"),
    ],
)
def test_a_word_means_these_days(span: Span, word: str) -> None:
    assert period_word(period_of_span(span, TODAY)) == word


@given(st.dates(date(1, 12, 31), date.max))
def test_every_day_lies_in_its_own_month_quarter_and_year(day: date) -> None:
    for span in (Span.THIS_MONTH, Span.THIS_QUARTER, Span.THIS_YEAR):
        period = period_of_span(span, day)
        assert period.first is not None
        assert period.last is not None
        assert period.first <= day <= period.last


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BadInput) as refused:
        Period(date(2026, 11, 2), date(2026, 11, 1))
    assert refused.value.told_cause == "02.11.2026–01.11.2026: der Zeitraum endet, bevor er beginnt"


def test_of_nothing_there_is_no_rate() -> None:
    assert rate(0, 0) is None
    assert rate(1, 4) == 0.25


def test_each_step_of_the_funnel_is_a_part_of_the_one_before() -> None:
    steps = funnel(
        {Step.NEW: (10, None), Step.ACTIVE: (8, 60.0), Step.SUCCESS: (2, 5.0), Step.FAILURE: (4, 7.0)}
    )
    assert [(each.step, each.leads, each.whole, each.rate) for each in steps] == [
        (Step.NEW, 10, None, None),
        (Step.ACTIVE, 8, 10, 0.8),
        (Step.SUCCESS, 2, 8, 0.25),
        (Step.FAILURE, 4, 8, 0.5),
        (Step.OPPORTUNITY, 0, 2, 0.0),
        (Step.WON, 0, 0, None),
    ]


def test_who_has_most_to_do_comes_first_after_what_nobody_has() -> None:
    found = [
        Load("b", "Özil", active=2),
        Load("c", "Berg", active=2),
        Load("a", "", active=9),
        Load("", "", new=1),
    ]
    assert [load.login for load in loads(found)] == ["", "a", "c", "b"]


FULL = Overview(
    View.LOAD,
    Scope(),
    groups=(GroupFigures(Group.NEW, 3, 1, 500, 60.0), GroupFigures(Group.SUCCESS, 1, 0, 200, 30.0)),
    steps=funnel({Step.NEW: (4, None)}),
    loads=(
        Load("", "", new=3, oldest=9.0),
        Load("anna", "Anna Berg", active=1, overdue=1, success=1, failure=3, value=700, weighted=50, age=5.0),
    ),
    reasons=(ReasonFigures("competitor", 3, 4, 900, 8.0), ReasonFigures("", 1, 4)),
    stages=(StageFigures("2026-12", "Angebot", "", 2, 600, 250), StageFigures("", "", "", 1)),
)


@pytest.mark.parametrize("view", View)
def test_every_row_of_every_table_has_a_value_under_each_heading(view: View) -> None:
    table = figures_of(
        Overview(view, Scope(), FULL.groups, FULL.steps, FULL.loads, FULL.reasons, FULL.stages)
    )
    assert table.rows
    for row in (*table.rows, *filter(None, [table.total])):
        for value, heading in zip(row, table.headings, strict=True):
            assert isinstance(value, str) == (heading.sort is Sort.TEXT) or value is None


def test_the_table_of_loads_sums_them_up() -> None:
    table = figures_of(FULL)
    assert [row[:6] for row in table.rows] == [
        ("nicht verteilt", 3, 0, 0, 0, None),
        ("Anna Berg", 0, 1, 1, 4, 0.25),
    ]
    assert table.total == ("Summe", 3, 1, 1, 4, 0.25, 700, 0, 50, None, 9.0)


def test_reasons_and_stages_are_called_as_a_person_calls_them() -> None:
    reasons = figures_of(Overview(View.REASONS, Scope(), reasons=FULL.reasons))
    assert [row[:3] for row in reasons.rows] == [("Wettbewerber", 3, 0.75), ("ohne Grund", 1, 0.25)]
    stages = figures_of(Overview(View.OPPORTUNITIES, Scope(), stages=FULL.stages))
    assert [row[:2] for row in stages.rows] == [("Dezember 2026", "Angebot"), ("ohne Termin", "ohne Phase")]


def test_an_overview_without_anything_is_empty() -> None:
    assert Overview(
        View.LOAD, Scope(), loads=(Load("anna", "Anna"),), groups=(GroupFigures(Group.NEW),)
    ).is_empty
    assert not Overview(View.LOAD, Scope(), loads=(Load("anna", "Anna", opportunities=1),)).is_empty
    assert not FULL.is_empty


def test_a_lead_stands_under_the_headings_of_leads() -> None:
    noon = datetime(2026, 11, 20, 12, tzinfo=UTC)
    row = LeadRow(
        id=1,
        title="Anfrage",
        state=LeadState.DONE,
        contact_id=None,
        contact="Silke Berger",
        company="Vogel",
        campaign="Messe",
        source="Telefon",
        assignee="anna",
        assignee_name="Anna Berg",
        value=100,
        next_step="",
        due=None,
        created_at=noon,
        activated_at=noon,
        finished_at=noon,
        result="failure",
        reason="other",
        reason_text="umgezogen",
        changed_at=noon,
    )
    day = date(2026, 11, 20)
    assert lead_values(row) == (
        *("Erfolglos", "Anfrage", "Silke Berger", "Vogel", "Messe", "Telefon", "Anna Berg", 100),
        *(day, None, day, "Sonstiges: umgezogen"),
    )
    assert len(lead_values(row)) == len(lead_headings())
