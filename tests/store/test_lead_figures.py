"""The figures of the overviews against examples that a person can count, on both databases.

The leads are those of `tests/store/fair.py`.
"""

from __future__ import annotations

import random
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

import pytest

from app.domain.overviews.figures import Group, GroupFigures, Load, ReasonFigures, Scope, StageFigures, Step
from app.domain.periods import Period
from app.store.database import Store
from app.store.leads import figures
from tests.store.fair import EUROS, NOW, TODAY, at, fair
from tests.store.leads import add_lead
from tests.store.opportunities import add_opportunity

HOUR, DAY = 3_600, 86_400


@pytest.fixture(autouse=True)
def _in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def by_group(found: list[GroupFigures]) -> dict[Group, GroupFigures]:
    return {each.group: each for each in found}


def test_leads_are_counted_by_how_they_stand(store: Store) -> None:
    scope = Scope(fair(store)["Messe"])
    found = by_group(figures.groups(store.read, scope, NOW, TODAY))
    assert found == {
        # 8 has waited 12 days and 4 hours, 9 has waited 2 days and 4 hours: in the middle 7 days and 4 hours.
        Group.NEW: GroupFigures(Group.NEW, 2, 1, 6_000 * EUROS, 7 * DAY + 4 * HOUR),
        # 6 is overdue, 7 is due today only; 14 days and 4 hours, and 13 days and 4 hours.
        Group.ACTIVE: GroupFigures(Group.ACTIVE, 2, 1, 8_000 * EUROS, 13 * DAY + 16 * HOUR),
        # 1 took 3 days, 2 took 6 days and 12 hours.
        Group.SUCCESS: GroupFigures(Group.SUCCESS, 2, 0, 14_000 * EUROS, 4 * DAY + 18 * HOUR),
        # 3 took 3 days, 4 took 14 days, 5 took 10 days and 2 hours.
        Group.FAILURE: GroupFigures(Group.FAILURE, 3, 0, 3_000 * EUROS, 10 * DAY + 2 * HOUR),
    }


def test_the_funnel_counts_each_lead_once_a_step(store: Store) -> None:
    scope = Scope(fair(store)["Messe"])
    assert figures.steps(store.read, scope) == {
        Step.NEW: (9, None),
        # After 24, 12, 48, 96, 2, 1 and 48 hours: in the middle 24.
        Step.ACTIVE: (7, 24 * HOUR),
        # 1 after 2 days, 2 after 6 days: in the middle 4.
        Step.SUCCESS: (2, 4 * DAY),
        # 3 after 1 day, 4 after 10 days, 5 after 10 days.
        Step.FAILURE: (3, 10 * DAY),
        Step.OPPORTUNITY: (2, 0),
        Step.WON: (1, 10 * DAY),
    }


def test_everybody_who_works_on_leads_has_a_load(store: Store) -> None:
    fair(store)
    found = {load.login: load for load in figures.loads(store.read, Scope(), NOW, TODAY)}
    assert found == {
        "": Load(
            "", "", new=2, overdue=1, value=6_000 * EUROS, age=7 * DAY + 4 * HOUR, oldest=12 * DAY + 4 * HOUR
        ),
        # Open: 7 since 13 days and 4 hours, 10 since 18 days and 4 hours.
        "anna": Load(
            "anna",
            "Anna",
            active=2,
            success=2,
            failure=1,
            value=5_700 * EUROS,
            age=15 * DAY + 16 * HOUR,
            oldest=18 * DAY + 4 * HOUR,
        ),
        "bodo": Load(
            "bodo",
            "Bodo",
            active=1,
            overdue=1,
            failure=2,
            value=3_000 * EUROS,
            opportunities=1,
            weighted=2_000 * EUROS,
            age=14 * DAY + 4 * HOUR,
            oldest=14 * DAY + 4 * HOUR,
        ),
    }
    (anna,) = figures.loads(store.read, Scope(assignee="anna"), NOW, TODAY)
    assert anna == found["anna"]


def test_a_member_who_left_is_listed_while_leads_are_theirs(store: Store) -> None:
    fair(store)
    add_lead(store, assignee="emil", created_at=at(19, 12))
    add_lead(store, assignee="nobody.known", created_at=at(19, 12))
    found = {load.login: load for load in figures.loads(store.read, Scope(), NOW, TODAY)}
    assert (found["emil"].name, found["emil"].active, found["emil"].age) == ("Emil", 1, DAY)
    assert (found["nobody.known"].name, found["nobody.known"].active) == ("", 1)
    assert "dora" not in found


