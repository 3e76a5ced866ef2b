"""Flags and moves: shown at once, waiting for the server, sought where it has the mail."""

from __future__ import annotations

import pytest

from app.domain.errors import Refused
from app.domain.mail.messages import Role
from app.domain.mail.operations import FlagsChange, Move
from app.domain.mail.triage import Selection
from app.services import triage
from tests.services.triage.conftest import NOW, Desk, copies
from tests.store.build import add_folder, add_mailbox


def test_reading_a_mail_counts_at_once_and_waits_for_the_server(desk: Desk) -> None:
    mail = desk.mail()
    done = desk.do(triage.set_seen, copies(mail), True)
    assert done.text == "1 mail marked as read"
    assert desk.counters() == (1, 0, 1)
    assert desk.waiting() == [(desk.inbox, mail.uid, FlagsChange(("\\Seen",)))]


def test_a_flag_turned_back_before_the_server_heard_of_it_leaves_nothing_to_do(desk: Desk) -> None:
    mail = desk.mail()
    desk.do(triage.set_flagged, copies(mail), True)
    desk.do(triage.set_seen, copies(mail), True)
    assert desk.waiting() == [(desk.inbox, mail.uid, FlagsChange(("\\Flagged", "\\Seen")))]
    desk.undo()
    desk.undo()
    assert desk.waiting() == []


def test_a_change_that_may_have_reached_the_server_is_followed_by_its_reverse(desk: Desk) -> None:
    mail = desk.mail()
    desk.do(triage.set_seen, copies(mail), True)
    with desk.store.write() as tx:
        tx.run("UPDATE operation SET state = 'running'")
    desk.undo()
    assert [effect for _, _, effect in desk.waiting()] == [
        FlagsChange(("\\Seen",)),
        FlagsChange((), ("\\Seen",)),
    ]


def test_a_moved_mail_is_shown_in_its_new_folder_and_sought_in_the_old_one(desk: Desk) -> None:
    mail = desk.mail()
    done = desk.do(triage.move, copies(mail), desk.offers)
    assert done.text == "1 mail moved to “Angebote”"
    assert desk.shown(mail) == (desk.offers, None)
    assert desk.waiting() == [(desk.inbox, mail.uid, Move(desk.offers))]


def test_a_mail_moved_twice_before_the_server_heard_of_it_is_moved_once(desk: Desk) -> None:
    mail = desk.mail()
    desk.do(triage.move, copies(mail), desk.offers)
    desk.do(triage.archive, copies(mail))
    assert desk.waiting() == [(desk.inbox, mail.uid, Move(desk.archive))]
    desk.undo()
    assert desk.waiting() == [(desk.inbox, mail.uid, Move(desk.offers))]
    desk.undo()
    assert desk.waiting() == []
    assert desk.shown(mail) == (desk.inbox, mail.uid)


def test_a_flag_set_while_a_move_waits_is_sought_where_the_server_has_the_mail(desk: Desk) -> None:
    mail = desk.mail()
    desk.do(triage.move, copies(mail), desk.offers)
    desk.do(triage.set_seen, copies(mail), True)
    assert desk.waiting() == [
        (desk.inbox, mail.uid, Move(desk.offers)),
        (desk.inbox, mail.uid, FlagsChange(("\\Seen",))),
    ]


def test_undoing_a_move_that_is_carried_out_moves_it_back(desk: Desk) -> None:
    mail = desk.mail()
    desk.do(triage.move, copies(mail), desk.offers)
    with desk.store.write() as tx:
        tx.run("DELETE FROM operation")
        tx.run("UPDATE mail_copy SET uid = 41")
    desk.undo()
    assert desk.shown(mail) == (desk.inbox, None)
    assert desk.waiting() == [(desk.offers, 41, Move(desk.inbox))]


def test_a_move_back_while_the_postman_is_at_it_follows_it(desk: Desk) -> None:
    mail = desk.mail()
    desk.do(triage.move, copies(mail), desk.offers)
    with desk.store.write() as tx:
        tx.run("UPDATE operation SET state = 'running'")
    desk.do(triage.archive, copies(mail))
    desk.undo()
    assert desk.waiting() == [(desk.inbox, mail.uid, Move(desk.offers))]
    assert desk.shown(mail) == (desk.offers, None)


def test_a_refused_move_is_asked_anew_with_its_new_target(desk: Desk) -> None:
    mail = desk.mail()
    desk.do(triage.move, copies(mail), desk.offers)
    with desk.store.write() as tx:
        tx.run("UPDATE operation SET state = 'failed', attempts = 1, error = 'over quota'")
    desk.do(triage.archive, copies(mail))
    row = desk.store.read.row("SELECT state, attempts, error FROM operation")
    assert row == ("waiting", 0, "")
    assert desk.waiting() == [(desk.inbox, mail.uid, Move(desk.archive))]


def test_mail_is_not_moved_out_of_its_mailbox(desk: Desk) -> None:
    elsewhere = add_folder(desk.store, add_mailbox(desk.store, "service"), "INBOX")
    mail = desk.mail()
    with pytest.raises(Refused):
        desk.do(triage.move, copies(mail), elsewhere)
    assert desk.shown(mail) == (desk.inbox, mail.uid)


def test_mail_of_two_mailboxes_goes_to_the_archive_of_each_or_nowhere(desk: Desk) -> None:
    service = add_mailbox(desk.store, "service")
    mine, theirs = desk.mail(), desk.mail(add_folder(desk.store, service, "INBOX"))
    with pytest.raises(Refused, match="“service” has no archive folder"):
        desk.do(triage.archive, copies(mine, theirs))
    assert desk.shown(mine) == (desk.inbox, mine.uid)
    archive = add_folder(desk.store, service, "Archiv", Role.ARCHIVE)
    done = desk.do(triage.archive, copies(mine, theirs))
    assert done.text == "2 mails archived"
    assert (desk.shown(mine)[0], desk.shown(theirs)[0]) == (desk.archive, archive)
    desk.undo()
    assert desk.waiting() == []


def test_a_message_named_by_its_id_is_moved_from_where_it_was_received(desk: Desk) -> None:
    sent = add_folder(desk.store, desk.mailbox, "Gesendet", Role.SENT)
    mail = desk.mail()
    own = desk.mail(sent, message=mail.message)
    desk.do(triage.delete, Selection(messages=(mail.message,)))
    assert (desk.shown(mail)[0], desk.shown(own)[0]) == (desk.trash, sent)


def test_undo_of_a_move_leaves_alone_what_was_moved_on_or_is_gone(desk: Desk) -> None:
    moved_on, erased, there = desk.mail(), desk.mail(), desk.mail()
    desk.do(triage.delete, copies(moved_on, erased, there))
    triage.move(desk.store, copies(moved_on), desk.offers, author="bert", now=NOW)
    triage.delete_forever(desk.store, copies(erased), author="anna", now=NOW)
    done = desk.undo()
    assert (done.count, done.left_out) == (1, 2)
    assert desk.shown(there) == (desk.inbox, there.uid)
    assert desk.shown(moved_on)[0] == desk.offers
