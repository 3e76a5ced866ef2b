"""`M` on a contact or a lead: another one goes into it, field by field, and `u` takes that back."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.crm.kinds import Kind
from app.screens.dialogs.boxes import Picker
from app.screens.records.merge import MergeDialog
from app.screens.records.page import RecordPage
from app.services.crm import changing
from app.services.crm import records as crm
from app.store.database import Store
from app.widgets.choices import Choices
from tests.screens.card_index import fill, go, go_to_leads, shown
from tests.screens.conftest import SIZES, Pictured, Seat
from tests.screens.fake import NOW
from tests.screens.rooms import opened_on, texts

CONTACTS = "SELECT count(*) FROM contact"


def twin(store: Store) -> int:
    """Another contact with the phone number of Silke Berger."""
    values = {
        "first_name": "S.",
        "last_name": "Berger",
        "company": "Vogel Maschinenbau AG",
        "phones": "+49 711 55501",
        "emails": "info@vogel.example",
        "traits": "Messe",
        "note": "ruft lieber an",
    }
    return crm.create(store, Kind.CONTACT, values, author="berg", now=NOW).id


async def offered(seat: Seat) -> list[tuple[str, str]]:
    await seat.until(lambda: isinstance(seat.app.screen, Picker) and seat.app.screen.choices.choices)
    return [(choice.title, choice.detail) for choice in seat.app.screen.query_one(Choices).choices]


async def compare(seat: Seat) -> None:
    """Go to the dialog with the likely twin of the record under the cursor."""
    await seat.press("M")
    await offered(seat)
    await seat.press("enter")
    await seat.until(lambda: isinstance(seat.app.screen, MergeDialog))


async def told(seat: Seat, words: str) -> None:
    await seat.until(lambda: words in str(seat.app.screen.query_one("#keys").text))  # type: ignore[attr-defined]


def names(store: Store) -> list[str]:
    return [row.title for row in crm.list_records(store, Kind.CONTACT)]


async def test_the_likely_twin_is_offered_and_goes_into_the_contact(store: Store) -> None:
    fill(store)
    other = twin(store)
    lead = crm.create(store, Kind.LEAD, {"title": "Ventile", "contact_id": other}, author="berg", now=NOW)
    async with opened_on(store) as seat:
        screen = await go(seat, "c")
        await seat.press("j")
        await seat.until(lambda: screen.record and screen.record.row.title.startswith("Silke"))
        await seat.press("M")
        assert await offered(seat) == [("S. Berger, Vogel Maschinenbau AG", "gleiche Telefonnummer")]
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, MergeDialog))
        await seat.press("j", "space", "enter")
        await told(seat, "Zusammengeführt")
        await seat.until(lambda: screen.table.total == 3)
        (row,) = (row for row in crm.list_records(store, Kind.CONTACT) if "Berger" in row.title)
        record = crm.show(store, Kind.CONTACT, row.id)
        data = record.data.model_dump()
        assert row.title == "Silke Berger, Vogel Maschinenbau AG"
        assert (data["customer_number"], data["note"]) == ("K-1047", "ruft lieber an")
        assert len(data["emails"]) == 2
        assert crm.show(store, Kind.LEAD, lead.id).contact == row
        await seat.press("u")
        await told(seat, "steht wieder für sich")
        await seat.until(lambda: screen.table.total == 4)
        found = crm.show(store, Kind.LEAD, lead.id).contact
        assert found is not None
        assert found.id == other


async def test_any_other_contact_is_found_by_typing(store: Store) -> None:
    fill(store)
    async with opened_on(store) as seat:
        screen = await go(seat, "c")
        await seat.press("M", *"suess")
        await seat.until(
            lambda: (
                [choice.title for choice in seat.app.screen.query_one(Choices).choices]
                == ["Jürgen Süß, Pumpen Süß"]
            )
        )
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, MergeDialog))
        await seat.press("escape")
        await seat.until(lambda: seat.app.screen is screen)
        assert len(names(store)) == 3


async def test_on_its_page_a_contact_takes_another_one_in(store: Store) -> None:
    fill(store)
    twin(store)
    async with opened_on(store) as seat:
        await go(seat, "c")
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, RecordPage))
        await seat.until(lambda: "Vogel" in shown(seat, "#fields"))
        await compare(seat)
        await seat.press("enter")
        await seat.until(lambda: "ruft lieber an" in shown(seat, "#fields"))
        assert store.read.value(CONTACTS) == 3


async def test_who_was_overtaken_is_told_and_merges_nothing(store: Store) -> None:
    fill(store)
    other = twin(store)
    async with opened_on(store) as seat:
        await go(seat, "c")
        await seat.press("j")
        await compare(seat)
        changing.change(store, Kind.CONTACT, other, {"note": "verzogen"}, author="berg", now=NOW)
        await seat.press("enter")
        await seat.until(lambda: "inzwischen geändert" in str(seat.app.screen.query_one("#line").content))  # type: ignore[attr-defined]
        assert store.read.value(CONTACTS) == 4


async def test_leads_are_told_apart_by_their_contacts(store: Store) -> None:
    fill(store)
    lead = crm.list_records(store, Kind.LEAD)[0]
    person = crm.show(store, Kind.LEAD, lead.id).contact
    assert person is not None
    crm.create(store, Kind.LEAD, {"title": "Pumpen", "contact_id": person.id}, author="berg", now=NOW)
    async with opened_on(store) as seat:
        screen = await go_to_leads(seat)
        await seat.until(lambda: screen.row and screen.row.id == lead.id)
        await seat.press("M")
        assert await offered(seat) == [
            ("Pumpen, Silke Berger, Vogel Maschinenbau", "offener Lead desselben Kontakts")
        ]
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, MergeDialog))
        await seat.press("enter")
        await seat.until(lambda: store.read.value("SELECT count(*) FROM lead") == 1)
        await told(seat, "Zusammengeführt")


async def chosen_leads(seat: Seat, *titles: str) -> None:
    """Select these leads, and go to one that is not selected."""
    screen: Any = await go_to_leads(seat)
    await seat.until(lambda: screen.row)
    for title in titles:
        number = screen_id(screen, title)
        screen.load(number)
        await seat.until(lambda number=number: screen.row and screen.row.id == number)
        await seat.press("space")
    screen.load(screen_id(screen, "Pumpen"))
    await seat.until(lambda: screen.row and screen.row.title == "Pumpen")


def screen_id(screen: Any, title: str) -> int:
    rows = crm.list_records(screen.desk.store, Kind.LEAD)
    return next(row.id for row in rows if row.title == title)


def add_leads(store: Store) -> None:
    fill(store)
    for title in ("Dichtung", "Dichtungen", "Filter", "Pumpen"):
        crm.create(store, Kind.LEAD, {"title": title}, author="berg", now=NOW)


def leads(store: Store) -> set[str]:
    return {row.title for row in crm.list_records(store, Kind.LEAD)}


@pytest.mark.parametrize("is_list", [False, True])
async def test_the_two_leads_selected_are_merged_wherever_the_cursor_is(store: Store, is_list: bool) -> None:
    add_leads(store)
    before = leads(store)
    async with opened_on(store, (120, 40)) as seat:
        await chosen_leads(seat, "Dichtung", "Dichtungen")
        screen: Any = seat.app.screen
        if is_list:
            await seat.press("v")
            await seat.until(lambda: screen.is_list() and screen.row and screen.row.title == "Pumpen")
        await seat.press("M")
        assert {title for title, _detail in await offered(seat)} == {"Dichtung", "Dichtungen"}
        await seat.press(*"Dichtungen")
        await seat.until(lambda: len(seat.app.screen.query_one(Choices).choices) == 1)
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, MergeDialog))
        await seat.press("enter")
        await told(seat, "Zusammengeführt")
        await seat.until(lambda: not screen.shown.selection)
    assert leads(store) == before - {"Dichtung"}


async def test_one_lead_selected_stays_and_the_one_under_the_cursor_is_left_alone(store: Store) -> None:
    add_leads(store)
    async with opened_on(store, (120, 40)) as seat:
        await chosen_leads(seat, "Filter")
        await seat.press("M")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        assert "„Filter“ bleibt" in str(seat.app.screen.query_one("#line").content)  # type: ignore[attr-defined]


async def test_more_than_two_leads_are_refused_in_words(store: Store) -> None:
    add_leads(store)
    before = leads(store)
    async with opened_on(store, (120, 40)) as seat:
        await chosen_leads(seat, "Dichtung", "Dichtungen", "Filter")
        await seat.press("M")
        await told(seat, "3 sind gewählt, zusammengeführt werden immer nur zwei.")
    assert leads(store) == before


@pytest.mark.parametrize("size", SIZES)
async def test_how_merging_looks(store: Store, pictured: Pictured, size: str) -> None:
    fill(store)
    other = twin(store)
    crm.create(store, Kind.LEAD, {"title": "Ventile", "contact_id": other}, author="berg", now=NOW)
    async with opened_on(store, SIZES[size]) as seat:
        await go(seat, "c")
        await seat.press("j")
        await seat.quiet()
        await seat.press("M")
        await offered(seat)
        await seat.quiet()
        await pictured(seat, "offered")
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, MergeDialog))
        await seat.press("j", "space")
        await seat.quiet()
        await pictured(seat, "side-by-side")
        await seat.press("enter")
        await told(seat, "Zusammengeführt")
        await seat.until(lambda: len(texts(seat)) and store.read.value(CONTACTS) == 3)
        await seat.quiet()
        await pictured(seat, "merged")
