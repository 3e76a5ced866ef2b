"""Taking an account away from this machine: nothing goes that its servers do not have, unless that is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.accounts.accounts import accounts
from app.services.accounts.removal import HoldsUnsent, remove_account
from app.services.accounts.secrets import Secrets
from app.settings import Home
from app.store.database import Store
from app.store.mail.mailboxes import remove_copies
from tests.screens.fake import NOW
from tests.screens.rooms import furnished
from tests.store.empty import new_store
from tests.store.invariants import check


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    opened = new_store(home.database)
    yield opened
    check(opened)
    opened.close()


def remove(store: Store, home: Home, *, drop_unsent: bool = False) -> None:
    mailbox = accounts(store)[0].mailbox
    remove_account(store, Secrets(home), mailbox, lambda: NOW, drop_unsent=drop_unsent)


def outbox(store: Store, *states: str) -> None:
    with store.write() as tx:
        for state in states:
            tx.run("INSERT INTO outbox (mailbox_id, state) VALUES (1, ?)", (state,))


def test_what_is_lost_is_named_and_nothing_is_touched(store: Store, home: Home) -> None:
    furnished(store)
    outbox(store, "draft", "waiting", "failed", "uncertain", "sent")
    with pytest.raises(HoldsUnsent) as told:
        remove(store, home)
    assert told.value.cause == "3 Mails nicht gesendet, 1 Entwurf, 2 Änderungen nicht ausgeführt"
    assert store.read.value("SELECT count(*) FROM mail_copy") == 5
    assert store.read.value("SELECT count(*) FROM operation") == 2


def test_a_mailbox_whose_mails_were_all_sent_goes_at_once(store: Store, home: Home) -> None:
    furnished(store)
    outbox(store, "sent")
    with store.write() as tx:
        tx.run("DELETE FROM operation")
    remove(store, home)
    assert accounts(store) == []


def test_a_mail_that_is_written_while_the_others_go_is_kept(
    store: Store, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnished(store)
    with store.write() as tx:
        tx.run("DELETE FROM operation")

    def and_write(*arguments: object) -> list[int]:
        taken = remove_copies(*arguments)  # type: ignore[arg-type]
        if taken:
            arguments[0].run("INSERT INTO outbox (mailbox_id, state) VALUES (1, 'draft')")  # type: ignore[attr-defined]
        return taken

    monkeypatch.setattr("app.services.accounts.removal.remove_copies", and_write)
    with pytest.raises(HoldsUnsent):
        remove(store, home)
    assert store.read.value("SELECT state FROM outbox") == "draft"


def test_what_was_named_goes_when_that_is_said(store: Store, home: Home) -> None:
    furnished(store)
    outbox(store, "draft", "waiting")
    remove(store, home, drop_unsent=True)
    assert (accounts(store), store.read.rows("SELECT 1 FROM outbox")) == ([], [])
