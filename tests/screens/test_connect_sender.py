"""What the connect form asks beside the servers: how the rep signs and from which addresses they write."""

from __future__ import annotations

from pathlib import Path

from textual.widgets import TextArea

from app.screens.accounts.connect_form import ConnectForm
from app.screens.accounts.folders_form import FoldersForm
from app.screens.ledger.screen import LedgerScreen
from app.services.accounts.accounts import account_named
from app.settings import Home
from app.store.database import Store
from app.widgets.field import Field
from tests.screens.account_forms import open_change, told
from tests.screens.rooms import furnished, opened_on


async def test_the_senders_name_addresses_and_signature_are_kept(
    store: Store, home: Home, tmp_path: Path
) -> None:
    (tmp_path / "box" / "cur").mkdir(parents=True)
    (tmp_path / "box" / "new").mkdir()
    async with opened_on(store, home=home) as seat:
        await seat.until(lambda: isinstance(seat.app.screen, ConnectForm) and seat.app.screen.query(Field))
        form = seat.app.screen
        await seat.press(*"anna@firma.example", "tab", *"Anna Berg")
        for name, value in {
            "source": f"maildir://{tmp_path / 'box'}",
            "outgoing": "",
            "senders": "info@firma.example; Vertrieb <vertrieb@firma.example>",
        }.items():
            form.query_one(f"#field-{name}", Field).value = value
        form.query_one("#field-senders").focus()
        await seat.press("tab", *"Mit Gruß", "enter", *"Anna Berg", "tab")
        await seat.until(lambda: seat.app.focused is form.query_one("#field-address"))
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, FoldersForm))
        await seat.press("enter")
        await seat.until(lambda: store.read.rows("SELECT 1 FROM mailbox"))
    mailbox = account_named(store, "anna")
    assert (mailbox.address, mailbox.display_name) == ("anna@firma.example", "Anna Berg")
    assert mailbox.senders == ("info@firma.example", "Vertrieb <vertrieb@firma.example>")
    assert mailbox.signature == "Mit Gruß\nAnna Berg"


async def test_a_change_shows_what_is_kept_and_a_new_signature_needs_no_server(
    store: Store, home: Home
) -> None:
    furnished(store)
    with store.write() as tx:
        tx.run(
            """UPDATE mailbox SET source = 'imap+insecure://a@localhost:1', secret = 'command', password_command = 'false',
  display_name = 'A. Berg', senders = 'info@haus.example', signature = ?""",
            ("Mit Gruß\nA. Berg",),
        )
    async with opened_on(store, home=home) as seat:
        form = await open_change(seat)
        assert form.query_one("#field-display_name", Field).value == "A. Berg"
        assert form.query_one("#field-senders", Field).value == "info@haus.example"
        note = form.query_one("#field-signature", TextArea)
        assert note.text == "Mit Gruß\nA. Berg"
        note.text = "Viele Grüße\nA. Berg"
        await seat.press("enter")
        await seat.until(lambda: isinstance(seat.app.screen, LedgerScreen))
        await seat.until(lambda: account_named(store, "vertrieb").signature == "Viele Grüße\nA. Berg")
    mailbox = account_named(store, "vertrieb")
    assert (mailbox.display_name, mailbox.senders) == ("A. Berg", ("info@haus.example",))


async def test_a_further_sender_that_is_no_address_is_named(store: Store, home: Home) -> None:
    furnished(store)
    async with opened_on(store, home=home) as seat:
        form = await open_change(seat)
        form.query_one("#field-source", Field).value = "maildir:///nirgends"
        form.query_one("#field-senders", Field).value = "info@haus.example, vertrieb"
        await seat.press("enter")
        await seat.until(lambda: "vertrieb ist keine E-Mail-Adresse." in told(seat))
        assert seat.app.focused is form.query_one("#field-senders")
    assert account_named(store, "vertrieb").senders == ()


async def test_in_a_low_window_the_field_that_is_typed_into_is_in_sight(store: Store, home: Home) -> None:
    furnished(store)
    async with opened_on(store, (80, 16), home=home) as seat:
        form = await open_change(seat)
        for _field in range(9):
            await seat.press("tab")
        await seat.quiet()
        assert seat.app.focused is form.query_one("#field-signature")
        shown = form.query_one("#fields").region
        assert shown.contains_region(form.query_one("#field-signature").region)
        assert "prüfen" in seat.picture()
