"""Two desks change one record: the second one sees both versions and chooses, and nothing that was typed is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from app.domain.crm.kinds import Kind, RecordRow
from app.domain.team.members import Member, MemberRole
from app.screens.dialogs.boxes import Picker
from app.screens.records.clash import ClashBox
from app.screens.records.form import RecordForm
from app.screens.records.known import open_page
from app.screens.records.page import RecordPage
from app.services.crm import records as crm
from app.services.crm.changing import change
from app.store.database import Store
from app.store.team.members import put_member
from tests.screens.card_index import fill, shown, type_into
from tests.screens.conftest import SIZES, Pictured, Seat
from tests.screens.fake import NOW
from tests.screens.rooms import opened_on
from tests.screens.test_record_page import arrived, into


@asynccontextmanager
async def form_of(store: Store, kind: Kind, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Seat]:
    """The app with the form of the first record of a kind open, which a colleague can change meanwhile."""
    fill(store)
    with store.write() as tx:
        put_member(tx, Member("berg", "A. Berg", MemberRole.ADMIN), 0)
        put_member(tx, Member("meier", "Max Meier"), 0)
    async with opened_on(store, size) as seat:
        open_page(seat.screen, RecordRow(kind, 1, ""))
        await arrived(seat)
        await into(seat, RecordForm, "e")
        yield seat


def by_meier(store: Store, kind: Kind, **values: Any) -> None:
    """The colleague is faster."""
    change(store, kind, 1, values, author="meier", now=NOW)


def field(store: Store, kind: Kind, name: str) -> Any:
    return getattr(crm.show(store, kind, 1).data, name)


CHANGES = {
    Kind.CONTACT: ("city", "Bremen", "Hamburg"),
    Kind.LEAD: ("next_step", "besuchen", "Angebot schreiben"),
    Kind.TASK: ("title", "Nachfassen bei Vogel", "Angebot von Vogel nachfassen"),
}


@pytest.mark.parametrize("kind", CHANGES)
async def test_the_second_one_sees_both_and_what_they_typed_is_chosen_at_first(
    store: Store, kind: Kind
) -> None:
    name, theirs, mine = CHANGES[kind]
    async with form_of(store, kind) as seat:
        by_meier(store, kind, **{name: theirs})
        await type_into(seat, **{name: mine})
        await seat.until(lambda: type(seat.app.screen) is ClashBox)
        await seat.quiet()
        lines = shown(seat, "Choices")
        assert f"( ) {theirs}" in lines
        assert f"(*) {mine}" in lines
        assert "Max Meier" in lines
        assert field(store, kind, name) == theirs
        await into(seat, RecordPage, "enter")
        await seat.until(lambda: field(store, kind, name) == mine)


async def test_what_the_colleague_wrote_can_be_kept(store: Store) -> None:
    async with form_of(store, Kind.LEAD) as seat:
        by_meier(store, Kind.LEAD, next_step="besuchen", value="14.000")
        await type_into(seat, next_step="Angebot schreiben", source="Messe")
        await seat.until(lambda: type(seat.app.screen) is ClashBox)
        await seat.press("space")
        await into(seat, RecordPage, "enter")
        await seat.until(lambda: field(store, Kind.LEAD, "source") == "Messe")
        assert field(store, Kind.LEAD, "next_step") == "besuchen"
        assert field(store, Kind.LEAD, "value") == 1_400_000


async def test_of_two_notes_both_can_stay(store: Store) -> None:
    async with form_of(store, Kind.LEAD) as seat:
        by_meier(store, Kind.LEAD, note="von Meier")
        await type_into(seat, note="von Berg")
        await seat.until(lambda: type(seat.app.screen) is ClashBox)
        await seat.press("down", "down", "space")
        await into(seat, RecordPage, "enter")
        await seat.until(lambda: field(store, Kind.LEAD, "note") == "von Meier\nvon Berg")


async def test_different_fields_go_together_and_that_is_told(store: Store) -> None:
    async with form_of(store, Kind.LEAD) as seat:
        by_meier(store, Kind.LEAD, value="14.000")
        await type_into(seat, source="Messe")
        await seat.until(lambda: "Inzwischen von anderen geändert: Wert" in shown(seat, "#keys"))
        assert (field(store, Kind.LEAD, "value"), field(store, Kind.LEAD, "source")) == (1_400_000, "Messe")


async def test_escape_leads_back_to_the_form_with_what_was_typed(store: Store) -> None:
    async with form_of(store, Kind.LEAD) as seat:
        by_meier(store, Kind.LEAD, next_step="besuchen")
        await type_into(seat, next_step="Angebot schreiben")
        await seat.until(lambda: type(seat.app.screen) is ClashBox)
        form = await into(seat, RecordForm, "escape")
        await seat.until(lambda: form.query("#field-next_step"))
        assert form.query_one("#field-next_step").value == "Angebot schreiben"
        await into(seat, ClashBox, "enter")


async def test_an_address_that_somebody_else_has_is_asked_about_when_a_contact_is_changed(
    store: Store,
) -> None:
    async with form_of(store, Kind.CONTACT) as seat:
        values = {"last_name": "Vogt", "emails": "vogt@vogel.example"}
        crm.create(store, Kind.CONTACT, values, author="meier", now=NOW)
        await type_into(seat, emails="vogt@vogel.example")
        await seat.until(lambda: type(seat.app.screen) is Picker)
        form = await into(seat, RecordForm, "escape")
        await seat.until(lambda: form.query("#field-emails"))
        assert form.query_one("#field-emails").value == "vogt@vogel.example"
        await into(seat, Picker, "enter")
        await seat.press(*"Trotzdem", "enter")
        await seat.until(lambda: field(store, Kind.CONTACT, "emails")[0].value == "vogt@vogel.example")


@pytest.mark.parametrize("size", SIZES)
async def test_how_it_looks(store: Store, pictured: Pictured, size: str) -> None:
    async with form_of(store, Kind.LEAD, SIZES[size]) as seat:
        by_meier(store, Kind.LEAD, value="14.000", note="Rahmenvertrag möglich")
        await type_into(seat, value="13.500", note="Budget erst im Januar")
        await seat.until(lambda: type(seat.app.screen) is ClashBox)
        await pictured(seat)
