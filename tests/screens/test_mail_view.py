"""What the list shows: filter, folders, search; and the keys, from one registry."""

from __future__ import annotations

import pytest

from app.commands.key_map import KeyMap
from app.commands.registry import BY_ID, COMMANDS, PLACES
from app.language import _
from tests.screens.conftest import Opened


async def test_one_key_shows_only_what_is_unprocessed_and_says_so(opened: Opened):
    async with opened() as seat:
        await seat.press("N")
        await seat.until(lambda: seat.screen.mails.total == 4079 // 3)
        bar = seat.screen.query_one("#filter")
        assert bar.display
        assert "Filter aktiv: nicht verarbeitet" in bar.text
        assert all(row.unprocessed for row in seat.screen.mails.held)
        await seat.press("escape")
        await seat.until(lambda: seat.screen.mails.total == 4079)
        assert not bar.display


async def test_a_click_on_the_yellow_line_clears_the_filter(opened: Opened):
    async with opened() as seat:
        await seat.press("N")
        await seat.until(lambda: seat.screen.mails.total == 4079 // 3)
        await seat.pilot.pause()
        await seat.pilot.click("#filter", offset=(3, 0))
        await seat.until(lambda: seat.screen.mails.total == 4079)


async def test_the_next_unprocessed_mail_is_one_key_away(opened: Opened):
    async with opened() as seat:
        await seat.press("n")
        await seat.until(lambda: seat.screen.mails.current.unprocessed)
        first = seat.screen.mails.current.message_id
        await seat.press("n")
        await seat.until(lambda: seat.screen.mails.current.message_id == first - 3)


async def test_an_empty_tray_says_so(opened: Opened):
    async with opened(2) as seat:
        await seat.press("n")
        await seat.until(lambda: "Alles ist verarbeitet." in seat.screen.query_one("#keys").text)
        await seat.press("N")
        await seat.until(lambda: seat.screen.mails.total == 0)
        assert any("Der Postkorb ist leer." in line for line in seat.shown)


async def test_the_search_line_follows_what_is_typed_and_escape_takes_it_back(opened: Opened):
    async with opened() as seat:
        await seat.press("/", *"pumpe")
        await seat.until(lambda: seat.screen.wanted.query == "pumpe")
        await seat.press("escape")
        await seat.until(lambda: seat.screen.wanted.query == "")
        assert seat.screen.focused is seat.screen.mails


async def test_enter_keeps_the_search_and_returns_to_the_list(opened: Opened):
    async with opened() as seat:
        await seat.press("/", *"pumpe", "enter")
        await seat.until(lambda: seat.screen.focused is seat.screen.mails)
        assert seat.screen.wanted.query == "pumpe*"
        assert "Suche „pumpe*“" in seat.screen.query_one("#filter").text
        await seat.press("/")
        assert seat.screen.query_one("#query").value == "pumpe"


async def test_a_search_that_is_cleared_returns_to_the_folder_it_began_in(opened: Opened):
    async with opened() as seat:
        folder = seat.screen.wanted.folder_id
        assert folder is not None
        await seat.press("/", *"pumpe", "enter")
        await seat.until(
            lambda: seat.screen.wanted.query == "pumpe*" and seat.screen.wanted.folder_id is None
        )
        await seat.press("escape")
        await seat.until(lambda: seat.screen.mails.total == 4079)
        assert seat.screen.wanted.folder_id == folder


async def test_folders_open_from_the_pane(opened: Opened):
    async with opened() as seat:
        await seat.press("left")
        assert seat.screen.pane.display
        await seat.press("j", "enter")
        await seat.until(lambda: seat.screen.wanted.folder_id == 2)
        assert not seat.screen.pane.display
        assert "Angebote" in seat.screen.query_one("#headline").text


async def test_the_filter_dialog_gives_what_was_chosen(opened: Opened):
    async with opened() as seat:
        await seat.press("F")
        await seat.press("j", "space", "tab", *"1.11.", "enter")
        await seat.until(lambda: seat.screen.wanted.unread)
        assert f"{seat.screen.wanted.after}" == "2026-11-01"
        assert "Filter aktiv: ungelesen, ab 01.11.2026" in seat.screen.query_one("#filter").text


async def test_a_day_that_is_none_keeps_the_filter_dialog_open(opened: Opened):
    async with opened() as seat:
        await seat.press("F", "tab", *"irgendwann", "enter")
        await seat.pilot.pause()
        assert len(seat.app.screen_stack) == 2
        assert "kein Tag" in str(seat.app.screen.query_one("#line").content)


async def test_the_palette_runs_what_was_typed(opened: Opened):
    async with opened() as seat:
        await seat.press(":", *"nur", "space", *"nicht", "enter")
        await seat.until(lambda: seat.screen.wanted.unprocessed)


async def test_the_help_page_lists_every_key_that_does_something(opened: Opened):
    async with opened() as seat:
        await seat.press("?")
        await seat.pilot.pause()
        text = "\n".join("".join(s.text for s in line) for line in seat.app.screen._table.lines)
        for command_id in seat.screen.handled():
            assert _(BY_ID[command_id].title) in text
        await seat.press("escape")
        assert len(seat.app.screen_stack) == 1


async def test_keys_can_be_given_anew(opened: Opened):
    async with opened(keys={"list.down": "ctrl+t, x", "view.unprocessed": ""}) as seat:
        await seat.press("x", "ctrl+t", "j")
        await seat.until(lambda: seat.screen.mails.cursor == 2)
        await seat.press("N")
        assert not seat.screen.wanted.unprocessed


async def test_quitting_is_asked_and_escape_stays(opened: Opened):
    async with opened() as seat:
        await seat.press("q")
        await seat.until(lambda: len(seat.app.screen_stack) == 2)
        await seat.press("escape")
        await seat.until(lambda: len(seat.app.screen_stack) == 1)
        await seat.press("q", "enter")
        await seat.until(lambda: not seat.app.is_running)


def test_titles_fit_into_a_column_of_the_help_page():
    assert [_(c.title) for c in COMMANDS if len(_(c.title)) > 26] == []


def test_no_key_is_given_twice():
    assert KeyMap().problems == []


def test_every_command_has_a_place_and_a_key():
    assert all(command.place in PLACES and command.keys for command in COMMANDS)
    assert len(BY_ID) == len(COMMANDS)


@pytest.mark.parametrize("keys", [{"mail.fly": "x"}, {"mail.link": "L"}])
def test_keys_that_cannot_be_used_are_told(keys):
    assert len(KeyMap(keys).problems) == 1
