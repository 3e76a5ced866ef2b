"""Accounts are set up and listed on the command line, and no password is seen anywhere."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from tests.cli.conftest import Postkorb

ADD = ("account", "add", "vertrieb", "--address", "vertrieb@firma.example")
SOURCE = ("--source", "imaps://vertrieb@imap.firma.example")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("geheim\n"))


def test_an_account_that_was_set_up_is_listed(postkorb: Postkorb) -> None:
    added = postkorb(
        *ADD, *SOURCE, "--outgoing", "smtps://vertrieb@smtp.firma.example", "--password-command", "pass x",
        "--since", 30, "--folder", "INBOX", "--folder", "Aufträge", "--json",
    )  # fmt: skip
    assert added.code == 0
    listed = postkorb("account", "list", "--json").json
    assert listed[0] | added.json == listed[0]
    assert {key: listed[0][key] for key in ("name", "source", "password", "since_days", "only_folders")} == {
        "name": "vertrieb",
        "source": "imaps://vertrieb@imap.firma.example",
        "password": "command",
        "since_days": 30,
        "only_folders": ["INBOX", "Aufträge"],
    }
    assert (listed[0]["mails"], listed[0]["synced_at"], listed[0]["error"]) == (0, None, None)


def test_the_list_is_a_table_for_people(postkorb: Postkorb) -> None:
    postkorb(*ADD, *SOURCE, "--password-command", "pass x")
    lines = postkorb("account", "list").out.splitlines()
    assert len(lines) == 2
    assert lines[1].split()[0] == "vertrieb"


def test_without_an_account_the_list_says_what_to_do(postkorb: Postkorb) -> None:
    ran = postkorb("account", "list")
    assert (ran.code, ran.out) == (0, "")
    assert "postkorb account add" in ran.err


@pytest.mark.usefixtures("typed")
def test_a_password_from_standard_input_is_kept_for_the_owner_only(postkorb: Postkorb, home: Path) -> None:
    ran = postkorb(*ADD, *SOURCE)
    assert ran.code == 0
    secret = home / "secrets" / "vertrieb"
    assert secret.read_text() == "geheim\n"
    assert secret.stat().st_mode & 0o777 == 0o600
    assert "geheim" not in ran.out + ran.err
    assert b"geheim" not in b"".join(file.read_bytes() for file in home.iterdir() if file.is_file())


def test_an_account_without_a_password_is_refused(
    postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    ran = postkorb(*ADD, *SOURCE)
    assert ran.code == 1
    assert "password" in ran.err
    assert postkorb("account", "list", "--json").json == []


def test_a_maildir_needs_no_password(postkorb: Postkorb, tmp_path: Path) -> None:
    (tmp_path / "Mail").mkdir()
    ran = postkorb(*ADD, "--source", f"maildir://{tmp_path}/Mail", "--json")
    assert ran.code == 0
    assert ran.json["password"] is None


def test_a_login_without_a_name_is_the_address(postkorb: Postkorb) -> None:
    ran = postkorb(*ADD, "--source", "imaps://imap.firma.example", "--password-command", "x", "--json")
    assert ran.json["source"] == "imaps://vertrieb%40firma.example@imap.firma.example"


@pytest.mark.usefixtures("typed")
def test_a_name_is_given_once(postkorb: Postkorb, home: Path) -> None:
    postkorb(*ADD, *SOURCE, "--password-command", "pass x")
    ran = postkorb(*ADD, *SOURCE)
    assert ran.code == 1
    assert "already an account" in ran.err
    assert not (home / "secrets" / "vertrieb").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--source", "imaps://vertrieb:geheim@imap.firma.example"], "password"),
        (["--source", "imap+insecure://imap.firma.example"], "localhost"),
        (["--source", "smtps://smtp.firma.example"], "cannot be read from"),
        (["--source", "maildir:///nowhere/Mail"], "there is no folder /nowhere/Mail"),
        (["--source", "imaps://imap.firma.example", "--outgoing", "imaps://imap.firma.example"], "over imap"),
        (["--source", "imaps://imap.firma.example", "--ca-file", "/nowhere.pem"], "/nowhere.pem"),
        (["--source", "imaps://imap.firma.example", "--since", "0"], "at least 1"),
        (["--source", "imaps://imap.firma.example", "--sender", "nobody"], "nobody"),
        (["--source", "imaps://imap.firma.example", "--signature", "/nowhere.txt"], "/nowhere.txt"),
        (["--source", "imaps://imap.firma.example", "--signature", "~nobody-here/a"], "home folder"),
        (["--source", "imaps://imap.firma.example", "--ca-file", "~nobody-here/a"], "home folder"),
        (["--source", "imaps://imap.firma.example", "--since", "9999999999999999999999"], "at most 36500"),
        (["--source", "maildir:~nobody-here/Mail"], "the path cannot be used"),
    ],
)
def test_what_cannot_work_is_refused_with_the_reason(postkorb: Postkorb, words: list[str], said: str) -> None:
    ran = postkorb(*ADD, *words)
    assert ran.code == 1
    assert said in ran.err
    assert "geheim" not in ran.err
    assert postkorb("account", "list", "--json").json == []


def test_a_signature_is_read_from_its_file(postkorb: Postkorb, tmp_path: Path) -> None:
    (tmp_path / "gruss.txt").write_text("Mit freundlichen Grüßen\nA. Berg\n", encoding="utf-8")
    ran = postkorb(*ADD, *SOURCE, "--password-command", "x", "--signature", tmp_path / "gruss.txt")
    assert ran.code == 0


def test_an_account_with_unsent_mail_is_removed_only_when_that_is_said(
    postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch
) -> None:
    postkorb(*ADD, *SOURCE, "--password-command", "echo x", "--outgoing", "smtps://smtp.firma.example")
    monkeypatch.setattr("sys.stdin", io.StringIO("Guten Tag"))
    sent = postkorb(
        "mail", "send", "--mailbox", "vertrieb", "--to", "k@vogel.example", "--subject", "Angebot"
    )
    assert sent.code == 0
    refused = postkorb("account", "remove", "vertrieb", "--yes")
    assert (refused.code, refused.out) == (1, "")
    assert "1 mail not sent" in refused.err
    assert "--drop-unsent" in refused.err
    assert len(postkorb("outbox", "list", "--json").json) == 1
    assert postkorb("account", "remove", "vertrieb", "--yes", "--drop-unsent").code == 0
    assert postkorb("account", "list", "--json").json == []
