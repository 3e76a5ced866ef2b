"""How the mail screen looks, at the sizes that reps have; each picture was looked at."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.app import PostkorbApp
from app.screens.desk import Desk
from app.settings import Settings
from app.widgets.signs import ASCII
from tests.screens.conftest import Seat
from tests.screens.fake import NOW, FakeReader

SIZES = [(80, 24), (120, 40)]
Walk = Callable[[Seat], Awaitable[None]]


def make_app(total: int = 4079, **options: Any) -> PostkorbApp:
    return PostkorbApp(
        Desk(FakeReader(total), Settings(), clock=lambda: NOW.astimezone(), author="A. Berg", **options)
    )


def seat_at(pilot: Any) -> Seat:
    app: PostkorbApp = pilot.app
    return Seat(app, pilot, app.desk.reader)  # type: ignore[arg-type]


async def settled(seat: Seat) -> None:
    """The list is there, and beside or below it the mail where there is room."""
    await seat.until(lambda: seat.screen.query("#list") and seat.screen.mails.total)
    await seat.until(lambda: not seat.screen.shows_reader() or seat.screen.is_reading())
    await seat.pilot.pause()


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
    await seat.until(lambda: seat.screen.wanted.query == "zzz" and not seat.screen.mails.total)


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


def walk_to(walk: Walk) -> Callable[[Any], Awaitable[None]]:
    async def go(pilot: Any) -> None:
        seat = seat_at(pilot)
        await settled(seat)
        await walk(seat)
        await settled(seat) if seat.screen.mails.total else None
        await seat.pilot.pause()

    return go


@pytest.mark.parametrize("size", SIZES, ids=["80x24", "120x40"])
@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: walk.__name__)
def test_the_mail_screen_looks_like_this(snap_compare: Any, walk: Walk, size: tuple[int, int]) -> None:
    assert snap_compare(make_app(), run_before=walk_to(walk), terminal_size=size)


def test_three_panes_stand_side_by_side_on_a_broad_screen(snap_compare: Any) -> None:
    assert snap_compare(make_app(), run_before=walk_to(first), terminal_size=(200, 50))


async def stay(_seat: Seat) -> None:
    pass


def test_the_first_run_names_five_keys(snap_compare: Any) -> None:
    assert snap_compare(make_app(first_run=True), run_before=walk_to(stay), terminal_size=(80, 24))


async def test_a_terminal_without_colours_shows_the_cursor_and_what_is_selected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Not a picture: the exported ones know no default colours."""
    monkeypatch.setenv("NO_COLOR", "1")
    async with make_app(signs=ASCII).run_test(size=(80, 24)) as pilot:
        seat = seat_at(pilot)
        await settled(seat)
        await first(seat)
        mails = seat.screen.mails
        cursor, selected, other = (list(mails.render_line(y)) for y in (4, 3, 8))
        assert all(segment.style.reverse for segment in cursor[:-1])
        assert all(segment.style.underline for segment in selected[:-1])
        assert selected[0].text.startswith("+")
        assert not any(segment.style.reverse or segment.style.underline for segment in other)
        assert all(char.isascii() or char.isalpha() or char == "…" for line in seat.shown for char in line)


def test_a_light_screen(snap_compare: Any) -> None:
    desk = Desk(FakeReader(4079), Settings(theme="light"), clock=lambda: NOW.astimezone(), author="A. Berg")
    assert snap_compare(PostkorbApp(desk), run_before=walk_to(reading), terminal_size=(120, 40))


def test_an_empty_tray_is_a_reason_to_be_glad(snap_compare: Any) -> None:
    async def walk(pilot: Any) -> None:
        seat = seat_at(pilot)
        await settled(seat)
        await seat.press("N")
        await seat.until(lambda: seat.screen.mails.total == 0)
        await seat.pilot.pause()

    assert snap_compare(make_app(2), run_before=walk, terminal_size=(80, 24))
