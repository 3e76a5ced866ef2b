"""A team with leads in all three groups, and the hands that work on the board, for tests of the place of leads."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from app.screens.leads.screen import LeadsScreen
from app.store.database import Store
from app.widgets.choices import Choices
from tests.screens.card_index import go_to_leads
from tests.screens.conftest import Seat
from tests.screens.fake import NOW
from tests.screens.rooms import furnished, opened_on
from tests.store.leads import add_campaign, add_contact, add_lead, add_member

AT = int(NOW.timestamp())
TODAY = NOW.date()


def ago(days: int) -> int:
    """Epoch seconds so many days ago."""
    return AT - days * 86_400


def day(days: int) -> str:
    """The day so many days ahead."""
    return (TODAY + timedelta(days=days)).isoformat()


def furnish(store: Store) -> dict[str, int]:
    """Berg is a rep and at the keyboard, Klein another, Sommer the admin; nine leads, their ids by title."""
    furnished(store)
    for login, name, role in (
        ("berg", "A. Berg", "rep"),
        ("klein", "Britta Klein", "rep"),
        ("sommer", "Cleo Sommer", "admin"),
        ("lenz", "Dora Lenz", "privacy"),
    ):
        add_member(store, login, name, role)
    vogel = add_contact(store, "Silke", "Berger", "Vogel Maschinenbau GmbH & Co. KG")
    suess = add_contact(store, "Jürgen", "Süß", "Pumpen Süß")
    only = add_contact(store, address="einkauf@nordholz.example")
    fair = add_campaign(store, "Hausmesse 2026")
    leads: dict[str, dict[str, Any]] = {
        "Anfrage Rahmenvertrag": {
            "contact_id": vogel,
            "campaign_id": fair,
            "value": 1_250_000,
            "created_at": ago(9),
        },
        "Rückruf erbeten": {"contact_id": suess, "source": "Telefon", "created_at": ago(2)},
        "Prospekt bestellt": {
            "contact_id": only,
            "source": "Web",
            "created_at": ago(0),
            "next_step": "anrufen",
            "due_on": day(1),
        },
        "Ersatzpumpe NK 32": {
            "contact_id": vogel,
            "assignee": "berg",
            "source": "Web",
            "value": 48_000_00,
            "due_on": day(-2),
            "next_step": "Angebot nachfassen",
            "created_at": ago(40),
        },
        "Wartung 2027": {
            "contact_id": suess,
            "assignee": "berg",
            "due_on": day(0),
            "next_step": "Termin vereinbaren",
            "created_at": ago(20),
        },
        "Ausschreibung Klärwerk": {
            "assignee": "klein",
            "campaign_id": fair,
            "value": 990_050,
            "created_at": ago(200),
        },
        "Probelauf": {
            "contact_id": suess,
            "assignee": "berg",
            "result": "success",
            "created_at": ago(100),
            "finished_at": ago(3),
            "value": 5_000_00,
        },
        "Sonderfarbe": {
            "contact_id": vogel,
            "assignee": "klein",
            "result": "failure",
            "reason": "other",
            "reason_text": "zu teuer",
            "created_at": ago(800),
            "finished_at": ago(30),
        },
        "Alter Kontakt": {
            "assignee": "berg",
            "result": "failure",
            "reason": "not reachable",
            "created_at": ago(300),
            "finished_at": ago(60),
        },
    }
    ids = {title: add_lead(store, title, **values) for title, values in leads.items()}
    with store.write() as tx:
        tx.run(
            """INSERT INTO opportunity (title, contact_id, lead_id, value, probability, stage, assignee, search, created_at,
  changed_at) VALUES ('Probelauf', ?, ?, 500000, 25, 'Qualifiziert', 'berg', ' probelauf', ?, ?)""",
            (suess, ids["Probelauf"], AT, AT),
        )
    return ids


@asynccontextmanager
async def board(
    store: Store, size: tuple[int, int] = (80, 24), **more: Any
) -> AsyncIterator[tuple[Seat, LeadsScreen]]:
    """The app on this store with the place of the leads in front."""
    async with opened_on(store, size, **more) as seat:
        yield seat, await go_to_leads(seat)


async def put_cursor(seat: Seat, screen: LeadsScreen, lead: int) -> None:
    """Go to the card of a lead."""
    await seat.until(lambda: screen.is_listed)
    screen.load(lead)
    await seat.until(lambda: screen.row is not None and screen.row.id == lead)


def column(screen: LeadsScreen, state: str) -> list[int]:
    """The leads held in a column of the board, from top to bottom."""
    return [int(str(card.key)) for card in screen.board.held(state)]


def state(store: Store, lead: int) -> tuple[str, str, str]:
    """State, assignee and result."""
    found = store.read.row("SELECT state, assignee, result FROM lead WHERE id = ?", (lead,))
    assert found is not None
    return found[0], found[1], found[2]


def told(seat: Seat) -> str:
    """The bottom line of the place."""
    return str(seat.app.screen.query_one("#keys").text)  # type: ignore[attr-defined]


def offered(seat: Seat) -> list[tuple[str, str]]:
    """What the dialog in front offers."""
    return [(choice.title, choice.detail) for choice in seat.app.screen.query_one(Choices).choices]


async def asked(seat: Seat, kind: type, *keys: str) -> None:
    """Press keys that lead to a dialog, and wait until it is there."""
    await seat.press(*keys)
    await seat.until(lambda: type(seat.app.screen) is kind)
    await seat.quiet()
