"""Connecting a mailbox in the app, against a real Dovecot: what works, what is said when it does not, what is kept."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.errors import Refused
from app.screens.accounts.connect_form import ConnectForm
from app.screens.accounts.folders_form import FoldersForm
from app.screens.mail.screen import MailScreen
from app.screens.outbox.screen import OutboxScreen
from app.services.accounts.accounts import account_named
from app.services.accounts.check import Part, Step
from app.services.accounts.secrets import Secrets
from app.settings import Home
from app.store.database import Store
from app.widgets.field import Field
from tests.screens.account_forms import accounts, fill, form_on, told
from tests.screens.conftest import SIZES, Pictured
from tests.screens.rooms import furnished, opened_on, texts
from tests.servers.dovecot import Dovecot, dovecot


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


async def test_a_mailbox_that_works_is_kept_with_its_folders(
    store: Store, home: Home, server: Dovecot
) -> None:
    user = server.new_user()
    server.create("Kunden", user=user)
    async with form_on(store, home) as seat:
        await fill(seat, source=server.url(user=user), password=server.password, name="vertrieb")
        await seat.until(lambda: isinstance(seat.app.screen, FoldersForm))
        assert accounts(store) == []
        await seat.press("space", "enter")
        await seat.until(lambda: accounts(store))
        await seat.until(lambda: store.read.rows("SELECT 1 FROM folder"))
        await seat.until(lambda: isinstance(seat.app.screen, MailScreen))
    mailbox = account_named(store, "vertrieb")
    assert (mailbox.fetch_days, mailbox.only_folders) == (30, ())
    assert Secrets(home).secret_of(mailbox) == server.password
    assert ("Kunden", 1) in store.read.rows("SELECT name, synced FROM folder")


async def test_folders_that_were_not_chosen_are_not_synced(store: Store, home: Home, server: Dovecot) -> None:
    user = server.new_user()
    server.create("Kunden", user=user)
    async with form_on(store, home) as seat:
        await fill(seat, source=server.url(user=user), password=server.password, name="vertrieb")
        await seat.until(lambda: isinstance(seat.app.screen, FoldersForm))
        choices: Any = seat.app.screen.query_one("Choices")
        place = next(i for i, choice in enumerate(choices.choices) if "Kunden" in choice.title)
        await seat.press(*["down"] * place, "space", "enter")
        await seat.until(lambda: store.read.rows("SELECT 1 FROM folder"))
    assert ("Kunden", 0) in store.read.rows("SELECT name, synced FROM folder")
    assert "Kunden" not in account_named(store, "vertrieb").only_folders


@pytest.mark.parametrize(
    ("source", "password", "words"),
    [
        ("imap+insecure://{user}@localhost:{port}", "falsch", "Benutzername oder Passwort"),
        ("imaps://{user}@gibt-es-nicht.invalid", "geheim", "nicht gefunden"),
        ("imap+insecure://{user}@localhost:1", "geheim", "nicht erreichbar"),
        ("imaps://{user}@localhost:{tls}", "geheim", "Zertifikat"),
        ("http://localhost", "geheim", "Serveradresse"),
    ],
    ids=["login", "name", "refused", "certificate", "address"],
)
async def test_what_is_wrong_is_said_and_nothing_is_kept(
    store: Store, home: Home, server: Dovecot, source: str, password: str, words: str
) -> None:
    url = source.format(user=server.new_user(), port=server.port, tls=server.tls_port)
    async with form_on(store, home) as seat:
        await fill(seat, source=url, password=password, name="vertrieb")
        await seat.until(lambda: words in told(seat), 30)
        assert isinstance(seat.app.screen, ConnectForm)
    assert accounts(store) == []
    assert not home.secrets.exists()


async def test_a_ca_file_makes_a_certificate_good(store: Store, home: Home, server: Dovecot) -> None:
    user = server.new_user()
    async with form_on(store, home) as seat:
        await fill(
            seat,
            source=server.url("imaps", user),
            password=server.password,
            name="vertrieb",
            ca_file=str(server.certificate),
        )
        await seat.until(lambda: isinstance(seat.app.screen, FoldersForm))


async def test_a_mailbox_that_does_not_work_is_kept_when_the_rep_insists(store: Store, home: Home) -> None:
    async with form_on(store, home) as seat:
        await seat.press("ctrl+s")
        assert accounts(store) == []
        await fill(seat, source="imap+insecure://a@localhost:1", password="geheim", name="vertrieb")
        await seat.until(lambda: "nicht erreichbar" in told(seat))
        await seat.press("ctrl+s")
        await seat.until(lambda: accounts(store) == [("vertrieb",)])


async def test_a_ca_file_in_a_home_that_nobody_knows_is_told_at_once(store: Store, home: Home) -> None:
    async with form_on(store, home) as seat:
        await fill(
            seat,
            source="imap+insecure://a@localhost:1",
            password="geheim",
            name="vertrieb",
            ca_file="~niemand-hier/ca.pem",
        )
        await seat.until(lambda: "Heimatordner" in told(seat))
        focused = seat.app.focused
        assert focused is not None
        assert focused.id == "field-ca_file"


async def test_a_form_that_was_left_does_not_mind_what_the_connection_says(
    store: Store, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, held, done = threading.Event(), threading.Event(), threading.Event()

    def slow(*arguments: Any) -> list[object]:
        asked.set()
        assert held.wait(30)
        arguments[-1](Step(Part.SOURCE))
        done.set()
        raise Refused("zu spät")

    monkeypatch.setattr("app.services.accounts.connecting.try_connection", slow)
    went_wrong: list[object] = []
    async with form_on(store, home) as seat:
        asyncio.get_running_loop().set_exception_handler(lambda _loop, what: went_wrong.append(what))
        form = seat.app.screen
        await fill(seat, source="imap+insecure://a@localhost:1", password="geheim", name="vertrieb")
        await seat.until(asked.is_set)
        await seat.press("escape")
        await seat.until(lambda: isinstance(seat.app.screen, MailScreen) and not form.children)
        held.set()
        await seat.until(done.is_set)
        await seat.quiet()
    assert went_wrong == []


async def test_the_servers_are_guessed_from_the_address(store: Store, home: Home) -> None:
    async with form_on(store, home) as seat:
        await seat.press(*"anna@firma.example")
        await seat.pilot.pause()
        values = {field.id: field.value for field in seat.app.screen.query(Field)}
    assert values["field-source"] == "imaps://anna@imap.firma.example"
    assert values["field-outgoing"] == "smtps://anna@smtp.firma.example"
    assert values["field-name"] == "anna"


@pytest.mark.parametrize(
    ("values", "words", "field"),
    [
        ({"source": "http://localhost"}, "Server: Diese Serveradresse", "source"),
        (
            {"source": "imap+insecure://a@localhost:1", "outgoing": "smtp.firma.example"},
            "Postausgang: Diese",
            "outgoing",
        ),
        ({"source": "imap+insecure://a@localhost:1", "ca_file": "/nix.pem"}, "/nix.pem", "ca_file"),
        ({"source": "imap+insecure://a@localhost:1"}, "Server: Der Server ist nicht", "source"),
    ],
    ids=["source", "outgoing", "certificates", "refused"],
)
async def test_what_is_wrong_names_its_field_and_puts_the_cursor_there(
    store: Store, home: Home, values: dict[str, str], words: str, field: str
) -> None:
    async with form_on(store, home) as seat:
        await fill(seat, password="geheim", name="vertrieb", **values)
        await seat.until(lambda: words in told(seat))
        await seat.until(lambda: seat.app.focused is seat.app.screen.query_one(f"#field-{field}"))


async def test_an_address_that_cannot_be_kept_leaves_the_form_open_whoever_insists(
    store: Store, home: Home
) -> None:
    async with form_on(store, home) as seat:
        await fill(seat, source="http://localhost", password="geheim", name="vertrieb")
        await seat.until(lambda: "Serveradresse" in told(seat))
        form = seat.app.screen
        await seat.press("ctrl+s", "enter")
        await seat.until(lambda: "Serveradresse" in told(seat))
        await seat.quiet()
        assert seat.app.screen is form
        assert form.query_one("#field-password", Field).value == "geheim"
        await seat.press(*"imap+insecure://a@localhost:1")
        await seat.until(lambda: form.query_one("#field-source", Field).value.endswith("localhost:1"))
        assert form.query_one("#field-source", Field).value == "imap+insecure://a@localhost:1"
        await seat.press("ctrl+s")
        await seat.until(lambda: accounts(store) == [("vertrieb",)])


async def test_a_mailbox_that_is_kept_untried_is_there_at_once(store: Store, home: Home) -> None:
    async with form_on(store, home) as seat:
        await fill(seat, source="imap+insecure://a@localhost:1", password="geheim", name="vertrieb")
        await seat.until(lambda: "nicht erreichbar" in told(seat))
        await seat.press("ctrl+s")
        await seat.until(lambda: seat.screen.mailboxes)
        await seat.quiet()
        assert "kein&#160;Postfach" not in seat.picture()
        assert "werden&#160;geholt" in seat.picture()


async def test_a_mailbox_is_connected_from_the_outbox(store: Store, home: Home) -> None:
    furnished(store)
    async with opened_on(store, home=home) as seat:
        await seat.press("g", "o")
        await seat.until(lambda: isinstance(seat.app.screen, OutboxScreen))
        await seat.press("g", "a")
        await seat.until(lambda: isinstance(seat.app.screen, ConnectForm))


@pytest.mark.parametrize("size", SIZES)
async def test_how_the_form_looks(store: Store, home: Home, pictured: Pictured, size: str) -> None:
    async with form_on(store, home, SIZES[size]) as seat:
        await fill(seat, source="imap+insecure://a@localhost:1", password="geheim")
        await seat.until(lambda: "nicht erreichbar" in told(seat))
        await pictured(seat)


@pytest.mark.parametrize("size", SIZES)
async def test_how_the_choice_of_folders_looks(
    store: Store, home: Home, pictured: Pictured, size: str
) -> None:
    furnished(store)
    async with opened_on(store, SIZES[size], home=home) as seat:
        await seat.press("g", "s")
        await seat.until(lambda: "Aufträge" in "\n".join(texts(seat)))
        await seat.press("e")
        await seat.until(lambda: isinstance(seat.app.screen, FoldersForm))
        await pictured(seat)
