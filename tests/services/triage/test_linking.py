"""Links, comments and marks: what they do to mails, counters and the thread, and the way back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.domain.crm.kinds import Kind, MarkColour
from app.domain.errors import BadInput, NotFound
from app.domain.mail.triage import Selection
from app.domain.team.members import Member
from app.services import triage
from app.store.team.members import put_member
from tests.services.triage.conftest import NOW, Desk, copies
from tests.store.build import steps_of


def test_linking_a_selection_makes_it_processed_and_says_so(desk: Desk) -> None:
    first, second, other = desk.mail(), desk.mail(), desk.mail()
    done = desk.do(triage.link, copies(first, second), Kind.LEAD, desk.lead)
    assert (done.text, done.count) == ("2 mails linked with “Rahmenvertrag”", 2)
    assert desk.linked() == {(mail.message, "lead", desk.lead) for mail in (first, second)}
    assert desk.counters() == (3, 3, 1)
    assert desk.store.read.value("SELECT message_id FROM mail_copy WHERE unprocessed = 1") == other.message


def test_a_linked_message_is_processed_in_every_folder_it_lies_in(desk: Desk) -> None:
    mail = desk.mail()
    desk.mail(desk.offers, message=mail.message)
    desk.do(triage.link, copies(mail), Kind.LEAD, desk.lead)
    assert desk.counters()[2] == desk.counters(desk.offers)[2] == 0


def test_earlier_mail_of_the_thread_is_counted_and_linked_only_when_asked(desk: Desk) -> None:
    earlier, mail, elsewhere = desk.mail(thread=5), desk.mail(thread=5), desk.mail(thread=6)
    done = desk.do(triage.link, copies(mail), Kind.LEAD, desk.lead)
    assert (done.count, done.more_in_thread) == (1, 1)
    done = desk.do(triage.link, copies(mail), Kind.LEAD, desk.lead, whole_thread=True)
    assert (done.count, done.more_in_thread) == (1, 0)
    assert {message for message, _, _ in desk.linked()} == {mail.message, earlier.message}
    assert elsewhere.message not in {message for message, _, _ in desk.linked()}


def test_linking_twice_changes_nothing_and_leaves_no_step_to_undo(desk: Desk) -> None:
    mail = desk.mail()
    desk.do(triage.link, copies(mail), Kind.LEAD, desk.lead)
    done = desk.do(triage.link, copies(mail), Kind.LEAD, desk.lead)
    assert (done.count, done.undoable) == (0, False)
    assert steps_of(desk.store, "anna") == ["1 mail linked with “Rahmenvertrag”"]


def test_a_record_that_is_gone_cannot_be_linked(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.do(triage.link, copies(desk.mail()), Kind.TASK, 99)


def test_a_selection_that_is_gone_is_an_error_and_one_that_is_partly_gone_says_so(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.do(triage.link, Selection(copies=(77,)), Kind.LEAD, desk.lead)
    done = desk.do(triage.link, Selection(copies=(77, desk.mail().id)), Kind.LEAD, desk.lead)
    assert (done.count, done.left_out) == (1, 1)
    assert done.text == "1 mail linked with “Rahmenvertrag” (1 is no longer there)"


def test_unlinking_makes_it_unprocessed_again_and_undo_links_it_as_it_was(desk: Desk) -> None:
    mail = desk.mail()
    desk.do(triage.link, copies(mail), Kind.LEAD, desk.lead)
    before = desk.store.read.rows("SELECT message_id, origin, author, created_at FROM link")
    desk.do(triage.unlink, copies(mail), Kind.LEAD, desk.lead)
    assert desk.counters() == (1, 1, 1)
    desk.undo()
    assert desk.store.read.rows("SELECT message_id, origin, author, created_at FROM link") == before
    assert desk.counters() == (1, 1, 0)


def test_undoing_a_link_takes_along_what_the_thread_rule_linked_since(desk: Desk) -> None:
    mail = desk.mail(thread=5)
    desk.do(triage.link, copies(mail), Kind.LEAD, desk.lead)
    later = desk.mail(thread=5)
    with desk.store.write() as tx:
        sql = "INSERT INTO link (message_id, kind, record_id, origin, created_at) VALUES (?, 'lead', ?, 'thread', ?)"
        tx.run(sql, (later.message, desk.lead, int((NOW + timedelta(minutes=1)).timestamp())))
        tx.run("UPDATE mail_copy SET unprocessed = 0 WHERE id = ?", (later.id,))
    desk.undo()
    assert desk.linked() == set()
    assert desk.counters() == (2, 2, 2)


def test_a_comment_is_cleaned_and_kept_with_its_author(desk: Desk) -> None:
    mail = desk.mail()
    desk.do(triage.comment, copies(mail), "  ruft\x1b[31m an \n")
    assert desk.store.read.rows("SELECT message_id, text, author FROM comment") == [
        (mail.message, "ruft\ufffd[31m an", "anna")
    ]
    desk.undo()
    assert desk.store.read.rows("SELECT * FROM comment") == []


def test_a_comment_is_read_with_the_name_of_the_member_who_wrote_it(desk: Desk) -> None:
    mail = desk.mail()
    desk.do(triage.comment, copies(mail), "Zugesagt")
    assert triage.comments_on(desk.store, mail.message)[0].written_by == "Anna"
    with desk.store.write() as tx:
        put_member(tx, Member("anna", "Anna Ahrens"), 0)
    (comment,) = triage.comments_on(desk.store, mail.message)
    assert (comment.author, comment.written_by) == ("anna", "Anna Ahrens")


@pytest.mark.parametrize("text", ["", " \n", "x" * 10_001], ids=["empty", "blank", "endless"])
def test_an_empty_or_endless_comment_is_refused(desk: Desk, text: str) -> None:
    with pytest.raises(BadInput):
        desk.do(triage.comment, copies(desk.mail()), text)


def test_undoing_a_mark_brings_back_the_colours_before(desk: Desk) -> None:
    first, second = desk.mail(), desk.mail()
    desk.do(triage.mark, copies(first), MarkColour.RED)
    desk.do(triage.mark, copies(first, second), MarkColour.BLUE)
    desk.undo()
    assert desk.store.read.rows("SELECT message_id, colour FROM mark") == [(first.message, "red")]


def test_linking_does_not_import_the_object_mapper() -> None:
    import subprocess
    import sys

    code = "import app.services.triage, sys; sys.exit(bool({'sqlmodel', 'sqlalchemy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
