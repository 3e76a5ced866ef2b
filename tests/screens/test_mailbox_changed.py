"""A mailbox that there is gets another server, or is removed, from the sync ledger."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.screens.ledger.screen import LedgerScreen
from app.services.accounts.accounts import account_named
from app.services.accounts.secrets import Secrets
from app.services.sync.held import claim_name, lease_name
from app.settings import Home
from app.store.database import Store
from app.store.sync.lease import is_held, new_owner, take_lease
from app.widgets.field import Field
from tests.screens.account_forms import accounts, open_change, told
from tests.screens.rooms import NOW, furnished, opened_on, texts
from tests.servers.dovecot import Dovecot, dovecot


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


async def test_a_mailbox_is_removed_once_the_background_work_lets_go(store: Store, home: Home) -> None:
    furnished(store)
    worker = new_owner()
    now = NOW.timestamp()
    assert take_lease(store, lease_name(1), worker, 60, now)
    async with opened_on(store, home=home) as seat:
        await seat.press("g", "s")
        await seat.until(lambda: "Aufträge" in "\n".join(texts(seat)))
        await seat.press("D")
        await seat.until(lambda: len(seat.app.screen_stack) == 3)
        await seat.press("enter")
        await seat.until(lambda: "2 Änderungen nicht ausgeführt" in told(seat))
        await seat.press("enter")
        await seat.until(lambda: is_held(store.read, claim_name(1), now))
        assert accounts(store)
        with store.write() as tx:
            tx.run("DELETE FROM lease WHERE owner = ?", (worker,))
        await seat.until(lambda: not accounts(store))
    assert store.read.rows("SELECT 1 FROM mail_copy") == []


async def test_what_is_not_on_the_server_yet_is_thrown_away_after_a_second_question_only(
    store: Store, home: Home
) -> None:
    furnished(store)
    async with opened_on(store, home=home) as seat:
        await seat.press("g", "s")
        await seat.until(lambda: "Aufträge" in "\n".join(texts(seat)))
        await seat.press("D")
        await seat.until(lambda: len(seat.app.screen_stack) == 3)
        assert "2 Änderungen nicht ausgeführt" in told(seat)
        await seat.press("enter")
        await seat.until(lambda: "zurückholen" in told(seat))
        await seat.press("escape")
        await seat.until(lambda: len(seat.app.screen_stack) == 2)
    assert accounts(store) == [("vertrieb",)]
    assert store.read.value("SELECT count(*) FROM operation") == 2


async def test_a_mailbox_gets_another_server_and_password(store: Store, home: Home, server: Dovecot) -> None:
    user = server.new_user()
    furnished(store)
    place = Secrets(home).keep("vertrieb", "falsch")
    with store.write() as tx:
        tx.run("UPDATE mailbox SET secret = ?, source = 'imap+insecure://a@localhost:1'", (place.value,))
    async with opened_on(store, home=home) as seat:
        form = await open_change(seat)
        assert form.query_one("#field-source", Field).value == "imap+insecure://a@localhost:1"
        assert form.query_one("#field-outgoing", Field).value == ""
        form.query_one("#field-source", Field).value = server.url(user=user)
        await seat.press("enter")
        await seat.until(lambda: "Benutzername oder Passwort" in told(seat))
        await seat.until(lambda: seat.app.focused is form.query_one("#field-password"))
        await seat.press(*server.password, "enter")
        await seat.until(lambda: account_named(store, "vertrieb").source == server.url(user=user))
        await seat.until(lambda: isinstance(seat.app.screen, LedgerScreen))
    assert Secrets(home).secret_of(account_named(store, "vertrieb")) == server.password
