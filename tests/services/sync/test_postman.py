"""Waiting changes reach the server in order, once, and what the server refuses is kept with its reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.domain.mail.operations import Append, Delete, Effect, FlagsChange, Move, kind_of
from app.domain.mail.triage import Selection
from app.services import triage
from app.services.undo.undoing import undo
from app.store.mail.processed import refresh_processed
from app.store.sync import operations
from tests.servers.dovecot import ok
from tests.servers.proxy import Cut, proxy
from tests.services.sync.conftest import Desk, mail
from tests.store.invariants import check


def ask(desk: Desk, copy: int, *effects: Effect) -> None:
    """Rows for the postman with their local effect, as a triage step makes them."""
    for effect in effects:
        with desk.store.write() as tx:
            folder, message, uid = (
                tx.row("SELECT folder_id, message_id, uid FROM mail_copy WHERE id = ?", (copy,)) or ()
            )
            place = tx.row(
                "SELECT folder_id, uid FROM operation WHERE copy_id = ? ORDER BY id LIMIT 1", (copy,)
            )
            tx.run(
                """INSERT INTO operation (mailbox_id, folder_id, uid, copy_id, message_id, kind, arguments)
  VALUES (1, ?, ?, ?, ?, ?, ?)""",
                (*(place or (folder, uid)), copy, message, kind_of(effect).value, effect.to_json()),
            )
            if isinstance(effect, Move):
                tx.run(
                    "UPDATE mail_copy SET folder_id = ?, uid = NULL WHERE id = ?",
                    (effect.target_folder_id, copy),
                )
            if isinstance(effect, Delete):
                tx.run("DELETE FROM mail_copy WHERE id = ?", (copy,))
            if isinstance(effect, FlagsChange):
                seen = "\\Seen" in effect.add
                tx.run("UPDATE mail_copy SET seen = ? WHERE id = ?", (int(seen), copy))
            refresh_processed(tx, [message])
    check(desk.store)


def folder_id(desk: Desk, name: str) -> int:
    return int(desk.store.read.value("SELECT id FROM folder WHERE name = ?", (name,)))


def copy_of(desk: Desk, number: int) -> int:
    return int(
        desk.store.read.value(
            """SELECT mail_copy.id FROM mail_copy JOIN message ON message.id = mail_copy.message_id
  WHERE subject = ?""",
            (f"Anfrage {number:04}",),
        )
    )


def count_on_server(desk: Desk, folder: str) -> int:
    with desk.server.client(desk.user) as elsewhere:
        return int(ok(elsewhere.select(f'"{folder}"', readonly=True))[0] or 0)  # type: ignore[call-overload]


def waiting(desk: Desk) -> int:
    return int(desk.store.read.value("SELECT count(*) FROM operation"))


def test_a_chain_of_moves_and_flags_ends_where_the_rep_put_it(desk: Desk) -> None:
    desk.deliver(mail(1), mail(2))
    desk.sync()
    copy = copy_of(desk, 1)
    archive, junk = folder_id(desk, "Archiv"), folder_id(desk, "Spam")
    ask(desk, copy, FlagsChange(("\\Seen",)), Move(junk), FlagsChange((), ("\\Seen",)), Move(archive))
    desk.sync()
    desk.sync()
    assert waiting(desk) == 0
    assert [count_on_server(desk, name) for name in ("INBOX", "Spam", "Archiv")] == [1, 0, 1]
    assert desk.subjects("Archiv") == ["Anfrage 0001"]
    assert copy_of(desk, 1) == copy
    assert (
        desk.store.read.value("SELECT uid IS NOT NULL AND seen = 0 FROM mail_copy WHERE id = ?", (copy,)) == 1
    )


def test_mail_deleted_for_good_goes_and_nothing_else_does(desk: Desk) -> None:
    desk.deliver(*(mail(number) for number in range(4)))
    with desk.server.client(desk.user, "INBOX") as elsewhere:
        ok(elsewhere.store("4", "+FLAGS", "(\\Deleted)"))
    desk.sync()
    ask(desk, copy_of(desk, 1), Delete())
    desk.sync()
    with desk.server.client(desk.user, "INBOX") as elsewhere:
        headers = [
            part[1]
            for part in ok(elsewhere.fetch("1:*", "(BODY.PEEK[HEADER.FIELDS (SUBJECT)])"))
            if part != b")"
        ]
    subjects = b"".join(headers)  # type: ignore[arg-type]
    assert b"0003" in subjects
    assert b"0000" in subjects
    assert desk.subjects() == ["Anfrage 0000", "Anfrage 0002"]


def test_a_sent_copy_is_appended_once_even_if_the_answer_was_lost(desk: Desk) -> None:
    desk.deliver(mail(1))
    desk.sync()
    sent = folder_id(desk, "Gesendet")
    with desk.store.write() as tx:
        message = tx.value("SELECT id FROM message")
        copy = tx.value(
            "INSERT INTO mail_copy (folder_id, message_id) VALUES (?, ?) RETURNING id", (sent, message)
        )
        effect = Append(("\\Seen",), int(datetime(2026, 11, 20, tzinfo=UTC).timestamp()))
        tx.run(
            """INSERT INTO operation (mailbox_id, folder_id, copy_id, message_id, kind, arguments)
  VALUES (1, ?, ?, ?, 'append', ?)""",
            (sent, copy, message, effect.to_json()),
        )
        refresh_processed(tx, [message])
    with proxy(desk.server.port, Cut("server", pattern=b"APPEND completed", inclusive=False)) as line:
        desk.point_at(line.port)
        cut = desk.pass_over()
        assert line.cuts == 0 or cut.error
        let_time_pass(desk)
        desk.sync()
    assert waiting(desk) == 0
    assert count_on_server(desk, "Gesendet") == 1
    assert desk.subjects("Gesendet") == ["Anfrage 0001"]


@pytest.mark.parametrize("pattern", [b"MOVE", b"COPY", b"EXPUNGE", b"STORE"])
@pytest.mark.parametrize("inclusive", [True, False], ids=["after", "before"])
def test_a_move_that_is_cut_off_makes_no_double(desk: Desk, pattern: bytes, inclusive: bool) -> None:
    desk.deliver(*(mail(number) for number in range(3)))
    desk.sync()
    ask(desk, copy_of(desk, 1), FlagsChange(("\\Seen",)), Move(folder_id(desk, "Archiv")))
    with proxy(desk.server.port, Cut("client", pattern=pattern, inclusive=inclusive)) as line:
        desk.point_at(line.port)
        desk.pass_over()
        let_time_pass(desk)
        desk.sync()
        desk.sync()
    assert waiting(desk) == 0
    assert (count_on_server(desk, "INBOX"), count_on_server(desk, "Archiv")) == (2, 1)
    assert desk.subjects("Archiv") == ["Anfrage 0001"]


@pytest.mark.parametrize("target", ["synced", "not synced"])
@pytest.mark.parametrize("header", [b"Message-ID: <1@vogel.example>\r\n", b""], ids=["named", "nameless"])
@pytest.mark.parametrize("pattern", [b"UID COPY", b"UID STORE", b"EXPUNGE"])
def test_a_move_that_is_cut_off_does_not_take_a_twin_for_its_copy(
    desk: Desk, pattern: bytes, target: str, header: bytes
) -> None:
    twin = mail(1).replace(b"Message-ID: <1@vogel.example>\r\n", header)
    desk.deliver(twin, folder="Archiv")
    desk.deliver(twin)
    desk.sync()
    if target == "not synced":
        with desk.store.write() as tx:
            tx.run("UPDATE folder SET synced = 0 WHERE name = 'Archiv'")
    inbox, archive = folder_id(desk, "INBOX"), folder_id(desk, "Archiv")
    copy = int(desk.store.read.value("SELECT id FROM mail_copy WHERE folder_id = ?", (inbox,)))
    ask(desk, copy, Move(archive))
    with proxy(desk.server.port, Cut("client", pattern=pattern, inclusive=False)) as line:
        desk.point_at(line.port)
        desk.pass_over()
        let_time_pass(desk)
        desk.sync()
        desk.sync()
        assert line.cuts == ("MOVE" in desk.server.setup.without)
    assert waiting(desk) == 0
    assert (count_on_server(desk, "INBOX"), count_on_server(desk, "Archiv")) == (0, 2)
    assert desk.subjects("Archiv") == ["Anfrage 0001"] * 2
    assert desk.subjects() == []


def test_a_refused_change_is_kept_with_its_reason_and_does_not_hold_up_the_others(desk: Desk) -> None:
    desk.deliver(mail(1), mail(2))
    desk.server.create("Weg", user=desk.user)
    desk.sync()
    gone = folder_id(desk, "Weg")
    ask(desk, copy_of(desk, 1), Move(gone))
    ask(desk, copy_of(desk, 2), FlagsChange(("\\Seen",)))
    with desk.server.client(desk.user) as elsewhere:
        ok(elsewhere.delete("Weg"))
    desk.pass_over()
    rows = desk.store.read.rows("SELECT kind, state, error FROM operation")
    assert rows == [] or [(kind, state) for kind, state, _ in rows] == [("move", "failed")]
    assert all(error for _, _, error in rows)
    with desk.server.client(desk.user, "INBOX") as elsewhere:
        assert b"\\Seen" in ok(elsewhere.fetch("2", "(FLAGS)"))[0]  # type: ignore[operator]


def test_two_clients_that_change_the_same_mail_end_alike(desk: Desk) -> None:
    desk.deliver(mail(1))
    desk.sync()
    copy = copy_of(desk, 1)
    with desk.server.client(desk.user, "INBOX") as elsewhere:
        ok(elsewhere.store("1", "+FLAGS", "(\\Flagged)"))
        ask(desk, copy, FlagsChange(("\\Seen",)))
        desk.sync()
        desk.sync()
        flags = ok(elsewhere.fetch("1", "(FLAGS)"))[0]
    assert desk.store.read.row("SELECT seen, flagged FROM mail_copy") == (1, 1)
    assert b"\\Seen" in flags  # type: ignore[operator]
    assert b"\\Flagged" in flags  # type: ignore[operator]


def test_a_mail_moved_here_and_deleted_elsewhere_is_gone_in_the_end(desk: Desk) -> None:
    desk.deliver(mail(1), mail(2))
    desk.sync()
    ask(desk, copy_of(desk, 1), Move(folder_id(desk, "Archiv")))
    with desk.server.client(desk.user, "INBOX") as elsewhere:
        ok(elsewhere.store("1", "+FLAGS", "(\\Deleted)"))
        ok(elsewhere.expunge())
    desk.sync()
    desk.sync()
    assert waiting(desk) == 0
    assert desk.subjects("Archiv") == []


def let_time_pass(desk: Desk) -> None:
    """The pause after a failed attempt is over."""
    with desk.store.write() as tx:
        tx.run(
            "UPDATE operation SET due_at = ?", (int((datetime.now(UTC) - timedelta(seconds=5)).timestamp()),)
        )


@pytest.mark.parametrize("again", [False, True])
def test_what_the_rep_changes_at_the_last_moment_is_what_is_carried_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, again: bool
) -> None:
    desk.deliver(mail(1))
    desk.sync()
    mails, now = Selection(copies=(copy_of(desk, 1),)), datetime.now(UTC)
    triage.move(desk.store, mails, folder_id(desk, "Spam"), author="anna", now=now)
    read = operations.next_jobs
    meanwhile = [lambda: undo(desk.store, author="anna", now=now)]
    if again:
        meanwhile = [
            lambda: triage.move(desk.store, mails, folder_id(desk, "Archiv"), author="anna", now=now)
        ]

    def slowly(*wanted: Any, **more: Any) -> list[operations.Job]:
        jobs = read(*wanted, **more)
        if jobs and meanwhile:
            meanwhile.pop()()
        return jobs

    monkeypatch.setattr(operations, "next_jobs", slowly)
    desk.sync()
    desk.sync()
    assert not meanwhile
    assert waiting(desk) == 0
    there = "Archiv" if again else "INBOX"
    assert [name for name in ("INBOX", "Spam", "Archiv") if count_on_server(desk, name)] == [there]
    assert desk.subjects(there) == ["Anfrage 0001"]


@pytest.mark.parametrize("pattern", [b"UID STORE", b"EXPUNGE"])
@pytest.mark.parametrize("inclusive", [True, False], ids=["after", "before"])
def test_deletions_that_are_cut_off_together_are_not_taken_for_those_of_others(
    bare: Desk, pattern: bytes, inclusive: bool
) -> None:
    bare.deliver(*(mail(number) for number in range(4)))
    bare.sync()
    for number in (0, 2, 3):
        ask(bare, copy_of(bare, number), Delete())
    with proxy(bare.server.port, Cut("client", pattern=pattern, inclusive=inclusive)) as line:
        bare.point_at(line.port)
        assert bare.pass_over().error
        let_time_pass(bare)
        bare.sync()
        assert line.cuts
    assert (waiting(bare), count_on_server(bare, "INBOX")) == (0, 1)
    assert bare.subjects() == ["Anfrage 0001"]
