"""A lead for a contact that has an open one: what is offered instead of a second one, on the mail screen and in the list."""

from __future__ import annotations

from app.domain.crm.kinds import Kind
from app.screens.dialogs.boxes import Picker
from app.screens.mail.screen import MailScreen
from app.screens.records.form import RecordForm
from app.screens.records.page import RecordPage
from app.services.crm import records as crm
from app.widgets.choices import Choices
from app.widgets.field import Field
from tests.screens.fake import NOW
from tests.screens.tray import Tray, TrayOpener

LEADS, LINKS = "SELECT count(*) FROM lead", "SELECT count(*) FROM link WHERE kind = 'lead'"


async def come_to_the_question(seat: Tray) -> None:
    """Press `L` on a mail of somebody who has an open lead, and type another title."""
    values = {"last_name": "Berger", "emails": "silke.berger@vogel.example"}
    person = crm.create(seat.store, Kind.CONTACT, values, author="berg", now=NOW)
    values = {"title": "Pumpen 2027", "contact_id": person.id}
    crm.create(seat.store, Kind.LEAD, values, author="berg", now=NOW)
    await seat.press("L")
    await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
    seat.app.screen.query_one("#field-title", Field).value = "Ventile"
    await seat.press("enter")
    await seat.until(lambda: isinstance(seat.app.screen, Picker) and seat.app.screen.choices.choices)
    offered = [choice.title for choice in seat.app.screen.query_one(Choices).choices]
    assert offered == ["Öffnen: Pumpen 2027", "Verknüpfen mit: Pumpen 2027", "Einen zweiten anlegen"]


async def test_the_open_lead_is_opened(tray: TrayOpener):
    async with tray() as seat:
        await come_to_the_question(seat)
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, RecordPage))
        await seat.press("q")
        await seat.until(lambda: isinstance(seat.app.screen, MailScreen))
        assert (seat.value(LEADS), seat.value(LINKS)) == (1, 0)


async def test_the_mail_is_linked_with_the_open_lead(tray: TrayOpener):
    async with tray() as seat:
        await come_to_the_question(seat)
        await seat.press("down", "enter")
        await seat.until(lambda: seat.value(LINKS) == 1)
        assert seat.value(LEADS) == 1


async def test_a_second_lead_is_made_for_whoever_wants_one(tray: TrayOpener):
    async with tray() as seat:
        await come_to_the_question(seat)
        await seat.press("down", "down", "enter")
        await seat.until(lambda: seat.value(LINKS) == 1)
        assert seat.value("SELECT title FROM lead ORDER BY id DESC LIMIT 1") == "Ventile"
        await seat.press("u")
        await seat.until(lambda: seat.value(LEADS) == 1)


async def test_who_goes_back_finds_what_was_typed(tray: TrayOpener):
    async with tray() as seat:
        await come_to_the_question(seat)
        await seat.press("escape")
        await seat.until(lambda: isinstance(seat.app.screen, RecordForm))
        assert seat.app.screen.query_one("#field-title", Field).value == "Ventile"
        await seat.press("escape")
        await seat.until(lambda: isinstance(seat.app.screen, MailScreen))
        assert seat.value(LEADS) == 1
