"""What the sync reads: new messages, flags, what vanished and what changed, on servers old and new."""

from __future__ import annotations

import imaplib
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from app.domain.mail.messages import Flags
from app.mail.errors import CommandRefused, ConnectionLost
from app.mail.imap.fetching import PORTION
from app.mail.imap.source import ImapSource
from app.mail.source import Since
from tests.mail.conftest import Post
from tests.mail.letters import letter, when
from tests.servers.dovecot import Dovecot, ok


def since(source: ImapSource, path: str = "INBOX") -> Since:
    status = source.select(path).status
    return Since(status.uidvalidity, status.highestmodseq, status.uidnext)


def test_messages_arrive_byte_by_byte_with_flags_and_time(any_post: Post) -> None:
    odd = b"Subject: \xff\x00ab\r\n\r\nP1 OK\r\n)\r\n* 1 EXPUNGE\r\n".replace(b"\x00", b"")
    messages = [letter(1), odd, b"X: \r\n\r\n" + b"a" * 300_000, b"\r\n"]
    any_post.deliver(*messages, flags=("\\Seen", "$Label1"))
    any_post.deliver(letter(5), flags=("\\Flagged", "\\Answered"))
    source = any_post.connect()
    assert source.select("INBOX").status.messages == 5
    mails = {mail.uid: mail for mail in source.fetch(source.uids())}
    assert [mails[uid].raw for uid in sorted(mails)] == [*messages, letter(5)]
    assert mails[1].flags == Flags(seen=True)
    assert mails[5].flags == Flags(flagged=True, answered=True)
    assert mails[1].arrived == datetime(2026, 11, 20, 9, 41, tzinfo=UTC)
    source.close()


def test_newest_first_and_more_than_one_portion(any_post: Post) -> None:
    count = 2 * PORTION + 7
    any_post.deliver(*(letter(number) for number in range(1, count + 1)))
    source = any_post.connect()
    source.select("INBOX")
    uids = source.uids()
    assert uids == list(range(1, count + 1))
    mails = {mail.uid: mail.raw for mail in source.fetch(uids[::-1])}
    assert mails == {number: letter(number) for number in range(1, count + 1)}
    source.close()


def test_fetching_leaves_mail_unread(any_post: Post) -> None:
    any_post.deliver(letter())
    source = any_post.connect()
    source.select("INBOX")
    assert [mail.flags.seen for mail in source.fetch([1])] == [False]
    assert source.flags() == {1: Flags()}
    source.close()


def test_messages_that_vanished_meanwhile_are_left_out(any_post: Post) -> None:
    any_post.deliver(letter(1), letter(2), letter(3))
    source = any_post.connect()
    source.select("INBOX")
    with any_post.elsewhere() as client:
        ok(client.store("2", "+FLAGS", "(\\Deleted)"))
        ok(client.expunge())
    assert [mail.uid for mail in source.fetch([1, 2, 3, 99])] == [1, 3]
    source.close()


def test_an_empty_folder_has_nothing(any_source: ImapSource) -> None:
    any_source.select("INBOX")
    assert any_source.uids() == []
    assert any_source.uids(date(2026, 1, 1)) == []
    assert any_source.flags() == {}
    assert list(any_source.fetch([])) == []
    assert any_source.find_message_id("<x@y.example>") == []


def test_only_mail_that_arrived_since_a_day_is_asked_for(any_post: Post) -> None:
    for day in (1, 10, 20):
        any_post.server.deliver(
            letter(day), arrived=datetime(2026, 11, day, 12, tzinfo=UTC), user=any_post.user
        )
    source = any_post.connect()
    source.select("INBOX")
    assert source.uids(date(2026, 11, 10)) == [2, 3]
    source.close()


def test_flags_of_some_messages_are_told(any_post: Post) -> None:
    any_post.deliver(letter(1), letter(2), letter(3), flags=("\\Seen",))
    source = any_post.connect()
    source.select("INBOX")
    assert source.flags([1, 3, 77]) == {1: Flags(seen=True), 3: Flags(seen=True)}
    source.close()


@pytest.mark.parametrize("kind", ["full", "condstore"])
def test_a_flag_change_made_elsewhere_arrives_alone(kind: str, servers: Callable[[str], Dovecot]) -> None:
    post = Post(servers(kind), servers(kind).new_user())
    post.deliver(letter(1), letter(2), letter(3))
    source = post.connect()
    known = since(source)
    with post.elsewhere() as client:
        ok(client.uid("STORE", "2", "+FLAGS", "(\\Flagged $Label)"))
    assert source.select("INBOX").status.highestmodseq != known.highestmodseq
    assert source.flags(changed_since=known.highestmodseq) == {2: Flags(flagged=True)}
    source.close()


def test_changes_cannot_be_asked_for_where_none_are_recorded(servers: Callable[[str], Dovecot]) -> None:
    post = Post(servers("old"), servers("old").new_user())
    source = post.connect()
    source.select("INBOX")
    with pytest.raises(CommandRefused):
        source.flags(changed_since=1)
    source.close()


