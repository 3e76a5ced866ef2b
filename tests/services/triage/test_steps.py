"""What each triage step does to mails, counters, waiting operations and the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.crm import Kind, MarkColour
from app.domain.errors import BadInput, NotFound, Refused
from app.domain.mail import Role
from app.domain.operations import Append, Delete, Effect, FlagsChange, Move, read_effect
from app.domain.triage import Done, HasNoTrash, LiesInTrash, NothingToUndo, Selection
from app.language import use_language
from app.services import triage
from app.store.database import Store
from app.store.mail.processed import refresh_processed
from tests.store.build import Copy, add_folder, add_mail, add_mailbox, steps_of
from tests.store.invariants import check

NOW = datetime(2026, 11, 21, 9, 41, tzinfo=UTC)


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    yield store
    check(store)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("de")


@dataclass
class Desk:
    """A mailbox with its folders, a lead, and a rep."""

    store: Store
    mailbox: int
    inbox: int
    offers: int
    archive: int
    trash: int
    junk: int
    lead: int

    def mail(self, folder: int = 0, **more: object) -> Copy:
        return add_mail(self.store, folder or self.inbox, **more)  # type: ignore[arg-type]

    def do(self, step: Callable[..., Done], mails: Selection, *args: object, **more: object) -> Done:
        return step(self.store, mails, *args, author="anna", now=NOW, **more)

    def undo(self, author: str = "anna") -> Done:
        return triage.undo(self.store, author=author, now=NOW)

    def counters(self, folder: int = 0) -> tuple[int, int, int]:
        sql = "SELECT total, unread, unprocessed FROM folder WHERE id = ?"
        row = self.store.read.row(sql, (folder or self.inbox,))
        assert row is not None
        return row[0], row[1], row[2]

    def waiting(self) -> list[tuple[int, int | None, Effect]]:
        rows = self.store.read.rows("SELECT folder_id, uid, kind, arguments FROM operation ORDER BY id")
        return [(folder, uid, read_effect(kind, arguments)) for folder, uid, kind, arguments in rows]

    def shown(self, copy: Copy) -> tuple[int, int | None]:
        row = self.store.read.row("SELECT folder_id, uid FROM mail_copy WHERE id = ?", (copy.id,))
        assert row is not None
        return row[0], row[1]

    def linked(self) -> set[tuple[int, str, int]]:
        return set(self.store.read.rows("SELECT message_id, kind, record_id FROM link"))


@pytest.fixture
def desk(store: Store) -> Desk:
    mailbox = add_mailbox(store)
    roles = (Role.INBOX, Role.NONE, Role.ARCHIVE, Role.TRASH, Role.JUNK)
    folders = [add_folder(store, mailbox, role.value or "Angebote", role) for role in roles]
    with store.write() as tx:
        lead = int(tx.value("INSERT INTO lead (title) VALUES ('Rahmenvertrag') RETURNING id"))
    return Desk(store, mailbox, *folders, lead)


def copies(*wanted: Copy) -> Selection:
    return Selection(copies=tuple(copy.id for copy in wanted))


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


def test_undo_of_a_step_on_one_mail_names_its_subject(desk: Desk) -> None:
    mail = desk.mail()
    for subject, shown in (
        ("Anfrage Pumpen", "“Anfrage Pumpen”"),
        ("\x1b[2J", "“\ufffd[2J”"),
        ("  ", "“(no subject)”"),
        ("Anfrage " * 10, "“Anfrage Anfrage Anfrage…”"),
    ):
        with desk.store.write() as tx:
            tx.run("UPDATE message SET subject = ? WHERE id = ?", (subject, mail.message))
        desk.do(triage.mark, copies(mail), MarkColour.RED)
        assert desk.undo().text == f"Undone: 1 mail marked – {shown}"


def test_undo_leaves_alone_what_somebody_else_changed_since(desk: Desk) -> None:
    first, second = desk.mail(), desk.mail()
    desk.do(triage.mark, copies(first, second), MarkColour.RED)
    triage.mark(desk.store, copies(first), MarkColour.GREEN, author="bert", now=NOW)
    done = desk.undo()
    assert done.left_out == 1
    assert done.text == "Undone: 2 mails marked (1 was changed since and stays)"
    assert desk.store.read.rows("SELECT message_id, colour FROM mark") == [(first.message, "green")]


def test_reading_a_mail_counts_at_once_and_waits_for_the_server(desk: Desk) -> None:
    mail = desk.mail()
    done = desk.do(triage.set_seen, copies(mail), True)
    assert done.text == "1 mail marked as read"
    assert desk.counters() == (1, 0, 1)
    assert desk.waiting() == [(desk.inbox, mail.uid, FlagsChange(("\\Seen",)))]


def test_reading_by_the_way_leaves_no_step_to_undo(desk: Desk) -> None:
    done = desk.do(triage.set_seen, copies(desk.mail()), True, undoable=False)
    assert (done.count, done.undoable) == (1, False)
    assert steps_of(desk.store, "anna") == []


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


def test_archived_mail_still_counts_as_unprocessed_but_spam_and_trash_do_not(desk: Desk) -> None:
    first, second, third = desk.mail(), desk.mail(), desk.mail()
    desk.do(triage.archive, copies(first))
    desk.do(triage.spam, copies(second))
    desk.do(triage.delete, copies(third))
    assert [desk.counters(folder)[2] for folder in (desk.archive, desk.junk, desk.trash)] == [1, 0, 0]


def test_a_message_named_by_its_id_is_moved_from_where_it_was_received(desk: Desk) -> None:
    sent = add_folder(desk.store, desk.mailbox, "Gesendet", Role.SENT)
    mail = desk.mail()
    own = desk.mail(sent, message=mail.message)
    desk.do(triage.delete, Selection(messages=(mail.message,)))
    assert (desk.shown(mail)[0], desk.shown(own)[0]) == (desk.trash, sent)


def test_mail_in_the_trash_goes_only_for_good_and_only_when_asked(desk: Desk) -> None:
    mail, other = desk.mail(desk.trash), desk.mail()
    with pytest.raises(LiesInTrash):
        desk.do(triage.delete, copies(mail))
    with pytest.raises(Refused):
        triage.delete_forever(desk.store, copies(mail, other), now=NOW)
    done = triage.delete_forever(desk.store, copies(mail), now=NOW)
    assert (done.text, done.undoable) == ("1 mail deleted for good", False)
    assert desk.waiting() == [(desk.trash, mail.uid, Delete())]
    assert desk.counters(desk.trash) == (0, 0, 0)


def test_mail_outside_the_trash_is_never_deleted_for_good_in_silence(desk: Desk) -> None:
    mail, thrown = desk.mail(), desk.mail(desk.trash)
    for some in (copies(mail), Selection(messages=(mail.message, thrown.message))):
        with pytest.raises(Refused):
            triage.delete_forever(desk.store, some, now=NOW, without_trash=True)
    with desk.store.write() as tx:
        tx.run("UPDATE folder SET role = '' WHERE id = ?", (desk.trash,))
        refresh_processed(tx, [thrown.message])
    with pytest.raises(HasNoTrash):
        triage.delete_forever(desk.store, copies(mail), now=NOW)
    assert desk.waiting() == []
    assert triage.delete_forever(desk.store, copies(mail), now=NOW, without_trash=True).count == 1
    assert desk.waiting() == [(desk.inbox, mail.uid, Delete())]


def test_deleting_for_good_replaces_the_changes_that_still_wait(desk: Desk) -> None:
    mail = desk.mail()
    desk.do(triage.set_seen, copies(mail), True)
    desk.do(triage.delete, copies(mail))
    triage.delete_forever(desk.store, copies(mail), now=NOW)
    assert desk.waiting() == [(desk.inbox, mail.uid, Delete())]


def test_mail_whose_uid_is_not_known_is_deleted_for_good_when_it_is(desk: Desk) -> None:
    mail = desk.mail(desk.trash)
    with desk.store.write() as tx:
        tx.run("UPDATE mail_copy SET uid = NULL")
    assert triage.delete_forever(desk.store, copies(mail), now=NOW).count == 1
    assert desk.waiting() == [(desk.trash, None, Delete())]


def test_a_sent_copy_deleted_before_it_reached_the_server_never_goes_there(desk: Desk) -> None:
    mail = desk.mail(desk.trash)
    with desk.store.write() as tx:
        tx.run("UPDATE mail_copy SET uid = NULL")
        tx.run(
            "INSERT INTO operation (mailbox_id, folder_id, copy_id, message_id, kind, arguments) VALUES (?, ?, ?, ?, ?, ?)",
            (desk.mailbox, desk.trash, mail.id, mail.message, "append", Append((), 0).to_json()),
        )
    triage.delete_forever(desk.store, copies(mail), now=NOW)
    assert desk.waiting() == []


def test_undo_of_a_move_leaves_alone_what_was_moved_on_or_is_gone(desk: Desk) -> None:
    moved_on, erased, there = desk.mail(), desk.mail(), desk.mail()
    desk.do(triage.delete, copies(moved_on, erased, there))
    triage.move(desk.store, copies(moved_on), desk.offers, author="bert", now=NOW)
    triage.delete_forever(desk.store, copies(erased), now=NOW)
    done = desk.undo()
    assert (done.count, done.left_out) == (1, 2)
    assert desk.shown(there) == (desk.inbox, there.uid)
    assert desk.shown(moved_on)[0] == desk.offers


def test_the_last_twenty_steps_of_each_person_are_kept(desk: Desk) -> None:
    mail = desk.mail()
    triage.comment(desk.store, copies(mail), "von Bert", author="bert", now=NOW)
    for number in range(25):
        desk.do(triage.comment, copies(mail), f"Nummer {number}")
    for _ in range(20):
        desk.undo()
    with pytest.raises(NothingToUndo):
        desk.undo()
    left = [text for (text,) in desk.store.read.rows("SELECT text FROM comment ORDER BY id")]
    assert left == ["von Bert", *(f"Nummer {number}" for number in range(5))]
    assert steps_of(desk.store, "bert") == ["1 mail commented"]


def test_a_step_that_fails_leaves_nothing_behind(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    mail = desk.mail()

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr("app.store.crm.triage.push_step", fail)
    for step, *args in ((triage.link, Kind.LEAD, desk.lead), (triage.archive,), (triage.set_seen, True)):
        with pytest.raises(OSError, match="disk full"):
            desk.do(step, copies(mail), *args)
    assert desk.linked() == set()
    assert desk.waiting() == []
    assert desk.shown(mail) == (desk.inbox, mail.uid)


def test_two_thousand_mails_are_filed_and_brought_back_in_one_step(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.run_many(
            "INSERT INTO message (id, digest) VALUES (?, ?)", [(n, n.to_bytes(16)) for n in range(1, 2_001)]
        )
        tx.run_many(
            "INSERT INTO mail_copy (folder_id, message_id, uid, unprocessed) VALUES (?, ?, ?, 1)",
            [(desk.inbox, n, n) for n in range(1, 2_001)],
        )
    every = Selection(copies=tuple(row[0] for row in desk.store.read.rows("SELECT id FROM mail_copy")))
    assert desk.do(triage.link, every, Kind.LEAD, desk.lead).count == 2_000
    assert desk.do(triage.archive, every).count == 2_000
    assert desk.counters(desk.archive) == (2_000, 2_000, 0)
    desk.undo()
    desk.undo()
    assert desk.counters() == (2_000, 2_000, 2_000)
    assert desk.waiting() == []


def test_linking_does_not_import_the_object_mapper() -> None:
    import subprocess
    import sys

    code = "import app.services.triage, sys; sys.exit(bool({'sqlmodel', 'sqlalchemy'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
