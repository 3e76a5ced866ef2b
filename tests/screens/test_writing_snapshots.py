"""Pictures of the compose screen and the outbox, looked at by eye when they were taken."""

from __future__ import annotations

import pytest

from app.domain.mail.compose import Draft
from app.domain.mail.outbox import OutState, RecipientState
from app.screens.outbox.screen import OutboxScreen
from tests.screens.conftest import SIZES, Pictured
from tests.screens.office_desk import seated
from tests.screens.test_outbox import make
from tests.services.outbox.office import BERG, MAX, Office


@pytest.mark.parametrize("size", SIZES)
async def test_an_answer_to_all(pictured: Pictured, office: Office, size: str):
    async with seated(office, SIZES[size]) as seat:
        await seat.until(lambda: seat.screen.current)
        await seat.begin("R")
        await seat.press(*"Guten Tag Frau Berger,", "enter")
        await pictured(seat)


@pytest.mark.parametrize("size", SIZES)
async def test_addresses_that_are_offered(pictured: Pictured, office: Office, size: str):
    async with seated(office, SIZES[size]) as seat:
        await seat.begin("w")
        await seat.press(*"vo")
        await seat.until(lambda: seat.writing.is_offering)
        await pictured(seat)


@pytest.mark.parametrize("size", SIZES)
async def test_the_outbox(pictured: Pictured, office: Office, size: str):
    office.outbox.save(office.mailbox_id, Draft(sender=BERG, to=(MAX,), subject="Liefertermin", body="Hallo"))
    office.queue(undo=600, subject="Rechnung 2026-118")
    make(office, OutState.SENT, "", RecipientState.ACCEPTED)
    refusal = "The mail server refused the mail: 550 5.7.1 not allowed"
    make(office, OutState.FAILED, refusal, RecipientState.REFUSED)
    make(office, OutState.UNCERTAIN, "Postkorb was interrupted while it sent this mail")
    async with seated(office, SIZES[size]) as seat:
        await seat.press("g", "o")
        await seat.until(lambda: seat.shows(OutboxScreen) and seat.outbox.mails.rows)
        await pictured(seat)
