"""Many messages are fetched and parsed by processes of their own, folder after folder, while others are written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.mail.errors import CommandRefused
from app.mail.source import MailSource
from app.services.sync import folder as folder_visit
from app.services.sync import mailbox as mailbox_pass
from app.services.sync import team as teamwork
from app.services.sync.fetching import SourceSpec
from app.services.sync.mailbox import MailboxPass, MailboxToSync
from app.services.sync.team import hired, own_process
from app.store.sync import sync_state
from tests.servers.dovecot import ok
from tests.servers.proxy import Cut, proxy
from tests.services.sync.conftest import Desk, mail

TEAMS = {"no process": (1_000, 1_000), "one process": (1, 1_000), "two processes": (1, 1)}


@pytest.fixture(params=TEAMS)
def small_rounds(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Little mail is treated as much."""
    first, second = TEAMS[request.param]
    monkeypatch.setattr(mailbox_pass, "OWN_PROCESS_FROM", first)
    monkeypatch.setattr(mailbox_pass, "SECOND_PROCESS_FROM", second)
    monkeypatch.setattr(folder_visit, "FIRST_ROUND", 3)
    monkeypatch.setattr(teamwork, "BATCH_MAILS", 7)


def spec_of(desk: Desk) -> SourceSpec:
    return SourceSpec(desk.server.url(user=desk.user), desk.server.password, None, desk.home.data)


def uidvalidity(desk: Desk, path: str) -> int:
    source = spec_of(desk).open()
    try:
        return source.select(path).status.uidvalidity
    finally:
        source.close()


def make_anew(desk: Desk, name: str, *messages: bytes) -> None:
    """Delete a folder and create it again, with other mail."""
    with desk.server.client(user=desk.user) as client:
        ok(client.delete(name))
        ok(client.create(name))
    desk.deliver(*messages, folder=name)


@pytest.mark.usefixtures("small_rounds")
def test_a_sync_in_several_rounds_takes_everything_once(desk: Desk) -> None:
    desk.deliver(*(mail(number) for number in range(30)))
    desk.deliver(*(mail(100 + number) for number in range(20)), folder="Archiv")
    desk.deliver(mail(99), folder="Gesendet")
    reports = desk.sync()
    assert {name: report.new for name, report in reports.items() if report.new} == {
        "INBOX": 30,
        "Archiv": 20,
        "Gesendet": 1,
    }
    desk.deliver(mail(40))
    assert desk.sync()["INBOX"].new == 1
    assert len(desk.subjects()) == 31


@pytest.mark.usefixtures("small_rounds")
def test_a_cut_while_the_rest_is_fetched_is_told_and_the_next_pass_goes_on(desk: Desk) -> None:
    desk.deliver(*(mail(number, body="Wort " * 500) for number in range(30)))
    with proxy(desk.server.port, Cut("server", pattern=b"Anfrage 0012")) as line:
        desk.point_at(line.port)
        assert desk.pass_over().error
        assert line.cuts == 1
        desk.sync()
    assert len(desk.subjects()) == 30


def pass_with(desk: Desk, between: Callable[[MailSource], None], folder: str = "INBOX") -> MailboxPass:
    """A pass in which something happens as soon as the first round over a folder is done."""
    source = spec_of(desk).open()
    happened = False

    def breathe() -> bool:
        nonlocal happened
        if not happened and desk.subjects(folder):
            happened = True
            between(source)
        return True

    wanted = MailboxToSync(1, "vertrieb", spec_of(desk))
    return MailboxPass(desk.store, wanted, source, lambda: datetime.now(UTC), breathe)


@pytest.mark.usefixtures("small_rounds")
def test_a_folder_made_anew_between_two_rounds_is_read_again(desk: Desk) -> None:
    desk.deliver(mail(99))
    desk.deliver(*(mail(number) for number in range(10)), folder="Archiv")
    new = [mail(50 + number) for number in range(10)]
    pass_with(desk, lambda _source: make_anew(desk, "Archiv", *new), "Archiv").run()
    desk.sync()
    assert desk.subjects("Archiv") == [f"Anfrage {number:04}" for number in range(50, 60)]


