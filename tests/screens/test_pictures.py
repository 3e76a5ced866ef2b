"""How the mail screen looks, at the sizes that reps have; each picture was looked at."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from app.app import PostkorbApp
from app.screens.desk import Desk
from app.settings import Settings
from app.widgets.signs import ASCII
from tests.screens.conftest import SIZES, Pictured, Seat
from tests.screens.fake import NOW, FakeReader

Walk = Callable[[Seat], Awaitable[None]]


def make_app(total: int = 4079, settings: Settings | None = None, **options: Any) -> PostkorbApp:
    reader, settings = FakeReader(total), settings or Settings()
    return PostkorbApp(
        Desk(reader, settings, clock=lambda: NOW.astimezone(), author="berg", name="A. Berg", **options)
    )


@asynccontextmanager
async def seated(app: PostkorbApp, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Seat]:
    """The app with its list, and beside or below it the mail where there is room."""
    async with app.run_test(size=size) as pilot:
        seat = Seat(app, pilot, app.desk.reader)  # type: ignore[arg-type]
        await seat.until(lambda: seat.screen.query("#list") and seat.screen.mails.total)
        await seat.quiet()
        yield seat


async def first(seat: Seat) -> None:
    await seat.press("j", "j", "space", "space")
    await seat.until(lambda: len(seat.screen.mails.selection) == 2)


async def unprocessed(seat: Seat) -> None:
    await seat.press("N")
    await seat.until(lambda: seat.screen.wanted.unprocessed and seat.screen.mails.total == 1359)


async def reading(seat: Seat) -> None:
    await seat.press("j", "j", "j", "j", "j", "j", "j", "enter")
    await seat.until(lambda: seat.screen.reading_open and seat.screen.reading.has_focus)
    await seat.until(lambda: seat.screen.reading.reading.row == seat.screen.current)


async def unfolded(seat: Seat) -> None:
    await reading(seat)
    await seat.press("z", "end")


async def headers(seat: Seat) -> None:
    await reading(seat)
    await seat.press("H")


async def folders(seat: Seat) -> None:
    await seat.press("left", "j", "j")
    await seat.until(lambda: seat.screen.pane.has_focus)


async def searching(seat: Seat) -> None:
    await seat.press("/", *"lieferzeit")
    await seat.until(lambda: seat.screen.wanted.query == "lieferzeit" and seat.screen.mails.total == 100)


async def nothing_found(seat: Seat) -> None:
    await seat.press("/", *"zzz", "enter")
    await seat.until(lambda: seat.screen.wanted.query == "zzz*" and not seat.screen.mails.total)


async def keys(seat: Seat) -> None:
    await seat.press("?")


async def palette(seat: Seat) -> None:
    await seat.press(":", *"ordner")


async def filtering(seat: Seat) -> None:
    await seat.press("F", "space", "j", "j", "j", "j", "j", "j", "space", "space")


async def quitting(seat: Seat) -> None:
    await seat.press("q")


async def chord(seat: Seat) -> None:
    await seat.press("g")


WALKS = [
    first, unprocessed, reading, unfolded, headers, folders, searching, nothing_found, keys, palette, filtering,
    quitting, chord,
]  # fmt: skip


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
async def test_the_mail_screen_looks_like_this(pictured: Pictured, walk: Walk, size: str) -> None:
    async with seated(make_app(), SIZES[size]) as seat:
        await walk(seat)
        await pictured(seat)


async def test_three_panes_stand_side_by_side_on_a_broad_screen(pictured: Pictured) -> None:
    async with seated(make_app(), (200, 50)) as seat:
        await first(seat)
        await pictured(seat)


@pytest.mark.parametrize("size", SIZES)
async def test_the_first_run_names_five_keys(pictured: Pictured, size: str) -> None:
    async with seated(make_app(first_run=True), SIZES[size]) as seat:
        await pictured(seat)


async def test_a_terminal_without_colours_shows_the_cursor_and_what_is_selected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not a picture: the exported ones know no default colours."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with seated(make_app(signs=ASCII)) as seat:
        await first(seat)
        mails = seat.screen.mails
        cursor, selected, other = (list(mails.render_line(y)) for y in (4, 3, 8))
        assert all(segment.style.reverse for segment in cursor[:-1])
        assert all(segment.style.underline for segment in selected[:-1])
        assert selected[0].text.startswith("+")
        assert not any(segment.style.reverse or segment.style.underline for segment in other)
        assert all(char.isascii() or char.isalpha() or char == "…" for line in seat.shown for char in line)


async def test_a_light_screen(pictured: Pictured) -> None:
    async with seated(make_app(settings=Settings(theme="light")), (120, 40)) as seat:
        await reading(seat)
        await pictured(seat)


@pytest.mark.parametrize("size", SIZES)
async def test_an_empty_tray_is_a_reason_to_be_glad(pictured: Pictured, size: str) -> None:
    async with seated(make_app(2), SIZES[size]) as seat:
        await seat.press("N")
        await seat.until(lambda: seat.screen.wanted.unprocessed)
        await pictured(seat)
