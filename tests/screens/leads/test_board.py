"""The place of leads: what stands on the cards, walking, board and list on the same lead, what others write."""

from __future__ import annotations

from threading import Event
from typing import Any

import pytest

from app.domain.leads.distribution import Share
from app.domain.leads.filter import LeadSort, SortKey
from app.screens.leads.screen import LeadsScreen
from app.screens.records.form import RecordForm
from app.screens.records.page import RecordPage
from app.services.leads import distributing, lists, working
from app.store.database import Store
from tests.screens.card_index import type_into
from tests.screens.leads.office import NOW, board, column, furnish, put_cursor, state
from tests.screens.rooms import texts
from tests.store.leads import add_contact, add_lead, add_member


def cards(screen: LeadsScreen) -> str:
    return "\n".join(screen.board.render_line(y).text for y in range(screen.board.size.height))


async def test_the_three_groups_stand_side_by_side_with_what_a_rep_wants_to_know(store: Store) -> None:
    ids = furnish(store)
    async with board(store, (120, 40)) as (_seat, screen):
        assert [len(column(screen, state)) for state in ("new", "active", "done")] == [3, 3, 3]
        lines = texts(_seat, "#board")
        assert [lines[0].index(word) for word in ("Neu  3", "Aktiv  3", "Erledigt  3")] == [1, 41, 81]
        shown = cards(screen)
        for told in (
            *("Silke Berger, Vogel Maschinenbau", "Hausmesse 2026", "12.500 €", "9 Tage"),
            *("Angebot nachfassen", "! 18.11.", "A. Berg  Web", "5 Wo.", "Termin vereinbaren", "heute"),
            *("kein nächster Schritt", "ohne Kontakt", "einkauf@nordholz.example"),
            *("Sonstiges: zu teuer", "21.10.", "erfolgreich", "2 J."),
        ):
            assert told in shown
        assert column(screen, "active")[0] == ids["Ersatzpumpe NK 32"]  # overdue first
        assert "1 überfällig" in screen.query_one("#headline").text  # type: ignore[attr-defined]


async def test_the_cursor_begins_in_the_first_column_that_has_a_lead(store: Store) -> None:
    ids = furnish(store)
    new = [number for (number,) in store.read.rows("SELECT id FROM lead WHERE state = 'new'")]
    distributing.distribute(store, new, [Share("klein")], author="berg", now=NOW)
    async with board(store) as (_seat, screen):
        assert screen.column == "active"
        assert screen.row is not None
        assert screen.row.id in ids.values()


