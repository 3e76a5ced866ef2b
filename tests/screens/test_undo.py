"""One key takes the last step back in every place of records: what came back is told, and the cursor goes to it."""

from __future__ import annotations

from app.domain.crm.kinds import Kind
from app.screens.dialogs.boxes import Picker
from app.screens.leads.page import LeadPage
from app.screens.opportunities.page import OpportunityPage
from app.screens.records.boxes import CallForm, NoteBox
from app.screens.records.page import RecordPage
from app.screens.records.screen import RecordsScreen
from app.screens.tasks.screen import TasksScreen
from app.services.crm import records as crm
from app.services.crm.changing import change
from app.services.crm.merging import merge
from app.services.leads.working import assign
from app.store.database import Store
from tests.screens import chance_board
from tests.screens.card_index import shown, type_into
from tests.screens.conftest import Seat
from tests.screens.leads.office import asked, board, furnish, put_cursor, state, told
from tests.screens.rooms import NOW, opened_on


async def test_a_lead_given_away_comes_back_under_the_cursor(store: Store) -> None:
    ids = furnish(store)
    lead = ids["Rückruf erbeten"]
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, lead)
        await asked(seat, Picker, "a")
        await seat.press("enter")
        await seat.until(lambda: "1 Lead geht an A. Berg" in told(seat) and "u rückgängig" in told(seat))
        await seat.until(lambda: screen.row is not None and screen.row.id != lead)
        await seat.press("u")
        await seat.until(lambda: "Rückgängig: „Rückruf erbeten“" in told(seat))
        await seat.until(lambda: screen.row is not None and screen.row.id == lead)
        assert state(store, lead) == ("new", "", "")


async def test_what_a_colleague_changed_since_is_told(store: Store) -> None:
    ids = furnish(store)
    some = [ids["Rückruf erbeten"], ids["Prospekt bestellt"]]
    assign(store, some, "klein", author="berg", now=NOW)
    assign(store, some[:1], "sommer", author="klein", now=NOW)
    async with board(store, (120, 40)) as (seat, screen):
        await seat.press("v", "u")
        await seat.until(lambda: "(1 wurde inzwischen geändert und bleibt)" in told(seat))
        await seat.until(lambda: screen.row is not None and screen.row.id in some)
        assert [state(store, lead)[1] for lead in some] == ["sommer", ""]


async def test_that_nothing_was_taken_back_is_told_as_a_warning_with_the_reason(store: Store) -> None:
    ids = furnish(store)
    lead = ids["Rückruf erbeten"]
    assign(store, [lead], "klein", author="berg", now=NOW)
    assign(store, [lead], "sommer", author="klein", now=NOW)
    async with board(store, (120, 40)) as (seat, _screen):
        await seat.press("v", "u")
        await seat.until(lambda: "Nicht rückgängig gemacht: „Rückruf erbeten“" in told(seat))
        assert "(1 wurde inzwischen geändert und bleibt)" in told(seat)
        assert state(store, lead)[1] == "sommer"


async def test_the_page_of_a_lead_shows_it_as_it_was(store: Store) -> None:
    ids = furnish(store)
    lead = ids["Ersatzpumpe NK 32"]
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, lead)
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, LeadPage) and seat.app.screen.lead is not None)
        await seat.press("z")
        await seat.until(lambda: "wieder neu" in told(seat))
        await seat.press("u")
        await seat.until(lambda: "zurückgegeben" in told(seat))
        assert state(store, lead) == ("active", "berg", "")
        page = seat.app.screen
        assert isinstance(page, LeadPage)
        await seat.until(lambda: page.lead is not None and page.lead.standing.assignee == "berg")


async def test_a_page_whose_record_is_taken_away_again_is_left(store: Store) -> None:
    furnish(store)
    crm.create(store, Kind.CONTACT, {"last_name": "Abel"}, author="berg", now=NOW)
    async with opened_on(store) as seat:
        await seat.press("g", "c")
        await seat.until(lambda: isinstance(seat.app.screen, RecordsScreen) and seat.app.screen.record)
        places = seat.app.screen
        assert isinstance(places, RecordsScreen)
        await seat.until(lambda: places.record and places.record.row.title == "Abel")
        await seat.press("enter")
        await seat.until(lambda: seat.app.screen is not places and "u rückgängig" in told(seat))
        await seat.press("u")
        await seat.until(lambda: seat.app.screen is places and "Rückgängig: „Abel“ angelegt" in told(seat))
        await seat.until(lambda: places.record is not None and places.record.row.title != "Abel")


