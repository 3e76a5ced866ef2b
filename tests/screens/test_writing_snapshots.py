"""Pictures of the compose screen and the outbox, looked at by eye when they were taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from app.domain.compose import Draft
from app.domain.outbox import OutState
from app.screens.compose.screen import ComposeScreen
from app.screens.outbox import OutboxScreen
from tests.screens.office_desk import app_on, until
from tests.screens.test_outbox import make
from tests.services.outbox.office import BERG, MAX, Office

SIZES = [(80, 24), (120, 40)]
Compare = Callable[..., bool]


@pytest.fixture(autouse=True)
def _nothing_happens_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.screens.compose.screen.AUTOSAVE", 1000.0)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    opened = Office.at(tmp_path, "smtp+insecure://127.0.0.1:9/")
    opened.receive()
    yield opened
    opened.store.close()


async def begin(pilot: Pilot[None], key: str) -> ComposeScreen:
    app: Any = pilot.app
    await until(pilot, lambda: app.screen.folders and app.screen.current is not None)
    await pilot.press(key)
    await until(pilot, lambda: isinstance(app.screen, ComposeScreen) and app.screen.mail.senders)
    screen = app.screen
    assert isinstance(screen, ComposeScreen)
    return screen


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
def test_an_answer_to_all(snap_compare: Compare, office: Office, size: tuple[int, int]):
    async def go(pilot: Pilot[None]) -> None:
        await begin(pilot, "R")
        await pilot.press(*"Guten Tag Frau Berger,", "enter")
        await pilot.pause()

    assert snap_compare(app_on(office), terminal_size=size, run_before=go)


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
def test_addresses_that_are_offered(snap_compare: Compare, office: Office, size: tuple[int, int]):
    async def go(pilot: Pilot[None]) -> None:
        screen = await begin(pilot, "w")
        await pilot.press(*"vo")
        await until(pilot, lambda: screen.is_offering)
        await pilot.pause()

    assert snap_compare(app_on(office), terminal_size=size, run_before=go)


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
def test_the_outbox(snap_compare: Compare, office: Office, size: tuple[int, int]):
    office.outbox.save(office.mailbox_id, Draft(sender=BERG, to=(MAX,), subject="Liefertermin", body="Hallo"))
    office.queue(undo=600, subject="Rechnung 2026-118")
    make(office, OutState.SENT)
    make(office, OutState.FAILED, "The server refused the mail: 550 5.7.1 not allowed")
    make(office, OutState.UNCERTAIN, "Postkorb was interrupted while it sent this mail")

    async def go(pilot: Pilot[None]) -> None:
        app: Any = pilot.app
        await pilot.press("g", "o")
        await until(pilot, lambda: isinstance(app.screen, OutboxScreen) and app.screen.mails.rows)
        await until(pilot, lambda: "ungewiss" in app.screen.query_one("#top").text)
        await pilot.pause()

    assert snap_compare(app_on(office), terminal_size=size, run_before=go)
