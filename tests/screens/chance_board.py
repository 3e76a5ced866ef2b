"""Opportunities of a team in a store, and the hands that go to them, for tests of the place that shows them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from app.domain.crm.kinds import Kind
from app.domain.crm.record_input import ContactInput
from app.screens.opportunities.screen import OpportunitiesScreen
from app.services.crm import records as crm
from app.services.opportunities import making, working
from app.store.database import Store
from tests.screens.conftest import Seat
from tests.screens.rooms import NOW, furnished, texts
from tests.store.leads import add_member

#: Whose desk the tests sit at.
ME = "berg"


def fill(store: Store, role: str = "admin") -> dict[str, int]:
    """Seven opportunities at all five stages, of three people: their ids by title."""
    furnished(store)
    with store.write() as tx:
        tx.run("DELETE FROM member")
    add_member(store, ME, "A. Berg", role)
    add_member(store, "kurz", "Ben Kurz", "admin")
    add_member(store, "voss", "Emil Voss")
    contacts = crm.create_many(
        store,
        Kind.CONTACT,
        [
            ContactInput(first_name="Silke", last_name="Berger", company="Vogel Maschinenbau"),
            ContactInput(last_name="Zander", company="Nordholz GmbH"),
        ],
        author="kurz",
        now=NOW,
    )
    ids = {}
    for title, assignee, values in (
        (
            "Pumpen für Halle 3",
            ME,
            {"value": "12.500", "expected_on": "2027-01-15", "contact_id": contacts[0]},
        ),
        ("Filter", "voss", {"value": "99,99", "expected_on": "2026-12-01", "contact_id": contacts[1]}),
        ("Rahmenvertrag Ventile", ME, {"stage": "Angebot", "value": "48.000", "expected_on": "2026-11-21"}),
        ("Wartung 2027", "kurz", {"stage": "Verhandlung", "probability": "80", "value": "7.200"}),
        ("Hebeanlage", ME, {"stage": "Angebot"}),
        ("Presse", ME, {"value": "31.750,50", "contact_id": contacts[0]}),
        ("Motorprüfstand", "voss", {"value": "9.900", "expected_on": "2027-02"}),
    ):
        given: dict[str, Any] = {"title": title, "assignee": assignee, **values}
        before = NOW - timedelta(days=2)
        ids[title] = making.create(store, given, author="kurz", now=before).id
    working.win(store, ids["Presse"], author="kurz", now=NOW)
    working.lose(store, ids["Motorprüfstand"], "competitor", author="kurz", now=NOW)
    with store.write() as tx:
        day = (NOW - timedelta(days=3)).date().isoformat()
        tx.run("UPDATE opportunity SET expected_on = ? WHERE id = ?", (day, ids["Rahmenvertrag Ventile"]))
    return ids


async def go(seat: Seat) -> OpportunitiesScreen:
    """To the board, when its cards are there."""
    await seat.press("g", "v")
    await seat.until(lambda: isinstance(seat.app.screen, OpportunitiesScreen))
    screen = seat.app.screen
    assert isinstance(screen, OpportunitiesScreen)
    await seat.until(lambda: screen.row)
    return screen


def shown(seat: Seat, name: str = "#board") -> str:
    """What is drawn."""
    return "\n".join(texts(seat, name))


def stage_of(store: Store, number: int) -> str:
    return str(store.read.value("SELECT stage FROM opportunity WHERE id = ?", (number,)))


async def put_cursor(seat: Seat, screen: OpportunitiesScreen, title: str) -> None:
    """Walk with keys to the card or line with this title."""
    for _column in range(6):
        for _card in range(8):
            if screen.row and screen.row.title == title:
                return
            await seat.press("j")
            await seat.quiet()
        await seat.press("l", "home")
        await seat.quiet()
    raise AssertionError(f"there is no {title}")
