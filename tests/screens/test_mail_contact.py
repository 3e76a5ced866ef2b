"""`C` on the mail screen: a contact made of a mail's sender, and what is offered when another has the address already."""

from __future__ import annotations

import pytest

from app.domain.crm.kinds import Kind
from app.screens.dialogs.boxes import Picker
from app.screens.mail.screen import MailScreen
from app.screens.records.form import RecordForm
from app.screens.records.page import RecordPage
from app.services.crm import records as crm
from app.widgets.choices import Choices
from tests.screens.card_index import shown, type_into
from tests.screens.fake import NOW
from tests.screens.tray import Tray, TrayOpener

SILKE, OTTO = "silke.berger@vogel.example", "otto@adler.example"
CONTACTS, LINKS = "SELECT count(*) FROM contact", "SELECT count(*) FROM link WHERE kind = 'contact'"


async def offered(seat: Tray) -> list[str]:
    """What is offered instead of a second contact."""
    await seat.until(lambda: isinstance(seat.app.screen, Picker) and seat.app.screen.choices.choices)
    return [choice.title for choice in seat.app.screen.query_one(Choices).choices]


async def come_to_the_question(seat: Tray, way: str) -> None:
    """Press `C` on a mail whose sender is known, or type the address of somebody who is."""
    if way == "known":
        crm.create(seat.store, Kind.CONTACT, {"last_name": "Vogt", "emails": SILKE}, author="berg", now=NOW)
        await seat.press("C")
    else:
        crm.create(seat.store, Kind.CONTACT, {"last_name": "Vogt", "emails": OTTO}, author="berg", now=NOW)
        await seat.press("C")
        await type_into(seat, emails=f"{SILKE}, {OTTO.upper()}")
    assert await offered(seat) == ["Öffnen: Vogt", "Verknüpfen mit: Vogt", "Einen zweiten anlegen"]


@pytest.mark.parametrize("way", ["known", "typed"])
async def test_one_who_has_the_address_is_opened(tray: TrayOpener, way: str):
    async with tray() as seat:
        await come_to_the_question(seat, way)
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, RecordPage) and "Vogt" in shown(seat, "#fields"))
        await seat.press("q")
        await seat.until(lambda: isinstance(seat.app.screen, MailScreen))
        assert (seat.value(CONTACTS), seat.value(LINKS)) == (1, 0)


@pytest.mark.parametrize("way", ["known", "typed"])
async def test_one_who_has_the_address_is_linked(tray: TrayOpener, way: str):
    async with tray() as seat:
        await come_to_the_question(seat, way)
        await seat.press("down", "enter")
        await seat.until(lambda: seat.value(LINKS) == 1)
        assert seat.value(CONTACTS) == 1


@pytest.mark.parametrize("way", ["known", "typed"])
async def test_a_second_contact_is_made_for_whoever_wants_one_and_asked_about_once(
    tray: TrayOpener, way: str
):
    async with tray() as seat:
        await come_to_the_question(seat, way)
        await seat.press("down", "down", "enter")
        if way == "known":
            await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
            await seat.press("enter")
        await seat.until(lambda: seat.value(LINKS) == 1)
        assert seat.value("SELECT last_name FROM contact ORDER BY id DESC LIMIT 1") == "Berger"
        await seat.press("u")
        await seat.until(lambda: seat.value(CONTACTS) == 1)


async def test_who_goes_back_finds_what_was_typed(tray: TrayOpener):
    async with tray() as seat:
        await come_to_the_question(seat, "typed")
        await seat.press("escape")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        assert seat.app.screen.query_one("#field-emails").value == f"{SILKE}, {OTTO.upper()}"
        assert seat.app.screen.query_one("#field-first_name").value == "Silke"
        assert seat.value(CONTACTS) == 1
        await type_into(seat, emails=SILKE, first_name="Sylke")
        await seat.until(lambda: seat.value(LINKS) == 1)
        made = "SELECT first_name FROM contact WHERE last_name = 'Berger'"
        assert (seat.value(CONTACTS), seat.value(made)) == (2, "Sylke")
