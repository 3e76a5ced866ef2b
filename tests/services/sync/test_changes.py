"""A change that the server has refused is tried again or taken back, and the store stays whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.errors import NotFound, Refused
from app.domain.mail.messages import Role
from app.domain.mail.operations import FlagsChange, Move
from app.domain.mail.triage import Selection
from app.services import triage
from app.services.sync.changes import drop, retry
from app.services.sync.ledger import read_ledger
from app.store.database import Store
from app.store.sync import changes, operations
from tests.store.build import Copy, add_folder, add_mail, add_mailbox
from tests.store.empty import new_store
from tests.store.invariants import check

NOW = datetime(2026, 11, 20, 14, 2, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = new_store(tmp_path / "postkorb.db")
    yield opened
    assert check(opened) is None
    opened.close()


@pytest.fixture
def folders(store: Store) -> tuple[int, int]:
    """An inbox and a trash whose state at the server is known."""
    mailbox = add_mailbox(store)
    inbox, trash = add_folder(store, mailbox), add_folder(store, mailbox, "Papierkorb", Role.TRASH)
    with store.write() as tx:
        tx.run("UPDATE folder SET uidvalidity = 7, highestmodseq = 40, complete = 1")
    return inbox, trash


def refuse(store: Store, reason: str = "no permission") -> int:
    """The last operation is refused; its id."""
    with store.write() as tx:
        number = int(tx.value("SELECT max(id) FROM operation"))
        operations.note_failed(tx, [number], reason)
    return number


def moved(store: Store, copy: Copy, folder: int) -> None:
    with store.write() as tx:
        changes.move(tx, changes.copies_of(tx, Selection(copies=(copy.id,))), folder, NOW)


def place(store: Store, copy: Copy) -> tuple[int, int | None] | None:
    row = store.read.row("SELECT folder_id, uid FROM mail_copy WHERE id = ?", (copy.id,))
    return None if row is None else (row[0], row[1])


def is_compared_again(store: Store, folder: int) -> bool:
    return store.read.value("SELECT highestmodseq FROM folder WHERE id = ?", (folder,)) is None


def test_a_dropped_move_shows_the_mail_where_the_server_has_it(
    store: Store, folders: tuple[int, int]
) -> None:
    inbox, trash = folders
    copy = add_mail(store, inbox, uid=12)
    moved(store, copy, trash)
    drop(store, refuse(store), NOW)
    assert place(store, copy) == (inbox, 12)
    assert store.read.value("SELECT unprocessed FROM mail_copy WHERE id = ?", (copy.id,)) == 1
    assert read_ledger(store)[0].waiting == 0
    assert is_compared_again(store, inbox)
    assert store.read.value("SELECT sync_wanted FROM mailbox") == int(NOW.timestamp())


def test_a_dropped_move_makes_no_second_copy_of_a_mail_that_is_back_already(
    store: Store, folders: tuple[int, int]
) -> None:
    inbox, trash = folders
    copy = add_mail(store, inbox, uid=12)
    moved(store, copy, trash)
    number = refuse(store)
    with store.write() as tx:  # the operation lost its UID for a while: the sync took the mail in again
        tx.run("UPDATE operation SET uid = NULL")
    again = add_mail(store, inbox, message=copy.message, uid=12)
    with store.write() as tx:
        tx.run("UPDATE operation SET uid = 12, copy_id = ?", (copy.id,))
    drop(store, number, NOW)
    assert place(store, copy) is None
    assert place(store, again) == (inbox, 12)


def test_a_dropped_move_leaves_a_mail_alone_that_was_moved_on(store: Store, folders: tuple[int, int]) -> None:
    inbox, trash = folders
    archive = add_folder(store, 1, "Archiv", Role.ARCHIVE)
    copy = add_mail(store, inbox, uid=12)
    moved(store, copy, trash)
    with store.write() as tx:  # on its way while the rep goes on
        tx.run("UPDATE operation SET state = 'running', attempts = 1")
        first = int(tx.value("SELECT max(id) FROM operation"))
    moved(store, copy, archive)
    with store.write() as tx:
        operations.note_failed(tx, [first], "no permission")
    drop(store, first, NOW)
    assert place(store, copy) == (archive, None)
    assert read_ledger(store)[0].waiting == 1


def test_a_dropped_change_of_flags_has_the_flags_read_again(store: Store, folders: tuple[int, int]) -> None:
    inbox, _ = folders
    copy = add_mail(store, inbox)
    triage.set_flagged(store, Selection(copies=(copy.id,)), True, author="A. Berg", now=NOW)
    drop(store, refuse(store), NOW)
    assert is_compared_again(store, inbox)
    assert store.read.rows("SELECT id FROM operation") == []


def test_a_dropped_deletion_has_the_mail_fetched_again(store: Store, folders: tuple[int, int]) -> None:
    _, trash = folders
    copy = add_mail(store, trash)
    triage.delete_forever(store, Selection(copies=(copy.id,)), author="anna", now=NOW)
    drop(store, refuse(store), NOW)
    assert is_compared_again(store, trash)
    assert store.read.rows("SELECT id FROM operation") == []


def test_a_refused_change_of_flags_that_is_tried_again_shows_at_once(
    store: Store, folders: tuple[int, int]
) -> None:
    inbox, _ = folders
    copy = add_mail(store, inbox)
    triage.set_flagged(store, Selection(copies=(copy.id,)), True, author="A. Berg", now=NOW)
    number = refuse(store)
    with store.write() as tx:  # the sync has shown what the server has
        tx.run("UPDATE mail_copy SET flagged = 0")
    retry(store, number, NOW)
    assert store.read.value("SELECT flagged FROM mail_copy") == 1
    (job,) = operations.next_jobs(store.read, 1, NOW, limit=10)
    assert (job.id, job.effect, job.attempts) == (number, FlagsChange(add=("\\Flagged",)), 0)


def test_a_change_that_pauses_is_tried_at_once(store: Store, folders: tuple[int, int]) -> None:
    inbox, trash = folders
    moved(store, add_mail(store, inbox), trash)
    with store.write() as tx:
        tx.run(
            "UPDATE operation SET state = 'running', attempts = 3, due_at = ?", (int(NOW.timestamp()) + 900,)
        )
    assert operations.next_jobs(store.read, 1, NOW, limit=10) == []
    retry(store, 1, NOW)
    (job,) = operations.next_jobs(store.read, 1, NOW, limit=10)
    assert (job.effect, job.attempts) == (Move(trash), 3)


def test_only_a_refused_change_can_be_dropped(store: Store, folders: tuple[int, int]) -> None:
    inbox, trash = folders
    moved(store, add_mail(store, inbox), trash)
    with pytest.raises(Refused):
        drop(store, 1, NOW)
    assert read_ledger(store)[0].waiting == 1


def test_what_has_been_carried_out_meanwhile_is_told(store: Store, folders: tuple[int, int]) -> None:
    inbox, trash = folders
    moved(store, add_mail(store, inbox), trash)
    with store.write() as tx:
        operations.remove(tx, [1])
    with pytest.raises(NotFound):
        retry(store, 1, NOW)
    with pytest.raises(NotFound):
        drop(store, 1, NOW)


def test_the_ledger_tells_what_waits_and_what_was_refused(store: Store, folders: tuple[int, int]) -> None:
    inbox, trash = folders
    moved(store, add_mail(store, inbox, subject="Angebot"), trash)
    moved(store, add_mail(store, inbox, subject="Rechnung"), trash)
    refuse(store, "over quota")
    with store.write() as tx:
        tx.run(
            "INSERT INTO skipped_message (folder_id, uid, reason, at) VALUES (?, 3, 'broken', 5)", (inbox,)
        )
    (mailbox,) = read_ledger(store)
    assert [(line.subject, line.refused, line.error, line.target) for line in mailbox.changes] == [
        ("Rechnung", True, "over quota", "Papierkorb"),
        ("Angebot", False, "", "Papierkorb"),
    ]
    assert [(line.name, line.total, line.skipped) for line in mailbox.folders] == [
        ("INBOX", 0, 1),
        ("Papierkorb", 2, 0),
    ]
