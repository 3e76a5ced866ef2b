"""The page of one contact, lead or task, on a real store."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from app.domain.crm import Kind
from app.screens.mail.screen import MailScreen
from app.screens.records.page import RecordPage
from app.services.crm import records as crm
from app.services.crm.changing import change
from app.store.database import Store
from tests.screens.card_index import fill, go, shown
from tests.screens.fake import NOW
from tests.screens.rooms import opened_on


async def test_a_contact_shows_its_fields_and_its_mails(store: Store) -> None:
    fill(store)
    async with opened_on(store) as seat:
        await go(seat, "c")
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, RecordPage))
        await seat.until(lambda: "Anfrage 2" in shown(seat))
        fields = shown(seat, "#fields")
        for words in ("K-1047", "0711 555 01", "Pumpen, Messe", "Öhringen", "silke.berger@vogel.example"):
            assert words in fields
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, MailScreen))
        await seat.until(lambda: seat.screen.mails.total == 1 and "Anfrage 2" in seat.shown[0])


async def test_a_late_answer_about_a_record_does_not_take_the_place_of_a_newer_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    held, first, asked = threading.Event(), threading.Lock(), threading.Event()
    show = crm.show

    def slow_at_first(*about: Any) -> crm.Record:
        found = show(*about)
        if first.acquire(blocking=False):
            asked.set()
            assert held.wait(30)
        return found

    async with opened_on(store) as seat:
        await go(seat, "c")
        monkeypatch.setattr(crm, "show", slow_at_first)
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, RecordPage) and asked.is_set())
        number = store.read.value("SELECT id FROM contact WHERE last_name = 'Berger'")
        change(store, Kind.CONTACT, number, {"customer_number": "K-2000"}, author="berg", now=NOW)
        await seat.until(lambda: "K-2000" in shown(seat, "#fields"))
        held.set()
        await seat.quiet()
        assert "K-2000" in shown(seat, "#fields")
        assert "K-1047" not in shown(seat, "#fields")
