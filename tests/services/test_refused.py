"""What a server refused is shown with its reason and asked for again or given up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.domain.mail import Role
from app.domain.operations import Append
from app.domain.triage import Selection
from app.language import use_language
from app.services import triage
from app.services.refused import drop, refused_changes, retry
from app.store.database import Store
from tests.store.build import Copy, add_folder, add_mail, add_mailbox
from tests.store.invariants import check

NOW = datetime(2026, 11, 21, 9, 41, tzinfo=UTC)


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    use_language("en")
    yield store
    use_language("de")
    check(store)


@pytest.fixture
def mail(store: Store) -> Copy:
    mailbox = add_mailbox(store)
    inbox = add_folder(store, mailbox)
    add_folder(store, mailbox, "Archiv", Role.ARCHIVE)
    add_folder(store, mailbox, "Papierkorb", Role.TRASH)
    return add_mail(store, inbox)


def refuse(store: Store, reason: str = "over \x1b[31mquota") -> list[int]:
    """The server refuses everything that waits."""
    with store.write() as tx:
        tx.run(
            "UPDATE operation SET state = 'failed', attempts = 1, error = ? WHERE state = 'waiting'",
            (reason,),
        )
    return [change.id for change in refused_changes(store)]


def do(store: Store, mail: Copy, step: object, *more: object) -> None:
    step(store, Selection(copies=(mail.id,)), *more, author="anna", now=NOW)  # type: ignore[operator]


def shown(store: Store, mail: Copy) -> tuple[object, ...] | None:
    return store.read.row("SELECT folder_id, uid, seen, flagged FROM mail_copy WHERE id = ?", (mail.id,))


def states(store: Store) -> list[tuple[object, ...]]:
    return store.read.rows("SELECT kind, state FROM operation ORDER BY id")


def test_refused_changes_are_shown_in_words(store: Store, mail: Copy) -> None:
    do(store, mail, triage.set_seen, True)
    do(store, mail, triage.archive)
    refuse(store)
    first, second = refused_changes(store)
    assert (first.what, second.what) == ("change flags: +read", "move to “Archiv”")
    assert (first.mailbox, first.folder, first.subject) == ("vertrieb", "INBOX", "Anfrage")
    assert first.reason == "over \ufffd[31mquota"


def test_a_change_is_asked_for_again(store: Store, mail: Copy) -> None:
    do(store, mail, triage.archive)
    assert retry(store, refuse(store), now=NOW) == 1
    assert refused_changes(store) == []
    assert states(store) == [("move", "waiting")]


def test_a_move_that_is_given_up_leaves_the_mail_where_the_server_has_it(store: Store, mail: Copy) -> None:
    do(store, mail, triage.delete)
    assert drop(store, refuse(store)) == 1
    assert shown(store, mail) == (mail.folder, mail.uid, 0, 0)
    assert states(store) == []
    assert store.read.value("SELECT unprocessed FROM folder WHERE id = ?", (mail.folder,)) == 1


def test_flags_that_are_given_up_are_as_before_but_for_later_changes(store: Store, mail: Copy) -> None:
    do(store, mail, triage.set_seen, True)
    refused = refuse(store)
    do(store, mail, triage.set_flagged, True)
    assert drop(store, refused) == 1
    assert shown(store, mail) == (mail.folder, mail.uid, 0, 1)
    assert states(store) == [("flags", "waiting")]


def test_a_deletion_that_is_given_up_is_found_again_by_the_next_sync(store: Store, mail: Copy) -> None:
    do(store, mail, triage.delete)
    triage.delete_forever(store, Selection(copies=(mail.id,)), now=NOW)
    with store.write() as tx:
        tx.run("UPDATE folder SET complete = 1")
    assert drop(store, refuse(store)) == 1
    assert store.read.value("SELECT complete FROM folder WHERE id = ?", (mail.folder,)) == 0


def test_an_append_that_is_given_up_is_forgotten(store: Store, mail: Copy) -> None:
    with store.write() as tx:
        tx.run(
            "INSERT INTO operation (mailbox_id, folder_id, copy_id, message_id, kind, arguments) VALUES (1, ?, ?, ?, ?, ?)",
            (mail.folder, mail.id, mail.message, "append", Append((), 0).to_json()),
        )
    refused = refuse(store)
    assert refused_changes(store)[0].what == "put into the folder"
    assert drop(store, refused) == 1
    assert states(store) == []


def test_what_is_no_longer_refused_is_left_alone(store: Store, mail: Copy) -> None:
    do(store, mail, triage.archive)
    refused = refuse(store)
    retry(store, refused, now=NOW)
    assert (retry(store, refused, now=NOW), drop(store, refused)) == (0, 0)
    assert states(store) == [("move", "waiting")]


def test_a_refused_move_that_was_undone_is_no_longer_there(store: Store, mail: Copy) -> None:
    do(store, mail, triage.archive)
    refuse(store)
    triage.undo(store, author="anna", now=NOW)
    assert refused_changes(store) == []
    assert shown(store, mail) == (mail.folder, mail.uid, 0, 0)
