"""Colleagues are named with a few letters and Tab, wherever a text may name them; elsewhere Tab is what it was."""

from __future__ import annotations

from typing import Any

from app.domain.crm.kinds import Kind, RecordRow
from app.screens.dialogs.boxes import Picker
from app.screens.dialogs.naming import NamingPrompt
from app.screens.records.boxes import CallForm, NoteBox
from app.screens.records.known import open_page
from app.screens.records.page import RecordPage
from app.store.database import Store
from app.widgets.choices import Choices
from tests.screens.conftest import Seat
from tests.screens.leads.office import asked, board, furnish, put_cursor, told
from tests.screens.rooms import opened_on


def offered(seat: Seat) -> list[tuple[str, str]]:
    """The colleagues that stand below the text; none while the list is hidden."""
    shown = seat.app.screen.query_one("#colleagues", Choices)
    return [(choice.title, choice.detail) for choice in shown.choices] if shown.display else []


def text(seat: Seat) -> str:
    """What is typed into the field with the focus."""
    field: Any = seat.app.focused
    return str(field.value)


async def test_a_note_names_a_colleague_by_a_few_letters_of_the_name(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Wartung 2027"])
        await asked(seat, NoteBox, "n")
        await seat.press(*"An ", "@", *"brit")
        await seat.until(lambda: offered(seat) == [("@klein", "Britta Klein   Tab")])
        await seat.press("tab", *"bitte")
        await seat.until(lambda: text(seat) == "An @klein bitte")
        assert offered(seat) == []
        await seat.press("enter")
        await seat.until(lambda: "Notiert" in told(seat))
        assert store.read.rows("SELECT login, text FROM mention") == [("klein", "An @klein bitte")]


async def test_an_address_offers_nobody_and_enter_stores_what_was_typed(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Wartung 2027"])
        await asked(seat, NoteBox, "n")
        await seat.press(*"info", "@", *"klein")
        await seat.until(lambda: text(seat) == "info@klein")
        assert offered(seat) == []
        await seat.press("space", "@", *"kle")
        await seat.until(lambda: offered(seat))
        await seat.press("enter")
        await seat.until(lambda: "Notiert" in told(seat) or "Niemand" in told(seat))
        assert store.read.value("SELECT text FROM history_entry WHERE event = 'note'") == "info@klein @kle"


async def test_in_a_call_tab_goes_on_to_the_next_field_unless_somebody_is_being_named(store: Store) -> None:
    ids = furnish(store)
    async with board(store) as (seat, screen):
        await put_cursor(seat, screen, ids["Wartung 2027"])
        await asked(seat, CallForm, "p")
        await seat.press("tab", "tab", "@", *"som")
        await seat.until(lambda: offered(seat) == [("@sommer", "Cleo Sommer   Tab")])
        await seat.press("tab")
        await seat.until(lambda: text(seat) == "@sommer ")
        await seat.press("tab")
        await seat.until(lambda: seat.app.focused is not None and seat.app.focused.id == "field-outcome")


async def test_a_comment_on_a_mail_names_a_colleague(store: Store) -> None:
    furnish(store)
    async with opened_on(store) as seat:
        await seat.until(lambda: seat.screen.current is not None)
        await asked(seat, NamingPrompt, "c")
        await seat.press("@", *"KL")
        await seat.until(lambda: offered(seat) == [("@klein", "Britta Klein   Tab")])
        await seat.press("tab")
        await seat.until(lambda: text(seat) == "@klein ")
        await seat.press("enter")
        await seat.until(lambda: store.read.value("SELECT login FROM mention") == "klein")


async def test_whoever_gets_an_opportunity_finds_the_note_in_the_task_list(store: Store) -> None:
    furnish(store)
    number = int(store.read.value("SELECT id FROM opportunity"))
    async with opened_on(store) as seat:
        open_page(seat.screen, RecordRow(Kind.OPPORTUNITY, number, ""))
        await seat.until(
            lambda: isinstance(seat.app.screen, RecordPage) and seat.app.screen.offers("chances.pass_on")
        )
        await asked(seat, Picker, "a")
        await seat.press(*"Klein")
        await seat.quiet()
        await asked(seat, NamingPrompt, "enter")
        await seat.press(*"Frag ", "@", *"som")
        await seat.until(lambda: offered(seat))
        await seat.press("tab", "enter")
        await seat.until(lambda: "Britta Klein" in told(seat))
        assert store.read.rows("SELECT login, text FROM mention ORDER BY login") == [
            ("klein", "Frag @sommer"),
            ("sommer", "Frag @sommer"),
        ]
