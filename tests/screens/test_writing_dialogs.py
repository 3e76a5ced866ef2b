"""How writing looks: its dialogs, the questions before sending, and each state of the outbox; each picture was looked at."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.domain.mail.accounts import Mailbox
from app.domain.mail.compose import Draft
from app.domain.mail.outbox import OutState, RecipientState
from app.screens.compose.screen import ComposeScreen
from app.screens.dialogs.boxes import Confirm, MessageBox, Picker
from app.screens.dialogs.file import FileDialog
from app.screens.dialogs.help import HelpScreen
from app.screens.mail.screen import MailScreen
from app.screens.outbox.screen import OutboxScreen
from app.store.mail.mailboxes import add_mailbox
from app.widgets.field import Field
from tests.screens.conftest import SIZES, Pictured
from tests.screens.office_desk import OfficeSeat, seated
from tests.screens.test_outbox import make
from tests.services.outbox.office import BERG, MAX, Office


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    home = tmp_path / "home"
    (home / "Angebote").mkdir(parents=True)
    for name, size in (("Angebot 4711.pdf", 310_000), ("Preisliste 2027.ods", 42_000), ("Notiz.txt", 900)):
        (home / name).write_bytes(bytes(size))
    monkeypatch.setenv("HOME", str(home))
    opened = Office.at(tmp_path, "smtp+insecure://127.0.0.1:9/")
    opened.receive()
    with opened.store.write() as tx:
        add_mailbox(tx, Mailbox("service", "service@nordholz.example", "imap://x.example", "", "Service"))
    yield opened
    opened.store.close()


async def ask(seat: OfficeSeat, kind: type, *keys: str) -> None:
    """Press keys that lead to a dialog, and wait until it is there and filled. What lies under it is quiet before: it
    is not drawn any more."""
    await seat.press(*keys[:-1])
    await seat.quiet()
    await seat.press(keys[-1])
    await seat.until(lambda: type(seat.app.screen) is kind)
    await seat.quiet()


async def back(seat: OfficeSeat, kind: type, *keys: str) -> None:
    """Leave a dialog."""
    await seat.press(*(keys or ("escape",)))
    await seat.until(lambda: type(seat.app.screen) is kind)
    await seat.quiet()


@pytest.mark.parametrize("size", SIZES)
async def test_writing_a_mail(pictured: Pictured, office: Office, size: str):
    async with seated(office, SIZES[size]) as seat:
        await seat.quiet()
        await seat.begin("w")
        await pictured(seat, "new")
        await ask(seat, MessageBox, "f2")
        await pictured(seat, "no-recipient")
        await back(seat, ComposeScreen, "enter")
        seat.writing.body.focus()
        seat.writing.query_one("#to", Field).value = "max@vogel.example, silke"
        await seat.quiet()
        await ask(seat, MessageBox, "f2")
        await pictured(seat, "bad-address")
        await back(seat, ComposeScreen, "enter")
        seat.writing.body.focus()
        seat.writing.query_one("#to", Field).value = "max@vogel.example"
        seat.writing.body.text = "Guten Tag,\n\nsiehe Anhang.\n"
        await ask(seat, Confirm, "f2")
        await pictured(seat, "no-attachment")
        await back(seat, ComposeScreen)
        await ask(seat, FileDialog, "f3")
        await pictured(seat, "file")
        await back(seat, ComposeScreen, *"ang", "down", "enter")
        await seat.press("f4")
        await seat.quiet()
        await pictured(seat, "with-copies-and-file")
        await ask(seat, Picker, "f5")
        await pictured(seat, "sender")
        await back(seat, ComposeScreen)
        await ask(seat, HelpScreen, "f1")
        await pictured(seat, "keys")
        await back(seat, ComposeScreen)
        await ask(seat, Confirm, "f8")
        await pictured(seat, "throw-away")
        await back(seat, ComposeScreen)
        seat.writing.query_one("#subject", Field).value = "Angebot"
        await seat.quiet()
        await back(seat, MailScreen, "f2")
        await pictured(seat, "sent")


@pytest.mark.parametrize("size", SIZES)
async def test_a_forwarded_mail(pictured: Pictured, office: Office, size: str):
    async with seated(office, SIZES[size]) as seat:
        await seat.quiet()
        await ask(seat, Picker, "f")
        await seat.begin("enter")
        await pictured(seat)


@pytest.mark.parametrize("size", SIZES)
async def test_each_state_of_the_outbox(pictured: Pictured, office: Office, size: str):
    office.outbox.save(office.mailbox_id, Draft(sender=BERG, to=(MAX,), subject="Liefertermin", body="Hallo"))
    office.queue(undo=600, subject="Rechnung 2026-118")
    make(office, OutState.SENT, "", RecipientState.ACCEPTED)
    refusal = "The mail server refused the mail: 550 5.7.1 not allowed"
    make(office, OutState.FAILED, refusal, RecipientState.REFUSED)
    make(office, OutState.UNCERTAIN, "Postkorb was interrupted while it sent this mail")
    async with seated(office, SIZES[size]) as seat:
        await seat.press("g", "o")
        await seat.until(lambda: seat.shows(OutboxScreen) and seat.outbox.mails.rows)
        await seat.quiet()
        await ask(seat, Confirm, "r")
        await pictured(seat, "uncertain-again")
        await back(seat, OutboxScreen)
        await ask(seat, Confirm, "i")
        await pictured(seat, "uncertain-arrived")
        await back(seat, OutboxScreen)
        for row in seat.outbox.mails.rows:
            assert seat.outbox.row == row
            await pictured(seat, row.state.value)
            await ask(seat, Confirm, "d")
            await pictured(seat, f"{row.state.value}-remove")
            await back(seat, OutboxScreen)
            await seat.press("j")
        await ask(seat, HelpScreen, "?")
        await pictured(seat, "keys")