def test_failures_are_counted_by_their_reason(store: Store) -> None:
    scope = Scope(fair(store)["Messe"])
    assert figures.reasons(store.read, scope) == [
        # 3 after 3 days, 4 after 14 days.
        ReasonFigures("competitor", 2, 3, 3_000 * EUROS, 8 * DAY + 12 * HOUR),
        ReasonFigures("other", 1, 3, 0, 10 * DAY + 2 * HOUR),
    ]


def test_failures_belong_to_the_period_in_which_they_were_finished(store: Store) -> None:
    fair(store)
    found = figures.reasons(store.read, Scope(period=Period(date(2026, 11, 16), None)))
    assert [(each.reason, each.leads, each.whole) for each in found] == [("competitor", 1, 1)]


def test_opportunities_are_counted_by_month_and_stage(store: Store) -> None:
    fair(store)
    add_opportunity(store, stage="Verhandlung", probability=75, value=1_000 * EUROS, expected_on="2026-12-01")
    add_opportunity(store, stage="Angebot", probability=25, value=2_000 * EUROS, expected_on="2026-12-31")
    add_opportunity(store, stage="Verloren", probability=30, value=8_000 * EUROS, expected_on="2026-12-31")
    add_opportunity(store, stage="Erstgespräch", probability=10, value=None, expected_on="")
    assert figures.stages(store.read, Scope()) == [
        StageFigures("2026-11", "Gewonnen", "won", 1, 9_500 * EUROS, 0),
        StageFigures("2026-12", "Angebot", "", 2, 6_000 * EUROS, 2_500 * EUROS),
        StageFigures("2026-12", "Verhandlung", "", 1, 1_000 * EUROS, 750 * EUROS),
        StageFigures("2026-12", "Verloren", "lost", 1, 8_000 * EUROS, 0),
        StageFigures("", "Erstgespräch", "", 1, 0, 0),
    ]
    december = Scope(period=Period(date(2026, 12, 2), date(2026, 12, 31)))
    assert [(each.stage, each.opportunities) for each in figures.stages(store.read, december)] == [
        ("Angebot", 2),
        ("Verloren", 1),
    ]


def test_opportunities_of_a_campaign_are_those_of_its_leads(store: Store) -> None:
    campaigns = fair(store)
    add_opportunity(store, stage="Angebot", value=1)
    found = figures.stages(store.read, Scope(campaigns["Messe"], assignee="bodo"))
    assert [(each.stage, each.opportunities) for each in found] == [("Angebot", 1)]
    assert figures.stages(store.read, Scope(campaigns["Brief"])) == []


@pytest.mark.parametrize("campaign", ["Leer", None])
def test_a_campaign_without_leads_or_one_that_is_not_there_has_no_figures(
    store: Store, campaign: str | None
) -> None:
    campaigns = fair(store)
    scope = Scope(campaigns[campaign] if campaign else 4711)
    assert figures.groups(store.read, scope, NOW, TODAY) == [GroupFigures(group) for group in Group]
    assert figures.steps(store.read, scope) == dict.fromkeys(Step, (0, None))
    assert figures.reasons(store.read, scope) == []
    assert figures.stages(store.read, scope) == []
    assert {load.login for load in figures.loads(store.read, scope, NOW, TODAY)} == {"anna", "bodo"}


def test_an_empty_store_has_no_figures(store: Store) -> None:
    assert figures.groups(store.read, Scope(), NOW, TODAY) == [GroupFigures(group) for group in Group]
    assert figures.steps(store.read, Scope()) == dict.fromkeys(Step, (0, None))
    assert figures.loads(store.read, Scope(), NOW, TODAY) == []
    assert figures.reasons(store.read, Scope()) == []
    assert figures.stages(store.read, Scope()) == []


def test_of_one_lead_its_own_time_is_the_median(store: Store) -> None:
    add_lead(store, assignee="anna", created_at=at(1), activated_at=at(4))
    assert figures.steps(store.read, Scope())[Step.ACTIVE] == (1, 3 * DAY)
    active = by_group(figures.groups(store.read, Scope(), at(2), TODAY))[Group.ACTIVE]
    assert active == GroupFigures(Group.ACTIVE, 1, 0, 0, DAY)


def test_a_lead_that_was_opened_again_is_at_work_and_not_in_the_funnels_end(store: Store) -> None:
    lead = add_lead(store, assignee="anna", created_at=at(1), activated_at=at(2))
    add_opportunity(store, lead_id=lead, stage="Gewonnen", created_at=at(4), closed_at=at(5))
    reached = figures.steps(store.read, Scope())
    assert {step: leads for step, (leads, _seconds) in reached.items() if leads} == {
        Step.NEW: 1,
        Step.ACTIVE: 1,
    }


