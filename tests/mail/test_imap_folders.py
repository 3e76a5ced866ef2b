"""Folders of any name and nesting are listed with their roles and states, in one round trip where it can be done."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import pytest

from app.domain.errors import BadInput
from app.domain.mail.messages import RemoteFolder, Role
from app.mail.errors import CommandRefused, FolderMissing
from app.mail.imap.source import ImapSource
from app.mail.urls import parse_url
from tests.mail.conftest import Post
from tests.mail.letters import letter, when
from tests.servers.dovecot import Dovecot, dovecot
from tests.servers.proxy import proxy
from tests.servers.scripted import imap_talk, scripted_server

ODD_NAMES = [
    'Angebote "neu"',
    "Rück\\lauf",
    "Müller & Söhne",
    "Kunden/Süd/Ulm",
    "100%",
    "Größe *",
    "[alt]",
    "{5}",
    "NIL",
    "42",
]


def by_name(source: ImapSource) -> dict[str, RemoteFolder]:
    return {folder.name: folder for folder in source.folders()}


def test_special_folders_are_found_by_the_servers_word_or_by_name(any_source: ImapSource) -> None:
    folders = by_name(any_source)
    roles = {name: folder.role for name, folder in folders.items()}
    assert roles == {
        "INBOX": Role.INBOX,
        "Gesendet": Role.SENT,
        "Entwürfe": Role.DRAFTS,
        "Papierkorb": Role.TRASH,
        "Spam": Role.JUNK,
        "Archiv": Role.ARCHIVE,
    }


def test_odd_names_are_created_listed_and_opened(any_source: ImapSource) -> None:
    for number, name in enumerate(ODD_NAMES):
        path = any_source.create_folder(name)
        any_source.append(path, letter(number), [], when())
        assert by_name(any_source)[name].path == path
        assert any_source.select(path).status.messages == 1
        assert any_source.statuses([by_name(any_source)[name]])[path].messages == 1
    statuses = any_source.statuses(any_source.folders())
    assert sum(status.messages for status in statuses.values()) == len(ODD_NAMES)


def test_a_parent_that_holds_no_mail_is_not_selectable(any_post: Post) -> None:
    setup = any_post.server.setup
    child = setup.separator.join((f"{setup.prefix}Kunden", "Ulm"))
    any_post.server.create(child, user=any_post.user)
    source = any_post.connect()
    folders = by_name(source)
    assert folders["Kunden/Ulm"].selectable
    if "Kunden" in folders:
        assert not folders["Kunden"].selectable
        assert folders["Kunden"].path not in source.statuses(list(folders.values()))
    source.close()


@contextlib.contextmanager
def listing(*lines: bytes) -> Iterator[dict[str, RemoteFolder]]:
    """What we make of a server's answers to LIST."""

    def answers(tag: bytes, rest: bytes) -> bytes:
        if rest.startswith(b"LIST"):
            return b"".join(b"* LIST %s\r\n" % line for line in lines) + tag + b" OK gut\r\n"
        return b"* CAPABILITY IMAP4rev1\r\n" + tag + b" OK gut\r\n"

    with scripted_server(imap_talk(answers)) as port:
        source = ImapSource(parse_url(f"imap+insecure://rep@localhost:{port}"), "geheim")
        yield {folder.path: folder for folder in source.folders()}
        source.close()


def test_a_noselect_parent_has_no_role() -> None:
    with listing(b'(\\Noselect) "/" Sent', b'() "/" "Sent/Gesendet"', b"() NIL Gesendet") as folders:
        assert (folders["Sent"].role, folders["Sent"].selectable) == (Role.NONE, False)
        assert (folders["Gesendet"].role, folders["Gesendet"].delimiter) == (Role.SENT, "")


def test_names_in_any_notation_are_read() -> None:
    with listing(
        b'() "." "Q1/Q2"',
        b'() "\\\\" "A\\\\B"',
        b'() "." {4}\r\na"b\\',
        b'() "/" NIL',
        b'() "/" Gr\xc3\xb6\xc3\x9fe',
    ) as folders:
        assert [folder.name for folder in folders.values()] == ["Q1/Q2", "A/B", 'a"b\\', "NIL", "Größe"]
        assert [folder.path for folder in folders.values()][-1] == "Gr\xc3\xb6\xc3\x9fe"


