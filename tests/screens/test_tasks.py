"""The personal task list as a place of the app: what stands in it, and how it is listed, narrowed and opened."""

from __future__ import annotations

from datetime import date

import pytest
from textual.screen import Screen

from app.domain.crm.kinds import Kind
from app.domain.due import Due
from app.domain.mail.triage import Selection
from app.screens.dialogs.boxes import Picker
from app.screens.dialogs.due import DueDialog
from app.screens.records.form import RecordForm
from app.screens.records.page import RecordPage
from app.services.crm import records as crm
from app.services.tasks.making import follow_up
from app.store.database import Store
from app.widgets.field import Field
from tests.screens.card_index import shown
from tests.screens.conftest import SIZES, Pictured
from tests.screens.fake import NOW
from tests.screens.rooms import opened_on
from tests.screens.task_list import agenda, go, state, to, under_cursor
from tests.store.build import Copy


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
