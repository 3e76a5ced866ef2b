"""Mail that could not be read is tried again when there is a reason to, and always told; mail beyond what is synced
follows the server."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.mail.messages import ParsedMail
from app.domain.mail.operations import Move
from app.mail.imap.source import ImapSource
from app.mail.source import RawMail
from app.services.reading.parsing import PARSER_VERSION
from app.services.sync import fetching
from app.services.sync import folder as folder_visit
from app.services.sync import mailbox as mailbox_pass
from app.services.sync.wish import retry_skipped
from app.store.mail.mailboxes import choose_folders
from tests.servers.dovecot import ok
from tests.services.sync.conftest import Desk, mail
from tests.services.sync.test_postman import ask, copy_of, folder_id


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The UIDs that were fetched."""
    found: list[int] = []
    fetch = ImapSource.fetch

    def note(self: ImapSource, uids: Sequence[int]) -> Iterator[RawMail]:
        found.extend(uids)
        return fetch(self, uids)

    monkeypatch.setattr(ImapSource, "fetch", note)
    return found


def skip_one(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pass in which the second of three mails cannot be parsed."""
    parse = fetching.parse_for_store

    def stumble(raw: bytes, arrived: datetime) -> ParsedMail:
        if b"Anfrage 0002" in raw:
            raise ValueError("too odd")
        return parse(raw, arrived)

    desk.deliver(mail(1), mail(2), mail(3))
    with monkeypatch.context() as patched:
        patched.setattr(fetching, "parse_for_store", stumble)
        (skipped,) = desk.sync()["INBOX"].skipped
    assert (skipped.uid, skipped.reason) == (2, "The mail could not be read: ValueError: too odd")


def ask_for_it(desk: Desk, _: pytest.MonkeyPatch) -> None:
    retry_skipped(desk.store, folder_id(desk, "INBOX"), datetime.now(UTC))


def learn(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (folder_visit, mailbox_pass):
        monkeypatch.setattr(module, "PARSER_VERSION", PARSER_VERSION + 1)


def wait_a_day(desk: Desk, _: pytest.MonkeyPatch) -> None:
    before = int((datetime.now(UTC) - timedelta(days=1, minutes=1)).timestamp())
    with desk.store.write() as tx:
        tx.run("UPDATE skipped_message SET at = ?", (before,))


@pytest.mark.parametrize("reason", [ask_for_it, learn, wait_a_day])
def test_a_skipped_mail_is_told_by_each_pass_and_fetched_again_only_for_a_reason(
    desk: Desk,
    monkeypatch: pytest.MonkeyPatch,
    fetched: list[int],
    reason: Callable[[Desk, pytest.MonkeyPatch], None],
) -> None:
    skip_one(desk, monkeypatch)
    fetched.clear()
    report = desk.pass_over()
    assert not report.done
    assert [[part.uid for part in f.skipped] for f in report.folders if f.name == "INBOX"] == [[2]]
    assert fetched == []
    reason(desk, monkeypatch)
    assert desk.sync()["INBOX"].skipped == ()
    assert fetched == [2]
    assert len(desk.subjects()) == 3
    assert desk.store.read.value("SELECT count(*) FROM skipped_message") == 0


def test_a_skipped_mail_that_goes_from_the_server_is_forgotten(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_one(desk, monkeypatch)
    with desk.server.client(desk.user, "INBOX") as elsewhere:
        ok(elsewhere.store("2", "+FLAGS", "(\\Deleted)"))
        ok(elsewhere.expunge())
    assert desk.sync()["INBOX"].skipped == ()


def test_a_skipped_mail_that_was_taken_over_for_another_reason_is_no_longer_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    skip_one(desk, monkeypatch)
    with desk.server.client(desk.user, "INBOX") as elsewhere:
        ok(elsewhere.store("2", "+FLAGS", "(\\Flagged)"))
    for _ in range(2):
        skipped = desk.sync()["INBOX"].skipped
        assert len(desk.subjects()) + len(skipped) == 3


def test_mail_whose_deletion_is_taken_back_returns_also_when_only_some_days_are_fetched(desk: Desk) -> None:
    with desk.store.write() as tx:
        tx.run("UPDATE mailbox SET fetch_days = 5")
    old, new = datetime(2025, 1, 2, tzinfo=UTC), datetime.now(UTC)
    desk.server.deliver(mail(1), arrived=old, user=desk.user)
    desk.server.deliver(mail(2), mail(3), arrived=new, user=desk.user)
    desk.sync()
    with desk.server.client(desk.user, "INBOX") as elsewhere:
        ok(elsewhere.store("1:2", "+FLAGS", "(\\Deleted)"))
        desk.sync()
        assert desk.subjects() == ["Anfrage 0003"]
        ok(elsewhere.store("1:2", "-FLAGS", "(\\Deleted)"))
    desk.sync()
    assert desk.subjects() == ["Anfrage 0002", "Anfrage 0003"]


def test_what_is_here_of_a_folder_that_is_no_longer_synced_follows_the_server(
    desk: Desk, fetched: list[int]
) -> None:
    desk.deliver(*(mail(number) for number in range(4)), folder="Archiv")
    desk.deliver(mail(9))
    desk.sync()
    others = desk.store.read.rows("SELECT id FROM folder WHERE name <> 'Archiv' ORDER BY id")
    with desk.store.write() as tx:
        choose_folders(tx, 1, [row[0] for row in others])
    ask(desk, copy_of(desk, 9), Move(folder_id(desk, "Archiv")))
    desk.sync()
    desk.deliver(mail(70), folder="Archiv")
    with desk.server.client(desk.user, "Archiv") as elsewhere:
        ok(elsewhere.store("1", "+FLAGS", "(\\Seen)"))
        ok(elsewhere.store("2:3", "+FLAGS", "(\\Deleted)"))
        ok(elsewhere.expunge())
    fetched.clear()
    assert "Archiv" not in desk.sync()
    assert desk.subjects("Archiv") == ["Anfrage 0000", "Anfrage 0003", "Anfrage 0009"]
    assert desk.store.read.value("SELECT count(*) FROM mail_copy WHERE seen = 1") == 1
    desk.server.new_uidvalidity("Archiv", user=desk.user)
    with desk.server.client(desk.user, "Archiv") as elsewhere:
        ok(elsewhere.store("1", "+FLAGS", "(\\Deleted)"))
        ok(elsewhere.expunge())
    desk.sync()
    assert len(desk.subjects("Archiv")) == 2
    assert desk.store.read.value("SELECT count(*) FROM mail_copy WHERE uid IS NULL") == 0
    with desk.store.write() as tx:
        choose_folders(tx, 1, [*(row[0] for row in others), folder_id(desk, "Archiv")])
    desk.sync()
    assert len(desk.subjects("Archiv")) == 3
