"""A lead or a task is made with its sender as a new contact, and meanwhile a colleague made another one with that address."""

from __future__ import annotations

import pytest

from app.domain.crm.kinds import Kind
from app.screens.dialogs.boxes import Picker
from app.screens.records.form import RecordForm
from app.services.crm import records as crm
from app.widgets.choices import Choices
from app.widgets.field import Field
from tests.screens.fake import NOW
from tests.screens.tray import Tray, TrayOpener

TABLES = {"L": "lead", "t": "task"}


async def come_to_the_question(seat: Tray, key: str) -> None:
    await seat.press(key)
    await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
    values = {"last_name": "Vogt", "emails": "silke.berger@vogel.example"}
    crm.create(seat.store, Kind.CONTACT, values, author="berg", now=NOW)
    seat.app.screen.query_one("#field-title", Field).value = "Ventile"
    await seat.press("enter")
    await seat.until(lambda: isinstance(seat.app.screen, Picker) and seat.app.screen.choices.choices)
    offered = [choice.title for choice in seat.app.screen.query_one(Choices).choices]
    assert offered == ["Öffnen: Vogt", "Verknüpfen mit: Vogt", "Einen zweiten anlegen"]
    assert seat.value(f"SELECT count(*) FROM {TABLES[key]}") == 0


@pytest.mark.parametrize("key", TABLES)
@pytest.mark.parametrize(("ways", "name", "contacts"), [(1, "Vogt", 1), (2, "Berger", 2)])
async def test_the_rep_says_whose_it_is(tray: TrayOpener, key: str, ways: int, name: str, contacts: int):
    async with tray() as seat:
        await come_to_the_question(seat, key)
        await seat.press(*["down"] * ways, "enter")
        made = f"SELECT last_name FROM {TABLES[key]} JOIN contact ON contact.id = contact_id WHERE {TABLES[key]}.title = 'Ventile'"
        await seat.until(lambda: seat.value(made) is not None)
        assert (seat.value(made), seat.value("SELECT count(*) FROM contact")) == (name, contacts)


@pytest.mark.parametrize("key", TABLES)
async def test_who_goes_back_finds_what_was_typed(tray: TrayOpener, key: str):
    async with tray() as seat:
        await come_to_the_question(seat, key)
        await seat.press("escape")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        assert seat.app.screen.query_one("#field-title", Field).value == "Ventile"
