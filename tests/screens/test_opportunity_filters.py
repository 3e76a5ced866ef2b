"""The filter of the opportunities: what it lets through, what it is told as, and filters that are kept under a name."""

from __future__ import annotations

from typing import Any

from app.domain.opportunities.pipeline import OVERDUE, OpportunityFilter, Sort
from app.domain.opportunities.stages import Outcome
from app.screens.dialogs.boxes import Picker, TextPrompt
from app.screens.opportunities.filter_box import OpportunityFilterBox
from app.services.team import saved_filters
from app.store.database import Store
from tests.screens.chance_board import ME, fill, go, shown
from tests.screens.conftest import Seat
from tests.screens.rooms import opened_on
from tests.services.leads.team import NOW

WIDE = (140, 40)


def field(seat: Seat, name: str) -> Any:
    return seat.app.screen.query_one(f"#field-{name}")


async def ask(seat: Seat) -> None:
    """The dialog, when it stands there."""
    await seat.press("F")
    await seat.until(
        lambda: isinstance(seat.app.screen, OpportunityFilterBox) and seat.app.screen.focused is not None
    )


async def test_opportunities_are_filtered_by_assignee_outcome_and_month(store: Store) -> None:
    fill(store)
    async with opened_on(store, WIDE) as seat:
        screen = await go(seat)
        await seat.press("v")
        await seat.until(lambda: screen.table.total == 7)
        await ask(seat)
        await seat.press("right", "down", "down", "right", "enter")  # mine, and undecided
        await seat.until(lambda: screen.table.total == 3 and "A. Berg, offen" in shown(seat, "#filter"))
        assert screen.wanted == OpportunityFilter(assignee=ME, outcome=Outcome.OPEN)
        await ask(seat)
        assert (field(seat, "assignee").words, field(seat, "outcome").words) == ("meine", "offen")
        field(seat, "month").choose(OVERDUE)
        await seat.press("enter")
        await seat.until(lambda: screen.table.total == 1 and "überfällig" in shown(seat, "#filter"))
        await seat.press("escape")
        await seat.until(lambda: screen.wanted == OpportunityFilter() and screen.table.total == 7)


async def test_a_filter_is_kept_under_a_name_with_the_order_of_the_list_and_chosen_again(
    store: Store,
) -> None:
    fill(store)
    async with opened_on(store, WIDE) as seat:
        screen = await go(seat)
        await seat.press("v", "o")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press(*"wert", "enter")
        await seat.until(lambda: screen.sort is Sort.VALUE and screen.is_listed)
        await ask(seat)
        field(seat, "stage").choose("Angebot")
        await seat.press("ctrl+s")
        await seat.until(lambda: isinstance(seat.app.screen, TextPrompt))
        await seat.press(*"Angebote", "enter")
        await seat.until(
            lambda: (
                isinstance(seat.app.screen, OpportunityFilterBox) and field(seat, "saved").words == "Angebote"
            )
        )
        await seat.press("escape")
        await seat.until(lambda: seat.app.screen is screen)
        assert not screen.wanted.narrowed
        screen.sort = Sort.TITLE
        await ask(seat)
        await seat.press("up", "right")
        await seat.until(lambda: field(seat, "stage").words == "Angebot")
        await seat.press("enter")
        await seat.until(lambda: screen.wanted == OpportunityFilter(stage="Angebot") and screen.is_listed)
        assert screen.sort is Sort.VALUE
    kept = saved_filters.list_filters(store, "opportunities", owner=ME)
    assert [(each.name, each.query) for each in kept] == [("Angebote", {"stage": "Angebot", "sort": "value"})]
    assert saved_filters.list_filters(store, "leads", owner=ME) == []


async def test_a_kept_month_and_a_stage_that_is_gone_are_offered_and_told(store: Store) -> None:
    fill(store)
    query = {"month": "2031-05", "stage": "Abgeschafft"}
    saved_filters.store_filter(store, "opportunities", "Alt", query, author=ME, now=NOW)
    async with opened_on(store, WIDE) as seat:
        screen = await go(seat)
        await ask(seat)
        await seat.press("up", "right")
        await seat.until(lambda: field(seat, "month").words == "Mai 2031")
        assert field(seat, "stage").words == "Abgeschafft"
        await seat.press("down", "down", "right", "left", "enter")
        await seat.until(lambda: screen.wanted.month == "2031-05" and screen.is_listed)
        assert "Abgeschafft, Mai 2031" in shown(seat, "#filter")
