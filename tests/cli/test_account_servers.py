"""`account test` against real servers: it says which part works and, in plain words, which does not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.conftest import Postkorb
from tests.servers.dovecot import Dovecot, dovecot
from tests.servers.smtp import PASSWORD, USER, faulty_server


@pytest.fixture(scope="module")
def server() -> Iterator[Dovecot]:
    with dovecot() as running:
        yield running


def add(postkorb: Postkorb, source: str, *words: object, password: str = "geheim") -> None:
    added = postkorb(
        *("account", "add", "vertrieb", "--address", "vertrieb@firma.example", "--source", source),
        *("--password-command", f"echo {password}", *words),
    )
    assert added.code == 0


def tried(postkorb: Postkorb, *, code: int) -> dict[str, dict[str, Any]]:
    ran = postkorb("account", "test", "vertrieb", "--json")
    assert ran.code == code
    assert ran.json["ok"] is (code == 0)
    return {step["part"]: step for step in ran.json["steps"]}


def test_a_good_account_passes_every_part(postkorb: Postkorb, server: Dovecot) -> None:
    add(postkorb, server.url("imaps"), "--ca-file", server.certificate, "--folder", "Entwürfe")
    steps = tried(postkorb, code=0)
    assert list(steps) == ["password", "source", "folders"]
    assert "QRESYNC" in steps["source"]["detail"]
    assert "Entwürfe" in steps["folders"]["detail"]


def test_a_person_reads_one_line_a_part(postkorb: Postkorb, server: Dovecot) -> None:
    add(postkorb, server.url())
    lines = postkorb("account", "test", "vertrieb").out.splitlines()
    assert [line[:7] for line in lines] == ["ok     "] * 3


def test_a_wrong_password_is_told(postkorb: Postkorb, server: Dovecot) -> None:
    add(postkorb, server.url(), password="falsch")
    steps = tried(postkorb, code=1)
    assert steps["source"]["problem"].startswith("User name or password was refused")
    assert steps["source"]["next_step"]
    assert "falsch" not in str(steps)


def test_a_certificate_that_nobody_vouches_for_is_told(postkorb: Postkorb, server: Dovecot) -> None:
    add(postkorb, server.url("imaps"))
    steps = tried(postkorb, code=1)
    assert steps["source"]["problem"].startswith("The certificate of the server cannot be trusted")


def test_a_folder_that_is_not_there_is_told(postkorb: Postkorb, server: Dovecot) -> None:
    add(postkorb, server.url(), "--folder", "Aufträge", "--folder", "INBOX")
    steps = tried(postkorb, code=1)
    assert steps["folders"]["problem"] == "There is no such folder on the server: Aufträge"


def test_a_server_that_does_not_listen_is_told(postkorb: Postkorb) -> None:
    add(postkorb, "imap+insecure://vertrieb@localhost:1")
    steps = tried(postkorb, code=1)
    assert steps["source"]["problem"].startswith("The server cannot be reached")


def test_a_password_command_that_fails_is_told(postkorb: Postkorb, server: Dovecot) -> None:
    added = postkorb(
        *("account", "add", "vertrieb", "--address", "vertrieb@firma.example", "--source", server.url()),
        *("--password-command", "echo 'gpg: no secret key' >&2; exit 2"),
    )
    assert added.code == 0
    steps = tried(postkorb, code=1)
    assert list(steps) == ["password"]
    assert "gpg: no secret key" in steps["password"]["problem"]


def test_the_outgoing_server_is_tried_too(postkorb: Postkorb, server: Dovecot) -> None:
    with faulty_server() as smtp:
        add(postkorb, server.url(), "--outgoing", f"smtp+insecure://{USER}@localhost:{smtp.port}")
        steps = tried(postkorb, code=1)
        assert steps["source"]["ok"]
        assert steps["outgoing"]["problem"].startswith("User name or password was refused")
        assert smtp.accepted == []


def test_an_outgoing_server_that_takes_the_login_passes(postkorb: Postkorb) -> None:
    with faulty_server() as smtp:
        add(
            postkorb,
            "imap+insecure://vertrieb@localhost:1",
            *("--outgoing", f"smtp+insecure://{USER}@localhost:{smtp.port}"),
            password=PASSWORD,
        )
        assert tried(postkorb, code=1)["outgoing"]["ok"]


def test_an_unknown_account_is_told(postkorb: Postkorb) -> None:
    ran = postkorb("account", "test", "nobody")
    assert (ran.code, ran.out) == (1, "")
    assert "nobody" in ran.err


def test_what_a_mailbox_has_no_folder_for_is_a_warning_with_the_way_out(postkorb: Postkorb) -> None:
    with dovecot(bare=True) as bare:
        add(postkorb, bare.url(user=bare.new_user()))
        assert tried(postkorb, code=0)["folders"]["lacks"] == ["sent", "trash", "archive", "junk"]
        lines = postkorb("account", "test", "vertrieb").out.splitlines()
        warned = next(number for number, line in enumerate(lines) if "no folder for Sent" in line)
        assert lines[warned] == "to do  Folders: no folder for Sent: no copy of sent mail there"
        command = lines[warned + 1].partition("-> postkorb ")[2].partition(" creates")[0].split()
        assert postkorb(*command).code == 0
        assert tried(postkorb, code=0)["folders"]["lacks"] == ["trash", "archive", "junk"]
        assert postkorb("account", "change", "vertrieb", "--folder-role", "sent=").code == 0
        assert "sent" in tried(postkorb, code=0)["folders"]["lacks"]  # what was said by hand holds
