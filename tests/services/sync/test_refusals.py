"""What a server refuses, wholly or half, is told; trying again doubles nothing, and dropping shows what the server has."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.mail.operations import Append, Delete, Effect, FlagsChange, Move
from app.mail.errors import CommandRefused, ConnectionLost
from app.mail.imap import changing
from app.mail.imap.source import ImapSource
from app.services.sync.changes import drop, retry
from app.store.mail.processed import refresh_processed
from tests.servers.dovecot import Dovecot, dovecot, ok
from tests.services.sync.conftest import KINDS, Desk, mail, open_desk
from tests.services.sync.test_postman import ask, copy_of, count_on_server, folder_id, waiting
from tests.store.invariants import check


@pytest.fixture(scope="module", params=["qresync", "plain"])
def strict_server(request: pytest.FixtureRequest) -> Iterator[Dovecot]:
    """A server on which the rights on a folder (RFC 4314) count."""
    with dovecot(acl=True, without=KINDS[request.param]) as running:
        yield running


@pytest.fixture
def strict(tmp_path: Path, strict_server: Dovecot) -> Iterator[Desk]:
    yield from open_desk(tmp_path, strict_server)


def shown(desk: Desk) -> list[tuple[object, ...]]:
    """Every copy as it is shown."""
    return desk.store.read.rows(
        """SELECT folder.name, message.subject, mail_copy.uid, mail_copy.seen, mail_copy.flagged, mail_copy.unprocessed
  FROM mail_copy JOIN message ON message.id = mail_copy.message_id JOIN folder ON folder.id = mail_copy.folder_id
  ORDER BY folder.name, message.subject"""
    )


def refused(desk: Desk) -> list[tuple[int, str]]:
    return desk.store.read.rows("SELECT id, error FROM operation WHERE state = 'failed' ORDER BY id")


def ask_to_store(desk: Desk, subject: str, folder: str, *, once: bool = True) -> None:
    """A copy of a mail that is to be appended to another folder."""
    with desk.store.write() as tx:
        message = tx.value("SELECT id FROM message WHERE subject = ?", (subject,))
        sql = "INSERT INTO mail_copy (folder_id, message_id, seen) VALUES (?, ?, 1) RETURNING id"
        copy = tx.value(sql, (folder_id(desk, folder), message))
        effect = Append(("\\Seen",), int(datetime(2026, 11, 20, tzinfo=UTC).timestamp()), once)
        tx.run(
            """INSERT INTO operation (mailbox_id, folder_id, copy_id, message_id, kind, arguments)
  VALUES (1, ?, ?, ?, 'append', ?)""",
            (folder_id(desk, folder), copy, message, effect.to_json()),
        )
        refresh_processed(tx, [message])


@pytest.mark.parametrize("kind", ["flags", "move", "delete"])
def test_a_dropped_change_leaves_what_the_server_has(strict: Desk, kind: str) -> None:
    strict.deliver(mail(1), mail(2))
    strict.sync()
    before = shown(strict)
    strict.server.deny("INBOX", "lr", user=strict.user)
    effects: dict[str, Effect] = {
        "flags": FlagsChange(("\\Seen",)),
        "move": Move(folder_id(strict, "Archiv")),
        "delete": Delete(),
    }
    ask(strict, copy_of(strict, 1), effects[kind])
    strict.sync()
    ((number, reason),) = refused(strict)
    assert "read-only" in reason
    drop(strict.store, number, datetime.now(UTC))
    strict.sync()
    assert (waiting(strict), shown(strict)) == (0, before)
    assert count_on_server(strict, "INBOX") == 2


def test_a_dropped_append_leaves_nothing_behind(strict: Desk) -> None:
    strict.deliver(mail(1))
    strict.sync()
    before = shown(strict)
    strict.server.deny("Archiv", "lr", user=strict.user)
    ask_to_store(strict, "Anfrage 0001", "Archiv")
    strict.sync()
    ((number, reason),) = refused(strict)
    assert "Permission denied" in reason
    drop(strict.store, number, datetime.now(UTC))
    strict.sync()
    assert (waiting(strict), shown(strict)) == (0, before)


def test_a_mail_older_than_what_is_fetched_comes_back_when_its_deletion_is_dropped(strict: Desk) -> None:
    strict.server.deliver(mail(1), arrived=datetime(2025, 1, 2, tzinfo=UTC), user=strict.user)
    strict.sync()
    before = shown(strict)
    with strict.store.write() as tx:
        tx.run("UPDATE mailbox SET fetch_days = 5")
    strict.server.deny("INBOX", "lr", user=strict.user)
    ask(strict, copy_of(strict, 1), Delete())
    strict.sync()
    drop(strict.store, refused(strict)[0][0], datetime.now(UTC))
    strict.sync()
    assert shown(strict) == before


@pytest.mark.parametrize(
    ("rights", "effect"),
    [("lrs", FlagsChange(("\\Flagged",))), ("lrswi", Delete()), ("lrswi", None), ("lrswti", Delete())],
    ids=["flag", "delete", "move", "expunge"],
)
def test_what_a_server_passes_over_in_silence_counts_as_refused(
    strict: Desk, rights: str, effect: Effect | None
) -> None:
    strict.deliver(mail(1))
    strict.sync()
    strict.server.deny("INBOX", rights, user=strict.user)
    ask(strict, copy_of(strict, 1), effect or Move(folder_id(strict, "Archiv")))
    strict.sync()
    assert [bool(reason) for _number, reason in refused(strict)] == [True]
    assert (count_on_server(strict, "INBOX"), count_on_server(strict, "Archiv")) == (1, 0)


@pytest.mark.parametrize("target", ["synced", "not synced"])
@pytest.mark.parametrize("moved_on", [False, True])
def test_a_move_that_was_half_done_and_then_refused_makes_no_double_when_it_is_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, target: str, moved_on: bool
) -> None:
    desk.deliver(mail(1), mail(2))
    desk.sync()
    copy = copy_of(desk, 1)
    ask(desk, copy, Move(folder_id(desk, "Archiv")))
    if target == "not synced":
        with desk.store.write() as tx:
            tx.run("UPDATE folder SET synced = 0 WHERE name = 'Archiv'")

    def refuse(*_: object, **__: object) -> None:
        raise CommandRefused("not now")

    with monkeypatch.context() as patched:
        patched.setattr(changing, "delete", refuse)  # COPY is done where there is no MOVE
        patched.setattr(changing, "move", refuse)
        desk.pass_over()
    ((number, _reason),) = refused(desk)
    retry(desk.store, number, datetime.now(UTC))
    if moved_on:
        ask(desk, copy, Move(folder_id(desk, "Spam")))
    desk.sync()
    desk.sync()
    assert waiting(desk) == 0
    there = "Spam" if moved_on else "Archiv"
    assert [count_on_server(desk, name) for name in ("INBOX", "Archiv", "Spam")] == [
        1,
        int(not moved_on),
        int(moved_on),
    ]
    assert (desk.subjects("INBOX"), desk.subjects(there)) == (["Anfrage 0002"], ["Anfrage 0001"])
    assert not desk.subjects("Archiv" if moved_on else "Spam")


@pytest.mark.parametrize("target", ["synced", "not synced"])
@pytest.mark.parametrize("header", [b"Message-ID: <1@vogel.example>\r\n", b""], ids=["named", "nameless"])
def test_an_append_of_unknown_outcome_makes_no_double(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, target: str, header: bytes
) -> None:
    desk.deliver(mail(1).replace(b"Message-ID: <1@vogel.example>\r\n", header))
    desk.deliver(mail(7), folder="Archiv")
    desk.sync()
    if target == "not synced":
        with desk.store.write() as tx:
            tx.run("UPDATE folder SET synced = 0 WHERE name = 'Archiv'")
    ask_to_store(desk, "Anfrage 0001", "Archiv", once=bool(header))
    store = ImapSource.append

    def lose_the_answer(*arguments: object) -> None:
        store(*arguments)  # type: ignore[arg-type]
        raise ConnectionLost("gone")

    def refuse(*_: object) -> None:
        raise CommandRefused("over quota", "OVERQUOTA")

    with monkeypatch.context() as patched:
        patched.setattr(ImapSource, "append", lose_the_answer)
        assert desk.pass_over().error
    with desk.store.write() as tx:
        tx.run("UPDATE operation SET due_at = 0")
    with monkeypatch.context() as patched:
        patched.setattr(ImapSource, "select", refuse)
        desk.pass_over()
    ((number, _reason),) = refused(desk)
    retry(desk.store, number, datetime.now(UTC))
    desk.sync()
    assert (waiting(desk), count_on_server(desk, "Archiv")) == (0, 2)
    assert desk.subjects("Archiv") == ["Anfrage 0001", "Anfrage 0007"]


def test_mail_that_could_only_be_marked_deleted_is_told_and_goes_when_it_can(desk: Desk) -> None:
    desk.deliver(mail(1), mail(2))
    desk.sync()
    with desk.server.client(desk.user, "INBOX") as elsewhere:
        ok(elsewhere.store("2", "+FLAGS", "(\\Deleted)"))
        ask(desk, copy_of(desk, 1), Delete())
        desk.sync()
        told = refused(desk)
        exactly = "UIDPLUS" not in desk.server.setup.without  # such a server expunges only what it is told to
        assert ["marked" in reason for _, reason in told] == ([] if exactly else [True])
        assert count_on_server(desk, "INBOX") == (1 if exactly else 2)
        ok(elsewhere.store("1:*", "-FLAGS", "(\\Deleted)"))
    for number, _reason in told:
        retry(desk.store, number, datetime.now(UTC))
    desk.sync()
    assert (waiting(desk), count_on_server(desk, "INBOX")) == (0, 1)
    desk.sync()
    assert desk.subjects() == ["Anfrage 0002"]
    check(desk.store)


def drop_all(desk: Desk) -> None:
    for number, _reason in refused(desk):
        drop(desk.store, number, datetime.now(UTC))
    for _ in range(2):
        desk.sync()
    assert waiting(desk) == 0


def test_a_deletion_dropped_because_of_mail_that_others_have_marked_brings_the_mail_back(desk: Desk) -> None:
    desk.deliver(mail(1), mail(2))
    desk.sync()
    before = shown(desk)
    with desk.server.client(desk.user, "INBOX") as elsewhere:
        ok(elsewhere.store("2", "+FLAGS", "(\\Deleted)"))
        ask(desk, copy_of(desk, 1), Delete())
        desk.sync()
        kept = "UIDPLUS" in desk.server.setup.without
        assert len(refused(desk)) == kept
        drop_all(desk)
        assert shown(desk) == (before[:1] if kept else [])
        assert ok(elsewhere.uid("SEARCH", "DELETED")) == [b"2"]


@pytest.mark.parametrize("how", ["in silence", "said"])
def test_a_dropped_deletion_of_mail_that_could_only_be_marked_brings_it_back(
    strict: Desk, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    strict.deliver(mail(1), mail(2))
    strict.sync()
    before = shown(strict)
    strict.server.deny("INBOX", "lrswti", user=strict.user)
    delete = ImapSource.delete

    def say_no(source: ImapSource, uids: list[int]) -> None:
        assert delete(source, uids) == tuple(uids)
        raise CommandRefused("no right to expunge", "NOPERM")

    if how == "said":
        monkeypatch.setattr(ImapSource, "delete", say_no)
    for number in (1, 2):
        ask(strict, copy_of(strict, number), Delete())
    strict.sync()
    assert len(refused(strict)) == 2
    drop_all(strict)
    assert shown(strict) == before


def test_a_dropped_move_that_was_half_done_shows_the_mail_in_both_folders(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.deliver(mail(1))
    desk.sync()
    ask(desk, copy_of(desk, 1), Move(folder_id(desk, "Archiv")))

    def refuse(*_: object, **__: object) -> None:
        raise CommandRefused("not now")

    with monkeypatch.context() as patched:
        patched.setattr(changing, "delete", refuse)  # COPY is done where there is no MOVE
        patched.setattr(changing, "move", refuse)
        desk.pass_over()
    drop(desk.store, refused(desk)[0][0], datetime.now(UTC))
    desk.sync()
    folders = ("INBOX", "Archiv")
    assert [len(desk.subjects(name)) for name in folders] == [count_on_server(desk, name) for name in folders]
    assert desk.subjects() == ["Anfrage 0001"]
