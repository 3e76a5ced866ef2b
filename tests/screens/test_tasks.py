"""The personal task list as a place of the app: what stands in it, and what its keys do."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from textual.screen import Screen

from app.domain.crm.kinds import Kind
from app.domain.crm.record_input import TaskInput
from app.domain.due import Due
from app.domain.mail.triage import Selection
from app.domain.team.members import Member
from app.screens.dialogs.boxes import MessageBox, Picker
from app.screens.dialogs.due import DueDialog
from app.screens.records.boxes import NoteBox
from app.screens.records.form import RecordForm
from app.screens.records.page import RecordPage
from app.screens.tasks.screen import TasksScreen
from app.services.crm import records as crm
from app.services.tasks.making import follow_up
from app.store.database import Store
from app.store.team.members import put_member
from app.widgets.field import Field
from tests.screens.card_index import fill, shown, type_into
from tests.screens.conftest import SIZES, Pictured, Seat
from tests.screens.fake import NOW
from tests.screens.rooms import opened_on
from tests.store.build import Copy


def agenda(store: Store) -> None:
    """A team, and something of every kind for one of them, overdue, today (NOW is a Friday), later and without a day."""
    fill(store)
    with store.write() as tx:
        tx.run("DELETE FROM member")  # whoever filled it is no colleague
        for member in (Member("berg", "A. Berg"), Member("weber", "B. Weber"), Member("ozturk", "C. Öztürk")):
            put_member(tx, member, 1)
        tx.run("UPDATE task SET assignee = 'berg'")
        tx.run("UPDATE lead SET assignee = 'berg', state = 'active'")
        tx.run(
            "INSERT INTO mention (login, author, kind, record_id, text, created_at)"
            " VALUES ('berg', 'weber', 'contact', 1, '@berg bitte zurückrufen', 1)"
        )
    crm.create_many(
        store,
        Kind.TASK,
        [TaskInput(title="Ablage", assignee="berg"), TaskInput(title="Reisekosten", assignee="weber")],
        now=NOW,
    )


async def go(seat: Seat) -> TasksScreen:
    await seat.press("g", "t")
    await seat.until(lambda: isinstance(seat.app.screen, TasksScreen) and seat.app.screen.entry)
    screen = seat.app.screen
    assert isinstance(screen, TasksScreen)
    return screen


def under_cursor(screen: TasksScreen) -> str:
    return screen.entry.title if screen.entry is not None else ""


async def to(seat: Seat, screen: TasksScreen, title: str) -> None:
    """Walk to an entry."""
    for _step in range(20):
        if title in under_cursor(screen):
            return
        await seat.press("j")
    raise AssertionError(f"{title} is not in the list")


def state(store: Store, title: str) -> tuple[Any, ...]:
    row = store.read.row("SELECT state, due_on, assignee FROM task WHERE title = ?", (title,))
    assert row is not None
    return tuple(row)


@pytest.mark.parametrize("letter", "tlcv")
async def test_a_key_pressed_while_a_place_opens_is_not_typed_into_its_search(
    store: Store, letter: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Textual chooses what has the focus when the widgets are made; keys may come before the place says what has it."""
    agenda(store)
    chosen: list[object] = []
    compose = Screen._compose

    async def composed(screen: Screen[None]) -> None:
        await compose(screen)
        chosen.append(screen.focused)

    async with opened_on(store) as seat:
        monkeypatch.setattr(Screen, "_compose", composed)
        await seat.press("g", letter)
        await seat.until(lambda: chosen)
        assert not isinstance(chosen[0], Field)
        await seat.quiet()
        assert seat.app.screen.focused is not None


async def test_everything_of_mine_stands_in_one_list_by_urgency(store: Store) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        lines = [line.cells[0].text if line.wide else line.cells[1].text for line in screen.table.lines]
        assert lines == [
            *("Überfällig", "Angebot nachfassen"),
            *("Heute", "B. Weber: @berg bitte zurückrufen", "Preisliste senden"),
            *("Später", "anrufen: Vogel 2027", "Messe planen"),
            *("Ohne Termin", "Ablage"),
        ]
        assert [line.cells[0].style for line in screen.table.lines[:5]] == [
            *("error", "error", "warning", "warning", "warning")
        ]


async def test_the_cursor_passes_over_the_headings(store: Store) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        seen = [under_cursor(screen)]
        for _step in range(5):
            await seat.press("j")
            seen.append(under_cursor(screen))
        assert len(set(seen)) == 6
        await seat.press("j")
        assert under_cursor(screen) == "Ablage"
        for title in reversed(seen[:-1]):
            await seat.press("k")
            assert under_cursor(screen) == title
        await seat.press("k")
        assert under_cursor(screen) == "Angebot nachfassen"
        await seat.press("G", "home")
        assert under_cursor(screen) == "Angebot nachfassen"
        assert "Überfällig" in shown(seat)


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


async def test_the_list_of_a_colleague_of_all_and_of_one_kind(store: Store) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        for typed, expected in (
            ("weber", {"Reisekosten"}),
            ("aller", {"Reisekosten", "Ablage", "Messe planen"}),
            ("nur: Lead", {"Vogel 2027"}),
        ):
            await seat.press("F")
            await seat.until(lambda: isinstance(seat.app.screen, Picker) and seat.app.screen.choices.choices)
            await seat.press(*typed, "enter")
            await seat.until(
                lambda expected=expected: (
                    seat.app.screen is screen
                    and expected <= {entry.title for entry in screen._entries.values()}
                )
            )
        assert screen.table.total == 2
        assert "Filter aktiv: Lead" in shown(seat, "#headline")
        await seat.press("q")
        await seat.until(lambda: "Ablage" in shown(seat))
        await seat.press("q")
        await seat.until(lambda: seat.app.screen is seat.screen)


