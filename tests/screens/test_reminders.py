"""What is due is counted in the line on top of every place, and a reminder is told once, wherever its rep is."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.domain.crm.agenda import EntryKind
from app.domain.crm.kinds import Kind
from app.screens.bell import Bell
from app.screens.compose.screen import ComposeScreen
from app.screens.dialogs.boxes import Picker
from app.screens.records.page import RecordPage
from app.services.crm import records as crm
from app.services.tasks import steps
from app.store.database import Store
from tests.screens.card_index import fill, shown
from tests.screens.conftest import SIZES, Pictured, Seat
from tests.screens.fake import NOW
from tests.screens.rooms import opened_on
from tests.screens.task_list import agenda, go

SOON = "heute 15:30"  # NOW is 15:02


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW.astimezone()

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def top(seat: Seat) -> str:
    return shown(seat, "#top")


def bottom(seat: Seat) -> str:
    return shown(seat, "#keys")


def make(store: Store, title: str = "Rückruf", due_on: str = SOON) -> int:
    values = {"title": title, "due_on": due_on, "assignee": "berg"}
    return crm.create(store, Kind.TASK, values, author="berg", now=NOW.astimezone()).id


def bell(seat: Seat) -> Bell:
    return seat.app.news


async def later(seat: Seat, clock: Clock, minutes: int = 30) -> None:
    """So much time passes, and the app looks at its clock."""
    clock.now += timedelta(minutes=minutes)
    bell(seat).look()


async def test_every_place_counts_what_is_due(store: Store) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        await seat.until(lambda: "Aufgaben 3" in top(seat))
        for letter in "clts":
            before = seat.app.screen
            await seat.press("g", letter)
            await seat.until(
                lambda before=before: seat.app.screen is not before and "Aufgaben 3" in top(seat)
            )
        await seat.press("g", "t")
        await go(seat)
        await seat.press("x")
        await seat.until(lambda: "Aufgaben 2" in top(seat))
        await seat.press("g", "m")
        await seat.until(lambda: seat.app.screen is seat.screen and "Aufgaben 2" in top(seat))


async def test_nothing_due_is_no_count(store: Store) -> None:
    fill(store)
    async with opened_on(store) as seat:
        await seat.quiet()
        assert "Aufgaben" not in top(seat)


async def test_what_was_due_tomorrow_is_due_when_the_day_begins(store: Store, clock: Clock) -> None:
    fill(store)
    make(store, due_on="morgen")
    async with opened_on(store, clock=clock) as seat:
        await seat.quiet()
        assert "Aufgaben" not in top(seat)
        await later(seat, clock, 24 * 60)
        await seat.until(lambda: "Aufgaben 1" in top(seat))


async def test_a_reminder_is_told_in_the_place_in_front_and_opened_by_a_key(
    store: Store, clock: Clock
) -> None:
    fill(store)
    make(store)
    async with opened_on(store, clock=clock) as seat:
        await seat.quiet()
        assert "Erinnerung" not in top(seat) + bottom(seat)
        await later(seat, clock)
        await seat.until(lambda: "Erinnerung: Rückruf" in bottom(seat))
        assert "g r" in bottom(seat)
        assert "Erinnerung" in top(seat)
        await seat.press("g", "r")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press("enter")
        await seat.until(
            lambda: isinstance(seat.app.screen, RecordPage) and "Rückruf" in shown(seat, "#headline")
        )
        assert "Erinnerung" not in top(seat)


async def test_it_is_told_once_also_when_the_app_was_closed_meanwhile(store: Store, clock: Clock) -> None:
    fill(store)
    make(store)
    clock.now += timedelta(hours=2)
    async with opened_on(store, clock=clock) as seat:
        await seat.until(lambda: "Erinnerung: Rückruf" in bottom(seat))
    async with opened_on(store, clock=clock) as seat:
        await seat.until(lambda: "Aufgaben 1" in top(seat))
        await seat.quiet()
        assert "Erinnerung" not in top(seat) + bottom(seat)


async def test_while_a_mail_is_written_it_stands_on_top_only_and_is_told_afterwards(
    store: Store, clock: Clock
) -> None:
    fill(store)
    make(store)
    async with opened_on(store, clock=clock) as seat:
        await seat.press("w")
        await seat.until(
            lambda: isinstance(seat.app.screen, ComposeScreen) and seat.app.screen.query("#keys")
        )
        await seat.quiet()
        await later(seat, clock)
        await seat.until(lambda: "Erinnerung" in top(seat))
        assert "Erinnerung" not in bottom(seat)
        await seat.press("escape")
        await seat.until(lambda: seat.app.screen is seat.screen)
        await seat.until(lambda: "Erinnerung: Rückruf" in bottom(seat))


async def test_while_a_dialog_is_open_it_waits_until_that_is_closed(store: Store, clock: Clock) -> None:
    fill(store)
    make(store)
    async with opened_on(store, clock=clock) as seat:
        await seat.press("m")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await later(seat, clock)
        await seat.until(lambda: bell(seat).waiting)
        await seat.press("escape")
        await seat.until(lambda: "Erinnerung: Rückruf" in bottom(seat))


@pytest.mark.parametrize(
    ("keys", "state", "minutes"),
    [
        (["down"], "done", 28),
        (["down", "down"], "open", 40),
        (["down"] * 3, "open", 90),
        (["down"] * 4, "open", 28),
    ],
    ids=["done", "ten-minutes", "an-hour", "not-any-more"],
)
async def test_a_reminder_is_dealt_with(
    store: Store, clock: Clock, keys: list[str], state: str, minutes: int
) -> None:
    fill(store)
    number = make(store)
    async with opened_on(store, clock=clock) as seat:
        await seat.quiet()
        await later(seat, clock)
        await seat.until(lambda: bell(seat).waiting)
        await seat.press("g", "r")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press(*keys, "enter")
        await seat.quiet()
        assert not bell(seat).waiting
        row = store.read.row("SELECT state, remind_at FROM task WHERE id = ?", (number,))
        assert row == (state, int((NOW + timedelta(minutes=minutes)).timestamp()))
        await later(seat, clock, 60)
        if minutes > 28:
            await seat.until(lambda: bell(seat).waiting)
        else:
            await seat.quiet()
            assert not bell(seat).waiting


async def test_a_reminder_of_what_was_done_elsewhere_goes(store: Store, clock: Clock) -> None:
    fill(store)
    number = make(store)
    make(store, "Angebot")
    async with opened_on(store, clock=clock) as seat:
        await seat.quiet()
        await later(seat, clock)
        await seat.until(lambda: "(+1)" in bottom(seat))
        steps.finish(store, EntryKind.TASK, number, author="berg", now=clock.now)
        await seat.until(lambda: "Erinnerung: Angebot" in top(seat))


async def test_a_reminder_from_outside_draws_no_escape_sequence(store: Store, clock: Clock) -> None:
    fill(store)
    number = make(store)
    with store.write() as tx:
        tx.run("UPDATE task SET title = ? WHERE id = ?", ("Rück\x1b[2Jruf", number))
    async with opened_on(store, clock=clock) as seat:
        await seat.quiet()
        await later(seat, clock)
        await seat.until(lambda: "Erinnerung" in bottom(seat))
        assert "\x1b" not in top(seat) + bottom(seat)


@pytest.mark.parametrize("size", SIZES)
async def test_how_it_looks(store: Store, clock: Clock, pictured: Pictured, size: str) -> None:
    agenda(store)
    make(store)
    async with opened_on(store, SIZES[size], clock=clock) as seat:
        await seat.until(lambda: "Aufgaben 4" in top(seat))
        await later(seat, clock)
        await seat.until(lambda: "Erinnerung" in bottom(seat))
        await pictured(seat)
        await seat.press("g", "r")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await pictured(seat, "dialog")
