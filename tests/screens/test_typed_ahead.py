"""Keys that come faster than the screens they lead to: each reaches what the ones before it opened, and none breaks the app."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.widgets import Input, Static

from app.domain.crm.kinds import Kind
from app.screens.compose.screen import ComposeScreen
from app.screens.leads.distribute_box import DistributeBox
from app.screens.leads.screen import LeadsScreen
from app.screens.records.form import RecordForm
from app.services.crm import records as crm
from app.store.database import Store
from app.widgets.field import Field
from tests.screens.conftest import Seat
from tests.screens.fake import NOW
from tests.screens.leads.office import furnish
from tests.screens.rooms import furnished, opened_on

LETTERS = "abcdefhijklmnoprstuvwxyzABCDFHIJKLMNOPRSTUVWXYZ0123456789+*/!@:? "
NAMED = [
    "enter",
    "enter",
    "up",
    "down",
    "left",
    "right",
    "tab",
    "shift+tab",
    "backspace",
    "f2",
    "f3",
    "f4",
    "f5",
    "f6",
    "f8",
    "pageup",
    "pagedown",
    "home",
    "end",
]
PLACES = "lmtcbveos"
ESCAPE = "escape"


def type_ahead(seat: Seat, *keys: str) -> None:
    """Let these keys come at once, as over a slow line."""
    driver = seat.app._driver
    assert driver is not None
    for key in keys:
        driver.send_message(events.Key(key, key if len(key) == 1 else None))


def names(seat: Seat) -> list[str]:
    return [type(screen).__name__ for screen in seat.app.screen_stack]


async def test_places_that_are_opened_and_left_in_one_go_leave_the_last_one(store: Store) -> None:
    furnished(store)
    async with opened_on(store) as seat:
        type_ahead(seat, *"gtglgvgcgbgegogl")
        await seat.until(lambda: names(seat) == ["MailScreen", "LeadsScreen"])
        await seat.quiet()


async def test_a_key_is_meant_for_the_place_that_the_ones_before_it_lead_to(store: Store) -> None:
    furnish(store)
    async with opened_on(store) as seat:
        type_ahead(seat, *"gl/Wartung")
        await seat.until(lambda: isinstance(seat.app.screen, LeadsScreen))
        await seat.until(lambda: seat.app.screen.query_one("#query", Field).value == "Wartung")
        await seat.quiet()
    mails = store.read.rows("SELECT count(*) FROM operation")
    assert mails == [(2,)]  # those that `furnished` left: no letter was taken for a step with a mail


async def test_what_is_selected_in_a_place_that_just_opens_is_what_is_listed_there(store: Store) -> None:
    furnish(store)
    async with opened_on(store) as seat:
        type_ahead(seat, "g", "l", "space", "space", "a")
        await seat.until(lambda: isinstance(seat.app.screen, DistributeBox))
        assert seat.app.screen.query_one(".title", Static).content.plain.startswith("2 Leads an Bearbeiter")  # type: ignore[union-attr]


async def test_what_is_typed_before_a_form_is_there_stands_in_its_first_field(store: Store) -> None:
    furnished(store)
    async with opened_on(store) as seat:
        type_ahead(seat, *"gl+", *"Pumpe", "tab")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        form = seat.app.screen
        await seat.until(lambda: form.focused is not form.query_one("#field-title"))
        assert form.query_one("#field-title", Field).value == "Pumpe"


async def test_enter_right_after_a_dialog_was_asked_for_takes_what_it_offers_first(store: Store) -> None:
    furnished(store)
    record = crm.create(
        store,
        Kind.CONTACT,
        {"last_name": "Berger", "first_name": "Silke", "emails": "silke.berger@vogel.example"},
        author="berg",
        now=NOW,
    )
    async with opened_on(store) as seat:
        type_ahead(seat, "l", "enter")
        await seat.until(lambda: store.read.rows("SELECT kind, record_id FROM link"))
    assert store.read.rows("SELECT kind, record_id FROM link") == [("contact", record.id)]


async def test_a_pasted_text_comes_after_the_keys_before_it(store: Store) -> None:
    furnished(store)
    async with opened_on(store) as seat:
        type_ahead(seat, *"gl+A")
        driver = seat.app._driver
        assert driver is not None
        driver.send_message(events.Paste("nfrage"))
        type_ahead(seat, "!")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        await seat.until(lambda: seat.app.screen.query_one("#field-title", Field).value == "Anfrage!")


async def test_keys_do_not_wait_for_ever_for_what_hangs(store: Store) -> None:
    furnished(store)
    async with opened_on(store) as seat:
        desk = seat.app.desk
        read, answers = desk.read, [Future[Any]()]

        def hang_once(work: Callable[[], Any]) -> Future[Any]:
            return answers.pop() if answers else read(work)

        desk.read = hang_once  # type: ignore[assignment]
        type_ahead(seat, *"wgl")
        await seat.until(lambda: names(seat) == ["MailScreen", "LeadsScreen"])
        assert not answers


async def test_letters_do_not_wait_for_what_is_looked_up_for_those_before_them(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnished(store)
    async with opened_on(store) as seat:
        await seat.press("w")
        await seat.until(lambda: isinstance(seat.app.screen, ComposeScreen))
        await seat.quiet()
        monkeypatch.setattr("app.widgets.keyboard.PATIENCE", 3600.0)
        desk, asked = seat.app.desk, []

        def never(work: Callable[[], Any]) -> Future[Any]:
            asked.append(work)
            return Future()

        read, desk.read = desk.read, never  # type: ignore[method-assign]
        type_ahead(seat, *"silke.berger")
        await seat.until(lambda: seat.app.screen.query_one("#to", Field).value == "silke.berger")
        assert asked
        desk.read = read  # type: ignore[method-assign]


@pytest.mark.parametrize("seed", range(4))
async def test_no_keys_whatever_break_the_app(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    furnish(store)
    chosen = random.Random(seed)
    async with opened_on(store) as seat:
        for _burst in range(60):
            type_ahead(seat, *_burst_of(chosen))
            await seat.pilot.pause(chosen.choice((0.001, 0.01)))
            assert seat.app._exception is None
        await seat.until(lambda: not seat.app.keyboard.waiting)
        # Whatever is open is left, and the app still does what it is told.
        while len(seat.app.screen_stack) > 1 or isinstance(seat.app.focused, Input):
            await seat.press(ESCAPE)
            await seat.until(lambda: not seat.app.keyboard.is_busy)
        type_ahead(seat, "g", "t")
        await seat.until(lambda: names(seat) == ["MailScreen", "TasksScreen"])


def _burst_of(chosen: random.Random) -> list[str]:
    keys: list[str] = []
    for _key in range(chosen.choice((1, 1, 2, 3, 5, 8))):
        way = chosen.random()
        if way < 0.55:
            keys.append(chosen.choice(LETTERS))
        elif way < 0.8:
            keys.append(chosen.choice(NAMED))
        elif way < 0.92:
            keys += ["g", chosen.choice(PLACES)]
        else:
            keys.append(ESCAPE)
    return keys
