"""Triage from the command line is the triage of the app: the same functions, undo included."""

from __future__ import annotations

import io
from typing import Any

import pytest

from app.domain.mail.messages import Role
from app.store.database import Store
from tests.cli.conftest import Postkorb
from tests.store.build import NOON, add_folder, add_mail, add_mailbox


@pytest.fixture
def inbox(store: Store) -> int:
    mailbox = add_mailbox(store)
    add_folder(store, mailbox, "Papierkorb", Role.TRASH)
    add_folder(store, mailbox, "Angebote/2026", Role.NONE)
    return add_folder(store, mailbox)


def add_lead(store: Store, title: str = "Vogel 2027") -> int:
    with store.write() as tx:
        return int(tx.value("INSERT INTO lead (title, state) VALUES (?, 'new') RETURNING id", (title,)))


def mail_of(postkorb: Postkorb, number: int) -> dict[str, Any]:
    (found,) = (mail for mail in postkorb("mail", "list", "--json").json if mail["id"] == number)
    return found


def test_a_linked_mail_is_processed_and_shows_its_link(postkorb: Postkorb, store: Store, inbox: int) -> None:
    lead, number = add_lead(store), add_mail(store, inbox).message
    ran = postkorb("mail", "link", number, "--lead", lead, "--json")
    assert (ran.code, ran.json) == (0, {"changed": 1, "left_out": 0})
    mail = mail_of(postkorb, number)
    assert mail["processed"] is True
    assert mail["links"] == [{"kind": "lead", "id": lead, "title": "Vogel 2027"}]


def test_mails_are_linked_together_and_undone_together(postkorb: Postkorb, store: Store, inbox: int) -> None:
    lead = add_lead(store)
    numbers = [add_mail(store, inbox, date=NOON + day).message for day in range(3)]
    assert "3 mails" in postkorb("mail", "link", *numbers, "--lead", lead).err
    assert postkorb("mail", "list", "--unprocessed", "--json").json == []
    assert postkorb("undo").code == 0
    assert len(postkorb("mail", "list", "--unprocessed", "--json").json) == 3


def test_unlink_takes_the_named_link_or_all_of_them(postkorb: Postkorb, store: Store, inbox: int) -> None:
    one, two = add_lead(store, "eins"), add_lead(store, "zwei")
    number = add_mail(store, inbox).message
    postkorb("mail", "link", number, "--lead", one, "--lead", two)
    assert postkorb("mail", "unlink", number, "--lead", one).code == 0
    assert [link["title"] for link in mail_of(postkorb, number)["links"]] == ["zwei"]
    assert postkorb("mail", "unlink", number).code == 0
    assert mail_of(postkorb, number)["processed"] is False
    again = postkorb("mail", "unlink", number)
    assert (again.code, again.out, again.err) == (0, "", "Linked with nothing.\n")


def test_linking_to_what_is_not_there_is_an_error(postkorb: Postkorb, store: Store, inbox: int) -> None:
    number = add_mail(store, inbox).message
    assert postkorb("mail", "link", number, "--lead", 99).code == 1
    assert postkorb("mail", "link", number + 1, "--lead", add_lead(store)).code == 1
    assert postkorb("mail", "link", number).code == 2


def test_what_was_partly_done_ends_with_1(postkorb: Postkorb, store: Store, inbox: int) -> None:
    number = add_mail(store, inbox).message
    ran = postkorb("mail", "comment", number, number + 1, "--text", "angerufen", "--json")
    assert (ran.code, ran.json) == (1, {"changed": 1, "left_out": 1})


def test_mails_are_moved_by_the_folders_name(postkorb: Postkorb, store: Store, inbox: int) -> None:
    number = add_mail(store, inbox).message
    assert postkorb("mail", "move", number, "--to", "Angebote/2026").code == 0
    assert mail_of(postkorb, number)["folder"] == "Angebote/2026"
    assert postkorb("mail", "move", number, "--to", "nowhere").code == 1
    assert postkorb("mail", "move", number).code == 2


def test_a_folder_is_also_named_by_the_word_for_what_it_is_for(
    postkorb: Postkorb, store: Store, inbox: int
) -> None:
    number = add_mail(store, inbox).message
    for word in ("inbox", "Posteingang"):
        assert [mail["id"] for mail in postkorb("mail", "list", "--folder", word, "--json").json] == [number]
    refused = postkorb("mail", "list", "--folder", "nowhere")
    assert (refused.code, "nowhere" in refused.err) == (1, True)


def test_deleted_mail_lies_in_the_trash_until_it_is_deleted_for_good(
    postkorb: Postkorb, store: Store, inbox: int
) -> None:
    number = add_mail(store, inbox).message
    assert postkorb("mail", "delete", number, "--forever").code == 1
    assert postkorb("mail", "delete", number).code == 0
    assert [mail["id"] for mail in postkorb("mail", "list", "--folder", "Papierkorb", "--json").json] == [
        number
    ]
    assert postkorb("mail", "delete", number, "--without-trash").code == 2
    again = postkorb("mail", "delete", number)
    assert again.code == 1
    assert "cannot be undone" in again.err


def test_a_comment_may_come_from_standard_input(
    postkorb: Postkorb, store: Store, inbox: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Rückruf am Montag\n"))
    number = add_mail(store, inbox).message
    assert postkorb("mail", "comment", number).code == 0
    assert store.read.value("SELECT text FROM comment") == "Rückruf am Montag"
