"""The filter of the leads: what it lets through, what it is told as, and filters that are kept under a name."""

from __future__ import annotations

from typing import Any

from app.domain.crm.kinds import LeadState
from app.domain.leads.filter import NOBODY, LeadFilter
from app.screens.dialogs.boxes import Confirm, Picker, TextPrompt
from app.screens.leads.filter_box import LeadFilterBox
from app.services.team import saved_filters
from app.store.database import Store
from tests.screens.conftest import Seat
from tests.screens.leads.office import TODAY, board, furnish
from tests.screens.leads.test_verbs import asked
from tests.services.leads.team import NOW


def field(seat: Seat, name: str) -> Any:
    return seat.app.screen.query_one(f"#field-{name}")


async def test_leads_are_filtered_by_assignee_campaign_source_and_state(store: Store) -> None:
    furnish(store)
    async with board(store) as (seat, screen):
        await asked(seat, LeadFilterBox, "F")
        await asked(seat, Picker, "space")  # the assignee
        await seat.press(*"klein", "enter")
        await seat.until(lambda: isinstance(seat.app.screen, LeadFilterBox))
        await seat.press("down", "space")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press(*"haus", "enter")
        await seat.until(lambda: isinstance(seat.app.screen, LeadFilterBox))
        await seat.press("down", "down", "right", "enter")  # the state: open ones
        await seat.until(lambda: screen.wanted.assignee == "klein" and screen.is_listed)
        assert screen.wanted == LeadFilter(
            assignee="klein", campaign_id=1, states=(LeadState.NEW, LeadState.ACTIVE)
        )
        told = screen.query_one("#filter").text  # type: ignore[attr-defined]
        assert "Filter aktiv: offene, Bearbeiter Britta Klein, Kampagne Hausmesse" in told
        assert [screen.board.total, len(screen.board.held("active"))] == [0, 1]
        await seat.press("escape")
        await seat.until(lambda: not screen.wanted.narrowed and len(screen.board.held("new")) == 3)


async def test_leads_are_filtered_by_days_words_and_what_is_overdue(store: Store) -> None:
    furnish(store)
    async with board(store) as (seat, screen):
        await asked(seat, LeadFilterBox, "F")
        field(seat, "from").value = "1.11.2026"
        field(seat, "to").value = "gestern"
        field(seat, "text").value = "vogel"
        await seat.press("enter")
        await seat.until(lambda: screen.wanted.created_to is not None and screen.is_listed)
        assert [card.key for card in screen.board.held("new")] == [1]
        assert (screen.typed, screen.wanted.created_from) == ("vogel", TODAY.replace(day=1))
        await asked(seat, LeadFilterBox, "F")
        assert [field(seat, name).value for name in ("from", "to", "text")] == [
            "01.11.2026",
            "19.11.2026",
            "vogel",
        ]
        for name in ("from", "to", "text"):
            field(seat, name).value = ""
        field(seat, "overdue").choose(True)
        await seat.press("enter")
        await seat.until(lambda: screen.wanted == LeadFilter(overdue=True) and screen.is_listed)
        assert [len(screen.board.held(state)) for state in ("new", "active", "done")] == [0, 1, 0]


async def test_a_day_that_is_none_is_told_and_nothing_is_lost(store: Store) -> None:
    furnish(store)
    async with board(store) as (seat, screen):
        await asked(seat, LeadFilterBox, "F")
        field(seat, "from").value = "gestern früh"
        await seat.press("enter")
        await seat.until(lambda: "ist kein Tag" in str(seat.app.screen.query_one("#line").content))  # type: ignore[attr-defined]
        assert field(seat, "from").value == "gestern früh"
        await seat.press("escape")
        await seat.until(lambda: seat.app.screen is screen)
        assert not screen.wanted.narrowed


async def test_a_filter_is_kept_under_a_name_chosen_again_and_deleted(store: Store) -> None:
    furnish(store)
    async with board(store) as (seat, screen):
        await asked(seat, LeadFilterBox, "F")
        field(seat, "assignee").choose(NOBODY)
        await asked(seat, TextPrompt, "ctrl+s")
        await seat.press(*"Zu verteilen", "enter")
        await seat.until(
            lambda: (
                isinstance(seat.app.screen, LeadFilterBox) and field(seat, "saved").words == "Zu verteilen"
            )
        )
        await seat.press("escape")
        await seat.until(lambda: seat.app.screen is screen)
        assert not screen.wanted.narrowed
        await asked(seat, LeadFilterBox, "F")
        assert field(seat, "saved").words == "1 gespeichert"
        await seat.press("up")
        await asked(seat, Picker, "space")
        await seat.press(*"zu ver", "enter")
        await seat.until(
            lambda: (
                isinstance(seat.app.screen, LeadFilterBox) and field(seat, "assignee").words == "noch niemand"
            )
        )
        await seat.press("enter")
        await seat.until(lambda: screen.wanted == LeadFilter(assignee=NOBODY) and screen.is_listed)
        assert "ohne Bearbeiter" in screen.query_one("#filter").text  # type: ignore[attr-defined]
        await asked(seat, LeadFilterBox, "F")
        await seat.press("ctrl+d")
        await seat.until(
            lambda: "Erst einen gespeicherten" in str(seat.app.screen.query_one("#line").content)
        )  # type: ignore[attr-defined]
        field(seat, "saved").choose(field(seat, "saved").options[1][0])
        await seat.quiet()
        await asked(seat, Confirm, "ctrl+d")
        await seat.press("enter")
        await seat.until(
            lambda: (
                isinstance(seat.app.screen, LeadFilterBox)
                and field(seat, "saved").words == "noch keiner gespeichert"
            )
        )
    assert saved_filters.list_filters(store, "leads", owner="berg") == []


async def test_a_kept_filter_that_cannot_be_read_is_told_and_shows_nothing_wrong(store: Store) -> None:
    furnish(store)
    saved_filters.store_filter(store, "leads", "Alt", {"created_from": "irgendwann"}, author="berg", now=NOW)
    async with board(store) as (seat, screen):
        await asked(seat, LeadFilterBox, "F")
        field(seat, "saved").choose(field(seat, "saved").options[1][0])
        await seat.until(lambda: "ist nicht lesbar" in str(seat.app.screen.query_one("#line").content))  # type: ignore[attr-defined]
        await seat.press("enter")
        await seat.until(lambda: seat.app.screen is screen)
        assert not screen.wanted.narrowed