def test_all_that_happened_comes_with_opening_the_folder(post: Post, source: ImapSource) -> None:
    post.deliver(*(letter(number) for number in range(1, 7)))
    known = since(source)
    with post.elsewhere() as client:
        ok(client.uid("STORE", "1", "+FLAGS", "(\\Seen)"))
        ok(client.uid("STORE", "2:3,5", "+FLAGS", "(\\Deleted)"))
        ok(client.expunge())
    post.deliver(letter(7), flags=("\\Draft",))
    selected = source.select("INBOX", known)
    assert selected.vanished == (2, 3, 5)
    assert selected.changed == {1: Flags(seen=True), 7: Flags(draft=True)}
    assert (selected.status.messages, selected.status.uidnext) == (4, 8)


def test_nothing_new_is_told_as_nothing(post: Post, source: ImapSource) -> None:
    post.deliver(letter())
    known = since(source)
    selected = source.select("INBOX", known)
    assert (selected.vanished, selected.changed) == ((), {})


def test_without_qresync_opening_the_folder_tells_nothing_of_the_past(
    servers: Callable[[str], Dovecot],
) -> None:
    for kind in ("condstore", "old"):
        post = Post(servers(kind), servers(kind).new_user())
        post.deliver(letter())
        source = post.connect()
        selected = source.select("INBOX", since(source))
        assert (selected.vanished, selected.changed) == (None, None)
        source.close()


def test_switching_folders_mixes_nothing_up(post: Post, source: ImapSource) -> None:
    post.deliver(letter(1), letter(2))
    post.deliver(letter(3), folder="Archiv")
    inbox, archive = since(source), since(source, "Archiv")
    with post.elsewhere() as client:
        ok(client.uid("STORE", "1", "+FLAGS", "(\\Deleted)"))
        ok(client.expunge())
    with post.elsewhere("Archiv") as client:
        ok(client.uid("STORE", "1", "+FLAGS", "(\\Seen)"))
    for _ in range(2):
        selected = source.select("INBOX", inbox)
        assert (selected.vanished, selected.changed, selected.status.messages) == ((1,), {}, 1)
        selected = source.select("Archiv", archive)
        assert (selected.vanished, selected.changed) == ((), {1: Flags(seen=True)})
        assert selected.status.messages == 1


def test_a_folder_numbered_afresh_is_noticed(any_post: Post) -> None:
    any_post.deliver(letter(1), letter(2))
    source = any_post.connect()
    known = since(source)
    source.close()
    any_post.server.new_uidvalidity(user=any_post.user)
    source = any_post.connect()
    selected = source.select("INBOX", known)
    assert selected.status.uidvalidity != known.uidvalidity
    assert (selected.vanished, selected.changed) == (None, None)
    assert source.statuses(source.folders())["INBOX"].uidvalidity == selected.status.uidvalidity
    source.close()


def test_a_message_is_found_by_its_whole_id_only(any_post: Post) -> None:
    ids = [
        "<a.1@firma.example>",
        "<a.12@firma.example>",
        "<x<a.1@firma.example>>",
        '<"q\\"b c"@firma.example>',
    ]
    any_post.deliver(*(letter(number, message_id=text) for number, text in enumerate(ids)))
    any_post.deliver(letter(9).replace(b"Message-ID: ", b"message-id:\r\n  "))
    source = any_post.connect()
    source.select("INBOX")
    assert source.find_message_id(ids[0]) == [1]
    assert source.find_message_id(ids[3]) == [4]
    assert source.find_message_id("<9@kunde.example>") == [5]
    assert source.find_message_id("<a.@firma.example>") == []
    assert source.find_message_id("<ü@firma.example>") == []
    assert source.find_message_id("") == []
    assert source.find_message_id("<a\r\nP1 LOGOUT>") == []
    source.close()


def test_a_read_only_folder_refuses_changes_and_the_connection_goes_on(any_post: Post) -> None:
    any_post.deliver(letter())
    source = any_post.connect()
    source.select("INBOX", readonly=True)
    attempts: list[Callable[[], object]] = [
        lambda: source.delete([1]),
        lambda: source.move([1], "INBOX"),
        lambda: source.change_flags([1], ["\\Seen"], []),
    ]
    for attempt in attempts:
        with pytest.raises(CommandRefused, match="read-only"):
            attempt()
    assert source.flags() == {1: Flags()}
    source.close()


def test_an_interrupted_fetch_raises_instead_of_waiting(any_post: Post) -> None:
    any_post.deliver(*(letter(number, "x" * 40_000) for number in range(30)))
    source = any_post.connect()
    source.select("INBOX")
    mails = source.fetch(source.uids())
    next(mails)
    source.interrupt()
    with pytest.raises(ConnectionLost):
        list(mails)
    with pytest.raises(ConnectionLost):
        source.append("INBOX", letter(), [], when())


def test_a_second_connection_sees_what_the_first_did(any_post: Post) -> None:
    any_post.deliver(letter(1), letter(2))
    one, two = any_post.connect(), any_post.connect()
    one.select("INBOX")
    two.select("INBOX")
    one.change_flags([1], ["\\Seen"], [])
    two.change_flags([1], ["\\Flagged"], [])
    assert two.flags() == {1: Flags(seen=True, flagged=True), 2: Flags()}
    one.close()
    two.close()


def test_imaplib_is_not_told_to_log_every_byte() -> None:
    assert imaplib.Debug == 0
