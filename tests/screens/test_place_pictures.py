"""How the places beside the mail screen and their dialogs look; each picture was looked at."""

from __future__ import annotations

import pytest
from textual.widgets import Static

from app.domain.errors import PostkorbError
from app.mail.errors import (
    BadUrl,
    CertificateRefused,
    ConnectionFailed,
    ConnectionLost,
    HostUnknown,
    LoginRefused,
    ServerBusy,
    TlsMissing,
)
from app.screens.accounts.connect_form import ConnectForm
from app.screens.dialogs.boxes import Confirm, Picker
from app.screens.dialogs.help import HelpScreen
from app.screens.dialogs.skipped import SkippedBox
from app.screens.leads.screen import LeadsScreen
from app.screens.ledger.screen import LedgerScreen
from app.screens.records.form import RecordForm
from app.screens.records.screen import RecordsScreen
from app.services.accounts.accounts import AccountExists
from app.services.accounts.secrets import SecretUnavailable
from app.settings import Home
from app.store.database import Store
from app.widgets.field import Field
from tests.screens.busy_day import busy_day
from tests.screens.card_index import go as go_to_records
from tests.screens.card_index import go_to_leads
from tests.screens.conftest import SIZES, Pictured, Seat
from tests.screens.rooms import opened_on
from tests.screens.test_ledger import go as go_to_ledger
from tests.screens.test_ledger import put_cursor


async def ask(seat: Seat, kind: type, *keys: str) -> None:
    """Press keys that lead to a dialog, and wait until it is there and filled. What lies under it is quiet before: it
    is not drawn any more."""
    await seat.press(*keys[:-1])
    await seat.quiet()
    await seat.press(keys[-1])
    await seat.until(lambda: type(seat.app.screen) is kind)
    await seat.quiet()


async def back(seat: Seat, kind: type, *keys: str) -> None:
    """Leave a dialog."""
    await seat.press(*(keys or ("escape",)))
    await seat.until(lambda: type(seat.app.screen) is kind)
    await seat.quiet()


@pytest.mark.parametrize("size", SIZES)
async def test_the_ledger_asks_and_tells(store: Store, home: Home, pictured: Pictured, size: str) -> None:
    busy_day(store)
    with store.write() as tx:
        inbox = tx.value("SELECT id FROM folder WHERE role = 'inbox'")
        tx.run(
            "INSERT INTO skipped_message (folder_id, uid, reason, at) VALUES (?, 4711, ?, 1795000000)",
            (
                inbox,
                "The server refused the command: the message is larger than what this server gives out in one piece",
            ),
        )
    async with opened_on(store, SIZES[size], home=home) as seat:
        await go_to_ledger(seat)
        await pictured(seat, "mailbox")
        await ask(seat, ConnectForm, "E")
        await pictured(seat, "change")
        await back(seat, LedgerScreen)
        await ask(seat, Confirm, "D")
        await pictured(seat, "remove")
        await seat.press("enter")
        await seat.until(lambda: "zurückholen" in str(seat.app.screen.query_one("#line", Static).content))
        await pictured(seat, "throw-away")
        await back(seat, LedgerScreen)
        await put_cursor(seat, "Posteingang")
        await ask(seat, SkippedBox, "enter")
        await pictured(seat, "skipped")
        await back(seat, LedgerScreen)
        await put_cursor(seat, "abgelehnt")
        await ask(seat, Confirm, "d")
        await pictured(seat, "take-back")
        await back(seat, LedgerScreen)
        await ask(seat, HelpScreen, "?")
        await pictured(seat, "keys")
        await back(seat, LedgerScreen)
        await ask(seat, Picker, ":")
        await pictured(seat, "commands")


