"""Mailboxes and the choice of their folders come back as they were kept."""

from dataclasses import replace

import pytest

from app.domain.mail.accounts import Mailbox, SecretPlace
from app.domain.mail.messages import Role
from app.store.database import Store
from app.store.mail.mailboxes import (
    add_mailbox,
    change_mailbox,
    choose_folders,
    folder_choices,
    mailbox_by_id,
    mailbox_named,
    mailboxes,
    set_role,
)

SALES = Mailbox(
    name="vertrieb",
    address="vertrieb@firma.example",
    source="imaps://vertrieb@imap.firma.example",
    outgoing="smtps://vertrieb@smtp.firma.example",
    display_name="Vertrieb Süd",
    senders=("angebote@firma.example", "info@firma.example"),
    secret=SecretPlace.COMMAND,
    password_command="pass show vertrieb",
    ca_file="/etc/ssl/firma.pem",
    signature="Mit freundlichen Grüßen\nA. Berg",
    fetch_days=90,
    only_folders=("INBOX", "Aufträge/2026"),
    created_at=1_790_000_000,
)


def add(store: Store, mailbox: Mailbox) -> Mailbox:
    with store.write() as tx:
        added = mailbox_by_id(tx, add_mailbox(tx, mailbox))
    assert added is not None
    return added


def add_folder(store: Store, mailbox: Mailbox, name: str, role: Role = Role.NONE) -> int:
    with store.write() as tx:
        return int(
            tx.value(
                "INSERT INTO folder (mailbox_id, path, name, role) VALUES (?, ?, ?, ?) RETURNING id",
                (mailbox.id, name, name, role.value),
            )
        )


def test_a_mailbox_comes_back_as_it_was_kept(store: Store) -> None:
    added = add(store, SALES)
    assert replace(added, id=0, position=0) == SALES
    assert mailbox_named(store.read, "vertrieb") == added


def test_mailboxes_stand_in_the_order_they_were_added(store: Store) -> None:
    for name in ("vertrieb", "service", "anfragen"):
        add(store, replace(SALES, name=name))
    assert [mailbox.name for mailbox in mailboxes(store.read)] == ["vertrieb", "service", "anfragen"]


def test_changing_the_settings_leaves_what_the_sync_wrote_and_asks_for_a_pass(store: Store) -> None:
    added = add(store, SALES)
    with store.write() as tx:
        tx.run("UPDATE mailbox SET synced_at = 5, sync_error = 'no answer', sync_wanted = 7")
        change_mailbox(tx, replace(added, signature="Gruß", synced_at=None, sync_error="", fetch_days=None))
    changed = mailbox_by_id(store.read, added.id)
    assert changed == replace(
        added, signature="Gruß", fetch_days=None, synced_at=5, sync_error="no answer", sync_wanted=8
    )


def test_an_unknown_mailbox_is_none(store: Store) -> None:
    assert mailbox_named(store.read, "vertrieb") is None
    assert mailbox_by_id(store.read, 1) is None


def test_exactly_the_chosen_folders_are_synced(store: Store) -> None:
    mailbox = add(store, SALES)
    inbox, offers = add_folder(store, mailbox, "INBOX"), add_folder(store, mailbox, "Angebote")
    with store.write() as tx:
        choose_folders(tx, mailbox.id, [offers])
    assert {row.id: row.synced for row in folder_choices(store.read, mailbox.id)} == {
        inbox: False,
        offers: True,
    }


@pytest.mark.parametrize("role", [Role.SENT, Role.TRASH])
def test_a_role_set_by_hand_is_taken_from_the_folder_that_had_it(store: Store, role: Role) -> None:
    mailbox = add(store, SALES)
    by_server, by_hand = add_folder(store, mailbox, "Sent", role), add_folder(store, mailbox, "Gesendet")
    with store.write() as tx:
        set_role(tx, by_hand, role)
    rows = {row.id: row for row in folder_choices(store.read, mailbox.id)}
    assert (rows[by_hand].role, rows[by_hand].by_hand) == (role, True)
    assert (rows[by_server].role, rows[by_server].by_hand) == (Role.NONE, True)
