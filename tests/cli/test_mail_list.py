"""`mail list` prints what scripts rely on, streams, and imports neither Textual nor the ORM."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.mail.messages import Role
from app.store.database import Store
from tests.cli.conftest import Postkorb
from tests.cli.test_front import HEAVY, loaded_by
from tests.store.build import NOON, add_folder, add_mail, add_mailbox


def test_a_mail_is_printed_by_the_promised_names(postkorb: Postkorb, store: Store) -> None:
    folder = add_folder(store, add_mailbox(store), "Aufträge", Role.NONE)
    mail = add_mail(
        store, folder, subject="Grüße \x1b[31m\u202e", sender=("Silke Berger", "silke@vogel.example")
    )
    ran = postkorb("mail", "list", "--json")
    assert ran.json == [
        {
            "id": mail.message,
            "mailbox": "vertrieb",
            "folder": "Aufträge",
            "from": "Silke Berger <silke@vogel.example>",
            "to": "",
            "subject": "Grüße \x1b[31m\u202e",
            "date": "2026-11-18T11:06:40Z",
            "unread": True,
            "flagged": False,
            "answered": False,
            "processed": False,
            "size": 0,
            "attachments": 0,
            "links": [],
        }
    ]
    assert ran.out.replace("\n", "").isprintable()


def test_without_mail_the_list_is_an_empty_array(postkorb: Postkorb) -> None:
    assert postkorb("mail", "list", "--json").json == []


def test_the_newest_mail_comes_first_and_a_limit_cuts(postkorb: Postkorb, store: Store) -> None:
    inbox = add_folder(store, add_mailbox(store))
    mails = [add_mail(store, inbox, date=NOON + day).message for day in range(5)]
    listed = postkorb("mail", "list", "--json", "--limit", 3).json
    assert [mail["id"] for mail in listed] == mails[:1:-1]
    assert postkorb("mail", "list", "--json", "--limit", 0).json == []


def test_lists_are_narrowed_by_mailbox_folder_and_state(postkorb: Postkorb, store: Store) -> None:
    sales, service = add_mailbox(store), add_mailbox(store, "service", "service@haus.example")
    first, second = add_folder(store, sales), add_folder(store, service)
    sent = add_folder(store, sales, "Gesendet", Role.SENT)
    one = add_mail(store, first, seen=True).message
    two = add_mail(store, second, date=NOON + 1).message
    three = add_mail(store, sent, seen=True, date=NOON + 2).message

    def ids(*words: str) -> list[int]:
        return [mail["id"] for mail in postkorb("mail", "list", "--json", *words).json]

    assert ids() == [three, two, one]
    assert ids("--mailbox", "vertrieb") == [three, one]
    assert ids("--folder", "inbox") == [two, one]
    assert ids("--folder", "INBOX", "--mailbox", "service") == [two]
    assert ids("--unread") == [two]
    assert ids("--unprocessed") == [two, one]
    assert ids("--unprocessed", "--folder", "Gesendet") == []


@pytest.mark.parametrize("words", [["--mailbox", "nobody"], ["--folder", "nowhere"]])
def test_an_unknown_mailbox_or_folder_is_an_error(postkorb: Postkorb, words: list[str]) -> None:
    ran = postkorb("mail", "list", *words)
    assert (ran.code, ran.out) == (1, "")
    assert words[1] in ran.err


def test_the_table_for_people_fits_80_columns(postkorb: Postkorb, store: Store) -> None:
    inbox = add_folder(store, add_mailbox(store))
    mail = add_mail(
        store, inbox, sender=("Ein sehr langer Name " * 3, "x@y.example"), subject="Anfrage\x1b[2J\nzwei"
    )
    title, line = postkorb("mail", "list").out.splitlines()
    assert title.split() == ["Id", "Date", "From", "Subject"]
    assert line.startswith(str(mail.message))
    assert line.isprintable()
    assert len(line) <= 80


def test_listing_mail_imports_neither_textual_nor_the_orm(home: Path, store: Store) -> None:
    add_mail(store, add_folder(store, add_mailbox(store)))
    assert not loaded_by(home, "mail", "list") & set(HEAVY)
    assert not loaded_by(home, "mail", "list", "--json") & set(HEAVY)