async def test_a_page_that_somebody_else_takes_away_later_is_not_told_as_taken_back(store: Store) -> None:
    ids = furnish(store)
    lead = ids["Rückruf erbeten"]
    change(store, Kind.LEAD, lead, {"note": "neu"}, author="berg", now=NOW)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, lead)
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, LeadPage) and "u rückgängig" in told(seat))
        await seat.press("u")
        await seat.until(lambda: "Rückgängig: „Rückruf erbeten“ geändert" in told(seat))
        await seat.quiet()
        merge(store, Kind.LEAD, ids["Ersatzpumpe NK 32"], lead, author="sommer", now=NOW)
        await seat.until(lambda: seat.app.screen is screen)
        await seat.until(lambda: "Das gibt es nicht mehr" in told(seat))
        assert "Rückgängig" not in told(seat)


async def test_an_opportunity_moved_comes_back_on_board_and_page(store: Store) -> None:
    ids = chance_board.fill(store)
    chance = ids["Pumpen für Halle 3"]
    async with opened_on(store, (140, 40)) as seat:
        screen = await chance_board.go(seat)
        await chance_board.put_cursor(seat, screen, "Pumpen für Halle 3")
        before = chance_board.stage_of(store, chance)
        await seat.press("L")
        await seat.until(
            lambda: chance_board.stage_of(store, chance) == "Angebot" and "u rückgängig" in told(seat)
        )
        await seat.press("u")
        await seat.until(lambda: "Rückgängig: „Pumpen für Halle 3“ nach „Angebot“ verschoben" in told(seat))
        assert chance_board.stage_of(store, chance) == before
        await seat.until(lambda: screen.board.column == before and screen.row and screen.row.id == chance)
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, OpportunityPage) and seat.app.screen.chance)
        await seat.press("L")
        await seat.until(lambda: "50 %" in told(seat))
        await seat.press("u")
        await seat.until(lambda: "nach „Angebot“ verschoben" in told(seat))
        assert chance_board.stage_of(store, chance) == before


async def note_and_undo(seat: Seat, store: Store) -> None:
    """Write a note where the cursor is, see which key takes it back, and press it."""
    await asked(seat, NoteBox, "n")
    await seat.press(*"falscher Kunde", "enter")
    await seat.until(lambda: "Notiert." in told(seat) and "u rückgängig" in told(seat))
    assert store.read.value("SELECT count(*) FROM history_entry WHERE event = 'note'") == 1
    await seat.press("u")
    await seat.until(lambda: "Rückgängig: Notiz zu" in told(seat))
    assert store.read.value("SELECT count(*) FROM history_entry WHERE event = 'note'") == 0


async def test_a_note_on_the_board_is_what_u_takes_back_and_the_card_stays_under_the_cursor(
    store: Store,
) -> None:
    ids = furnish(store)
    lead = ids["Rückruf erbeten"]
    assign(store, [lead], "berg", author="berg", now=NOW)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, lead)
        await note_and_undo(seat, store)
        await seat.quiet()
        assert screen.row is not None
        assert screen.row.id == lead
        assert state(store, lead) == ("active", "berg", "")


async def test_a_note_and_a_call_leave_the_page_of_a_lead_at_once(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Ersatzpumpe NK 32"])
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, LeadPage) and seat.app.screen.lead is not None)
        page = seat.app.screen
        assert isinstance(page, RecordPage)
        await note_and_undo(seat, store)
        await seat.until(lambda: "falscher Kunde" not in shown(seat))
        await asked(seat, CallForm, "p")
        await type_into(seat, again="+3")
        await seat.until(lambda: "wieder am" in shown(seat) and "Anrufen: Ersatzpumpe" in shown(seat))
        await seat.press("u")
        await seat.until(lambda: "Rückgängig: Anruf zu „Ersatzpumpe NK 32“" in told(seat))
        await seat.until(lambda: "wieder am" not in shown(seat) and "Anrufen:" not in shown(seat))
        assert seat.app.screen is page


async def test_a_note_in_the_task_list_is_taken_back_and_the_cursor_stays(store: Store) -> None:
    ids = furnish(store)
    values = {"title": "Messe planen", "lead_id": ids["Wartung 2027"]}
    crm.create(store, Kind.TASK, values, author="berg", now=NOW)
    async with opened_on(store) as seat:
        await seat.press("g", "t")
        await seat.until(lambda: isinstance(seat.app.screen, TasksScreen) and seat.app.screen.entry)
        screen = seat.app.screen
        assert isinstance(screen, TasksScreen)
        while screen.entry is not None and screen.entry.title != "Messe planen":
            await seat.press("j")
        await note_and_undo(seat, store)
        await seat.quiet()
        assert screen.entry is not None
        assert screen.entry.title == "Messe planen"
