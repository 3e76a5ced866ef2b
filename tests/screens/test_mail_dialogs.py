"""How the dialogs over the mail screen look, and what is told there; each picture was looked at."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.screens.dialogs.boxes import Confirm, MessageBox, Picker, TextPrompt
from app.screens.dialogs.due import DueDialog
from app.screens.dialogs.filter import FilterDialog
from app.screens.dialogs.naming import NamingPrompt
from app.screens.mail.screen import MailScreen
from app.screens.records.form import RecordForm
from app.store.database import Store
from tests.screens.busy_day import busy_day
from tests.screens.conftest import SIZES, Pictured, Seat
from tests.screens.rooms import opened_on

Kind = (
    type[Picker]
    | type[TextPrompt]
    | type[NamingPrompt]
    | type[Confirm]
    | type[MessageBox]
    | type[RecordForm]
    | type[FilterDialog]
)


async def ask(seat: Seat, kind: Kind, *keys: str) -> None:
    """Press keys that lead to a dialog, and wait until it is there and filled. What lies under it is quiet before: it
    is not drawn any more."""
    await seat.press(*keys[:-1])
    await seat.quiet()
    await seat.press(keys[-1])
    await seat.until(lambda: type(seat.app.screen) is kind)
    await seat.quiet()


async def back(seat: Seat, *keys: str) -> None:
    """Leave a dialog."""
    await seat.press(*(keys or ("escape",)))
    await seat.until(lambda: isinstance(seat.app.screen, MailScreen))
    await seat.quiet()


async def open_folder(seat: Seat, name: str) -> None:
    """List a folder by way of the folder pane."""
    await seat.press("left")
    await seat.until(lambda: seat.screen.pane.has_focus)
    place = [entry.title for entry in seat.screen.pane.entries if not entry.heading].index(name)
    await seat.press("home", *["j"] * place, "enter")
    await seat.until(lambda: seat.screen.folder and seat.screen.folder.name == name)
    await seat.quiet()


@pytest.mark.parametrize("size", SIZES)
async def test_linking_a_mail(store: Store, pictured: Pictured, size: str) -> None:
    busy_day(store)
    async with opened_on(store, SIZES[size]) as seat:
        await seat.quiet()
        await seat.press("j")
        await ask(seat, Picker, "l")
        await pictured(seat, "likely")
        await seat.press(*"pumpen")
        await pictured(seat, "typed")
        await seat.press(*"zz")
        await pictured(seat, "nothing-found")
        await back(seat)
        await ask(seat, Picker, "l")
        await back(seat, "enter")
        await pictured(seat, "told")
        await ask(seat, Picker, "X")
        await pictured(seat, "unlink")
        await back(seat)
        await seat.press("home", "space", "space", "space")
        await ask(seat, Picker, "l")
        await pictured(seat, "likely-for-several")
        await back(seat)
        await ask(seat, RecordForm, "L")
        await pictured(seat, "lead-of-several")


@pytest.mark.parametrize("size", SIZES)
async def test_records_made_of_a_mail(store: Store, pictured: Pictured, size: str) -> None:
    busy_day(store)
    async with opened_on(store, SIZES[size]) as seat:
        await seat.quiet()
        await ask(seat, RecordForm, "L")
        await pictured(seat, "lead")
        await seat.press("tab", "tab", *"viel", "enter")
        await pictured(seat, "lead-wrong")
        await back(seat)
        await ask(seat, RecordForm, "t")
        await pictured(seat, "task")
        await back(seat)
        await ask(seat, DueDialog, "b")
        await pictured(seat, "follow-up")
        await back(seat, "enter")
        await pictured(seat, "on-follow-up")
        await ask(seat, Picker, "C")
        await pictured(seat, "contact-known")
        await back(seat)
        with store.write() as tx:
            tx.run("UPDATE contact_email SET address = 'anders@vogel.example'")
        await ask(seat, RecordForm, "C")
        await pictured(seat, "contact")


@pytest.mark.parametrize("size", SIZES)
async def test_filing_and_notes(store: Store, pictured: Pictured, size: str) -> None:
    busy_day(store)
    async with opened_on(store, SIZES[size]) as seat:
        await seat.quiet()
        for name, key, kind in (
            ("comment", "c", NamingPrompt),
            ("mark", "m", Picker),
            ("move", "v", Picker),
            ("sort", "o", Picker),
            ("forward", "f", Picker),
        ):
            await ask(seat, kind, key)
            await pictured(seat, name)
            await back(seat)
        await seat.press("space", "j", "space")
        await seat.quiet()
        await seat.press("e")
        await seat.until(
            lambda: len(seat.app.screen_stack) == 2 or seat.screen.notes() or seat.screen._message
        )
        await pictured(seat, "archive-refused")


@pytest.mark.parametrize("size", SIZES)
async def test_reading_on(store: Store, pictured: Pictured, size: str) -> None:
    busy_day(store)
    async with opened_on(store, SIZES[size], downloads=Path("/home/berg/Downloads")) as seat:
        await seat.quiet()
        await seat.press("enter")
        await seat.until(lambda: seat.screen.reading.has_focus)
        await pictured(seat, "with-files")
        await ask(seat, Picker, "a")
        await pictured(seat, "attachments")
        await back(seat, "enter")
        await pictured(seat, "ics")
        await back(seat, "escape")
        await ask(seat, Picker, "a", "down", "down")
        await back(seat, "enter")
        await pictured(seat, "vcf")
        await back(seat, "escape")
        await ask(seat, TextPrompt, "a", "down", "enter")
        await pictured(seat, "save")
        await back(seat)
        await seat.press("#")
        await seat.until(lambda: seat.screen.reading.shows_source)
        await pictured(seat, "source")
        await seat.press("#", "J")
        await seat.quiet()
        await ask(seat, Picker, "y")
        await pictured(seat, "thread")


@pytest.mark.parametrize("size", SIZES)
async def test_narrowing_the_list(store: Store, pictured: Pictured, size: str) -> None:
    busy_day(store)
    async with opened_on(store, SIZES[size]) as seat:
        await seat.quiet()
        await seat.press("/")
        await seat.until(lambda: seat.screen.is_typing())
        await pictured(seat, "search")
        await seat.press(*"vor:bald pumpen")
        await seat.until(lambda: seat.screen.wanted.query)
        await pictured(seat, "search-hint")
        await back(seat)
        await ask(seat, FilterDialog, "F", "tab", *"morgne", "enter")
        await pictured(seat, "filter-wrong")
        await back(seat)
        await seat.press("F", "j", "j", "space", "enter")
        await seat.until(lambda: seat.screen.wanted.flagged)
        await pictured(seat, "filtered")
        await seat.press("escape", "o", "down", "enter")
        await seat.until(lambda: seat.screen.wanted.order == "sender")
        await pictured(seat, "sorted")


@pytest.mark.parametrize("size", SIZES)
async def test_nothing_is_left_to_do(store: Store, pictured: Pictured, size: str) -> None:
    busy_day(store)
    async with opened_on(store, SIZES[size]) as seat:
        await seat.quiet()
        await seat.press("*")
        await seat.until(lambda: seat.screen.mails.selection)
        await ask(seat, Picker, "l")
        await back(seat, "enter")
        await seat.press("n")
        await pictured(seat, "tray-is-empty")
        await seat.press("u")
        await seat.quiet()
        await pictured(seat, "undone")
        await open_folder(seat, "Aufträge")
        await pictured(seat, "folder-not-read")


@pytest.mark.parametrize("size", SIZES)
async def test_what_cannot_be_undone_is_asked(store: Store, pictured: Pictured, size: str) -> None:
    busy_day(store)
    async with opened_on(store, SIZES[size]) as seat:
        await seat.quiet()
        await seat.press("d")
        await seat.until(lambda: seat.screen._message)
        await pictured(seat, "deleted")
        await open_folder(seat, "Papierkorb")
        await ask(seat, Confirm, "d")
        await pictured(seat, "for-good")


@pytest.mark.parametrize("size", SIZES)
async def test_the_first_sync_and_what_went_wrong(store: Store, pictured: Pictured, size: str) -> None:
    async with opened_on(store, SIZES[size]) as seat:
        await pictured(seat, "no-mailbox")
    busy_day(store)
    with store.write() as tx:
        tx.run("UPDATE mailbox SET sync_error = 'The server cannot be reached: imap.vogel.example: refused'")
    async with opened_on(store, SIZES[size]) as seat:
        await pictured(seat, "sync-failed")
    with store.write() as tx:
        tx.run("UPDATE mailbox SET sync_error = '', synced_at = NULL")
    async with opened_on(store, SIZES[size]) as seat:
        await pictured(seat, "first-sync")
