"""The mail list: any number of mails, a place that is kept, few lines drawn."""

from __future__ import annotations

from tests.screens.conftest import Opened

MILLION = 1_000_000


async def test_a_million_mails_open_at_the_newest(opened: Opened):
    async with opened(MILLION) as seat:
        assert seat.screen.mails.current.message_id == MILLION
        assert len(seat.screen.mails.held) < 200


async def test_the_last_of_a_million_mails_is_one_key_away(opened: Opened):
    async with opened(MILLION) as seat:
        await seat.press("end")
        await seat.until(lambda: seat.screen.mails.current and seat.screen.mails.current.message_id == 1)
        assert seat.screen.mails.cursor == MILLION - 1
        assert seat.shown[-1].strip()
        await seat.press("g", "g")
        await seat.until(
            lambda: seat.screen.mails.current and seat.screen.mails.current.message_id == MILLION
        )


async def test_pages_and_steps_never_show_a_gap(opened: Opened):
    async with opened(MILLION) as seat:
        mails = seat.screen.mails
        for key in ["pagedown"] * 9 + ["j"] * 24 + ["pageup"] * 4 + ["k"] * 24:
            await seat.press(key)
            await seat.until(lambda: mails.current is not None)
            assert mails.current.message_id == MILLION - mails.cursor
            assert mails.top <= mails.cursor < mails.top + mails.size.height
        await seat.until(lambda: all(line.strip() for line in seat.shown))


async def test_only_a_few_screenfuls_are_held(opened: Opened):
    async with opened(MILLION) as seat:
        height = seat.screen.mails.size.height
        for _ in range(30):
            await seat.press("pagedown")
            await seat.until(lambda: seat.screen.mails.current is not None)
        assert len(seat.screen.mails.held) <= 12 * height


async def test_a_step_draws_two_lines(opened: Opened, monkeypatch):
    async with opened() as seat:
        mails = seat.screen.mails
        drawn: list[int] = []
        draw = mails.render_line
        monkeypatch.setattr(mails, "render_line", lambda y: drawn.append(y) or draw(y))
        await seat.press("j")
        await seat.until(lambda: drawn)
        assert sorted(set(drawn)) == [0, 1]


async def test_mail_that_arrives_above_leaves_the_place_as_it_was(opened: Opened):
    async with opened() as seat:
        mails = seat.screen.mails
        await seat.press("pagedown", *"jjjjj")
        before, line, cursor = mails.current, mails.cursor - mails.top, mails.cursor
        shown = seat.shown
        seat.reader.arrive(7)
        await seat.until(lambda: mails.total == 4086)
        assert mails.current == before
        assert mails.cursor == cursor + 7
        assert mails.cursor - mails.top == line
        assert seat.shown == shown


async def test_mail_that_arrives_while_the_cursor_moves_leaves_it_with_its_mail(opened: Opened):
    async with opened() as seat:
        mails = seat.screen.mails
        seat.reader.arrive(3)
        for _ in range(40):
            await seat.press("j")
        await seat.until(lambda: mails.total == 4082)
        assert mails.current.message_id == 4079 - 40
        assert mails.cursor == 43


async def test_a_jump_holds_when_the_list_changes_before_its_rows_have_come(opened: Opened):
    async with opened(MILLION) as seat:
        mails = seat.screen.mails
        for jump, place in (("end", MILLION - 1), ("home", 0)):
            seat.screen.follow_store()
            await seat.press(jump)
            seat.screen.follow_store()
            await seat.until(lambda: mails.current is not None and not seat.screen.listing.last.awaits)
            assert mails.cursor == place


async def test_a_selection_is_counted_and_cleared(opened: Opened):
    async with opened() as seat:
        await seat.press("space", "space", "j", "space")
        assert set(seat.screen.mails.selection) == {4079, 4078, 4076}
        assert "3 gewählt" in seat.screen.query_one("#headline").text
        await seat.press("escape")
        assert not seat.screen.mails.selection


async def test_a_click_moves_the_cursor_and_the_wheel_what_is_shown(opened: Opened):
    async with opened() as seat:
        mails = seat.screen.mails
        await seat.pilot.click(mails, offset=(20, 4))
        assert mails.cursor == 4
        await seat.pilot._post_mouse_events(
            [__import__("textual.events").events.MouseScrollDown], mails, offset=(5, 5)
        )
        await seat.until(lambda: mails.top == 3)
        assert mails.cursor == 4


async def test_a_click_on_the_scroll_bar_jumps(opened: Opened):
    async with opened(MILLION) as seat:
        mails = seat.screen.mails
        await seat.pilot.click(mails, offset=(mails.size.width - 1, mails.size.height - 1))
        await seat.until(lambda: mails.top == MILLION - mails.size.height and mails.current is not None)


async def test_the_screen_may_change_its_size_at_any_time(opened: Opened):
    async with opened() as seat:
        await seat.press("end")
        for size in ((120, 40), (250, 70), (80, 24), (40, 12), (200, 50)):
            await seat.pilot.resize_terminal(*size)
            mails = seat.screen.mails
            await seat.until(lambda m=mails: m.size.width and m.current is not None)
            assert mails.top <= mails.cursor < mails.top + mails.size.height
            assert all(mails.render_line(y).cell_length == mails.size.width for y in range(mails.size.height))