async def test_what_is_done_is_listed_and_opened_again(store: Store) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        await seat.press("x", "F")
        await seat.until(lambda: isinstance(seat.app.screen, Picker) and seat.app.screen.choices.choices)
        await seat.press(*"erledigt", "enter")
        await seat.until(lambda: seat.app.screen is screen and screen.entry and screen.entry.done)
        await seat.press("x")
        await seat.until(lambda: "schon erledigt" in shown(seat, "#keys"))
        await seat.press("O")
        await seat.until(lambda: state(store, "Angebot nachfassen")[0] == "open")
        await seat.until(lambda: "Noch ist nichts erledigt." in shown(seat))


async def test_words_narrow_the_list_while_they_are_typed(store: Store) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        await seat.press("/", *"messe")
        await seat.until(lambda: screen.table.total == 2)
        await seat.press("enter")
        assert under_cursor(screen) == "Messe planen"
        await seat.press("q")
        await seat.until(lambda: screen.table.total > 2)


async def test_enter_opens_the_page_of_what_an_entry_is_about(store: Store) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        for title, expected in (
            ("Angebot", "Angebot nachfassen"),
            ("@berg", "Silke Berger"),
            ("Vogel", "Vogel 2027"),
        ):
            await to(seat, screen, title)
            await seat.press("enter")
            await seat.until(
                lambda expected=expected: (
                    isinstance(seat.app.screen, RecordPage) and expected in shown(seat, "#headline")
                )
            )
            await seat.press("q")
            await seat.until(lambda: seat.app.screen is screen)


async def test_a_mail_on_follow_up_is_opened_in_the_mail_screen(store: Store) -> None:
    agenda(store)
    row = store.read.row("SELECT id, message_id FROM mail_copy ORDER BY id DESC LIMIT 1")
    assert row is not None
    copy = Copy(row[0], row[1], 0, 0)
    mails = Selection(copies=(copy.id,))
    follow_up(store, mails, Due(date(2026, 11, 20)), of=(copy.message,), author="berg", now=NOW)
    async with opened_on(store) as seat:
        screen = await go(seat)
        await to(seat, screen, "Anfrage")
        assert "E-Mail" in shown(seat)
        await seat.press("enter")
        await seat.until(lambda: seat.app.screen is seat.screen and seat.screen.reading_open)
        assert seat.screen.current is not None
        assert seat.screen.current.message_id == copy.message


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


async def test_what_a_colleague_changes_is_shown_and_the_cursor_stays(store: Store) -> None:
    agenda(store)
    async with opened_on(store) as seat:
        screen = await go(seat)
        await to(seat, screen, "Messe")
        crm.create(
            store,
            Kind.TASK,
            {"title": "Eilig", "due_on": "heute", "assignee": "berg"},
            author="weber",
            now=NOW.astimezone(),
        )
        await seat.until(lambda: "Eilig" in shown(seat))
        assert under_cursor(screen) == "Messe planen"


async def test_fifty_thousand_entries_are_listed_by_the_screenful(store: Store) -> None:
    agenda(store)
    with store.write() as tx:
        tx.run_many(
            "INSERT INTO lead (title, assignee, state, due_on, created_at, changed_at) VALUES (?, 'berg', 'active', ?, 1, 1)",
            [(f"Lead {n:05}", f"2027-{n // 5000 + 1:02}-{n % 28 + 1:02}") for n in range(50_000)],
        )
    async with opened_on(store) as seat:
        screen = await go(seat)
        assert screen.table.total > 50_000
        assert len(screen.table.lines) <= 200
        await seat.press("G")
        await seat.until(lambda: under_cursor(screen) == "Ablage")
        await seat.press("k")
        await seat.until(lambda: under_cursor(screen).startswith("Lead"))
        await seat.press("m")
        await seat.until(lambda: store.read.value("SELECT count(*) FROM lead WHERE due_on = '2026-11-21'"))
        assert len(screen.table.lines) <= 400


@pytest.mark.parametrize("size", SIZES)
async def test_how_it_looks(store: Store, pictured: Pictured, size: str) -> None:
    agenda(store)
    async with opened_on(store, SIZES[size]) as seat:
        await go(seat)
        await seat.until(lambda: "Aufgaben 3" in shown(seat, "#top"))
        await pictured(seat)
        await seat.press("v")
        await seat.until(lambda: isinstance(seat.app.screen, DueDialog))
        await pictured(seat, "put-off")
        await seat.press(*"31.2.")
        await pictured(seat, "no-day")
        await seat.press("escape", "a")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await pictured(seat, "pass-on")
        await seat.press("escape", "+")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        await pictured(seat, "new-task")
        await seat.press("escape", "F")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await pictured(seat, "filter")
        await seat.press(*"aller", "enter")
        await seat.until(lambda: "Reisekosten" in shown(seat))
        await pictured(seat, "all")
        await seat.press("q")
        await seat.until(lambda: "Reisekosten" not in shown(seat))
        await seat.press("x")
        await seat.until(lambda: "Aufgaben 2" in shown(seat, "#top"))
        await pictured(seat, "done")
