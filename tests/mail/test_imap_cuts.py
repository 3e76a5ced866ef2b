"""A connection cut at any step is named as such; no step loses a message, and a new connection goes on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.domain.mail.messages import Flags
from app.mail.errors import ConnectionFailed, ConnectionLost, MailError
from app.mail.imap.source import ImapSource
from app.mail.source import Since
from tests.mail.conftest import Post
from tests.mail.letters import letter, when
from tests.servers.dovecot import Dovecot
from tests.servers.proxy import Cut, How, proxy

STEPS: dict[str, Callable[[ImapSource], object]] = {
    "NAMESPACE": lambda source: source.folders(),
    "LIST": lambda source: source.folders(),
    "STATUS": lambda source: [source.statuses([folder]) for folder in source.folders()],
    "SELECT": lambda source: source.select("INBOX"),
    "EXAMINE": lambda source: source.select("INBOX", Since(1, 1, 1), readonly=True),
    "UID SEARCH": lambda source: (source.select("INBOX"), source.uids()),
    "UID FETCH": lambda source: (source.select("INBOX"), list(source.fetch([1, 2, 3]))),
    "(FLAGS)": lambda source: (source.select("INBOX"), source.flags()),
    "HEADER": lambda source: (source.select("INBOX"), source.find_message_id("<1@kunde.example>")),
    "UID STORE": lambda source: (source.select("INBOX"), source.change_flags([1], ["\\Seen"], [])),
    "UID COPY": lambda source: (source.select("INBOX"), source.copy([1], target(source))),
    "UID MOVE": lambda source: (source.select("INBOX"), source.move([1], target(source))),
    "EXPUNGE": lambda source: (source.select("INBOX"), source.delete([1])),
    "APPEND": lambda source: source.append("INBOX", letter(9) + b"x" * 9000, [], when()),
    "CREATE": lambda source: source.create_folder("Kunden"),
}


def target(source: ImapSource) -> str:
    return next(folder.path for folder in source.folders() if folder.name == "Archiv")


def everywhere(source: ImapSource) -> list[bytes]:
    """All messages of the mailbox that are not marked deleted."""
    found = []
    for folder in source.folders():
        source.select(folder.path, readonly=True)
        found += [mail.raw for mail in source.fetch(source.uids()) if not mail.flags.deleted]
    return found


@pytest.mark.parametrize("how", ["close", "reset"])
@pytest.mark.parametrize("step", STEPS)
def test_a_cut_at_any_step_is_told_and_loses_nothing(any_post: Post, step: str, how: How) -> None:
    any_post.deliver(letter(1), letter(2), letter(3))
    with proxy(
        any_post.server.port, Cut("client", pattern=step.encode(), how=how, inclusive=False)
    ) as between:
        source = any_post.connect(port=between.port)
        if step != "UID MOVE" or source.can_move:
            with pytest.raises(ConnectionLost):
                STEPS[step](source)
            assert between.cuts == 1
            with pytest.raises(ConnectionLost):
                source.select("INBOX")
        source.close()
    again = any_post.connect()
    assert set(everywhere(again)) >= {letter(2), letter(3)}
    assert (letter(1) in everywhere(again)) == (step != "EXPUNGE")
    again.close()


@pytest.mark.parametrize(
    "step", ["LIST", "SELECT", "UID SEARCH", "UID FETCH", "UID STORE", "UID MOVE", "APPEND"]
)
def test_an_answer_that_never_comes_is_told(any_post: Post, step: str) -> None:
    """The command arrived and may have been carried out; only the answer is missing."""
    any_post.deliver(letter(1), letter(2), letter(3))
    with proxy(any_post.server.port) as between:
        source = any_post.connect(port=between.port)
        source.select("INBOX")
        folder = target(source)
        source.select("INBOX")
        between.cut = Cut("server", after_bytes=0)
        attempts: dict[str, Callable[[], object]] = {
            "LIST": source.folders,
            "SELECT": lambda: source.select("INBOX"),
            "UID SEARCH": source.uids,
            "UID FETCH": lambda: list(source.fetch([1, 2, 3])),
            "UID STORE": lambda: source.change_flags([1], ["\\Seen"], []),
            "UID MOVE": lambda: source.move([1], folder),
            "APPEND": lambda: source.append("INBOX", letter(9), [], when()),
        }
        with pytest.raises(ConnectionLost):
            attempts[step]()
    again = any_post.connect()
    assert set(everywhere(again)) >= {letter(1), letter(2), letter(3)}
    again.close()


def test_a_cut_at_any_byte_of_the_login_is_named(post: Post) -> None:
    with proxy(post.server.port) as between:
        post.connect(port=between.port).close()
        length = between.server_bytes
    for at in range(0, length - 60, 37):  # the last bytes are the goodbye
        with proxy(post.server.port, Cut("server", after_bytes=at)) as between:
            with pytest.raises(MailError) as caught:
                post.connect(port=between.port).folders()
            assert isinstance(caught.value, ConnectionLost | ConnectionFailed), at


def test_a_cut_at_any_byte_of_an_encrypted_connection_is_named(post: Post) -> None:
    for at in (0, 100, 1200, 2000):
        with (
            proxy(post.server.tls_port, Cut("server", after_bytes=at, how="reset")) as between,
            pytest.raises(MailError),
        ):
            post.connect("imaps", port=between.port).folders()


def test_messages_read_before_a_cut_are_whole_and_the_rest_comes_later(post: Post) -> None:
    messages = {number: letter(number, "x" * 3000 * number) for number in range(1, 9)}
    post.deliver(*messages.values())
    for at in (500, 4000, 20_000, 60_000):
        with proxy(post.server.port) as between:
            source = post.connect(port=between.port)
            source.select("INBOX")
            between.cut = Cut("server", after_bytes=between.server_bytes + at)
            got: dict[int, bytes] = {}
            with pytest.raises(ConnectionLost):
                got.update((mail.uid, mail.raw) for mail in source.fetch(list(messages)))
        source = post.connect()
        source.select("INBOX")
        assert len(got) < len(messages)
        for mail in source.fetch([uid for uid in messages if uid not in got]):
            got[mail.uid] = mail.raw
        assert got == messages
        source.close()


def test_a_move_cut_between_copy_and_delete_leaves_the_message_in_both_places(
    servers: Callable[[str], Dovecot],
) -> None:
    post = Post(servers("old"), servers("old").new_user())
    post.deliver(letter(1))
    with proxy(post.server.port, Cut("client", pattern=b"UID STORE", inclusive=False)) as between:
        source = post.connect(port=between.port)
        folder = target(source)
        source.select("INBOX")
        with pytest.raises(ConnectionLost):
            source.move([1], folder)
    again = post.connect()
    for path in ("INBOX", folder):
        again.select(path)
        assert [(mail.raw, mail.flags) for mail in again.fetch(again.uids())] == [(letter(1), Flags())]
    again.close()
