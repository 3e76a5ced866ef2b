"""What is read slowly: an answer to what nobody waits for any more changes nothing, and no change in the store is missed."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from app.screens.records.screen import RecordsScreen
from tests.screens.conftest import Opened, Seat
from tests.screens.fake import NOW, FakeReader
from tests.screens.tray import TrayOpener
from tests.store.build import add_mail


class Gate:
    """Holds the answers of one method of a reader back until it is opened; those to other readers are untouched."""

    def __init__(self, reader: FakeReader, method: str) -> None:
        self._work = getattr(reader, method)
        self._opened = threading.Event()
        self.held = 0
        self.stops: list[Any] = []
        setattr(reader, method, self._answer)

    def _answer(self, *about: Any, **options: Any) -> Any:
        answer = self._work(*about, **options)
        self.held += 1
        self.stops.append(options.get("stop"))
        assert self._opened.wait(60)
        return answer

    def open(self) -> None:
        self._opened.set()


@pytest.fixture
def gates() -> Iterator[list[Gate]]:
    """Opens those that a test that failed has left closed: threads wait behind them."""
    made: list[Gate] = []
    yield made
    for gate in made:
        gate.open()


def close(seat: Seat, gates: list[Gate], method: str) -> Gate:
    gates.append(Gate(seat.reader, method))
    return gates[-1]


async def test_a_search_that_was_taken_back_is_stopped_and_its_late_answer_is_dropped(
    opened: Opened, gates: list[Gate]
):
    async with opened() as seat:
        search = close(seat, gates, "search")
        await seat.press("/", *"pumpe")
        await seat.until(lambda: search.held)
        await seat.press("escape")
        await seat.until(lambda: not seat.screen.wanted.query and not seat.screen.listing.last.awaits)
        assert search.stops[0]()
        search.open()
        await seat.quiet()
        assert seat.screen.mails.total == 4079


async def test_what_is_written_while_a_list_is_read_is_shown_when_the_list_is_there(
    opened: Opened, gates: list[Gate]
):
    async with opened() as seat:
        window = close(seat, gates, "window")
        await seat.press("N")
        await seat.until(lambda: window.held)
        seat.reader.arrive(3)
        seat.screen.follow_store()
        window.open()
        await seat.until(lambda: seat.screen.mails.total == 4082 // 3)


async def test_a_list_that_is_asked_for_while_changes_are_read_shows_both(opened: Opened, gates: list[Gate]):
    async with opened() as seat:
        folders = close(seat, gates, "folders")
        seat.reader.arrive(3)
        await seat.until(lambda: folders.held)
        await seat.press("N")
        await seat.until(lambda: seat.screen.mails.total == 4082 // 3)
        folders.open()
        await seat.until(lambda: seat.screen.folders[0].total == 4082)
        assert seat.screen.mails.total == 4082 // 3


async def test_a_mail_that_is_not_wanted_any_more_is_not_opened(opened: Opened, gates: list[Gate]):
    async with opened() as seat:
        readable = close(seat, gates, "readable")
        await seat.press("enter")
        await seat.until(lambda: readable.held)
        await seat.press("q")
        readable.open()
        await seat.quiet()
        assert not seat.screen.is_reading()


async def test_a_place_that_is_back_shows_what_was_written_meanwhile_without_waiting_for_the_keys(
    tray: TrayOpener, monkeypatch: pytest.MonkeyPatch
):
    async with tray() as seat:
        monkeypatch.setattr("app.screens.desk_app.KEY_PAUSE", 3600.0)
        await seat.press("g", "c")
        await seat.until(lambda: isinstance(seat.app.screen, RecordsScreen))
        add_mail(seat.store, 1, subject="Gerade eben", date=int(NOW.timestamp()))
        await seat.press("g", "m")
        await seat.until(lambda: seat.screen.mails.total == 4)


async def test_lines_of_a_list_that_has_changed_since_are_asked_for_again(opened: Opened, gates: list[Gate]):
    async with opened() as seat:
        mails = seat.screen.mails
        window = close(seat, gates, "window_at")
        await seat.press("end")
        await seat.until(lambda: window.held)
        await seat.press("N")
        await seat.until(lambda: mails.total == 4079 // 3 and mails.current is not None)
        window.open()
        await seat.quiet()
        assert all(row.unprocessed for row in mails.held)
        assert mails.current.message_id == mails.held[mails.cursor].message_id
