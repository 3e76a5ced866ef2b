"""`sync` brings mail in and tells what happened by the promised names; accounts can be taken away again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.store.database import Store
from tests.cli.conftest import Postkorb
from tests.cli.test_front import HEAVY, loaded_by
from tests.mail.letters import letter
from tests.servers.dovecot import Dovecot, dovecot
from tests.store.invariants import check


@pytest.fixture(scope="module")
def running() -> Iterator[Dovecot]:
    with dovecot() as server:
        yield server


@pytest.fixture
def server(running: Dovecot) -> Dovecot:
    """With an empty mailbox."""
    running.user = running.new_user()
    return running


def add(postkorb: Postkorb, server: Dovecot, *words: str, name: str = "vertrieb") -> None:
    added = postkorb(
        *("account", "add", name, "--address", "vertrieb@firma.example", "--source", server.url()),
        *("--password-command", f"echo {server.password}", *words),
    )
    assert added.code == 0


def folders(told: Any) -> dict[str, Any]:
    (mailbox,) = told["mailboxes"]
    assert mailbox["error"] is None
    return {folder["name"]: folder for folder in mailbox["folders"]}


def test_a_first_sync_brings_the_mail_and_a_second_one_nothing(postkorb: Postkorb, server: Dovecot) -> None:
    server.deliver(letter(1), letter(2))
    server.create("Auftr&AOQ-ge")
    server.deliver(letter(3), folder="Auftr&AOQ-ge")
    add(postkorb, server)
    first = postkorb("sync", "--json")
    assert first.code == 0
    assert first.json["mailboxes"][0]["name"] == "vertrieb"
    told = folders(first.json)
    assert told["INBOX"].keys() == {"name", "new", "changed", "gone", "skipped", "seconds", "error"}
    assert (told["INBOX"]["new"], told["Aufträge"]["new"], told["INBOX"]["skipped"]) == (2, 1, [])
    second = postkorb("sync", "vertrieb", "--json")
    assert second.code == 0
    assert sum(folder["new"] for folder in folders(second.json).values()) == 0
    mails = postkorb("mail", "list", "--json").json
    assert sorted((mail["subject"], mail["folder"]) for mail in mails) == [
        ("Anfrage 1", "INBOX"),
        ("Anfrage 2", "INBOX"),
        ("Anfrage 3", "Aufträge"),
    ]


def test_synced_mail_is_found_by_its_words(postkorb: Postkorb, server: Dovecot) -> None:
    server.deliver(letter(1, "Lieferung nach München"), letter(2), letter(3, "muenchen"))
    add(postkorb, server)
    postkorb("sync")

    def found(*words: object) -> list[str]:
        return [mail["subject"] for mail in postkorb("mail", "search", *words, "--json").json]

    assert sorted(found("munchen")) == ["Anfrage 1", "Anfrage 3"]
    assert len(found("von:silke")) == 3
    assert len(found("von:silke", "--limit", 2)) == 2
    assert found("nirgends") == []
    odd = postkorb("mail", "search", "vor:nie anfrage")
    assert (odd.code, odd.out) == (2, "")
    assert "is not a date" in odd.err


def test_a_mail_is_shown_with_text_headers_and_comments(postkorb: Postkorb, server: Dovecot) -> None:
    odd = letter(1, "Text \x1b[31mrot\u202e ").replace(
        b"Subject:", b"X-Note: eins\r\nX-Note: zwei\r\nSubject:"
    )
    server.deliver(odd)
    add(postkorb, server)
    postkorb("sync")
    (listed,) = postkorb("mail", "list", "--json").json
    postkorb("mail", "comment", listed["id"], "--text", "Rückruf\nmorgen")
    ran = postkorb("mail", "show", listed["id"], "--json")
    shown = ran.json
    assert ran.out.rstrip("\n").isprintable()
    assert {name: shown[name] for name in listed} == listed
    assert shown.keys() - listed.keys() == {"text", "headers", "comments"}
    assert "Text" in shown["text"]
    assert shown["headers"]["Subject"] == "Anfrage 1"
    assert shown["headers"]["X-Note"] == "eins\nzwei"
    assert [comment["text"] for comment in shown["comments"]] == ["Rückruf\nmorgen"]
    text = postkorb("mail", "show", listed["id"]).out
    assert "Silke Berger <silke@kunde.example>" in text
    assert "Rückruf" in text
    assert text.replace("\n", "").isprintable()
    assert postkorb("mail", "show", 1).code == 1


def test_the_source_is_printed_byte_for_byte(postkorb: Postkorb, server: Dovecot, home: Path) -> None:
    source = letter(1, "Grüße")
    server.deliver(source)
    add(postkorb, server)
    postkorb("sync")
    (listed,) = postkorb("mail", "list", "--json").json
    command = [sys.executable, "-m", "app", "--home", str(home), "mail", "show", str(listed["id"]), "--raw"]
    assert subprocess.run(command, capture_output=True, check=True).stdout == source


def test_a_person_reads_what_is_new(postkorb: Postkorb, server: Dovecot) -> None:
    server.deliver(letter(1))
    add(postkorb, server)
    assert "vertrieb/INBOX: 1 new" in postkorb("sync").out
    assert postkorb("sync").out == "vertrieb: nothing new\n"


def test_a_mailbox_that_cannot_be_read_is_told_and_ends_with_1(postkorb: Postkorb, server: Dovecot) -> None:
    server.deliver(letter(1))
    add(postkorb, server)
    postkorb(
        *(
            "account",
            "add",
            "tot",
            "--address",
            "tot@firma.example",
            "--source",
            "imap+insecure://x@localhost:1",
        ),
        *("--password-command", "echo x"),
    )
    ran = postkorb("sync", "--json")
    assert ran.code == 1
    good, bad = ran.json["mailboxes"]
    assert (good["error"], good["folders"][0]["new"]) == (None, 1)
    assert bad["error"].startswith("The server cannot be reached")
    assert bad["folders"] == []


def test_an_unknown_account_and_none_at_all(postkorb: Postkorb) -> None:
    assert postkorb("sync", "nobody").code == 1
    ran = postkorb("sync", "--json")
    assert (ran.code, ran.json) == (0, {"mailboxes": []})


def test_a_sync_with_nothing_new_imports_neither_textual_nor_the_orm(
    postkorb: Postkorb, server: Dovecot, home: Path
) -> None:
    add(postkorb, server)
    postkorb("sync")
    assert not loaded_by(home, "sync") & (set(HEAVY) - {"imapclient"})


def test_a_removed_account_leaves_nothing_but_what_a_person_did(
    postkorb: Postkorb, server: Dovecot, home: Path
) -> None:
    server.deliver(letter(1), letter(2), letter(3))
    add(postkorb, server)
    postkorb("sync")
    kept = next(
        mail["id"] for mail in postkorb("mail", "list", "--json").json if mail["subject"] == "Anfrage 2"
    )
    postkorb("mail", "comment", kept, "--text", "angerufen")
    ran = postkorb("account", "remove", "vertrieb", "--yes", "--json")
    assert (ran.code, ran.json) == (0, {"name": "vertrieb", "removed": 2, "kept": 1})
    assert postkorb("account", "list", "--json").json == []
    assert postkorb("mail", "list", "--json").json == []
    store = Store(home / "postkorb.db")
    assert store.read.rows("SELECT id FROM message") == [(kept,)]
    check(store)
    store.close()
    add(postkorb, server, name="neu")
    postkorb("sync")
    assert len(postkorb("mail", "list", "--json").json) == 3
    store = Store(home / "postkorb.db")
    assert store.read.rows("SELECT message_id, text FROM comment") == [(kept, "angerufen")]
    store.close()


def test_nothing_is_removed_without_a_yes(postkorb: Postkorb, server: Dovecot) -> None:
    add(postkorb, server)
    assert postkorb("account", "remove", "vertrieb").code == 2
    assert postkorb("account", "remove", "nobody", "--yes").code == 1
    assert len(postkorb("account", "list", "--json").json) == 1


def wait_for(what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_watch_fetches_mail_lets_go_of_an_account_and_stops_when_told(
    postkorb: Postkorb, server: Dovecot, home: Path
) -> None:
    add(postkorb, server)
    watch = subprocess.Popen(
        [sys.executable, "-m", "app", "--home", str(home), "watch"], stderr=subprocess.PIPE, env=os.environ
    )
    try:
        server.deliver(letter(7))
        wait_for(lambda: [m["subject"] for m in postkorb("mail", "list", "--json").json] == ["Anfrage 7"])
        removed = postkorb("account", "remove", "vertrieb", "--yes", "--json")
        assert (removed.code, removed.json["removed"]) == (0, 1)
    finally:
        watch.send_signal(signal.SIGTERM)
        _, said = watch.communicate(timeout=30)
    assert (watch.returncode, said) == (0, b"")


def test_an_attached_watch_ends_with_whoever_started_it(postkorb: Postkorb, home: Path) -> None:
    postkorb("account", "list")
    command = [sys.executable, "-m", "app", "--home", str(home), "watch", "--attached"]
    watch = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
    _, said = watch.communicate(timeout=30)
    assert (watch.returncode, said) == (0, b"")


def test_a_folder_that_was_named_and_is_not_there_is_told(postkorb: Postkorb, server: Dovecot) -> None:
    server.deliver(letter(1))
    add(postkorb, server, "--folder", "INBOX", "--folder", "Gibtsnicht")
    for _ in range(2):
        ran = postkorb("sync", "--json")
        assert ran.code == 1
        told = folders(ran.json)
        assert told["Gibtsnicht"]["error"] == "There is no such folder on the server: Gibtsnicht"
        assert told["INBOX"]["error"] is None
    assert "Gibtsnicht" in postkorb("sync").out
    assert postkorb("account", "change", "vertrieb", "--folder", "INBOX").code == 0
    assert postkorb("sync").code == 0
