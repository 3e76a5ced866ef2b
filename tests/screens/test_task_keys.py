"""What the keys of the personal task list do to an entry: finish, put off, pass on, note, make."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.due import Due
from app.screens.dialogs.boxes import MessageBox, Picker
from app.screens.dialogs.due import DueDialog
from app.screens.records.boxes import NoteBox
from app.screens.records.form import RecordForm
from app.screens.tasks.screen import TasksScreen
from app.store.database import Store
from tests.screens.card_index import shown, type_into
from tests.screens.rooms import opened_on
from tests.screens.task_list import agenda, go, state, to, under_cursor


async def test_finishing_goes_on_to_the_next_entry_and_a_second_key_never_reopens(store: Store) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        await seat.press("x")
        assert under_cursor(screen) == "@berg bitte zurückrufen"
        await seat.press("x")
        await seat.until(lambda: store.read.value("SELECT done_at FROM mention") is not None)
        await seat.quiet()
        assert state(store, "Angebot nachfassen")[0] == "done"
        assert under_cursor(screen) == "Preisliste senden"
        await seat.press("u")
        await seat.until(lambda: under_cursor(screen) == "@berg bitte zurückrufen")
        await seat.press("G", "u")
        await seat.until(lambda: under_cursor(screen) == "Angebot nachfassen")
        assert state(store, "Angebot nachfassen")[0] == "open"


@pytest.mark.parametrize("title", ["Angebot nachfassen", "@berg bitte zurückrufen", "Vogel 2027"])
@pytest.mark.parametrize("keys", [("m",), ("v", "down", "enter"), ("a", "enter")])
async def test_taking_a_step_back_goes_to_the_entry_that_came_back(
    store: Store, title: str, keys: tuple[str, ...]
) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        await to(seat, screen, title)
        for key in keys:
            await seat.press(key)
            await seat.quiet()
        await seat.until(lambda: seat.app.screen is screen and "rückgängig" in shown(seat, "#keys"))
        await seat.press("G", "u")
        await seat.until(lambda: "Rückgängig: „" in shown(seat, "#keys") and title in under_cursor(screen))


async def test_the_last_entry_done_leaves_the_cursor_on_the_one_before(store: Store) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        await seat.press("G", "x")
        await seat.until(lambda: state(store, "Ablage")[0] == "done")
        await seat.quiet()
        assert under_cursor(screen) == "Messe planen"
        assert "Ohne Termin" not in shown(seat)


async def test_one_key_puts_off_to_tomorrow_and_a_box_to_any_day(store: Store) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        await seat.press("m")
        await seat.until(lambda: state(store, "Angebot nachfassen")[1] == "2026-11-21")
        await seat.quiet()
        assert under_cursor(screen) == "@berg bitte zurückrufen"
        await seat.press("m")
        await seat.until(lambda: store.read.value("SELECT due_on FROM mention") == "2026-11-21")
        await to(seat, screen, "Preisliste")
        await seat.press("v")
        await seat.until(lambda: isinstance(seat.app.screen, DueDialog) and seat.app.screen.choices.choices)
        await seat.press(*"24.11. 8:15", "enter")
        await seat.until(lambda: state(store, "Preisliste senden")[1] == "2026-11-24")
        remind_at = store.read.value("SELECT remind_at FROM task WHERE title = 'Preisliste senden'")
        assert Due.of("", remind_at) == Due.of("2026-11-24", remind_at)
        await seat.until(lambda: "24.11. 08:15" in shown(seat))


async def test_a_day_that_is_over_is_not_offered(store: Store) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        await go(seat)
        await seat.press("v")
        await seat.until(lambda: isinstance(seat.app.screen, DueDialog) and seat.app.screen.choices.choices)
        box: Any = seat.app.screen
        for typed, told in (("19.11.2026", "schon vorbei"), ("bald", "ist kein Tag")):
            box.field.value = typed
            await seat.until(lambda told=told: told in str(box.query_one("#line").content))
            await seat.press("enter")
            assert seat.app.screen is box
        await seat.press("escape")
        await seat.until(lambda: isinstance(seat.app.screen, TasksScreen))
        assert state(store, "Angebot nachfassen")[1] == "2026-11-18"


async def test_an_entry_is_passed_on_to_a_colleague(store: Store) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        await seat.press("a")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press(*"weber", "enter")
        await seat.until(lambda: state(store, "Angebot nachfassen")[2] == "weber")
        await seat.quiet()
        assert "Angebot nachfassen" not in shown(seat)
        await to(seat, screen, "Vogel 2027")
        await seat.press("a")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press("enter")
        await seat.until(lambda: store.read.value("SELECT assignee FROM lead") == "weber")
        await seat.press("u")
        await seat.until(lambda: store.read.value("SELECT assignee FROM lead") == "berg")


async def test_a_lead_is_finished_right_in_the_list_as_on_the_board(store: Store) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        await to(seat, screen, "Vogel 2027")
        await seat.press("x")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        assert [choice.title for choice in seat.app.screen.choices.choices][:2] == [  # type: ignore[attr-defined]
            "erfolgreich",
            "erfolglos: kein Interesse",
        ]
        await seat.press(*"kein interesse", "enter")
        await seat.until(lambda: store.read.value("SELECT state FROM lead") == "done")
        await seat.until(lambda: "Vogel 2027" not in shown(seat) and screen.entry)
        assert under_cursor(screen) == "Messe planen"
        assert store.read.value("SELECT reason FROM lead") == "not interested"


async def test_a_colleagues_lead_is_not_finished_from_the_list_of_all(store: Store) -> None:
    agenda(store)
    with store.write() as tx:
        tx.run("UPDATE lead SET assignee = 'weber'")
        tx.run("UPDATE member SET role = 'admin' WHERE login = 'ozturk'")  # else whoever works becomes one
    async with opened_on(store) as seat:
        screen = await go(seat)
        await seat.press("F")
        await seat.until(lambda: isinstance(seat.app.screen, Picker) and seat.app.screen.choices.choices)
        await seat.press(*"aller", "enter")
        await seat.until(lambda: seat.app.screen is screen and "Vogel 2027" in shown(seat))
        await to(seat, screen, "Vogel 2027")
        await seat.press("x")
        await seat.until(lambda: "B. Weber" in shown(seat, "#keys"))
        assert seat.app.screen is screen
        assert store.read.value("SELECT state FROM lead") == "active"


async def test_calls_and_notes_go_to_the_record_that_an_entry_is_about(store: Store) -> None:
    agenda(store)
    with store.write() as tx:
        tx.run("UPDATE task SET lead_id = 1, contact_id = NULL WHERE title = 'Messe planen'")
    for title, kind, number in (("Vogel", "lead", 1), ("Messe", "lead", 1), ("@berg", "contact", 1)):
        async with opened_on(store) as seat:
            screen = await go(seat)
            await to(seat, screen, title)
            await seat.press("n")
            await seat.until(lambda: isinstance(seat.app.screen, NoteBox))
            await seat.press(*f"zu {title}", "enter")
            await seat.until(lambda: "Notiert" in shown(seat, "#keys"))
        sql = "SELECT kind, record_id FROM history_entry WHERE text = ?"
        assert store.read.rows(sql, (f"zu {title}",)) == [(kind, number)]


async def test_a_follow_up_made_in_the_list_stands_there_at_once(store: Store) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        await to(seat, screen, "Vogel 2027")
        await seat.press("b")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        await type_into(seat, title="Muster zeigen", due_on="+1")
        await seat.until(lambda: seat.app.screen is screen and "Muster zeigen" in shown(seat))
        assert store.read.value("SELECT lead_id FROM task WHERE title = 'Muster zeigen'") == 1


async def test_what_is_about_a_mail_takes_no_notes_and_says_where_they_go(store: Store) -> None:
    agenda(store)
    with store.write() as tx:
        tx.run("UPDATE mention SET kind = 'mail'")
    async with opened_on(store) as seat:
        screen = await go(seat)
        await to(seat, screen, "@berg")
        await seat.press("p")
        await seat.until(lambda: "Es geht um eine Mail" in shown(seat, "#keys"))
        assert seat.app.screen is screen


async def test_a_step_that_is_refused_leaves_the_entry_in_the_list(store: Store) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        with store.write() as tx:
            tx.run("UPDATE member SET active = 0 WHERE login = 'berg'")
            tx.run("UPDATE member SET role = 'admin' WHERE login = 'weber'")
        await seat.press("x")
        await seat.until(lambda: isinstance(seat.app.screen, MessageBox))
        await seat.press("enter")
        await seat.until(lambda: seat.app.screen is screen and under_cursor(screen) == "Angebot nachfassen")


async def test_a_new_task_has_a_time_and_a_colleague(store: Store) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        await seat.press("+")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        await type_into(seat, title="Rückruf", due_on="morgen 9:00")
        await seat.until(lambda: seat.app.screen is screen and "Rückruf" in under_cursor(screen))
        assert "21.11. 09:00" in shown(seat)
        await seat.press("e")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        assert seat.app.screen.query_one("#field-due_on").value == "21.11.2026 09:00"  # type: ignore[attr-defined]
        await type_into(seat, title="Rückruf Vogel")
        await seat.until(lambda: "Rückruf Vogel" in shown(seat))
        assert store.read.value("SELECT remind_at FROM task WHERE title = 'Rückruf Vogel'") is not None