def test_creating_a_folder_twice_is_no_error(any_source: ImapSource) -> None:
    assert any_source.create_folder("Kunden") == any_source.create_folder("Kunden")


def test_a_created_folder_is_subscribed_for_other_clients(post: Post, source: ImapSource) -> None:
    source.create_folder("Aufträge")
    with post.elsewhere(None) as client:
        assert b"Auftr&AOQ-ge" in b" ".join(client.lsub()[1])


def test_a_level_cannot_hold_the_separator(servers: Callable[[str], Dovecot]) -> None:
    post = Post(servers("old"), servers("old").new_user())
    source = post.connect()
    with pytest.raises(BadInput):
        source.create_folder("Meier & Co.")
    source.close()


def test_the_namespace_prefix_is_added_once(servers: Callable[[str], Dovecot]) -> None:
    post = Post(servers("old"), servers("old").new_user())
    source = post.connect()
    assert source.create_folder("Kunden") == source.create_folder("INBOX/Kunden") == "INBOX.Kunden"
    source.close()


def test_folders_and_their_states_cost_one_round_trip(post: Post) -> None:
    post.deliver(letter())
    with proxy(post.server.port) as between:
        source = post.connect(port=between.port)
        source.folders()
        between.forget()
        folders = source.folders()
        statuses = source.statuses(folders)
        assert len(between.client_lines) == 1
        assert statuses["INBOX"].messages == 1
        assert set(statuses) == {folder.path for folder in folders}
        source.close()


def test_states_are_asked_for_anew_after_something_was_done(post: Post, source: ImapSource) -> None:
    folders = source.folders()
    source.append("INBOX", letter(), [], when())
    assert source.statuses(folders)["INBOX"].messages == 1
    post.deliver(letter(2))
    assert source.statuses(folders)["INBOX"].messages == 2


def test_states_tell_what_changed(any_post: Post) -> None:
    any_post.deliver(letter(1), letter(2), flags=("\\Seen",))
    any_post.deliver(letter(3))
    source = any_post.connect()
    folders = source.folders()
    before = source.statuses(folders)["INBOX"]
    assert (before.messages, before.unseen, before.uidnext) == (3, 1, 4)
    assert (before.highestmodseq is not None) == source.can_condstore
    with any_post.elsewhere() as client:
        client.uid("STORE", "3", "+FLAGS", "(\\Seen)")
    after = source.statuses(folders)["INBOX"]
    assert after.unseen == 0
    assert after.uidvalidity == before.uidvalidity > 0
    if source.can_condstore:
        assert (after.highestmodseq or 0) > (before.highestmodseq or 0)
    source.close()


def test_a_folder_that_refuses_is_left_out_of_the_states(any_source: ImapSource) -> None:
    folders = any_source.folders()
    gone = RemoteFolder("Verschwunden", "Verschwunden", Role.NONE, selectable=True)
    foreign = RemoteFolder("Ausl\xe4nder", "Ausländer", Role.NONE, selectable=True)
    assert set(any_source.statuses([*folders, gone, foreign])) == {folder.path for folder in folders}
    assert any_source.statuses([gone]) == {}


def test_a_missing_folder_is_told_and_the_connection_goes_on(any_source: ImapSource) -> None:
    with pytest.raises(FolderMissing):
        any_source.select("Verschwunden")
    assert any_source.select("INBOX").status.messages == 0


@pytest.fixture(scope="module")
def guarded() -> Iterator[Dovecot]:
    with dovecot(acl=True, quota="100k") as server:
        yield server


def test_a_folder_that_we_may_not_open_is_refused_by_name(guarded: Dovecot) -> None:
    post = Post(guarded, guarded.new_user())
    guarded.create("Leitung", user=post.user)
    guarded.deny("Leitung", "l", post.user)
    source = post.connect()
    with pytest.raises(CommandRefused) as caught:
        source.select("Leitung")
    assert caught.value.code == "NOPERM"
    assert "Leitung" not in source.statuses(source.folders())
    assert source.select("INBOX").status.messages == 0
    source.close()


def test_a_full_mailbox_refuses_by_name(guarded: Dovecot) -> None:
    post = Post(guarded, guarded.new_user())
    source = post.connect()
    with pytest.raises(CommandRefused) as caught:
        source.append("INBOX", letter() + b"x" * 200_000, [], when())
    assert caught.value.code == "OVERQUOTA"
    assert source.append("INBOX", letter(), [], when()) == 1
    source.close()