async def test_an_overdue_day_stands_out_in_colour_and_without_it(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Wartung 2027"])
        for line in (screen.board.render_line(y) for y in range(screen.board.size.height)):
            for segment in line:
                if "18.11." in segment.text:
                    assert segment.text == "! 18.11."
                    assert segment.style is not None
                    assert segment.style.color == screen.board.paint("error").color
                    return
        pytest.fail("the overdue day is not shown")


async def test_the_list_shows_the_same_leads_with_the_cursor_on_the_same_one(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Wartung 2027"])
        await seat.press("v")
        await seat.until(lambda: screen.is_list() and screen.row and screen.row.id == ids["Wartung 2027"])
        assert screen.table.total == 9
        await seat.press("end")
        await seat.until(lambda: screen.row and screen.row.state.value == "done")
        there = screen.row
        await seat.press("v")
        await seat.until(lambda: screen.is_board and screen.row == there)
        assert screen.board.column == "done"


async def test_search_narrows_board_and_list_and_esc_shows_all_again(store: Store) -> None:
    furnish(store)
    async with board(store) as (seat, screen):
        await seat.press("/", *"vogel")
        await seat.until(lambda: [len(column(screen, s)) for s in ("new", "active", "done")] == [1, 1, 1])
        await seat.press("enter")
        await seat.until(lambda: "Suche „vogel“" in screen.query_one("#filter").text)  # type: ignore[attr-defined]
        await seat.press("v")
        await seat.until(lambda: screen.is_list() and screen.table.total == 3)
        await seat.press("escape")
        await seat.until(lambda: screen.table.total == 9)
        assert not screen.query_one("#filter").display


async def test_the_list_is_sorted_by_what_was_chosen_and_the_other_way_round(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await seat.press("o")
        await seat.until(lambda: "eigene Ordnung" in screen.query_one("#keys").text)  # type: ignore[attr-defined]
        await seat.press("v")
        await seat.until(lambda: screen.is_list() and screen.is_listed)
        await seat.press("o", *"wert", "enter")
        await seat.until(lambda: screen.sort == LeadSort(SortKey.VALUE) and screen.is_listed)
        assert screen.table.lines[0].key == ids["Probelauf"]
        await seat.press("o", *"wert", "enter")
        await seat.until(lambda: screen.sort.descending and screen.is_listed)
        assert screen.table.lines[0].key == ids["Ersatzpumpe NK 32"]


async def test_the_columns_of_the_list_are_chosen(store: Store) -> None:
    furnish(store)
    async with board(store, (140, 40)) as (seat, screen):
        await seat.press("v")
        await seat.until(lambda: screen.is_list() and screen.is_listed)
        assert "Kampagne" not in texts(seat)[0]
        await seat.press("c", "space", *["down"] * 4, "space", "enter")
        await seat.until(lambda: "Kampagne" in texts(seat)[0])
        assert "Stand" not in texts(seat)[0]
        await seat.until(lambda: any("Hausmesse" in line for line in texts(seat)))


async def test_a_lead_is_opened_edited_and_made(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Wartung 2027"])
        await seat.press("e")
        await type_into(seat, value="7.000")
        await seat.until(lambda: "7.000 €" in cards(screen))
        await seat.press("+")
        await type_into(seat, title="Gerade eben")
        await seat.until(lambda: screen.row and screen.row.title == "Gerade eben")
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, RecordPage))


async def test_a_second_lead_of_a_contact_is_asked_about(store: Store) -> None:
    furnish(store)
    async with board(store) as (seat, _screen):
        await seat.press("+")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        form = seat.app.screen
        form.query_one("#field-title").value = "Noch einer"  # type: ignore[attr-defined]
        form.query_one("#field-contact_id").choose(1, "Silke Berger")  # type: ignore[attr-defined]
        await seat.press("enter")
        await seat.until(lambda: "offenen Lead" in str(seat.app.screen.query_one(".title").content))  # type: ignore[attr-defined]
    assert store.read.value("SELECT count(*) FROM lead") == 9


async def test_what_a_colleague_does_is_seen_and_the_cursor_stays_on_its_lead(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Prospekt bestellt"])
        working.assign(store, [ids["Anfrage Rahmenvertrag"]], "klein", author="klein", now=NOW)
        await seat.until(lambda: ids["Anfrage Rahmenvertrag"] in column(screen, "active"))
        assert screen.row is not None
        assert screen.row.id == ids["Prospekt bestellt"]
        assert column(screen, "new") == [ids["Rückruf erbeten"], ids["Prospekt bestellt"]]


async def test_a_selection_keeps_to_what_is_listed(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await seat.press("*")
        await seat.until(lambda: len(screen.board.selection) == 3)
        working.assign(store, [ids["Anfrage Rahmenvertrag"]], "klein", author="klein", now=NOW)
        await seat.until(lambda: ids["Anfrage Rahmenvertrag"] in column(screen, "active"))
        assert screen.targets() == [
            ids["Rückruf erbeten"],
            ids["Prospekt bestellt"],
            ids["Anfrage Rahmenvertrag"],
        ]
        await seat.press("/", *"prospekt", "enter")
        await seat.until(lambda: screen.targets() == [ids["Prospekt bestellt"]])
        await seat.press("v")
        await seat.until(lambda: screen.is_list() and screen.is_listed)
        assert screen.targets() == [ids["Prospekt bestellt"]]
        await seat.press("escape", "escape")
        await seat.until(lambda: not screen.table.selection and screen.table.total == 9)


async def test_a_late_answer_does_not_win(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    furnish(store)
    async with board(store) as (seat, screen):
        gate, held, board_ids = Event(), Event(), lists.board_ids

        def slow(*given: Any) -> Any:
            found = board_ids(*given)
            if given[1].text == "v":
                held.set()
                assert gate.wait(30)
            return found

        monkeypatch.setattr(lists, "board_ids", slow)
        await seat.press("/", "v")
        await seat.until(held.is_set)
        await seat.press("x")
        await seat.until(lambda: not column(screen, "new") and screen.is_listed)
        gate.set()
        await seat.quiet()
        assert [column(screen, s) for s in ("new", "active", "done")] == [[], [], []]


async def test_hostile_text_in_a_lead_is_drawn_as_harmless_text(store: Store) -> None:
    furnish(store)
    evil = "\x1b]0;Titel\x07\x1b[31mrot\u202e\n\t漢字" + "x" * 500
    add_member(store, "evil", evil)
    contact = add_contact(store, evil, evil, evil)
    add_lead(store, evil, contact_id=contact, assignee="evil", next_step=evil, source=evil)
    async with board(store) as (seat, screen):
        await seat.press("l")
        for y in range(screen.board.size.height):
            line = screen.board.render_line(y)
            assert line.cell_length == 80
            assert not any(char in line.text for char in "\x1b\x07\u202e\n\t")
        await seat.press("v")
        await seat.until(lambda: screen.is_list() and screen.is_listed)
        assert not any(char in "".join(texts(seat)) for char in "\x1b\x07\u202e\n\t")
        await seat.press("a")
        await seat.quiet()
        assert "\x1b" not in seat.picture()


async def test_fifty_thousand_leads_are_walked_as_few(store: Store) -> None:
    furnish(store)
    with store.write() as tx:
        tx.run_many(
            "INSERT INTO lead (title, state, created_at, changed_at, search) VALUES (?, 'new', ?, ?, '')",
            [(f"Lead {n}", n, n) for n in range(50_000)],
        )
    async with board(store) as (seat, screen):
        assert screen.board.total == 50_003
        await seat.press("G")
        await seat.until(lambda: screen.row and screen.row.title == "Prospekt bestellt")
        await seat.press("g", "g")
        await seat.until(lambda: screen.row and screen.row.title == "Lead 0")
        await seat.press("pagedown", "j")
        await seat.until(lambda: screen.row and screen.row.title == f"Lead {screen.board.cursor}")
        assert len(screen.board.held("new")) < 1_000


async def test_a_lead_keeps_its_state_through_walking(store: Store) -> None:
    ids = furnish(store)
    before = [state(store, lead) for lead in ids.values()]
    async with board(store) as (seat, screen):
        await seat.press(
            "l",
            "j",
            "k",
            "l",
            "h",
            "right",
            "left",
            "down",
            "up",
            "v",
            "j",
            "G",
            "v",
            "pagedown",
            "home",
            "end",
        )
        await seat.until(lambda: screen.is_board and screen.is_listed)
    assert [state(store, lead) for lead in ids.values()] == before
