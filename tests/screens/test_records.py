"""Contacts, leads and tasks as places of the app, on a real store."""

from __future__ import annotations

from typing import Any

import pytest

from app.domain.crm.kinds import Kind
from app.domain.crm.record_input import INPUTS, ContactInput, LeadInput
from app.screens.dialogs.boxes import Picker
from app.screens.records.form import RecordForm
from app.screens.records.lines import form_lines
from app.screens.records.page import RecordPage
from app.screens.records.screen import RecordsScreen
from app.services.crm import records as crm
from app.store.database import Store
from app.widgets.field import Field
from app.widgets.form_fields import RecordField
from app.widgets.note_field import NoteField
from tests.screens.card_index import fill, go, go_to_leads, shown, type_into
from tests.screens.conftest import SIZES, Pictured
from tests.screens.rooms import NOW, furnished, opened_on


async def test_typing_narrows_the_contacts_with_umlauts_written_either_way(store: Store) -> None:
    fill(store)
    async with opened_on(store) as seat:
        await go(seat, "c")
        assert "Berger, Silke" in shown(seat)
        await seat.press("/", *"suess")
        await seat.until(lambda: "Berger" not in shown(seat) and "Süß, Jürgen" in shown(seat))
        await seat.press("escape")
        await seat.until(lambda: "Berger" in shown(seat))


async def test_ten_thousand_contacts_are_listed_by_the_screenful(store: Store) -> None:
    people = [ContactInput(last_name=f"Name{number:05}") for number in range(300)]
    crm.create_many(store, Kind.CONTACT, people, now=NOW)
    with store.write() as tx:  # as many as matter, without the time that making them would take
        tx.run_many(
            "INSERT INTO contact (last_name, name_order, created_at, changed_at) VALUES (?, ?, 1, 1)",
            [(f"Name{number:05}", f"name{number:05}") for number in range(300, 10_000)],
        )
    async with opened_on(store) as seat:
        screen = await go(seat, "c")
        assert screen.table.total == 10_000
        assert len(screen.table.lines) <= 200
        await seat.press("G")
        await seat.until(lambda: "Name09999" in shown(seat))
        assert len(screen.table.lines) <= 400


async def test_a_new_contact_is_made_and_wrong_input_is_told_in_german(store: Store) -> None:
    fill(store)
    async with opened_on(store) as seat:
        await go(seat, "c")
        await seat.press("+")
        await type_into(seat, last_name="Vogel", emails="keine-adresse")
        line: Any = seat.app.screen.query_one("#line")
        await seat.until(lambda: "keine E-Mail-Adresse" in str(line.content))
        await type_into(seat, emails="otto@vogel.example")
        await seat.until(lambda: "otto@vogel.example" in shown(seat) or "Vogel" in shown(seat))
    assert store.read.value("SELECT count(*) FROM contact") == 4


async def test_a_contact_whose_address_is_known_is_opened_or_made_all_the_same(store: Store) -> None:
    fill(store)
    async with opened_on(store) as seat:
        await go(seat, "c")
        await seat.press("+")
        await type_into(seat, last_name="Bergmann", emails="Silke.Berger@vogel.example")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press("escape")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        assert seat.app.screen.query_one("#field-last_name", Field).value == "Bergmann"
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, RecordPage))
        await seat.until(lambda: "K-1047" in shown(seat, "#fields"))
        assert store.read.value("SELECT count(*) FROM contact") == 3
        await seat.press("q")
        await seat.until(lambda: isinstance(seat.app.screen, RecordsScreen))
        await seat.press("+")
        await type_into(seat, last_name="Bergmann", emails="silke.berger@vogel.example")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press("down", "enter")
        await seat.until(lambda: "Bergmann" in shown(seat))
    assert store.read.value("SELECT count(*) FROM contact") == 4


async def test_an_edited_lead_keeps_what_the_form_does_not_show(store: Store) -> None:
    fill(store)
    async with opened_on(store) as seat:
        await go_to_leads(seat)
        assert "Vogel 2027" in shown(seat, "#board")
        await seat.press("e")
        await type_into(seat, value="15.000")
        await seat.until(lambda: "15.000" in shown(seat, "#board"))
    lead = crm.show(store, Kind.LEAD, 1)
    assert isinstance(lead.data, LeadInput)
    assert lead.contact is not None
    assert (lead.data.value, lead.contact.title, lead.data.next_step) == (
        1_500_000,
        "Silke Berger, Vogel Maschinenbau",
        "anrufen",
    )


async def test_contact_campaign_and_note_of_a_lead_are_chosen_in_its_form(store: Store) -> None:
    fill(store)
    async with opened_on(store) as seat:
        screen = await go_to_leads(seat)
        await seat.press("e")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        form = seat.app.screen
        await seat.press("tab", "space")
        await seat.until(lambda: isinstance(seat.app.screen, Picker))
        await seat.press(*"suss", "enter")
        await seat.until(
            lambda: seat.app.screen is form and "Süß" in form.query_one("#field-contact_id").words
        )  # type: ignore[attr-defined]
        await seat.press("tab", *"Messe", *["tab"] * 6)
        await seat.until(lambda: isinstance(seat.app.focused, NoteField))
        await seat.press(*"eins", "enter", *"zwei", "tab", "enter")
        await seat.until(lambda: seat.app.screen is screen)
        await seat.press("enter")
        await seat.until(lambda: seat.app.screen.query("#fields") and "zwei" in shown(seat, "#fields"))
        fields = shown(seat, "#fields")
        assert "Messe" in fields
        assert "Jürgen Süß" in fields
    lead = crm.show(store, Kind.LEAD, 1)
    assert isinstance(lead.data, LeadInput)
    assert (lead.data.campaign, lead.data.note) == ("Messe", "eins\nzwei")


async def test_a_record_that_was_chosen_can_be_taken_out_again(store: Store) -> None:
    fill(store)
    async with opened_on(store) as seat:
        await go_to_leads(seat)
        assert crm.show(store, Kind.LEAD, 1).contact is not None
        await seat.press("e")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        await seat.press("tab")
        await seat.until(lambda: isinstance(seat.app.focused, RecordField))
        await seat.press("delete", "enter")
        await seat.until(lambda: crm.show(store, Kind.LEAD, 1).contact is None)


@pytest.mark.parametrize("kind", [Kind.CONTACT, Kind.LEAD, Kind.TASK])
def test_every_field_of_a_record_can_be_changed_in_its_form(kind: Kind) -> None:
    offered = {line.name for line in form_lines(kind, None, "A. Berg")}
    elsewhere = {"state", "remind_at"} if kind is Kind.TASK else set()  # by keys, and typed with the day
    assert offered | elsewhere == set(INPUTS[kind].model_fields)


async def test_an_empty_list_says_what_to_do(store: Store) -> None:
    furnished(store)
    async with opened_on(store) as seat:
        await seat.press("g", "c")
        await seat.until(lambda: isinstance(seat.app.screen, RecordsScreen))
        await seat.until(lambda: "Die Taste + legt etwas an." in shown(seat))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("keys", ["c", "c enter"], ids=["contacts", "contact"])
async def test_how_it_looks(store: Store, pictured: Pictured, keys: str, size: str) -> None:
    fill(store)
    async with opened_on(store, SIZES[size]) as seat:
        await go(seat, keys[0])
        if "enter" in keys:
            await seat.press("enter")
            await seat.until(lambda: seat.app.screen.query("#fields") and "Anfrage 2" in shown(seat))
        await pictured(seat)
