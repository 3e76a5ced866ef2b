"""What else keys do with leads: given back, finished, reopened, moved, noted; and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from app.screens.dialogs.boxes import Confirm, MessageBox, Picker, TextPrompt
from app.screens.leads.boxes import RefusedBox
from app.screens.leads.page import LeadPage
from app.screens.leads.screen import LeadsScreen
from app.screens.records.boxes import NoteBox
from app.screens.records.form import RecordForm
from app.store.database import Store
from app.widgets.field import Field
from tests.screens.card_index import go_to_leads
from tests.screens.conftest import Seat
from tests.screens.leads.office import asked, board, column, furnish, offered, put_cursor, state, told
from tests.screens.rooms import make_app, texts
from tests.store.leads import add_member


async def test_the_hint_of_a_day_is_read_whole_in_a_small_terminal(store: Store) -> None:
    furnish(store)
    async with board(store) as (seat, _screen):
        await asked(seat, RecordForm, "+")
        field = seat.app.screen.query_one("#field-due_on", Field)
        assert field.placeholder == "morgen, Fr, +3"
        assert len(field.placeholder) < field.content_size.width


async def test_a_lead_is_given_back(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Wartung 2027"])
        await seat.press("z")
        await seat.until(lambda: "1 Lead ist wieder neu" in told(seat))
        assert state(store, ids["Wartung 2027"]) == ("new", "", "")


async def test_the_cursor_goes_along_with_a_card_that_is_given_back(store: Store) -> None:
    lead = furnish(store)["Wartung 2027"]
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, lead)
        await seat.press("z")
        await seat.until(lambda: lead in column(screen, "new"))
        await seat.until(lambda: screen.row is not None and screen.row.id == lead)
        assert screen.column == "new"


async def test_many_are_given_back_after_asking_and_a_colleagues_stay(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Wartung 2027"])
        await seat.press("*")
        await asked(seat, Confirm, "z")
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, RefusedBox))
        await seat.quiet()
        assert [title for title, _detail in offered(seat)] == ["Ausschreibung Klärwerk"]
    assert state(store, ids["Ersatzpumpe NK 32"])[0] == "new"
    assert state(store, ids["Ausschreibung Klärwerk"])[1] == "klein"


async def test_a_lead_ends_successful_with_an_opportunity(store: Store) -> None:
    ids = furnish(store)
    lead = ids["Ersatzpumpe NK 32"]
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, lead)
        await asked(seat, Picker, "x")
        await asked(seat, RecordForm, "enter")
        form: Any = seat.app.screen
        assert {
            name: form.query_one(f"#field-{name}").value
            for name in ("title", "value", "probability", "assignee")
        } == {
            "title": "Ersatzpumpe NK 32",
            "value": "48.000",
            "probability": "25",
            "assignee": "berg",
        }
        form.query_one("#field-value").value = "-5"
        await seat.press("enter")
        await seat.until(lambda: "Wert" in str(form.query_one("#line").content))
        form.query_one("#field-value").value = "50.000"
        form.query_one("#field-expected_on").value = "12/2026"
        await seat.press("enter")
        await seat.until(lambda: "Verkaufschance ist angelegt" in told(seat))
    assert state(store, lead) == ("done", "berg", "success")
    found = store.read.row(
        "SELECT title, value, probability, expected_on, assignee, lead_id FROM opportunity ORDER BY id DESC"
    )
    assert found == ("Ersatzpumpe NK 32", 5_000_000, 25, "2026-12-31", "berg", lead)


async def test_a_lead_ends_unsuccessful_with_a_reason_and_what_is_said_about_it(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Wartung 2027"])
        await asked(seat, Picker, "x")
        await seat.press(*"interesse", "enter")
        await seat.until(lambda: "Erfolglos abgeschlossen" in told(seat))
        await put_cursor(seat, screen, ids["Ersatzpumpe NK 32"])
        await asked(seat, Picker, "x")
        await asked(seat, TextPrompt, *"sonstiges", "enter")
        await seat.press("enter")  # nothing said yet
        await seat.press(*"zu teuer", "enter")
        await seat.until(lambda: state(store, ids["Ersatzpumpe NK 32"])[2] == "failure")
    rows = store.read.rows(
        "SELECT reason, reason_text FROM lead WHERE finished_at = (SELECT max(finished_at) FROM lead) ORDER BY reason"
    )
    assert rows == [("not interested", ""), ("other", "zu teuer")]


async def test_a_lead_that_was_successful_keeps_its_opportunity_when_it_ends_again(store: Store) -> None:
    ids = furnish(store)
    lead = ids["Probelauf"]
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, lead)
        await seat.press("O")
        await seat.until(lambda: "Wieder aktiv, bei A. Berg" in told(seat))
        await put_cursor(seat, screen, lead)
        await asked(seat, Picker, "x")
        assert offered(seat)[0] == ("erfolgreich", "behält „Probelauf“")
        await seat.press("enter")
        await seat.until(lambda: "die Verkaufschance bleibt" in told(seat))
    assert store.read.value("SELECT count(*) FROM opportunity") == 1
    assert state(store, lead)[2] == "success"


# -- moving cards


async def test_cards_move_through_all_three_groups_and_back(store: Store) -> None:
    ids = furnish(store)
    lead = ids["Anfrage Rahmenvertrag"]
    async with board(store) as (seat, screen):
        await asked(seat, Picker, "L")
        await seat.press("enter")
        await seat.until(
            lambda: state(store, lead) == ("active", "berg", "") and screen.board.column == "active"
        )
        assert screen.row is not None
        assert screen.row.id == lead
        await asked(seat, Picker, "L")
        await seat.press(*"kontakt", "enter")
        await seat.until(lambda: state(store, lead)[2] == "failure" and screen.board.column == "done")
        await seat.press("H")
        await seat.until(
            lambda: state(store, lead) == ("active", "berg", "") and screen.board.column == "active"
        )
        await seat.until(lambda: screen.row and screen.row.id == lead)
        await seat.press("H")
        await seat.until(lambda: state(store, lead) == ("new", "", "") and screen.board.column == "new")
        await seat.until(lambda: screen.row and screen.row.id == lead)
        await seat.press("H")
        await seat.until(lambda: "keine Spalte mehr" in told(seat))


async def test_the_same_keys_work_on_the_page_of_a_lead(store: Store) -> None:
    ids = furnish(store)
    lead = ids["Anfrage Rahmenvertrag"]
    async with board(store) as (seat, _screen):
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, LeadPage) and seat.app.screen.lead)
        page = seat.app.screen
        await seat.press("x")
        await seat.until(lambda: "Nur ein zugewiesener Lead" in told(seat))
        await asked(seat, Picker, "a")
        await seat.press("enter")
        await seat.until(lambda: seat.app.screen is page and "geht an A. Berg" in told(seat))
        await seat.quiet()
        await asked(seat, Picker, "x")
        await seat.press(*"kontakt", "enter")
        await seat.until(lambda: state(store, lead)[2] == "failure")
        await seat.quiet()
        await seat.press("O")
        await seat.until(lambda: state(store, lead) == ("active", "berg", ""))
        await seat.quiet()
        await seat.press("z")
        await seat.until(lambda: state(store, lead) == ("new", "", ""))


async def test_notes_are_written_on_the_board(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await asked(seat, NoteBox, "n")
        await seat.press(*"Ruft zurück", "enter")
        await seat.until(lambda: seat.app.screen is screen)
    found = store.read.rows("SELECT record_id, event, text FROM history_entry WHERE kind = 'lead'")
    assert found == [(ids["Anfrage Rahmenvertrag"], "note", "Ruft zurück")]


# -- refusals


@pytest.mark.parametrize(
    ("title", "key", "why"),
    [
        ("Rückruf erbeten", "x", "Nur ein zugewiesener Lead"),
        ("Rückruf erbeten", "z", "Niemand hat ihn"),
        ("Rückruf erbeten", "O", "Er ist nicht erledigt"),
        ("Sonderfarbe", "a", "Er ist erledigt"),
        ("Sonderfarbe", "z", "Er ist erledigt"),
        ("Sonderfarbe", "x", "Er ist schon erledigt"),
        ("Sonderfarbe", "O", "Britta Klein (klein)"),
        ("Ausschreibung Klärwerk", "x", "Britta Klein (klein)"),
        ("Ausschreibung Klärwerk", "H", "Britta Klein (klein)"),
        ("Ausschreibung Klärwerk", "a", "Britta Klein (klein)"),
    ],
)
async def test_each_refusal_says_why(store: Store, title: str, key: str, why: str) -> None:
    ids = furnish(store)
    before = state(store, ids[title])
    async with board(store, (120, 40)) as (seat, screen):
        await put_cursor(seat, screen, ids[title])
        await seat.press(key)
        await seat.until(lambda: why in told(seat))
        assert seat.app.screen is screen
    assert state(store, ids[title]) == before


async def test_who_reads_only_is_told_so(store: Store) -> None:
    ids = furnish(store)
    app = make_app(store)
    app.desk.author = "lenz"
    async with app.run_test(size=(120, 40)) as pilot:
        seat = Seat(app, pilot, app.desk.reader)  # type: ignore[arg-type]
        await seat.press("g", "l")
        await seat.until(lambda: isinstance(app.screen, LeadsScreen) and app.screen.is_listed)
        await seat.press("a")
        await seat.until(lambda: "Datenschutz" in told(seat))
    assert state(store, ids["Anfrage Rahmenvertrag"])[0] == "new"


async def test_a_stranger_is_told_who_can_add_them(store: Store) -> None:
    furnish(store)
    add_member(store, "gone", "Ganz Weg", active=False)
    app = make_app(store)
    app.desk.author = "fremd"
    async with app.run_test(size=(120, 40)) as pilot:
        seat = Seat(app, pilot, app.desk.reader)  # type: ignore[arg-type]
        await seat.press("g", "l")
        await seat.until(lambda: isinstance(app.screen, LeadsScreen) and app.screen.is_listed)
        await asked(seat, Picker, "a")
        assert "Ganz Weg" not in [title for title, _detail in offered(seat)]
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, MessageBox))


async def test_the_line_of_keys_offers_nothing_that_the_rule_forbids(store: Store) -> None:
    ids = furnish(store)
    async with board(store, (120, 40)) as (seat, screen):
        await put_cursor(seat, screen, ids["Prospekt bestellt"])
        assert "z zurückgeben" not in told(seat)
        await seat.press("*")
        await seat.until(lambda: screen.board.selection)
        await seat.quiet()
        assert "z zurückgeben" not in told(seat)
        assert "a zuweisen" in told(seat)
        await seat.press("z")
        await seat.until(lambda: "z zurückgeben" not in told(seat) and "Niemand" in told(seat))
        await seat.press("*")
        await put_cursor(seat, screen, ids["Probelauf"])
        await seat.until(lambda: "O wieder öffnen" in told(seat))
        assert "a zuweisen" not in told(seat)
        await seat.press("a")
        await seat.until(lambda: "a ist hier nicht belegt" not in told(seat) and "zuerst" in told(seat))
        assert isinstance(seat.app.screen, LeadsScreen)


async def test_a_colleagues_lead_offers_a_rep_no_step_and_an_admin_all_of_them(store: Store) -> None:
    ids = furnish(store)
    steps = ("a zuweisen", "x abschließen", "z zurückgeben")
    async with board(store, (140, 40)) as (seat, screen):
        await put_cursor(seat, screen, ids["Ersatzpumpe NK 32"])
        assert all(step in told(seat) for step in steps)
        await put_cursor(seat, screen, ids["Ausschreibung Klärwerk"])
        assert not any(step in told(seat) for step in steps)
        for key in "axz":
            await seat.press(key)
            await seat.until(lambda: "Britta Klein (klein)" in told(seat))
            assert seat.app.screen is screen
        with store.write() as tx:
            tx.run("UPDATE member SET role = 'admin' WHERE login = 'berg'")
        await seat.until(lambda: all(step in told(seat) for step in steps))
    assert state(store, ids["Ausschreibung Klärwerk"]) == ("active", "klein", "")


@pytest.mark.parametrize(("title", "assignee"), [("Anfrage Rahmenvertrag", ""), ("Wartung 2027", "berg")])
async def test_a_new_lead_is_for_nobody_among_the_new_ones_and_for_oneself_elsewhere(
    store: Store, title: str, assignee: str
) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids[title])
        await asked(seat, RecordForm, "+")
        field: Any = seat.app.screen.query_one("#field-assignee")
        assert field.value == assignee


@pytest.mark.parametrize("key", ["+", "e"])
async def test_a_privacy_officer_is_refused_before_a_form_opens(store: Store, key: str) -> None:
    furnish(store)
    app = make_app(store)
    app.desk.author = "lenz"
    async with app.run_test(size=(80, 24)) as pilot:
        seat = Seat(app, pilot, app.desk.reader)  # type: ignore[arg-type]
        screen = await go_to_leads(seat)
        await seat.until(lambda: screen.row)
        await seat.press(key)
        await seat.until(lambda: isinstance(seat.app.screen, MessageBox))


async def test_a_reason_without_its_text_says_what_is_missing(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Wartung 2027"])
        await asked(seat, Picker, "x")
        await asked(seat, TextPrompt, *"sonstiges", "enter")
        await seat.press("enter")
        missing: Any = seat.app.screen.query_one("#missing")
        await seat.until(lambda: missing.display and "fehlt" in str(missing.content))


async def test_a_picker_says_that_nothing_fits(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Wartung 2027"])
        await asked(seat, Picker, "x", *"gibtesnicht")
        assert "nichts passt" in texts(seat, "Choices")[0]


async def test_no_reminder_is_told(store: Store) -> None:
    furnish(store)
    async with board(store) as (seat, _screen):
        await seat.press("g", "r")
        await seat.until(lambda: "Es wartet keine Erinnerung" in told(seat))


@pytest.mark.parametrize("key", ["f2", "ctrl+s"])
async def test_a_note_is_stored_with_the_key_that_sends_a_mail(store: Store, key: str) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Wartung 2027"])
        await asked(seat, NoteBox, "n")
        await seat.press(*"will", key)
        await seat.until(
            lambda: store.read.value("SELECT count(*) FROM history_entry WHERE text = 'will'") == 1
        )
