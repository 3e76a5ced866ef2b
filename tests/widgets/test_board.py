"""The board: many cards in columns, each key cheap, wishes as messages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Self

from rich.color import Color
from textual.app import App, ComposeResult
from textual.events import MouseScrollDown
from textual.geometry import Offset, Region
from textual.pilot import Pilot
from textual.strip import Strip

from app.app import PostkorbApp
from app.screens.themes import THEMES
from app.widgets.board import Board
from app.widgets.card import Card, CardLine
from app.widgets.lane import PORTION, LaneTitle, Pile
from app.widgets.signs import ASCII, UNICODE, Signs
from app.widgets.table import Cell

TITLES = tuple(
    LaneTitle(key, key.title(), (f"Nothing is {key}.", "Press plus.")) for key in ("new", "active", "done")
)


def card(key: str, place: int) -> Card:
    name = f"{key}-{place}"
    return Card(
        name,
        (
            CardLine((Cell(name, "strong"),), Cell("12 T", "quiet")),
            CardLine((Cell("Vogel Maschinenbau GmbH & Co. KG"),), Cell("20.11.", "error")),
        ),
    )


def cards(key: str, first: int, count: int) -> list[Card]:
    return [card(key, place) for place in range(first, first + count)]


class Watched(Board):
    """Counts the lines that it draws, and keeps what it was to draw again."""

    def __init__(self, titles: Sequence[LaneTitle], signs: Signs) -> None:
        super().__init__(titles, signs, card_lines=2)
        self.drawn = 0
        self.regions: list[Region] = []

    def refresh(self, *regions: Region, **more: Any) -> Self:
        self.regions += regions
        return super().refresh(*regions, **more)

    def render_line(self, y: int) -> Strip:
        self.drawn += 1
        return super().render_line(y)


class Bench(App[None]):
    """A board alone, which is given what it asks for unless `answers` is off; keeps what it said."""

    CSS_PATH = PostkorbApp.CSS_PATH

    def __init__(
        self, totals: dict[str, int], titles: Sequence[LaneTitle] = TITLES, signs: Signs = UNICODE
    ) -> None:
        super().__init__()
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = "dark"
        self.totals = totals
        self.board = Watched(titles, signs)
        self.answers = True
        self.said: list[object] = []

    def compose(self) -> ComposeResult:
        yield self.board

    def on_mount(self) -> None:
        self.board.focus()
        self.show()

    def show(self, column: str | None = None) -> None:
        self.board.open(
            {key: Pile(total, 0, cards(key, 0, min(total, PORTION))) for key, total in self.totals.items()},
            column,
        )

    def on_board_rows_wanted(self, message: Board.RowsWanted) -> None:
        self.said.append(message)
        if self.answers:
            self.board.fill(
                message.column, message.first, cards(message.column, message.first, message.count)
            )

    def on_board_cursor_moved(self, message: Board.CursorMoved) -> None:
        self.said.append(message)

    def on_board_open_wanted(self, message: Board.OpenWanted) -> None:
        self.said.append(message)

    def on_board_selection_changed(self, message: Board.SelectionChanged) -> None:
        self.said.append(message)

    def lines(self) -> list[str]:
        return [self.board.render_line(y).text for y in range(self.board.size.height)]

    def wanted(self) -> list[tuple[str, int, int]]:
        return [(m.column, m.first, m.count) for m in self.said if isinstance(m, Board.RowsWanted)]


@asynccontextmanager
async def bench(
    totals: dict[str, int],
    size: tuple[int, int] = (80, 24),
    titles: Sequence[LaneTitle] = TITLES,
    signs: Signs = UNICODE,
) -> AsyncIterator[tuple[Bench, Pilot[None]]]:
    app = Bench(totals, titles, signs)
    async with app.run_test(size=size) as pilot:
        await pilot.pause()
        app.said.clear()
        app.board.drawn = 0
        yield app, pilot


def background(app: Bench, x: int, y: int) -> Color | None:
    """The ground of a cell."""
    used = 0
    for segment in app.board.render_line(y):
        used += segment.cell_length
        if used > x:
            return segment.style.bgcolor if segment.style else None
    return None


async def test_columns_stand_side_by_side_with_their_counters() -> None:
    async with bench({"new": 50_000, "active": 2, "done": 0}) as (app, _pilot):
        lines = app.lines()
        assert all(len(line) == 80 for line in lines)
        assert [lines[0].index(word) for word in ("New  50", "Active  2", "Done  0")] == [1, 28, 55]
        assert lines[1].index("new-0") == 1
        assert lines[1].index("active-0") == 28
        assert "Nothing is done." in lines[2]
        assert "Press plus." in lines[3]
        assert "12 T" in lines[1]
        assert "Vogel Maschinenb…" in lines[2]
        assert "20.11." in lines[2]
        assert lines[3].strip(" ▐").startswith("Press")  # a blank line below each card


async def test_a_step_draws_two_cards_and_nothing_else() -> None:
    async with bench({"new": 50_000, "active": 9}) as (app, pilot):
        app.board.step(1)
        await pilot.pause()
        assert app.board.drawn == 2 * app.board.card_lines
        assert app.board.current == card("new", 1)


async def test_going_to_another_column_draws_two_cards_and_the_line_of_names() -> None:
    async with bench({"new": 50_000, "active": 9}) as (app, pilot):
        app.board.go(3)
        await pilot.pause()
        app.board.drawn = 0
        app.board.side(1)
        await pilot.pause()
        assert app.board.drawn == 2 * app.board.card_lines + 1
        assert (app.board.column, app.board.current) == ("active", card("active", 0))
        app.board.side(-1)
        assert app.board.current == card("new", 3)


async def test_a_key_that_leads_nowhere_draws_nothing() -> None:
    async with bench({"new": 3}) as (app, pilot):
        app.board.step(-1)
        app.board.side(-1)
        await pilot.pause()
        assert app.board.drawn == 0


async def test_the_last_of_many_is_there_at_once_and_few_are_held() -> None:
    async with bench({"new": 50_000}) as (app, pilot):
        app.board.go(49_999)
        await pilot.pause()
        assert app.board.current == card("new", 49_999)
        assert "new-49999" in app.lines()[-2]
        for place in range(0, 50_000, 2_500):
            app.board.go(place)
            await pilot.pause()
        assert len(app.board.held("new")) <= 10 * PORTION
        assert app.board.current == card("new", 47_500)
        app.board.go(0)
        await pilot.pause()
        assert app.board.current == card("new", 0)


async def test_cards_are_asked_for_once_and_before_they_come_into_sight() -> None:
    async with bench({"new": 500}) as (app, pilot):
        app.answers = False
        app.board.go(PORTION - 8)
        app.board.step(1)
        app.board.step(1)
        await pilot.pause()
        assert app.wanted() == [("new", PORTION, PORTION)]
        assert app.board.held("new")[-1] == card("new", PORTION - 1)


async def test_a_column_is_drawn_when_its_cards_are_there() -> None:
    async with bench({"new": 500}) as (app, pilot):
        app.answers = False
        app.board.go(300)
        await pilot.pause()
        assert app.board.drawn == 0
        for column, first, count in app.wanted():
            app.board.fill(column, first, cards(column, first, count))
        await pilot.pause()
        assert app.board.drawn
        assert app.board.current == card("new", 300)


async def test_a_card_that_is_gone_holds_nothing_up() -> None:
    async with bench({"new": 500}) as (app, pilot):
        app.answers = False
        app.board.go(300)
        await pilot.pause()
        for column, first, count in app.wanted():
            found = cards(column, first, count)
            app.board.fill(column, first, [None if each.key == "new-300" else each for each in found])
        await pilot.pause()
        assert app.board.current is None
        assert any("new-299" in line for line in app.lines())
        app.board.step(1)
        await pilot.pause()
        assert app.board.current == card("new", 301)


async def test_what_was_asked_for_an_older_content_is_over() -> None:
    async with bench({"new": 500}) as (app, pilot):
        app.answers = False
        app.board.go(300)
        await pilot.pause()
        asked = [m for m in app.said if isinstance(m, Board.RowsWanted)]
        app.show()
        await pilot.pause()
        assert asked
        assert all(m.turn.is_over for m in asked)


async def test_the_same_content_again_draws_nothing_and_another_column_only_itself() -> None:
    async with bench({"new": 4, "active": 2}) as (app, pilot):
        app.show()
        await pilot.pause()
        assert app.board.drawn == 0
        app.board.regions.clear()
        app.totals["active"] = 3
        app.show()
        assert app.board.regions == [Region(27, 0, 27, 24)]


async def test_the_cursor_stays_at_its_height_when_cards_come_above_it() -> None:
    async with bench({"new": 500}) as (app, _pilot):
        app.board.go(40)
        line = next(y for y, text in enumerate(app.lines()) if "new-40" in text)
        moved = [Card(f"other-{place}", ()) for place in range(5)] + cards("new", 0, PORTION)
        app.board.open({"new": Pile(505, 0, moved, 45)})
        assert next(y for y, text in enumerate(app.lines()) if "new-40" in text) == line
        assert app.board.current == card("new", 40)


async def test_columns_that_do_not_fit_are_reached_sideways() -> None:
    titles = [LaneTitle(name, name) for name in ("one", "two", "three", "four", "five")]
    async with bench(dict.fromkeys(("one", "two", "three", "four", "five"), 60), titles=titles) as (
        app,
        pilot,
    ):
        assert app.lines()[0].split() == ["one", "60", "two", "60", "three", "60", "›"]
        app.board.side(3)
        await pilot.pause()
        assert app.lines()[0].split() == ["‹", "two", "60", "three", "60", "four", "60", "›"]
        app.board.side(1)
        assert app.lines()[0].split() == ["‹", "three", "60", "four", "60", "five", "60"]
        await pilot.resize_terminal(140, 24)
        await pilot.pause()
        assert app.lines()[0].split()[::2] == ["one", "two", "three", "four", "five"]


async def test_what_is_given_to_a_board_out_of_sight_is_there_when_it_is_back() -> None:
    async with bench({"new": 3, "active": 2, "done": 4}) as (app, pilot):
        app.board.side(2)
        app.board.display = False
        await pilot.pause()
        app.show("done")
        app.board.step(1)
        app.board.display = True
        await pilot.pause()
        assert app.board.current == card("done", 1)
        assert app.lines()[0].split()[::2] == ["New", "Active", "Done"]


async def test_selected_cards_are_marked_and_stay_selected() -> None:
    async with bench({"new": 3, "active": 2}) as (app, pilot):
        app.board.toggle()
        await pilot.pause()
        assert app.board.selection == {"new-0"}
        assert app.board.cursor == 1
        assert app.lines()[1].startswith("+new-0")
        app.show()
        assert app.board.selection == {"new-0"}
        app.board.select({"new-1", "active-1"})
        await pilot.pause()
        assert app.lines()[1].startswith(" new-0")
        assert app.lines()[4].index("+active-1") == 27
        app.board.select(())
        await pilot.pause()
        assert [m.count for m in app.said if isinstance(m, Board.SelectionChanged)] == [1, 2, 0]


async def test_the_mouse_puts_the_cursor_selects_and_opens() -> None:
    async with bench({"new": 3, "active": 40}) as (app, pilot):
        await pilot.click(Board, Offset(30, 5))
        assert app.board.current == card("active", 1)
        await pilot.click(Board, Offset(27, 7))
        assert app.board.selection == {"active-2"}
        await pilot.click(Board, Offset(60, 10))
        assert app.board.column == "done"
        await pilot.click(Board, Offset(3, 1), times=2)
        assert app.board.current == card("new", 0)
        assert any(isinstance(m, Board.OpenWanted) for m in app.said)
        app.board.on_mouse_scroll_down(scrolled(30))
        await pilot.pause()
        assert "active-1" in app.lines()[1]
        assert app.board.column == "new"


def scrolled(x: int) -> MouseScrollDown:
    """A turn of the wheel over this cell."""
    return MouseScrollDown(None, x, 5, 0, 1, 0, False, False, False)


async def test_the_cursor_is_seen_where_it_is_and_only_there() -> None:
    async with bench({"new": 3, "active": 2}) as (app, pilot):
        cursor = background(app, 5, 1)
        assert background(app, 5, 2) == cursor
        assert background(app, 5, 4) != cursor
        assert background(app, 32, 1) != cursor
        app.set_focus(None)
        await pilot.pause()
        assert background(app, 5, 1) not in (cursor, background(app, 5, 4))


async def test_hostile_text_on_a_card_is_drawn_as_harmless_text() -> None:
    async with bench({"new": 1}) as (app, _pilot):
        evil = Card("x", (CardLine((Cell("\x1b[31mrot\n\u202e"), Cell("漢" * 40)), Cell("\x07\t€" * 30)),))
        app.board.open({"new": Pile(1, 0, [evil])})
        text = "".join(app.lines())
        assert not any(char in text for char in "\x1b\n\u202e\x07\t")
        assert {app.board.render_line(y).cell_length for y in range(24)} == {80}


async def test_ascii_signs_are_ascii() -> None:
    titles = [LaneTitle(name, name) for name in ("one", "two", "three", "four", "five")]
    plain = {
        title.key: Pile(60, 0, [Card(place, (CardLine((Cell("x"),)),)) for place in range(60)])
        for title in titles
    }
    async with bench({}, titles=titles, signs=ASCII) as (app, _pilot):
        app.board.open(plain)
        app.board.side(3)
        app.board.toggle()
        assert "".join(app.lines()).isascii()
