"""Contacts, leads and tasks in a store, and the hands that go to them, for tests of the places that show them."""

from __future__ import annotations

from datetime import date
from typing import Any

from app.domain.crm.kinds import Kind
from app.domain.crm.record_input import ContactInput, LeadInput, TaskInput
from app.domain.mail.triage import Selection
from app.screens.leads.screen import LeadsScreen
from app.screens.records.form import RecordForm
from app.screens.records.screen import RecordsScreen
from app.services import triage
from app.services.crm import records as crm
from app.store.database import Store
from tests.screens.conftest import Seat
from tests.screens.fake import NOW
from tests.screens.rooms import furnished, texts
from tests.store.leads import let_in


def fill(store: Store) -> None:
    """Three contacts, a lead and three tasks; a mail is linked with the first contact."""
    mails = furnished(store)
    berger, *_others = crm.create_many(
        store,
        Kind.CONTACT,
        [
            ContactInput.model_validate(
                {
                    "first_name": "Silke",
                    "last_name": "Berger",
                    "company": "Vogel Maschinenbau",
                    "customer_number": "K-1047",
                    "emails": "silke.berger@vogel.example",
                    "phones": "0711 555 01",
                    "city": "Öhringen",
                    "assignee": "A. Berg",
                    "traits": "Pumpen, Messe",
                }
            ),
            ContactInput(first_name="Jürgen", last_name="Süß", company="Pumpen Süß"),
            ContactInput(last_name="Zander", company="Nordholz GmbH"),
        ],
        now=NOW,
    )
    lead = LeadInput(
        title="Vogel 2027", contact_id=berger, value=1_250_000, next_step="anrufen", due_on=date(2026, 11, 24)
    )
    crm.create_many(store, Kind.LEAD, [lead], now=NOW)
    crm.create_many(
        store,
        Kind.TASK,
        [
            TaskInput(title="Angebot nachfassen", contact_id=berger, due_on=date(2026, 11, 18)),
            TaskInput(title="Preisliste senden", due_on=date(2026, 11, 20), assignee="A. Berg"),
            TaskInput(title="Messe planen", due_on=date(2027, 1, 12)),
        ],
        now=NOW,
    )
    let_in(store, "A. Berg")
    triage.link(store, Selection(copies=(mails[1].id,)), Kind.CONTACT, berger, author="A. Berg", now=NOW)


async def go(seat: Seat, letter: str) -> RecordsScreen:
    await seat.press("g", letter)
    await seat.until(lambda: isinstance(seat.app.screen, RecordsScreen) and seat.app.screen.table.total)
    screen = seat.app.screen
    assert isinstance(screen, RecordsScreen)
    await seat.until(lambda: screen.record)
    return screen


async def go_to_leads(seat: Seat) -> LeadsScreen:
    """To the board, once its cards are there."""
    await seat.press("g", "l")
    await seat.until(lambda: isinstance(seat.app.screen, LeadsScreen) and seat.app.screen.is_listed)
    screen = seat.app.screen
    assert isinstance(screen, LeadsScreen)
    return screen


def shown(seat: Seat, name: str = "#table") -> str:
    return "\n".join(texts(seat, name))


async def type_into(seat: Seat, **values: str) -> None:
    await seat.until(lambda: isinstance(seat.app.screen, RecordForm) and seat.app.focused is not None)
    for name, value in values.items():
        field: Any = seat.app.screen.query_one(f"#field-{name}")
        field.value = value
    await seat.press("enter")
