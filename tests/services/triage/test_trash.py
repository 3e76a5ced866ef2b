"""Deleting: into the trash, and for good only from there and only when asked."""

from __future__ import annotations

import pytest

from app.domain.errors import Refused
from app.domain.mail.operations import Append, Delete
from app.domain.mail.triage import HasNoTrash, LiesInTrash, Selection
from app.services import triage
from app.store.mail.processed import refresh_processed
from tests.services.triage.conftest import NOW, Desk, copies


def test_archived_mail_still_counts_as_unprocessed_but_spam_and_trash_do_not(desk: Desk) -> None:
    first, second, third = desk.mail(), desk.mail(), desk.mail()
    desk.do(triage.archive, copies(first))
    desk.do(triage.spam, copies(second))
    desk.do(triage.delete, copies(third))
    assert [desk.counters(folder)[2] for folder in (desk.archive, desk.junk, desk.trash)] == [1, 0, 0]


def test_mail_in_the_trash_goes_only_for_good_and_only_when_asked(desk: Desk) -> None:
    mail, other = desk.mail(desk.trash), desk.mail()
    with pytest.raises(LiesInTrash):
        desk.do(triage.delete, copies(mail))
    with pytest.raises(Refused):
        triage.delete_forever(desk.store, copies(mail, other), author="anna", now=NOW)
    done = triage.delete_forever(desk.store, copies(mail), author="anna", now=NOW)
    assert (done.text, done.undoable) == ("1 mail deleted for good", False)
    assert desk.waiting() == [(desk.trash, mail.uid, Delete())]
    assert desk.counters(desk.trash) == (0, 0, 0)


def test_mail_outside_the_trash_is_never_deleted_for_good_in_silence(desk: Desk) -> None:
    mail, thrown = desk.mail(), desk.mail(desk.trash)
    for some in (copies(mail), Selection(messages=(mail.message, thrown.message))):
        with pytest.raises(Refused):
            triage.delete_forever(desk.store, some, author="anna", now=NOW, without_trash=True)
    with desk.store.write() as tx:
        tx.run("UPDATE folder SET role = '' WHERE id = ?", (desk.trash,))
        refresh_processed(tx, [thrown.message])
    with pytest.raises(HasNoTrash):
        triage.delete_forever(desk.store, copies(mail), author="anna", now=NOW)
    assert desk.waiting() == []
    assert (
        triage.delete_forever(desk.store, copies(mail), author="anna", now=NOW, without_trash=True).count == 1
    )
    assert desk.waiting() == [(desk.inbox, mail.uid, Delete())]


def test_deleting_for_good_replaces_the_changes_that_still_wait(desk: Desk) -> None:
    mail = desk.mail()
    desk.do(triage.set_seen, copies(mail), True)
    desk.do(triage.delete, copies(mail))
    triage.delete_forever(desk.store, copies(mail), author="anna", now=NOW)
    assert desk.waiting() == [(desk.inbox, mail.uid, Delete())]


def test_mail_whose_uid_is_not_known_is_deleted_for_good_when_it_is(desk: Desk) -> None:
    mail = desk.mail(desk.trash)
    with desk.store.write() as tx:
        tx.run("UPDATE mail_copy SET uid = NULL")
    assert triage.delete_forever(desk.store, copies(mail), author="anna", now=NOW).count == 1
    assert desk.waiting() == [(desk.trash, None, Delete())]


def test_a_sent_copy_deleted_before_it_reached_the_server_never_goes_there(desk: Desk) -> None:
    mail = desk.mail(desk.trash)
    with desk.store.write() as tx:
        tx.run("UPDATE mail_copy SET uid = NULL")
        tx.run(
            "INSERT INTO operation (mailbox_id, folder_id, copy_id, message_id, kind, arguments) VALUES (?, ?, ?, ?, ?, ?)",
            (desk.mailbox, desk.trash, mail.id, mail.message, "append", Append((), 0).to_json()),
        )
    triage.delete_forever(desk.store, copies(mail), author="anna", now=NOW)
    assert desk.waiting() == []
