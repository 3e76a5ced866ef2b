"""What seldom happens and must go well all the same: races with the rep, folders that change their identity."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.mail.operations import Delete, FlagsChange, Move
from app.domain.mail.triage import Selection
from app.mail.errors import CommandRefused
from app.services import triage
from app.services.sync.moving import Mover
from app.services.sync.postman import Postman
from app.services.sync.run import to_sync
from app.services.undo.undoing import undo
from app.store.mail.mailboxes import choose_folders, mailboxes
from app.store.sync.operations import Job
from tests.servers.dovecot import ok
from tests.services.sync.conftest import Desk, mail
from tests.services.sync.test_postman import ask, copy_of, count_on_server, folder_id, waiting
from tests.store.build import steps_of
from tests.store.invariants import check

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)


def subjects_on_server(desk: Desk, folder: str = "INBOX") -> bytes:
    with desk.server.client(desk.user, folder) as elsewhere:
        found = ok(elsewhere.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])"))
    return b"".join(part[1] for part in found if isinstance(part, tuple))


def test_a_change_that_waits_through_a_new_uidvalidity_never_hits_another_mail(desk: Desk) -> None:
    desk.deliver(mail(1), mail(2), mail(3))
    desk.sync()
    ask(desk, copy_of(desk, 2), Delete())
    with desk.server.client(desk.user, "INBOX") as elsewhere:
        ok(elsewhere.store("1", "+FLAGS", "(\\Deleted)"))
        ok(elsewhere.expunge())
    desk.server.new_uidvalidity(user=desk.user)
    desk.sync()
    desk.sync()
    assert waiting(desk) == 0
    assert b"0002" not in subjects_on_server(desk)
    assert b"0003" in subjects_on_server(desk)
    assert desk.subjects() == ["Anfrage 0003"]


def test_all_changes_of_a_mail_survive_a_new_uidvalidity(desk: Desk) -> None:
    desk.deliver(mail(1), mail(2))
    desk.sync()
    ask(desk, copy_of(desk, 1), FlagsChange(("\\Seen",)), Move(folder_id(desk, "Archiv")))
    desk.server.new_uidvalidity(user=desk.user)
    desk.sync()
    desk.sync()
    assert waiting(desk) == 0
    assert desk.subjects("Archiv") == ["Anfrage 0001"]
    with desk.server.client(desk.user, "Archiv") as elsewhere:
        assert b"\\Seen" in ok(elsewhere.fetch("1", "(FLAGS)"))[0]  # type: ignore[operator]


def test_a_step_taken_back_in_the_last_moment_is_not_carried_out(desk: Desk) -> None:
    desk.deliver(mail(1))
    desk.sync()
    (mailbox,) = mailboxes(desk.store.read)
    chosen = Selection(copies=(copy_of(desk, 1),))
    triage.move(desk.store, chosen, folder_id(desk, "Archiv"), author="anke", now=NOW)

    class Slow(Postman):
        def _claim(self, jobs: list[Job]) -> list[Job]:
            if steps_of(desk.store, "anke"):
                undo(desk.store, author="anke", now=NOW)
            return super()._claim(jobs)

    source = to_sync(mailbox, desk.home).spec.open()
    Slow(desk.store, 1, source, lambda: datetime.now(UTC), lambda _: True, lambda: None).run()
    source.close()
    assert (count_on_server(desk, "INBOX"), count_on_server(desk, "Archiv")) == (1, 0)
    desk.sync()
    assert desk.subjects() == ["Anfrage 0001"]


def test_a_change_that_pauses_holds_up_its_own_mail_only(desk: Desk) -> None:
    desk.deliver(mail(1), mail(2))
    desk.sync()
    ask(desk, copy_of(desk, 1), FlagsChange(("\\Seen",)), Move(folder_id(desk, "Archiv")))
    later = int((datetime.now(UTC) + timedelta(minutes=30)).timestamp())
    with desk.store.write() as tx:
        tx.run("UPDATE operation SET due_at = ?, attempts = 1 WHERE kind = 'flags'", (later,))
    ask(desk, copy_of(desk, 2), FlagsChange(("\\Seen",)))
    desk.sync()
    assert [row[0] for row in desk.store.read.rows("SELECT kind FROM operation ORDER BY id")] == [
        "flags",
        "move",
    ]
    with desk.store.write() as tx:
        tx.run("UPDATE operation SET due_at = due_at + 86400")  # the clock was set back by a day
    desk.sync()
    assert waiting(desk) == 0


def test_mail_on_its_way_into_a_folder_that_goes_is_shown_where_it_lies(desk: Desk) -> None:
    desk.deliver(mail(1))
    desk.server.create("Weg", user=desk.user)
    desk.sync()
    ask(desk, copy_of(desk, 1), Move(folder_id(desk, "Weg")))
    with desk.server.client(desk.user) as elsewhere:
        ok(elsewhere.delete("Weg"))
    desk.pass_over()
    check(desk.store)
    desk.sync()
    assert desk.subjects() == ["Anfrage 0001"]


def test_a_renamed_folder_keeps_its_copies_and_what_waits_for_them(desk: Desk) -> None:
    desk.server.create("Messe", user=desk.user)
    desk.deliver(mail(1), mail(2), folder="Messe")
    desk.sync()
    before = desk.store.read.rows("SELECT id, message_id FROM mail_copy ORDER BY id")
    with desk.server.client(desk.user) as elsewhere:
        ok(elsewhere.rename("Messe", "Hannover"))
    desk.sync()
    assert desk.store.read.rows("SELECT id, message_id FROM mail_copy ORDER BY id") == before
    assert desk.subjects("Hannover") == ["Anfrage 0001", "Anfrage 0002"]
    assert desk.store.read.value("SELECT count(*) FROM folder WHERE name = 'Messe'") == 0


@pytest.mark.parametrize("mails", [2, 0])
def test_a_folder_that_was_left_out_stays_so_when_it_is_renamed(desk: Desk, mails: int) -> None:
    desk.server.create("Messe", user=desk.user)
    desk.deliver(*(mail(number) for number in range(mails)), folder="Messe")
    desk.sync()
    others = desk.store.read.rows("SELECT id FROM folder WHERE name <> 'Messe'")
    with desk.store.write() as tx:
        choose_folders(tx, 1, [row[0] for row in others])
    with desk.server.client(desk.user) as elsewhere:
        ok(elsewhere.rename("Messe", "Hannover"))
    desk.sync()
    assert desk.store.read.rows("SELECT name FROM folder WHERE synced = 0") == [("Hannover",)]


def test_a_change_to_mail_in_a_folder_that_is_not_synced_reaches_the_server(desk: Desk) -> None:
    desk.deliver(mail(1), mail(2))
    desk.sync()
    with desk.store.write() as tx:
        tx.run("UPDATE folder SET synced = 0 WHERE name = 'Archiv'")
    ask(desk, copy_of(desk, 1), Move(folder_id(desk, "Archiv")))
    desk.sync()
    ask(desk, copy_of(desk, 1), FlagsChange(("\\Seen",)))
    desk.sync()
    assert waiting(desk) == 0
    with desk.server.client(desk.user, "Archiv") as elsewhere:
        assert b"\\Seen" in ok(elsewhere.fetch("1", "(FLAGS)"))[0]  # type: ignore[operator]


def test_mail_deleted_for_good_leaves_nothing_in_the_store(desk: Desk) -> None:
    desk.deliver(mail(1), mail(2))
    desk.sync()
    ask(desk, copy_of(desk, 1), Delete())
    desk.sync()
    assert [row[0] for row in desk.store.read.rows("SELECT subject FROM message")] == ["Anfrage 0002"]
    assert desk.store.read.value("SELECT count(*) FROM message_source") == 1


def test_a_folder_that_counts_mail_and_names_none_loses_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.deliver(mail(1), mail(2))
    desk.sync()
    with desk.store.write() as tx:
        tx.run("UPDATE folder SET complete = 0")
    monkeypatch.setattr("app.mail.imap.source.ImapSource.uids", lambda *_: [])
    report = desk.pass_over()
    assert any("names none" in folder.error for folder in report.folders)
    assert len(desk.subjects()) == 2


def test_a_refusal_for_now_is_tried_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.deliver(mail(1))
    desk.sync()
    ask(desk, copy_of(desk, 1), FlagsChange(("\\Seen",)))

    def busy(*_: object) -> None:
        error = CommandRefused("try again later", "UNAVAILABLE")
        error.temporary = True
        raise error

    with monkeypatch.context() as patched:
        patched.setattr("app.mail.imap.source.ImapSource.change_flags", busy)
        desk.sync()
    state, attempts, error = desk.store.read.row("SELECT state, attempts, error FROM operation") or ()
    assert (state != "failed", attempts) == (True, 1)
    assert "try again later" in error


def test_the_ledger_counts_both_rounds_of_a_first_pass(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.services.sync.folder.FIRST_ROUND", 2)
    desk.deliver(*(mail(number) for number in range(5)))
    assert desk.sync()["INBOX"].new == 5
    assert desk.store.read.value("SELECT last_new FROM folder WHERE name = 'INBOX'") == 5


def test_a_mail_moved_here_and_expunged_there_before_the_next_look_is_gone(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.deliver(mail(1), mail(2))
    desk.sync()
    ask(desk, copy_of(desk, 1), Move(folder_id(desk, "Archiv")))
    move = Mover.move

    def move_and_expunge(*arguments: Any) -> None:
        move(*arguments)
        with desk.server.client(desk.user, "Archiv") as elsewhere:
            ok(elsewhere.store("1", "+FLAGS", "(\\Deleted)"))
            ok(elsewhere.expunge())

    monkeypatch.setattr(Mover, "move", move_and_expunge)
    desk.sync()
    desk.sync()
    assert (desk.subjects("Archiv"), desk.subjects()) == ([], ["Anfrage 0002"])