@pytest.mark.parametrize("size", SIZES)
async def test_places_without_anything(store: Store, home: Home, pictured: Pictured, size: str) -> None:
    async with opened_on(store, SIZES[size], home=home) as seat:
        await seat.until(lambda: isinstance(seat.app.screen, ConnectForm))
        await pictured(seat, "first-start")
        await seat.press("escape")
        await pictured(seat, "mail")
        for letter, name in (
            ("c", "contacts"),
            ("l", "leads"),
            ("t", "tasks"),
            ("s", "ledger"),
            ("o", "outbox"),
        ):
            before = seat.app.screen
            await seat.press("g", letter)
            await seat.until(lambda before=before: seat.app.screen is not before)
            await pictured(seat, name)


@pytest.mark.parametrize("size", SIZES)
async def test_records_are_made_and_changed(store: Store, home: Home, pictured: Pictured, size: str) -> None:
    busy_day(store)
    async with opened_on(store, SIZES[size], home=home) as seat:
        await go_to_records(seat, "c")
        await ask(seat, RecordForm, "+")
        await pictured(seat, "new-contact")
        await back(seat, RecordsScreen)
        await ask(seat, RecordForm, "e")
        await pictured(seat, "contact")
        await seat.press(*["tab"] * 6, *", falsch", "enter")
        await pictured(seat, "contact-wrong")
        await back(seat, RecordsScreen)
        await seat.press("/", *"suess")
        await seat.until(lambda: seat.app.screen.table.total == 1)  # type: ignore[attr-defined]
        await pictured(seat, "found")
        await seat.press(*"xyz")
        await seat.until(lambda: seat.app.screen.table.total == 0)  # type: ignore[attr-defined]
        await pictured(seat, "nothing-found")
        await seat.press("escape")
        await go_to_leads(seat)
        await ask(seat, RecordForm, "e")
        await pictured(seat, "lead")
        await back(seat, LeadsScreen)
        await seat.press("enter")
        await seat.until(lambda: seat.app.screen.query("#fields"))
        await pictured(seat, "lead-page")


#: What can be wrong with a connection, each with a cause as servers give it.
REFUSALS: dict[str, PostkorbError] = {
    "name": HostUnknown("imap.firma.example: [Errno -2] Name or service not known"),
    "refused": ConnectionFailed("imap.firma.example: [Errno 111] Connection refused"),
    "lost": ConnectionLost("no answer within 60 seconds"),
    "certificate": CertificateRefused("self-signed certificate"),
    "plain": TlsMissing("imap.firma.example"),
    "login": LoginRefused("[AUTHENTICATIONFAILED] Authentication failed."),
    "busy": ServerBusy("[UNAVAILABLE] Too many connections"),
    "address": BadUrl("http://localhost"),
    "exists": AccountExists("vertrieb"),
    "command": SecretUnavailable("pass show firma: exit 1"),
}


async def fill(seat: Seat, values: dict[str, str]) -> None:
    """Type into the form, field by field: what is in one gives a guess for others."""
    for field, value in values.items():
        seat.app.screen.query_one(f"#field-{field}", Field).value = value
        await seat.quiet()


@pytest.mark.parametrize("size", SIZES)
async def test_what_is_wrong_with_a_connection(
    store: Store, home: Home, pictured: Pictured, size: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    problem: list[PostkorbError] = []

    def refuse(*_arguments: object) -> None:
        raise problem[-1]

    monkeypatch.setattr("app.services.accounts.connecting.try_connection", refuse)
    async with opened_on(store, SIZES[size], home=home) as seat:
        await seat.until(lambda: isinstance(seat.app.screen, ConnectForm) and seat.app.screen.query(Field))
        for name, values in (
            ("no-address", {"address": "vertrieb"}),
            ("no-name", {"address": "vertrieb@firma.example", "name": "§ 1"}),
            ("no-server", {"name": "vertrieb", "source": ""}),
            ("no-password", {"source": "imaps://vertrieb@imap.firma.example"}),
        ):
            await fill(seat, values)
            await seat.press("enter")
            await pictured(seat, name)
        await fill(seat, {"password": "geheim"})
        for name, error in REFUSALS.items():
            problem.append(error)
            await seat.press("enter")
            await pictured(seat, name)