@pytest.mark.usefixtures("small_rounds")
def test_uids_that_somebody_else_has_forgotten_meanwhile_are_not_written(desk: Desk) -> None:
    desk.deliver(*(mail(number) for number in range(10)), folder="Archiv")

    def remake_and_look(source: MailSource) -> None:
        make_anew(desk, "Archiv", *(mail(50 + number) for number in range(10)))
        MailboxPass(
            desk.store,
            MailboxToSync(1, "vertrieb", spec_of(desk)),
            source,
            lambda: datetime.now(UTC),
            lambda: True,
        ).visit("Archiv")

    report = pass_with(desk, remake_and_look, "Archiv").run()
    assert "made anew" in next(folder.error for folder in report.folders if folder.name == "Archiv")
    assert desk.subjects("Archiv") == [f"Anfrage {number:04}" for number in range(50, 60)]


@pytest.mark.usefixtures("small_rounds")
def test_a_wish_to_compare_everything_again_survives_the_rest_of_the_visit(desk: Desk) -> None:
    desk.deliver(*(mail(number) for number in range(10)))

    def wish(_source: MailSource) -> None:
        with desk.store.write() as tx:
            sync_state.compare_again(tx, state_of_inbox().id)

    def state_of_inbox() -> sync_state.KnownFolder:
        return sync_state.known_folders(desk.store.read, 1)[0]

    assert pass_with(desk, wish).run().done
    assert state_of_inbox().state.complete
    assert state_of_inbox().state.highestmodseq is None


def test_folders_are_ordered_ahead_and_come_in_their_order(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teamwork, "BATCH_MAILS", 2)
    desk.deliver(*(mail(number) for number in range(8)))
    desk.deliver(mail(98), mail(99), folder="Archiv")
    with hired(spec_of(desk), 2) as team:
        assert team.is_ready(wait=True)
        inbox = team.order("INBOX", uidvalidity(desk, "INBOX"), range(8, 0, -1))
        archive = team.order("Archiv", uidvalidity(desk, "Archiv"), [2, 1])
        came = [[arrived.uid for batch in order for arrived in batch.mails] for order in (inbox, archive)]
    assert [sorted(uids) for uids in came] == [list(range(1, 9)), [1, 2]]


def test_an_order_that_is_given_up_half_way_is_dropped(desk: Desk) -> None:
    desk.deliver(*(mail(number) for number in range(5)))
    desk.deliver(mail(99), folder="Archiv")
    with hired(spec_of(desk), 1) as team:
        assert team.is_ready(wait=True)
        next(team.order("INBOX", uidvalidity(desk, "INBOX"), [1, 2, 3]))
        (batch,) = team.order("Archiv", uidvalidity(desk, "Archiv"), [1])
    assert [arrived.mail.subject for arrived in batch.mails] == ["Anfrage 0099"]


def test_a_large_order_does_not_wait_for_a_busy_process(desk: Desk) -> None:
    with proxy(desk.server.port, Cut("server", after_bytes=1, how="stall")) as line:
        url = f"imap+insecure://{desk.user}@localhost:{line.port}"
        with own_process(SourceSpec(url, desk.server.password, None, desk.home.data)) as fetcher:
            fetcher.batches("INBOX", 1, range(100_000))
            assert not fetcher.is_open(wait=False)


def test_a_folder_that_is_refused_or_made_anew_does_not_end_the_process(desk: Desk) -> None:
    desk.deliver(mail(1))
    validity = uidvalidity(desk, "INBOX")
    with hired(spec_of(desk), 1) as team:
        assert team.is_ready(wait=True)
        with pytest.raises(Exception, match=r"(?i)folder|mailbox"):
            list(team.order("Fehlt", 1, [1]))
        with pytest.raises(CommandRefused, match="made anew"):
            list(team.order("INBOX", validity + 1, [1]))
        (batch,) = team.order("INBOX", validity, [1])
    assert [arrived.mail.subject for arrived in batch.mails] == ["Anfrage 0001"]


def test_a_server_that_allows_one_connection_only_is_synced_over_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox_pass, "OWN_PROCESS_FROM", 1)
    monkeypatch.setattr(folder_visit, "FIRST_ROUND", 1)
    desk.deliver(mail(1), mail(2), mail(3))
    source = spec_of(desk).open()
    refused = SourceSpec(desk.server.url(user=desk.user), "wrong", None, desk.home.data)
    wanted = MailboxToSync(1, "vertrieb", refused)
    report = MailboxPass(desk.store, wanted, source, lambda: datetime.now(UTC), lambda: False).run()
    source.close()
    assert report.done
    assert len(desk.subjects()) == 3
