"""Flags, moves, copies, deletions and appended messages touch exactly the messages named."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.domain.errors import BadInput
from app.domain.mail.messages import Flags
from app.mail.errors import CommandRefused, FolderMissing
from app.mail.imap import changing
from app.mail.imap.source import ImapSource
from app.mail.urls import parse_url
from tests.mail.conftest import Post
from tests.mail.letters import letter, when
from tests.servers.dovecot import Dovecot, ok
from tests.servers.scripted import imap_talk, scripted_server


def archive(source: ImapSource) -> str:
    return next(folder.path for folder in source.folders() if folder.name == "Archiv")


def contents(source: ImapSource, path: str) -> list[bytes]:
    source.select(path)
    return sorted(mail.raw for mail in source.fetch(source.uids()))


def test_flags_are_added_and_taken_away(any_post: Post) -> None:
    any_post.deliver(letter(1), letter(2), letter(3), flags=("\\Seen", "$Label"))
    source = any_post.connect()
    source.select("INBOX")
    source.change_flags([1, 3, 99], ["\\Flagged", "\\Answered"], ["\\Seen"])
    assert source.flags() == {
        1: Flags(flagged=True, answered=True),
        2: Flags(seen=True),
        3: Flags(flagged=True, answered=True),
    }
    with any_post.elsewhere() as client:
        assert b"$Label" in ok(client.fetch("1", "(FLAGS)"))[0]
    source.close()


def test_changing_flags_of_nothing_is_nothing(any_source: ImapSource) -> None:
    any_source.select("INBOX")
    any_source.change_flags([], ["\\Seen"], [])
    any_source.change_flags([4, 5], ["\\Seen"], ["\\Flagged"])


def test_moved_messages_are_in_one_place(any_post: Post) -> None:
    any_post.deliver(letter(1), letter(2), letter(3), flags=("\\Seen",))
    source = any_post.connect()
    target = archive(source)
    source.select("INBOX")
    new_uids = source.move([1, 3, 99], target)
    assert set(new_uids) == {1, 3}
    assert contents(source, "INBOX") == [letter(2)]
    assert contents(source, target) == [letter(1), letter(3)]
    assert sorted(source.flags()) == sorted(new_uids.values())
    assert set(source.flags().values()) == {Flags(seen=True)}
    source.close()


def test_moving_what_is_gone_moves_nothing(any_post: Post) -> None:
    any_post.deliver(letter(1))
    source = any_post.connect()
    target = archive(source)
    source.select("INBOX")
    assert source.move([7, 8], target) == {}
    assert source.move([], target) == {}
    assert contents(source, "INBOX") == [letter(1)]
    source.close()


def test_moving_loses_nothing_when_some_were_deleted_elsewhere_meanwhile(any_post: Post) -> None:
    any_post.deliver(letter(1), letter(2), letter(3), letter(4))
    source = any_post.connect()
    target = archive(source)
    source.select("INBOX")
    with any_post.elsewhere() as client:
        ok(client.uid("STORE", "2", "+FLAGS", "(\\Deleted)"))
        ok(client.expunge())
    source.move([1, 2, 3], target)
    assert contents(source, target) == [letter(1), letter(3)]
    assert contents(source, "INBOX") == [letter(4)]
    source.close()


def test_moving_to_a_missing_folder_leaves_the_message_where_it_is(any_post: Post) -> None:
    any_post.deliver(letter(1))
    source = any_post.connect()
    source.select("INBOX")
    with pytest.raises(FolderMissing):
        source.move([1], any_post.server.setup.prefix + "Fehlt")
    assert source.flags() == {1: Flags()}
    source.close()


def test_copied_messages_are_in_both_places(any_post: Post) -> None:
    any_post.deliver(letter(1), letter(2))
    source = any_post.connect()
    target = archive(source)
    source.select("INBOX")
    assert source.copy([1], target) == {1: 1}
    assert contents(source, target) == [letter(1)]
    assert contents(source, "INBOX") == [letter(1), letter(2)]
    source.close()


def test_exactly_the_named_messages_are_deleted(any_post: Post) -> None:
    any_post.deliver(letter(1), letter(2), letter(3))
    source = any_post.connect()
    source.select("INBOX")
    assert source.delete([1, 3, 99]) == ()
    assert contents(source, "INBOX") == [letter(2)]
    source.close()


def test_what_somebody_else_marked_deleted_stays(any_post: Post) -> None:
    any_post.deliver(letter(1), letter(2), letter(3))
    with any_post.elsewhere() as client:
        ok(client.uid("STORE", "2", "+FLAGS", "(\\Deleted)"))
    source = any_post.connect()
    source.select("INBOX")
    left = source.delete([1])
    flags = source.flags()
    assert flags[2] == Flags(deleted=True)
    assert flags[3] == Flags()
    if "UIDPLUS" in source.capabilities:
        assert left == ()
        assert 1 not in flags
    else:
        assert left == (1,)
        assert flags[1] == Flags(deleted=True)
    source.close()


def test_a_move_without_uidplus_spares_what_somebody_else_marked(servers: Callable[[str], Dovecot]) -> None:
    post = Post(servers("old"), servers("old").new_user())
    post.deliver(letter(1), letter(2))
    with post.elsewhere() as client:
        ok(client.uid("STORE", "2", "+FLAGS", "(\\Deleted)"))
    source = post.connect()
    source.select("INBOX")
    source.move([1], archive(source))
    assert source.flags() == {1: Flags(deleted=True), 2: Flags(deleted=True)}
    assert contents(source, archive(source)) == [letter(1)]
    source.close()


def test_many_messages_are_moved_some_at_a_time(any_post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changing, "COPIES", 3)
    any_post.deliver(*(letter(number) for number in range(1, 9)))
    source = any_post.connect()
    target = archive(source)
    source.select("INBOX")
    source.move(list(range(1, 8)), target)
    assert contents(source, "INBOX") == [letter(8)]
    assert contents(source, target) == sorted(letter(number) for number in range(1, 8))
    source.close()


def test_a_copy_that_was_refused_deletes_nothing() -> None:
    """A server that had not told us of an expunge refuses the copy as a whole; the originals must stay."""
    asked: list[bytes] = []

    def answers(tag: bytes, rest: bytes) -> bytes:
        asked.append(rest)
        if rest == b"CAPABILITY":
            return b"* CAPABILITY IMAP4rev1 UIDPLUS\r\n" + tag + b" OK gut\r\n"
        if rest.startswith(b"UID COPY"):
            return tag + b" NO [EXPUNGEISSUED] Some of the requested messages no longer exist.\r\n"
        return tag + b" OK gut\r\n"

    with scripted_server(imap_talk(answers)) as port:
        source = ImapSource(parse_url(f"imap+insecure://rep@localhost:{port}"), "geheim")
        with pytest.raises(CommandRefused):
            source.move([1, 2], "Archiv")
        source.close()
    assert [line.split(b" ")[0:2] for line in asked if line.startswith(b"UID")] == [[b"UID", b"COPY"]] * 2
    assert not any(b"Deleted" in line or b"EXPUNGE" in line for line in asked)


def test_copied_uids_that_do_not_fit_together_are_not_believed() -> None:
    def answers(tag: bytes, rest: bytes) -> bytes:
        if rest == b"CAPABILITY":
            return b"* CAPABILITY IMAP4rev1 UIDPLUS MOVE\r\n" + tag + b" OK gut\r\n"
        if rest.startswith(b"UID MOVE 1 "):
            return b"* OK [COPYUID 1 1:4294967295 1:4294967295] x\r\n" + tag + b" OK [COPYUID 1 1,2 7] y\r\n"
        if rest.startswith(b"UID MOVE 2 "):
            return b"* OK [COPYUID 1 x y] x\r\n" + tag + b" OK [COPYUID 5] y\r\n"
        return tag + b" OK gut\r\n"

    with scripted_server(imap_talk(answers)) as port:
        source = ImapSource(parse_url(f"imap+insecure://rep@localhost:{port}"), "geheim")
        assert source.move([1], "Archiv") == {}
        assert source.move([2], "Archiv") == {}
        source.close()


def test_an_appended_message_is_stored_as_it_is(any_source: ImapSource) -> None:
    raw = letter(1) + b"\xff\xfe\r\n" + b"x" * 100_000
    when_sent = datetime(2026, 3, 1, 7, 5, 9, tzinfo=UTC)
    path = any_source.create_folder("Ausgang & Größe")
    assert any_source.append(path, raw, ["\\Seen", "\\Answered"], when_sent) == 1
    any_source.select(path)
    (mail,) = any_source.fetch([1])
    assert (mail.raw, mail.flags, mail.arrived) == (raw, Flags(seen=True, answered=True), when_sent)


def test_appending_to_a_missing_folder_is_told(any_post: Post) -> None:
    source = any_post.connect()
    with pytest.raises(FolderMissing):
        source.append(any_post.server.setup.prefix + "Fehlt", letter(), [], when())
    with pytest.raises(FolderMissing):
        source.append(any_post.server.setup.prefix + "Fehlt", letter() + b"x" * 10_000, [], when())
    assert source.append("INBOX", letter(), [], when()) in (1, None)
    source.close()


def test_a_message_with_nul_bytes_is_not_sent(any_source: ImapSource) -> None:
    with pytest.raises(BadInput):
        any_source.append("INBOX", b"a\0b", [], when())


@pytest.mark.parametrize("flag", ["\\Seen) P9 LOGOUT (", "a\r\nb"])
def test_a_flag_cannot_carry_a_command(source: ImapSource, flag: str) -> None:
    source.select("INBOX")
    for attempt in (
        lambda: source.change_flags([1], [flag], []),
        lambda: source.append("INBOX", letter(), [flag], when()),
    ):
        with pytest.raises(BadInput):
            attempt()
    assert source.uids() == []
