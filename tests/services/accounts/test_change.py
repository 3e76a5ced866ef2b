"""An account is changed: its mails and what hangs on them stay, and no mail of one server is taken for one of another."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.crm.kinds import Kind
from app.domain.errors import AccountNotFound, BadInput, Refused
from app.domain.mail.accounts import Mailbox, SecretPlace
from app.domain.mail.triage import Selection
from app.services import triage
from app.services.accounts.accounts import AccountExists, account_named, add_account
from app.services.accounts.change import change_account
from app.services.accounts.secrets import Secrets
from app.services.sync.held import claim_name, lease_name
from app.services.sync.run import sync_once
from app.settings import Home
from app.store.database import Store
from app.store.sync.lease import is_held, new_owner, take_lease
from tests.services.sync.conftest import mail
from tests.store.empty import new_store
from tests.store.invariants import check

NOW = datetime(2026, 11, 20, 13, 0, tzinfo=UTC)
IMAP = Mailbox("vertrieb", "vertrieb@firma.example", "imaps://vertrieb@imap.firma.example")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setattr("app.services.accounts.secrets.keyring_usable", lambda: False)
    home = Home(tmp_path / "home")
    home.make()
    return home


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    opened = new_store(home.database)
    yield opened
    check(opened)
    opened.close()


def added(store: Store, home: Home, draft: Mailbox = IMAP, password: str = "geheim") -> Mailbox:
    return add_account(store, Secrets(home), draft, password, NOW)


def change(store: Store, home: Home, wanted: Mailbox, password: str = "") -> Mailbox:
    return change_account(store, Secrets(home), wanted, password, lambda: NOW)


def maildir(root: Path, *numbers: int) -> str:
    """A Maildir with these mails; its UIDs count from one, as everywhere."""
    for part in ("cur", "new", "tmp"):
        (root / part).mkdir(parents=True)
    for number in numbers:
        (root / "new" / f"1700000{number:03}.M1P1.host").write_bytes(mail(number).replace(b"\r\n", b"\n"))
    return f"maildir://{root}"


def sync(store: Store, home: Home) -> None:
    (report,) = sync_once(store, home, lambda: datetime.now(UTC))
    assert report.done, report


def subjects(store: Store) -> list[str]:
    return [
        row[0]
        for row in store.read.rows(
            "SELECT subject FROM message JOIN mail_copy ON mail_copy.message_id = message.id ORDER BY 1"
        )
    ]


def test_mail_from_another_place_is_compared_by_its_contents(
    store: Store, home: Home, tmp_path: Path
) -> None:
    draft = Mailbox("lokal", "anke@firma.example", maildir(tmp_path / "one", 1, 2, 3))
    mailbox = added(store, home, draft, "")
    sync(store, home)
    ids = dict(store.read.rows("SELECT subject, id FROM message"))
    first, second, third = sorted(ids)
    with store.write() as tx:
        tx.run("INSERT INTO contact (last_name) VALUES ('Berger')")
    triage.link(store, Selection(messages=(ids[third],)), Kind.CONTACT, 1, author="A", now=NOW)
    # There the third mail has the UID of the first one, and the first one is not there.
    change(store, home, replace(mailbox, source=maildir(tmp_path / "two", 3, 2, 4)))
    sync(store, home)
    assert subjects(store) == [second, third, subjects(store)[2]]
    assert first not in subjects(store)
    assert store.read.rows("SELECT message_id FROM link") == [(ids[third],)]
    assert dict(store.read.rows("SELECT subject, id FROM message"))[second] == ids[second]


def test_nothing_is_compared_again_when_only_the_protection_changes(store: Store, home: Home) -> None:
    mailbox = added(store, home)
    with store.write() as tx:
        tx.run(
            "INSERT INTO folder (mailbox_id, path, name, role, uidvalidity, complete)"
            " VALUES (?, 'INBOX', 'INBOX', 'inbox', 7, 1)",
            (mailbox.id,),
        )
    state = "SELECT uidvalidity, complete FROM folder"
    change(store, home, replace(mailbox, source="imap://vertrieb@imap.firma.example", display_name="A. Berg"))
    assert store.read.row(state) == (7, 1)
    change(store, home, replace(mailbox, source="imaps://vertrieb@imap.haus.example"))
    assert store.read.row(state) == (0, 0)


def test_an_account_moves_to_another_server_only_while_nobody_syncs_it(store: Store, home: Home) -> None:
    mailbox = added(store, home)
    worker = new_owner()
    assert take_lease(store, lease_name(mailbox.id), worker, 60, NOW.timestamp())
    elsewhere = replace(mailbox, source="imaps://vertrieb@imap.haus.example")
    with pytest.raises(Refused):
        change(store, home, elsewhere)
    assert account_named(store, "vertrieb").source == mailbox.source
    change(store, home, replace(mailbox, address="verkauf@firma.example"))
    with store.write() as tx:
        tx.run("DELETE FROM lease WHERE owner = ?", (worker,))
    change(store, home, elsewhere)
    assert account_named(store, "vertrieb").source == elsewhere.source
    assert not is_held(store.read, claim_name(mailbox.id), NOW.timestamp())


def test_the_password_stays_until_another_is_given(store: Store, home: Home) -> None:
    secrets = Secrets(home)
    mailbox = change(store, home, replace(added(store, home), address="verkauf@firma.example"))
    assert secrets.secret_of(mailbox) == "geheim"
    mailbox = change(store, home, mailbox, "neu")
    assert secrets.secret_of(account_named(store, "vertrieb")) == "neu"


def test_the_password_follows_another_name(store: Store, home: Home) -> None:
    secrets = Secrets(home)
    change(store, home, replace(added(store, home), name="verkauf"))
    assert secrets.secret_of(account_named(store, "verkauf")) == "geheim"
    assert not secrets.file_of("vertrieb").exists()


def test_a_command_takes_the_place_of_a_password_and_gives_it_back(store: Store, home: Home) -> None:
    secrets = Secrets(home)
    mailbox = change(store, home, replace(added(store, home), password_command="echo anders"))
    assert (mailbox.secret, secrets.file_of("vertrieb").exists()) == (SecretPlace.COMMAND, False)
    with pytest.raises(BadInput):
        change(store, home, replace(mailbox, password_command=""))
    mailbox = change(store, home, replace(mailbox, password_command=""), "neu")
    assert secrets.secret_of(mailbox) == "neu"


def test_other_folders_are_synced_from_then_on(store: Store, home: Home) -> None:
    mailbox = added(store, home)
    with store.write() as tx:
        for name in ("INBOX", "Kunden", "Alt"):
            tx.run(
                "INSERT INTO folder (mailbox_id, path, name, synced) VALUES (?, ?, ?, 1)",
                (mailbox.id, name, name),
            )
    chosen = "SELECT name FROM folder WHERE synced = 1 ORDER BY name"
    mailbox = change(store, home, replace(mailbox, only_folders=("INBOX", "Kunden")))
    assert store.read.rows(chosen) == [("INBOX",), ("Kunden",)]
    change(store, home, replace(mailbox, only_folders=()))
    assert store.read.rows(chosen) == [("Alt",), ("INBOX",), ("Kunden",)]


def test_what_cannot_be_kept_is_refused_and_changes_nothing(store: Store, home: Home) -> None:
    mailbox = added(store, home)
    added(store, home, replace(IMAP, name="service"))
    for wanted, error in (
        (replace(mailbox, name="service"), AccountExists),
        (replace(mailbox, address="nobody"), BadInput),
        (replace(mailbox, id=99), AccountNotFound),
    ):
        with pytest.raises(error):
            change(store, home, wanted, "anders")
    assert account_named(store, "vertrieb") == mailbox
    assert Secrets(home).secret_of(mailbox) == "geheim"
