"""How the page of a record and the boxes over it look; each picture was looked at."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.domain.crm.calls import CallOutcome
from app.domain.crm.kinds import Kind
from app.domain.mail.triage import Selection
from app.screens.dialogs.file import FileDialog
from app.screens.records.boxes import CallForm, NoteBox, TextBox
from app.screens.records.form import RecordForm
from app.screens.records.page import RecordPage
from app.services import triage
from app.services.crm import history
from app.services.crm import records as crm
from app.services.crm.changing import change
from app.store.database import Store
from tests.screens.card_index import fill
from tests.screens.conftest import SIZES, Pictured
from tests.screens.fake import NOW
from tests.screens.rooms import opened_on
from tests.screens.test_record_page import into, on_page, put_cursor

NOTE = """Der Einkauf entscheidet erst im Januar; der Betriebsleiter drängt aber, weil die alte Pumpe zweimal stand.
Nächster Termin: Besichtigung in Öhringen, @berg bringt das Datenblatt mit."""


def worked_on(store: Store) -> None:
    """A lead with something of everything in its history."""
    fill(store)
    by, minute = "berg", timedelta(minutes=1)
    for place, mail in enumerate(store.read.rows("SELECT id FROM mail_copy ORDER BY id LIMIT 2")):
        mails = Selection(copies=mail)
        triage.link(store, mails, Kind.LEAD, 1, author=by, now=NOW)
        if not place:
            triage.comment(store, mails, "Rückruf bis Montag zugesagt", author=by, now=NOW - 30 * minute)
    change(
        store,
        Kind.LEAD,
        1,
        {"value": "14.000", "note": "Rahmenvertrag möglich"},
        author=by,
        now=NOW - 20 * minute,
    )
    history.note(store, Kind.LEAD, 1, NOTE, author=by, now=NOW - 10 * minute)
    history.log_call(
        store,
        Kind.LEAD,
        1,
        CallOutcome.NOT_REACHED,
        text="Sekretariat: im Haus unterwegs",
        author=by,
        now=NOW - 5 * minute,
    )
    values = {
        "title": "Rahmenvertrag Pumpen 2027",
        "lead_id": 1,
        "contact_id": 1,
        "value": "48.000",
        "stage": "Angebot",
    }
    crm.create(store, Kind.OPPORTUNITY, values, author=by, now=NOW - minute)


@pytest.mark.parametrize("size", SIZES)
async def test_the_page_of_a_lead_and_its_boxes(
    store: Store, pictured: Pictured, size: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "Dokumente"
    folder.mkdir()
    monkeypatch.setenv("HOME", str(folder))
    (folder / "Datenblatt NX 60.pdf").write_bytes(bytes(48_000))
    worked_on(store)
    async with opened_on(store, SIZES[size]) as seat:
        await on_page(seat, "l")
        await put_cursor(seat, "Notiz")
        await pictured(seat, "page")
        await into(seat, TextBox, "enter")
        await pictured(seat, "text")
        await into(seat, RecordPage, "escape")
        await into(seat, NoteBox, "n")
        await seat.press(*"Angebot bis Freitag")
        await pictured(seat, "note")
        await into(seat, RecordPage, "escape")
        await into(seat, CallForm, "p")
        await pictured(seat, "call")
        await into(seat, RecordPage, "escape")
        await into(seat, RecordForm, "b")
        await pictured(seat, "follow-up")
        await into(seat, RecordPage, "escape")
        await into(seat, FileDialog, "D")
        await pictured(seat, "document")


@pytest.mark.parametrize("size", SIZES)
async def test_the_pages_of_a_contact_a_task_and_an_opportunity(
    store: Store, pictured: Pictured, size: str
) -> None:
    worked_on(store)
    async with opened_on(store, SIZES[size]) as seat:
        await on_page(seat, "c")
        await pictured(seat, "contact")
        for words, kind in (("Rahmenvertrag", Kind.OPPORTUNITY), ("Angebot nachfassen", Kind.TASK)):
            await put_cursor(seat, words)
            before = seat.app.screen
            await seat.press("enter")
            await seat.until(lambda before=before: seat.app.screen is not before)
            await pictured(seat, kind.value)
            await seat.press("q")
            await seat.until(lambda before=before: seat.app.screen is before)
