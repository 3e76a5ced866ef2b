"""A server that says what cannot be: the pass is bounded, tells what is wrong, and the store stays whole."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.mail.accounts import Mailbox, SecretPlace
from app.domain.mail.sync import MailboxReport
from app.mail.imap import folders, session
from app.mail.open import open_source
from app.services.sync.fetching import SourceSpec
from app.services.sync.mailbox import MailboxPass, MailboxToSync
from app.services.sync.run import sync_once
from app.settings import Home
from app.store.database import Store
from app.store.mail.mailboxes import add_mailbox
from tests.servers.scripted import imap_talk, scripted_server
from tests.services.sync.conftest import mail
from tests.store.invariants import check

Say = Callable[[bytes], bytes | None]


def honest(rest: bytes) -> bytes:
    """What a plain server with one folder and two mails says to a command."""
    word = rest.upper()
    if word.startswith(b"CAPABILITY"):
        return b"* CAPABILITY IMAP4rev1\r\n"
    if word.startswith(b"LIST"):
        return b'* LIST () "/" INBOX\r\n'
    if word.startswith(b"STATUS"):
        return b"* STATUS INBOX (MESSAGES 2 UIDNEXT 3 UIDVALIDITY 7 UNSEEN 0)\r\n"
    if word.startswith((b"SELECT", b"EXAMINE")):
        return b"* 2 EXISTS\r\n* OK [UIDVALIDITY 7]\r\n* OK [UIDNEXT 3]\r\n"
    if word.startswith(b"UID SEARCH"):
        return b"* SEARCH 1 2\r\n"
    if word.startswith(b"UID FETCH") and b"BODY" in word:
        wanted = re.search(rb"FETCH (\S+)", word)
        low, _colon, high = (wanted[1] if wanted else b"1").partition(b":")
        return b"".join(fetched(uid) for uid in range(int(low), int(high or low) + 1))
    if word.startswith(b"UID FETCH"):
        return b"".join(b"* %d FETCH (UID %d FLAGS ())\r\n" % (uid, uid) for uid in (1, 2))
    return b""


def fetched(uid: int) -> bytes:
    raw = mail(uid)
    arrived = b'INTERNALDATE "20-Nov-2026 09:00:00 +0100"'
    return b"* %d FETCH (UID %d FLAGS () %s BODY[] {%d}\r\n%s)\r\n" % (uid, uid, arrived, len(raw), raw)


@contextmanager
def liar(lies: dict[bytes, Say]) -> Iterator[int]:
    """A server that lies about the commands named, and hangs up where a lie is None."""

    def answers(tag: bytes, rest: bytes) -> bytes | None:
        lie = next((say for command, say in lies.items() if rest.upper().startswith(command)), honest)
        said = lie(rest)
        return None if said is None else said + tag + b" OK done\r\n"

    with scripted_server(imap_talk(answers)) as port:
        yield port


def sync(store: Store, folder: Path, lies: dict[bytes, Say]) -> MailboxReport:
    with liar(lies) as port:
        address = f"imap+insecure://rep@localhost:{port}"
        with store.write() as tx:
            if tx.value("SELECT id FROM mailbox") is None:
                add_mailbox(
                    tx,
                    Mailbox(
                        "v", "v@x.example", address, secret=SecretPlace.COMMAND, password_command="echo x"
                    ),
                )
            tx.run("UPDATE mailbox SET source = ?", (address,))
        (report,) = sync_once(store, Home(folder), lambda: datetime.now(UTC))
    check(store)
    return report


def here(store: Store) -> list[int]:
    return [row[0] for row in store.read.rows("SELECT uid FROM mail_copy ORDER BY uid")]


def test_an_honest_server_is_believed(store: Store, tmp_path: Path) -> None:
    assert sync(store, tmp_path, {}).done
    assert here(store) == [1, 2]


@pytest.mark.parametrize(
    "codes",
    [
        b"* OK [UIDNEXT 1]\r\n",
        b"* OK [UIDNEXT 4000000000]\r\n",
        b"* OK [UIDNEXT " + b"9" * 6000 + b"]\r\n",
        b"* OK [HIGHESTMODSEQ " + b"9" * 40 + b"]\r\n",
        b"* 1 EXISTS\r\n* 0 EXISTS\r\n* 9 EXPUNGE\r\n* 1 EXISTS\r\n",
        b"* 4000000000 EXISTS\r\n",
    ],
    ids=["low", "high", "endless", "modseq", "shrinking", "many"],
)
def test_wrong_counts_lose_no_mail(store: Store, tmp_path: Path, codes: bytes) -> None:
    lies: dict[bytes, Say] = {b"SELECT": lambda rest: honest(rest) + codes}
    assert not sync(store, tmp_path, lies).error
    assert not sync(store, tmp_path, lies).error
    assert here(store) == [1, 2]


def test_mail_that_nobody_asked_for_is_not_taken(store: Store, tmp_path: Path) -> None:
    def more(rest: bytes) -> bytes:
        return fetched(0) + fetched(77) + honest(rest) + fetched(2) if b"BODY" in rest else honest(rest)

    sync(store, tmp_path, {b"UID FETCH": more})
    assert here(store) == [1, 2]


@pytest.mark.parametrize("said", [b"* SEARCH 2 0 1 99999999999 2\r\n", b"* SEARCH 2 1 1\r\n"])
def test_uids_out_of_order_twice_or_impossible_do_no_harm(store: Store, tmp_path: Path, said: bytes) -> None:
    assert sync(store, tmp_path, {b"UID SEARCH": lambda _: said}).done
    assert here(store) == [1, 2]


def test_a_search_that_cannot_be_read_is_told(store: Store, tmp_path: Path) -> None:
    report = sync(store, tmp_path, {b"UID SEARCH": lambda _: b"* SEARCH " + b"1" * 6000 + b"\r\n"})
    assert "search" in report.folders[0].error
    assert here(store) == []


def test_a_goodbye_in_the_middle_of_a_mail_is_told_and_the_next_pass_goes_on(
    store: Store, tmp_path: Path
) -> None:
    told = threading.Event()

    def leave(rest: bytes) -> bytes | None:
        if b"BODY" not in rest or told.is_set():
            return honest(rest)
        told.set()
        return None

    assert sync(store, tmp_path, {b"UID FETCH": leave}).error
    assert sync(store, tmp_path, {}).done
    assert here(store) == [1, 2]


@pytest.mark.parametrize("name", [b'"A\0B"', b'"A&AAA-B"', b'"A\x1b[31mB"', b"{3}\r\nA\rB"])
def test_folders_with_impossible_names_are_left_out_or_cleaned(
    store: Store, tmp_path: Path, name: bytes
) -> None:
    report = sync(store, tmp_path, {b"LIST": lambda rest: honest(rest) + b'* LIST () "/" ' + name + b"\r\n"})
    assert {folder.name for folder in report.folders if not folder.error} >= {"INBOX"}
    assert here(store) in ([1, 2], [1, 1, 2, 2])  # the server shows the same mail in every folder
    assert all(char.isprintable() for folder in report.folders for char in folder.name)
    if b"\0" in name or b"\r" in name:
        assert [bool(folder.error) for folder in report.folders if folder.name != "INBOX"] == [True]


def test_a_folder_can_be_visited_beside_one_with_an_impossible_name(store: Store, tmp_path: Path) -> None:
    lies = {b"LIST": lambda rest: honest(rest) + b'* LIST () "/" "A\0B"\r\n'}
    sync(store, tmp_path, lies)
    wanted = MailboxToSync(1, "v", SourceSpec("", "", None, tmp_path))
    with liar(lies) as port:
        source = open_source(f"imap+insecure://rep@localhost:{port}", "x", ca_file=None, state_dir=tmp_path)
        visit = MailboxPass(store, wanted, source, lambda: datetime.now(UTC), lambda: False)
        assert visit.visit("INBOX")
        source.close()


def test_more_folders_than_there_can_be_are_refused(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "MAX_FOLDERS", 10)
    many = b"".join(b'* LIST () "/" F%d\r\n' % number for number in range(11))
    report = sync(store, tmp_path, {b"LIST": lambda rest: honest(rest) + many})
    assert "more than 10 folders" in report.error


def test_an_answer_without_end_is_cut_off(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "MAX_ANSWERS", 1 << 20)
    chatter = b"* OK still here\r\n" * 20_000
    report = sync(store, tmp_path, {b"LIST": lambda rest: chatter + honest(rest)})
    assert "more than 1 MB" in report.error
