"""Folders that go, get another name or another identity, and mail that lies in none any more."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.mail.accounts import SecretPlace
from app.domain.mail.messages import FolderStatus, RemoteFolder
from app.domain.mail.triage import Selection
from app.mail.imap.folders import Folders
from app.mail.imap.source import ImapSource
from app.mail.source import RawMail
from app.services import triage
from app.services.accounts.connecting import connect
from app.services.accounts.folders import FolderPlan
from app.services.sync import folder as folder_visit
from app.services.sync import mailbox as mailbox_pass
from app.services.sync.mailbox import MailboxPass
from app.store.mail.mailboxes import mailboxes
from app.store.sync import listing, sync_state
from tests.servers.dovecot import ok
from tests.services.sync.conftest import Desk, mail
from tests.store.invariants import check


class Killed(Exception):
    """The process ends here."""


def copies(desk: Desk) -> list[tuple[int, int]]:
    return desk.store.read.rows("SELECT id, message_id FROM mail_copy ORDER BY id")


def messages(desk: Desk) -> int:
    return int(desk.store.read.value("SELECT count(*) FROM message"))


def expunge(desk: Desk, numbers: str, folder: str = "INBOX") -> None:
    with desk.server.client(desk.user, folder) as elsewhere:
        ok(elsewhere.store(numbers, "+FLAGS", "(\\Deleted)"))
        ok(elsewhere.expunge())


def link_to_lead(desk: Desk, subject: str) -> int:
    """Make a lead from a mail; the message."""
    message = int(desk.store.read.value("SELECT id FROM message WHERE subject = ?", (subject,)))
    with desk.store.write() as tx:
        lead = tx.value("INSERT INTO lead (title) VALUES ('Vogel') RETURNING id")
        tx.run(
            "INSERT INTO link (message_id, kind, record_id, origin) VALUES (?, 'lead', ?, 'person')",
            (message, lead),
        )
        tx.run("UPDATE mail_copy SET unprocessed = 0 WHERE message_id = ?", (message,))
    return message


def test_mail_in_no_folder_goes_with_the_next_pass_when_the_last_one_was_killed_before(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.deliver(mail(1), mail(2), mail(3))
    desk.sync()
    kept = link_to_lead(desk, "Anfrage 0002")
    expunge(desk, "1:2")

    def kill(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(MailboxPass, "_sweep", kill)
        with pytest.raises(Killed):
            desk.pass_over()
    check(desk.store)
    assert messages(desk) == 3
    desk.sync()
    assert messages(desk) == 2
    assert desk.store.read.value("SELECT count(*) FROM message WHERE id = ?", (kept,)) == 1
    assert desk.store.read.value("SELECT count(*) FROM loose_message") == 0


def test_mail_in_no_folder_whose_last_link_goes_can_be_linked_again_for_a_day(desk: Desk) -> None:
    desk.deliver(mail(1))
    desk.sync()
    message = link_to_lead(desk, "Anfrage 0001")
    expunge(desk, "1")
    desk.sync()
    now = datetime.now(UTC)
    with desk.store.write() as tx:
        tx.run("DELETE FROM link")
    desk.sync()
    assert messages(desk) == 1
    with desk.store.write() as tx:
        tx.run(
            "UPDATE loose_message SET not_before = ? WHERE message_id = ?", (int(now.timestamp()), message)
        )
    desk.sync()
    assert messages(desk) == 0


def test_mail_in_no_folder_stays_while_a_folder_cannot_be_read_because_it_may_lie_there(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.deliver(mail(1))
    desk.sync()
    expunge(desk, "1")
    select = ImapSource.select

    def refuse_archive(self: ImapSource, path: str, *more: object, **named: object) -> object:
        return select(self, path if path != "Archiv" else "Weg", *more, **named)  # type: ignore[arg-type]

    desk.deliver(mail(2), folder="Archiv")
    with monkeypatch.context() as patched:
        patched.setattr(ImapSource, "select", refuse_archive)
        desk.pass_over()
    assert messages(desk) == 1
    desk.sync()
    assert [row[0] for row in desk.store.read.rows("SELECT subject FROM message")] == ["Anfrage 0002"]


@pytest.mark.parametrize("believed", [True, False], ids=["same UIDs", "other UIDs"])
def test_a_renamed_folder_is_known_again_by_some_of_its_mail(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, believed: bool
) -> None:
    desk.server.create("Messe", user=desk.user)
    desk.deliver(*(mail(number) for number in range(30)), folder="Messe")
    desk.sync()
    before = copies(desk)
    with desk.server.client(desk.user) as elsewhere:
        ok(elsewhere.rename("Messe", "Hannover"))
    desk.deliver(mail(70), folder="Hannover")
    fetched: list[int] = []
    fetch = ImapSource.fetch

    def note(self: ImapSource, uids: Sequence[int]) -> Iterator[RawMail]:
        fetched.extend(uids)
        return fetch(self, uids)

    monkeypatch.setattr(ImapSource, "fetch", note)
    if not believed:
        monkeypatch.setattr(MailboxPass, "_is_same", lambda *_: False)
    assert desk.sync()["Hannover"].new == (1 if believed else 31)
    assert copies(desk)[:30] == before
    assert len(desk.subjects("Hannover")) == 31
    assert (len(fetched) <= 13) == believed


def test_the_mail_of_a_folder_that_went_is_taken_away_some_at_a_time(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox_pass, "_COPIES_AT_ONCE", 2)
    desk.server.create("Messe", user=desk.user)
    desk.deliver(*(mail(number) for number in range(5)), folder="Messe")
    desk.sync()
    with desk.server.client(desk.user) as elsewhere:
        ok(elsewhere.delete("Messe"))
    remove = listing.remove_gone_copies

    def remove_and_die(*arguments: object) -> int:
        if len(copies(desk)) < 4:
            raise Killed
        return remove(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(listing, "remove_gone_copies", remove_and_die)
        with pytest.raises(Killed):
            desk.pass_over()
    check(desk.store)
    assert len(copies(desk)) == 3
    desk.sync()
    assert (copies(desk), messages(desk)) == ([], 0)


def test_a_new_uidvalidity_is_taken_over_some_at_a_time_and_survives_a_kill_between(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_visit, "_REMOVED_AT_ONCE", 2)
    desk.deliver(*(mail(number) for number in range(5)))
    desk.sync()
    before = copies(desk)
    expunge(desk, "1")
    desk.server.new_uidvalidity(user=desk.user)
    forget, calls = sync_state.forget_uids, []

    def forget_and_die(*arguments: object) -> int:
        calls.append(arguments)
        if len(calls) > 1:
            raise Killed
        return forget(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(sync_state, "forget_uids", forget_and_die)
        with pytest.raises(Killed):
            desk.pass_over()
    check(desk.store)
    triage.archive(desk.store, Selection(copies=(before[4][0],)), author="anna", now=datetime.now(UTC))
    desk.sync()
    desk.sync()
    assert copies(desk) == before[1:]
    assert desk.subjects("Archiv") == ["Anfrage 0004"]
    assert desk.subjects() == ["Anfrage 0001", "Anfrage 0002", "Anfrage 0003"]


def leave_out_from_the_start(desk: Desk, name: str) -> None:
    """Connect the mailbox anew, without one of its folders."""
    (mailbox,) = mailboxes(desk.store.read)
    source = connection(desk)
    folders = source.folders()
    source.close()
    with desk.store.write() as tx:
        tx.run("DELETE FROM mailbox")
    chosen = frozenset(folder.path for folder in folders if folder.name != name)
    draft = replace(mailbox, id=0, secret=SecretPlace.COMMAND)
    connect(
        desk.store, desk.home, draft, "", datetime.now(UTC) - timedelta(days=1), folders, FolderPlan(chosen)
    )


def test_new_folders_are_synced_but_those_below_one_that_was_left_out(desk: Desk) -> None:
    desk.server.create("Newsletter", user=desk.user)
    leave_out_from_the_start(desk, "Newsletter")
    desk.server.create("Messe", "Newsletter/2027", user=desk.user)
    reports = desk.sync()
    assert "Messe" in reports
    assert "Gesendet" in reports
    assert not {"Newsletter", "Newsletter/2027"} & set(reports)


def rename(desk: Desk, old: str, new: str) -> None:
    with desk.server.client(desk.user) as elsewhere:
        ok(elsewhere.rename(old, new))


@pytest.mark.parametrize("mails", [2, 0])
def test_a_folder_that_was_never_read_stays_left_out_when_it_is_renamed(desk: Desk, mails: int) -> None:
    desk.server.create("Newsletter", user=desk.user)
    desk.deliver(*(mail(number) for number in range(mails)), folder="Newsletter")
    leave_out_from_the_start(desk, "Newsletter")
    desk.sync()
    rename(desk, "Newsletter", "Reklame")
    desk.server.create("Messe", user=desk.user)
    reports = desk.sync()
    assert "Messe" in reports
    assert not {"Newsletter", "Reklame"} & set(reports)
    assert desk.store.read.rows("SELECT name FROM folder WHERE synced = 0 AND gone = 0") == [("Reklame",)]


@pytest.mark.parametrize("mails", [2, 0])
def test_a_new_folder_is_synced_where_all_bear_the_uidvalidity_of_one_that_was_left_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, mails: int
) -> None:
    tell = Folders.statuses

    def same(self: Folders, folders: Sequence[RemoteFolder]) -> dict[str, FolderStatus]:
        return {path: replace(status, uidvalidity=7) for path, status in tell(self, folders).items()}

    monkeypatch.setattr(Folders, "statuses", same)
    desk.server.create("Newsletter", user=desk.user)
    desk.server.create("Presse", user=desk.user)
    desk.deliver(*(mail(number) for number in range(mails)), folder="Newsletter")
    leave_out_from_the_start(desk, "Newsletter")
    with desk.store.write() as tx:
        tx.run("UPDATE folder SET synced = 0 WHERE name = 'Presse'")
    desk.sync()
    with desk.server.client(desk.user) as elsewhere:
        ok(elsewhere.delete("Newsletter"))
    desk.server.create("Messe", user=desk.user)
    desk.deliver(*(mail(number) for number in range(5)), folder="Messe")
    assert desk.sync()["Messe"].new == 5


def test_many_mails_that_went_are_taken_away_and_no_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_visit, "_REMOVED_AT_ONCE", 2)
    desk.deliver(*(mail(number) for number in range(8)))
    expunge(desk, "1:2")
    desk.sync()
    expunge(desk, "2:4")
    desk.deliver(mail(9))
    assert desk.sync()["INBOX"].gone == 3
    assert desk.subjects() == [f"Anfrage {number:04}" for number in (2, 6, 7, 9)]


def connection(desk: Desk) -> ImapSource:
    from app.mail.urls import parse_url

    return ImapSource(parse_url(desk.server.url(user=desk.user)), desk.server.password)
