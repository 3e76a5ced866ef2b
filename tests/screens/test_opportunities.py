"""Opportunities as board and list: moved, passed on, won, lost and reopened by keys, narrowed and added up."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.opportunities.rules import MovedMeanwhile
from app.screens.dialogs.boxes import MessageBox, Picker, TextPrompt
from app.screens.opportunities.page import OpportunityPage
from app.screens.opportunities.screen import OpportunitiesScreen
from app.screens.records.form import RecordForm
from app.services.opportunities import lists, stages, working
from app.store.database import Store
from tests.screens.card_index import type_into
from tests.screens.chance_board import ME, fill, go, put_cursor, shown, stage_of
from tests.screens.conftest import SIZES, Pictured, Seat
from tests.screens.rooms import NOW, furnished, opened_on, texts

WIDE = (140, 40)


def bottom(seat: Seat) -> str:
    return texts(seat, "#keys")[0]


async def until_told(seat: Seat, screen: OpportunitiesScreen | OpportunityPage, words: str) -> None:
    await seat.until(lambda: seat.app.screen is screen and words in bottom(seat))


async def test_each_stage_is_a_column_with_what_it_comes_to(store: Store) -> None:
    fill(store)
    async with opened_on(store, WIDE) as seat:
        screen = await go(seat)
        assert [title.title for title in screen.board.columns] == [
            *("Qualifiziert", "Angebot", "Verhandlung", "Gewonnen", "Verloren")
        ]
        board = shown(seat)
        for words in ("Qualifiziert  2", "3.150 €", "Pumpen für Halle 3", "Silke Berger", "12.500 €  25 %"):
            assert words in board
        assert "! 17.11." in board  # overdue, without colour too
        head = shown(seat, "#headline")
        assert "7" in head
        assert "5 offen, 67.799,99 €, gewichtet 32.910 €" in head


async def test_a_card_is_moved_to_the_next_stage_and_back(store: Store) -> None:
    ids = fill(store)
    async with opened_on(store, WIDE) as seat:
        screen = await go(seat)
        await put_cursor(seat, screen, "Pumpen für Halle 3")
        await seat.press("L")
        await until_told(seat, screen, "„Angebot“, 50 %")
        await seat.until(lambda: screen.board.column == "Angebot" and screen.row is not None)
        assert screen.row is not None
        assert screen.row.id == ids["Pumpen für Halle 3"]
        assert stage_of(store, screen.row.id) == "Angebot"
        await seat.press("H")
        await until_told(seat, screen, "„Qualifiziert“, 25 %")
        await seat.press("H")
        await until_told(seat, screen, "keine Spalte")


async def test_a_card_moved_to_won_is_won_and_one_moved_to_lost_needs_a_reason(store: Store) -> None:
    ids = fill(store)
    async with opened_on(store, WIDE) as seat:
        screen = await go(seat)
        await put_cursor(seat, screen, "Wartung 2027")
        await seat.press("L")
        await until_told(seat, screen, "Gewonnen.")
        assert stage_of(store, ids["Wartung 2027"]) == "Gewonnen"
        await seat.press("O")
        await until_told(seat, screen, "„Verhandlung“")
        await seat.until(lambda: screen.row and screen.row.id == ids["Wartung 2027"])
        stages.reorder(store, "Verloren", 4, author=ME, now=NOW)
        await seat.until(lambda: [title.key for title in screen.board.columns][3] == "Verloren")
        await seat.press("L")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press("escape")
        await seat.until(lambda: seat.app.screen is screen)
        assert stage_of(store, ids["Wartung 2027"]) == "Verhandlung"
        await seat.press("L")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press(*"wettb", "enter")
        await until_told(seat, screen, "Als verloren abgeschlossen")
        assert lists.show(store, ids["Wartung 2027"]).reason == "competitor"


async def test_one_is_lost_with_a_reason_and_a_text_and_reopened_where_it_was(store: Store) -> None:
    number = fill(store)["Hebeanlage"]
    async with opened_on(store) as seat:
        screen = await go(seat)
        await put_cursor(seat, screen, "Hebeanlage")
        await seat.press("x")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press(*"sonst", "enter")
        await seat.until(lambda: isinstance(seat.app.screen, TextPrompt))
        await seat.press(*"zu weit", "enter")
        await until_told(seat, screen, "Als verloren abgeschlossen")
        lost = lists.show(store, number)
        assert (lost.stage, lost.reason, lost.reason_text) == ("Verloren", "other", "zu weit")
        await seat.until(lambda: screen.row and screen.row.stage == "Verloren")
        await seat.press("x")
        await until_told(seat, screen, "ist verloren; öffnen")
        await seat.press("O")
        await until_told(seat, screen, "„Angebot“")
        assert stage_of(store, number) == "Angebot"


async def test_one_is_passed_on_with_a_note(store: Store) -> None:
    number = fill(store)["Hebeanlage"]
    async with opened_on(store) as seat:
        screen = await go(seat)
        await put_cursor(seat, screen, "Hebeanlage")
        await seat.press("a")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press(*"voss", "enter")
        await seat.until(lambda: isinstance(seat.app.screen, TextPrompt))
        await seat.press(*"eilt", "enter")
        await until_told(seat, screen, "1 Verkaufschance geht an Emil Voss")
        assert lists.show(store, number).assignee == "voss"
    sql = "SELECT text FROM history_entry WHERE record_id = ? AND event = 'assigned' AND kind = 'opportunity'"
    assert store.read.value(sql, (number,)) == "eilt"


async def test_several_are_passed_on_and_those_that_stay_are_named_with_the_reason(store: Store) -> None:
    fill(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        await seat.press("v")
        await seat.until(lambda: screen.table.total == 7 and screen.row)
        await seat.press("*", "a")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press(*"voss", "enter")
        await seat.until(lambda: isinstance(seat.app.screen, TextPrompt))
        await seat.press("enter")
        await seat.until(lambda: seat.app.screen.query(".reason"))
        assert seat.app.screen.query_one("Choices").choices[0].value.endswith(".")  # type: ignore[attr-defined]
        await seat.press("enter")
        await seat.until(lambda: seat.app.screen is screen)
    sql = "SELECT assignee, count(*) FROM opportunity GROUP BY assignee ORDER BY assignee"
    assert store.read.rows(sql) == [("berg", 1), ("voss", 6)]  # what is won stays, what Voss has too


async def test_a_rep_is_told_why_a_colleagues_stays_where_it_is(store: Store) -> None:
    number = fill(store, role="rep")["Filter"]
    async with opened_on(store) as seat:
        screen = await go(seat)
        await put_cursor(seat, screen, "Filter")
        await seat.press("L")
        await seat.until(lambda: isinstance(seat.app.screen, MessageBox))
        assert "Emil Voss" in str(seat.app.screen.query_one("#line").content)  # type: ignore[attr-defined]
        await seat.press("enter")
        await seat.until(lambda: seat.app.screen is screen)
        for key, words in (("x", "x entscheiden"), ("a", "a weitergeben"), ("e", "e bearbeiten")):
            await seat.press("j", "k")  # what was told is read
            await seat.until(lambda: "Enter öffnen" in screen.query_one("#keys").text)  # type: ignore[attr-defined]
            assert words not in screen.query_one("#keys").text  # type: ignore[attr-defined]
            await seat.press(key)
            await until_told(seat, screen, "Emil Voss")
    assert stage_of(store, number) == "Qualifiziert"


async def test_whoever_comes_second_is_told_and_sees_where_it_is(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = fill(store)["Pumpen für Halle 3"]
    asked = working.move

    def late(*given: Any, **named: Any) -> object:
        """Between the look at the screen and the move, somebody else moves it."""
        monkeypatch.setattr(working, "move", asked)
        asked(store, number, "Verhandlung", author="kurz", now=NOW)
        return asked(*given, **named)

    async with opened_on(store, WIDE) as seat:
        screen = await go(seat)
        await put_cursor(seat, screen, "Pumpen für Halle 3")
        monkeypatch.setattr(working, "move", late)
        await seat.press("L")
        await seat.until(lambda: isinstance(seat.app.screen, MessageBox))
        words = str(seat.app.screen.query_one("#line").content)  # type: ignore[attr-defined]
        assert "Ben Kurz" in words
        assert "Verhandlung" in words
        await seat.press("enter")
        await seat.until(lambda: seat.app.screen is screen and screen.row is not None)
        await seat.until(lambda: "Verhandlung  2" in shown(seat))
    assert stage_of(store, number) == "Verhandlung"
    with pytest.raises(MovedMeanwhile):
        working.move(store, number, "Angebot", author=ME, now=NOW, seen="Qualifiziert")


async def test_the_list_is_sorted_and_searched(store: Store) -> None:
    fill(store)
    async with opened_on(store, WIDE) as seat:
        screen = await go(seat)
        await seat.press("o")
        await until_told(seat, screen, "v")
        await seat.press("v")
        await seat.until(lambda: screen.table.total == 7 and screen.row)
        await seat.press("o")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press(*"wert", "enter")
        await seat.until(lambda: "nach Wert" in shown(seat, "#headline"))
        await seat.until(lambda: screen.table.lines[0].cells[1].text == "Rahmenvertrag Ventile")
        await seat.press("/", *"vogel")
        await seat.until(lambda: screen.table.total == 2)
        await seat.press("enter")
        await seat.until(lambda: "Suche „vogel“" in shown(seat, "#filter"))
        await seat.press("escape")
        await seat.until(lambda: screen.table.total == 7)


async def test_the_sums_lead_to_what_they_are_made_of(store: Store) -> None:
    fill(store)
    async with opened_on(store, WIDE) as seat:
        screen = await go(seat)
        await seat.press("m")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        box: Any = seat.app.screen
        told = [(choice.title, choice.detail) for choice in box.choices.choices]
        assert told == [
            ("diesen Monat  1", "48.000 €, gewichtet 24.000 €"),
            ("nächsten Monat  1", "99,99 €, gewichtet 25 €"),
            ("Januar 2027  1", "12.500 €, gewichtet 3.125 €"),
            ("ohne Monat  2", "7.200 €, gewichtet 5.760 €"),
            ("Phase Qualifiziert  2", "12.599,99 €, gewichtet 3.150 €"),
            ("Phase Angebot  2", "48.000 €, gewichtet 24.000 €"),
            ("Phase Verhandlung  1", "7.200 €, gewichtet 5.760 €"),
            ("Phase Gewonnen  1", "31.750,50 €"),
            ("Phase Verloren  1", "9.900 €"),
        ]
        await seat.press(*"ohne", "enter")
        await seat.until(lambda: screen.pipeline.all.count == 2 and "ohne Monat" in shown(seat, "#filter"))


async def test_a_new_one_is_made_and_wrong_input_is_told(store: Store) -> None:
    fill(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        await seat.press("+")
        await type_into(seat, title="Kran", value="5.000", expected_on="1.1.2020")
        line: Any = seat.app.screen.query_one("#line")
        await seat.until(lambda: "schon vorbei" in str(line.content))
        await type_into(seat, expected_on="12/2026")
        await until_told(seat, screen, "Gespeichert")
        await seat.until(lambda: screen.row and screen.row.title == "Kran")
        assert screen.row is not None
        assert (screen.row.probability, screen.row.assignee, screen.row.stage) == (25, ME, "Qualifiziert")
        await seat.press("e")
        await type_into(seat, value="6.000")
        await seat.until(lambda: screen.row and screen.row.value == 600_000)


async def test_on_its_page_one_is_moved_won_and_reopened_by_the_same_keys(store: Store) -> None:
    number = fill(store)["Wartung 2027"]
    async with opened_on(store, WIDE) as seat:
        screen = await go(seat)
        await put_cursor(seat, screen, "Wartung 2027")
        page = await open_page(seat)
        await seat.press("H")
        await until_told(seat, page, "„Angebot“")
        await seat.until(lambda: page.chance is not None and page.chance.stage == "Angebot")
        await seat.press("x")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press("enter")
        await until_told(seat, page, "Gewonnen.")
        await seat.until(lambda: page.can_reopen())
        await seat.press("O")
        await until_told(seat, page, "„Angebot“")
    assert stage_of(store, number) == "Angebot"


async def open_page(seat: Seat) -> OpportunityPage:
    """The page of what is under the cursor, when it is read."""
    await seat.press("enter")
    await seat.until(lambda: isinstance(seat.app.screen, OpportunityPage))
    page = seat.app.screen
    assert isinstance(page, OpportunityPage)
    await seat.until(lambda: page.chance is not None and page.record is not None)
    return page


async def test_an_empty_board_says_what_to_do(store: Store) -> None:
    furnished(store)
    async with opened_on(store, WIDE) as seat:
        await seat.press("g", "v")
        await seat.until(lambda: isinstance(seat.app.screen, OpportunitiesScreen))
        await seat.until(lambda: "+ legt eine neue an." in shown(seat))


async def test_thousands_are_held_by_the_screenful(store: Store) -> None:
    furnished(store)
    with store.write() as tx:
        tx.run_many(
            "INSERT INTO opportunity (title, stage, probability, created_at, changed_at) VALUES (?, 'Angebot', 50, 1, 1)",
            [(f"Chance {number:05}",) for number in range(5_000)],
        )
    async with opened_on(store, WIDE) as seat:
        await seat.press("g", "v")
        await seat.until(lambda: isinstance(seat.app.screen, OpportunitiesScreen))
        screen: Any = seat.app.screen
        await seat.until(lambda: screen.pipeline.all.count == 5_000)
        await seat.press("G")  # the cursor begins in the first column that has a card
        await seat.until(lambda: "Chance 04999" in shown(seat))
        assert len(screen.board.held("Angebot")) <= 500


@pytest.mark.parametrize("size", SIZES)
async def test_how_it_looks(store: Store, pictured: Pictured, size: str) -> None:
    fill(store)
    async with opened_on(store, SIZES[size]) as seat:
        screen = await go(seat)
        await pictured(seat, "board")
        for keys, name in (("m", "sums"), ("+", "new"), ("F", "filter"), ("a", "pass-on"), ("x", "close")):
            await seat.press(keys)
            await seat.until(lambda: seat.app.screen is not screen)
            await pictured(seat, name)
            await seat.press("escape")
            await seat.until(lambda: seat.app.screen is screen)
        await open_page(seat)
        await pictured(seat, "page")
        await seat.press("escape")
        await seat.until(lambda: seat.app.screen is screen)
        await put_cursor(seat, screen, "Motorprüfstand")
        await pictured(seat, "lost")
        await seat.press("v")
        await seat.until(lambda: screen.table.total == 7)
        await pictured(seat, "list")
        await seat.press("e")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        await pictured(seat, "edit")
        await seat.press("escape")
        await seat.until(lambda: seat.app.screen is screen)
        await seat.press("/", *"xyz", "enter")
        await seat.until(lambda: screen.table.total == 0)
        await pictured(seat, "nothing-found")


@pytest.mark.parametrize("size", SIZES)
async def test_how_an_empty_board_looks(store: Store, pictured: Pictured, size: str) -> None:
    furnished(store)
    async with opened_on(store, SIZES[size]) as seat:
        await seat.press("g", "v")
        await seat.until(lambda: isinstance(seat.app.screen, OpportunitiesScreen))
        await seat.until(lambda: "+ legt eine neue an." in shown(seat))
        await pictured(seat)