def test_a_lead_that_is_finished_again_keeps_its_opportunity_and_waited_no_time_for_it(store: Store) -> None:
    lead = add_lead(
        store, assignee="anna", result="success", created_at=at(1), activated_at=at(2), finished_at=at(9)
    )
    add_opportunity(store, lead_id=lead, stage="Angebot", created_at=at(4))
    reached = figures.steps(store.read, Scope())
    assert reached[Step.OPPORTUNITY] == (1, 0)
    assert reached[Step.WON] == (0, None)


def test_a_lead_that_was_taken_back_is_new_whatever_was_before(store: Store) -> None:
    add_lead(store, assignee="", created_at=at(1), activated_at=at(2))
    reached = figures.steps(store.read, Scope())
    assert (reached[Step.NEW][0], reached[Step.ACTIVE][0]) == (1, 0)
    standing = figures.groups(store.read, Scope(), NOW, TODAY)
    assert [each.group for each in standing if each.leads] == [Group.NEW]


def test_a_lead_with_the_opportunities_of_two_that_were_merged_counts_once(store: Store) -> None:
    lead = add_lead(
        store, assignee="anna", result="success", created_at=at(1), activated_at=at(2), finished_at=at(3)
    )
    add_opportunity(store, lead_id=lead, stage="Gewonnen", created_at=at(3), closed_at=at(7))
    add_opportunity(store, lead_id=lead, stage="Gewonnen", created_at=at(5), closed_at=at(6))
    reached = figures.steps(store.read, Scope())
    assert reached[Step.OPPORTUNITY] == (1, 0)
    assert reached[Step.WON] == (1, 3 * DAY)  # from the first that was made to the first that was won


def test_medians_are_those_that_python_finds(store: Store) -> None:
    dice = random.Random(11)
    ages: dict[str, list[int]] = defaultdict(list)
    took: dict[str, list[int]] = defaultdict(list)
    begun: list[int] = []
    with store.write() as tx:
        for _lead in range(200):
            came = NOW - dice.randrange(50 * DAY)
            assignee = dice.choice(["", "anna", "bodo", "cora"])
            reason = dice.choice(["", "", "other", "competitor"]) if assignee else ""
            active = came + dice.randrange(DAY) if assignee else None
            done = came + dice.randrange(DAY, 9 * DAY) if reason else None
            tx.run(
                """INSERT INTO lead (assignee, result, reason, created_at, activated_at, finished_at)
  VALUES (?, ?, ?, ?, ?, ?)""",
                (assignee, "failure" if reason else "", reason, came, active, done),
            )
            begun += [active - came] if active else []
            if done:
                took[reason].append(done - came)
            else:
                ages[assignee].append(NOW - came)
    median = statistics.median
    assert {load.login: load.age for load in figures.loads(store.read, Scope(), NOW, TODAY)} == {
        login: median(seconds) for login, seconds in ages.items()
    }
    assert {each.reason: each.seconds for each in figures.reasons(store.read, Scope())} == {
        reason: median(seconds) for reason, seconds in took.items()
    }
    assert figures.steps(store.read, Scope())[Step.ACTIVE] == (len(begun), median(begun))
    found = by_group(figures.groups(store.read, Scope(), NOW, TODAY))
    assert found[Group.NEW].seconds == median(ages.pop(""))
    assert found[Group.ACTIVE].seconds == median(age for some in ages.values() for age in some)
    assert found[Group.FAILURE].seconds == median(each for some in took.values() for each in some)


def test_a_period_begins_and_ends_at_midnight_of_the_reps_zone(store: Store) -> None:
    # In Berlin the 1st of July begins at 22 h UTC of the day before, the 1st of December at 23 h.
    july, december = at(30, 22, 6), at(30, 23, 11)
    for moment in (july - 1, july, december - 1, december):
        add_lead(store, created_at=moment)

    def count(first: date | None, last: date | None) -> int:
        return sum(
            each.leads for each in figures.groups(store.read, Scope(period=Period(first, last)), NOW, TODAY)
        )

    assert count(None, date(2026, 6, 30)) == 1
    assert count(date(2026, 7, 1), None) == 3
    assert count(date(2026, 7, 1), date(2026, 11, 30)) == 2
    assert count(date(2026, 12, 1), date(2026, 12, 1)) == 1
    assert count(date(1, 1, 1), date.max) == 4


def test_amounts_beyond_64_bits_are_summed_up(store: Store) -> None:
    for _lead in range(10):
        add_lead(store, value=10**15)
        add_opportunity(store, stage="Angebot", value=10**15, probability=100)
    group = by_group(figures.groups(store.read, Scope(), NOW, TODAY))[Group.NEW]
    (stage,) = figures.stages(store.read, Scope())
    assert (group.value, stage.value, stage.weighted) == (10**16, 10**16, 10**16)
