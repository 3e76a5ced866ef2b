"""Many messages are fetched and parsed by a process of their own; a refused message is found among many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pytest

from app.domain.mail import Flags
from app.mail.errors import CommandRefused, ConnectionLost
from app.mail.source import RawMail
from app.services.sync import fetching
from app.services.sync import mailbox as mailbox_pass
from app.services.sync.fetching import SourceSpec, batches, own_process
from tests.servers.proxy import Cut, proxy
from tests.services.sync.conftest import Desk, mail


@pytest.fixture(params=[1, 2], ids=["one process", "two processes"])
def always_own_process(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox_pass, "OWN_PROCESS_FROM", 1)
    monkeypatch.setattr(mailbox_pass, "SECOND_PROCESS_FROM", 1 if request.param == 2 else 1_000)
    monkeypatch.setattr(fetching, "BATCH_MAILS", 7)


@pytest.mark.usefixtures("always_own_process")
def test_a_sync_through_a_process_of_its_own_takes_everything_once(desk: Desk) -> None:
    desk.deliver(*(mail(number) for number in range(30)))
    desk.deliver(mail(99), folder="Archiv")
    reports = desk.sync()
    assert (reports["INBOX"].new, reports["Archiv"].new) == (30, 1)
    desk.deliver(mail(40))
    assert desk.sync()["INBOX"].new == 1
    assert len(desk.subjects()) == 31


@pytest.mark.usefixtures("always_own_process")
def test_a_cut_in_the_other_process_is_told_and_the_next_pass_goes_on(desk: Desk) -> None:
    desk.deliver(*(mail(number, body="Wort " * 500) for number in range(30)))
    with proxy(desk.server.port, Cut("server", pattern=b"Anfrage 0012")) as line:
        desk.point_at(line.port)
        assert desk.pass_over().error
        assert line.cuts == 1
        desk.sync()
    assert len(desk.subjects()) == 30


def test_a_folder_that_is_refused_does_not_end_the_process(desk: Desk) -> None:
    desk.deliver(mail(1))
    spec = SourceSpec(desk.server.url(user=desk.user), desk.server.password, None, desk.home.data)
    with own_process(spec) as fetcher:
        with pytest.raises(Exception, match=r"(?i)folder|mailbox"):
            list(fetcher.batches("Fehlt", [1]))
        (batch,) = fetcher.batches("INBOX", [1])
        assert [arrived.mail.subject for arrived in batch.mails] == ["Anfrage 0001"]


class Stubborn:
    """A source that refuses every request in which message 13 is asked for: no real server does so on demand."""

    def fetch(self, uids: Sequence[int]) -> Iterator[RawMail]:
        if 13 in uids:
            raise CommandRefused("message 13 is damaged")
        for uid in uids:
            yield RawMail(uid, Flags(), datetime(2026, 11, 20, tzinfo=UTC), mail(uid))


def test_one_message_that_is_refused_is_passed_over_with_its_reason() -> None:
    found = list(batches(Stubborn(), range(40)))  # type: ignore[arg-type]
    uids = sorted(arrived.uid for batch in found for arrived in batch.mails)
    assert uids == [uid for uid in range(40) if uid != 13]
    (skipped,) = [skipped for batch in found for skipped in batch.skipped]
    assert skipped.uid == 13
    assert "damaged" in skipped.reason


def test_a_broken_connection_is_no_reason_to_pass_mail_over() -> None:
    class Broken(Stubborn):
        def fetch(self, uids: Sequence[int]) -> Iterator[RawMail]:
            raise ConnectionLost

    with pytest.raises(ConnectionLost):
        list(batches(Broken(), range(40)))  # type: ignore[arg-type]
