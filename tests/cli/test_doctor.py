"""The doctor names what is wrong, says what to do, and ends with 1 only then."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from app.mail.maildir.tree import make_maildir
from tests.cli.conftest import Postkorb, Ran

ADD = ("account", "add", "vertrieb", "--address", "vertrieb@firma.example")


def findings(ran: Ran, *, ok: bool) -> list[dict[str, Any]]:
    return [finding for finding in ran.json["findings"] if finding["ok"] is ok]


def test_a_fresh_installation_is_fine(postkorb: Postkorb) -> None:
    ran = postkorb("doctor", "--json")
    assert ran.code == 0
    assert ran.json["ok"] is True
    assert findings(ran, ok=False) == []
    assert {finding["area"] for finding in findings(ran, ok=True)} == {
        *("configuration", "database", "terminal"),
        "account",  # with the advice to set one up
    }


def test_looking_makes_no_database(postkorb: Postkorb, home: Path) -> None:
    postkorb("doctor")
    assert not home.exists()


def test_each_finding_is_a_line_for_people(postkorb: Postkorb) -> None:
    postkorb("account", "list")
    lines = postkorb("doctor").out.splitlines()
    assert all(line.startswith(("ok ", "to do", "       -> postkorb account add")) for line in lines)
    assert any("whole, schema" in line for line in lines)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('langauge = "de"\n', "langauge"),
        ("sync_minutes = 0\n", "sync_minutes"),
        ("language = \n", "config.toml"),
    ],
)
def test_a_wrong_configuration_is_found(postkorb: Postkorb, home: Path, text: str, said: str) -> None:
    home.mkdir()
    (home / "config.toml").write_text(text)
    ran = postkorb("doctor", "--json")
    assert ran.code == 1
    (wrong,) = findings(ran, ok=False)
    assert wrong["area"] == "configuration"
    assert said in wrong["text"]
    assert wrong["advice"]


def test_a_damaged_database_is_found(postkorb: Postkorb, home: Path) -> None:
    postkorb("account", "list")
    with sqlite3.connect(home / "postkorb.db") as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        root = database.execute(
            "SELECT rootpage FROM sqlite_master WHERE name = 'mail_copy_list'"
        ).fetchone()[0]
        size = database.execute("PRAGMA page_size").fetchone()[0]
    database.close()
    with (home / "postkorb.db").open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    ran = postkorb("doctor", "--json")
    assert ran.code == 1
    assert [finding["area"] for finding in findings(ran, ok=False)] == ["database"]


def test_files_that_others_can_read_are_found(postkorb: Postkorb, home: Path) -> None:
    postkorb("account", "list")
    (home / "postkorb.db").chmod(0o644)
    ran = postkorb("doctor", "--json")
    assert ran.code == 1
    (wrong,) = findings(ran, ok=False)
    assert wrong["advice"] == f"chmod go= {home / 'postkorb.db'}"


def test_an_account_whose_server_does_not_answer_is_found(postkorb: Postkorb) -> None:
    postkorb(*ADD, "--source", "imap+insecure://vertrieb@localhost:1", "--password-command", "echo geheim")
    ran = postkorb("doctor", "--json")
    assert ran.code == 1
    (wrong,) = findings(ran, ok=False)
    assert wrong["area"] == "account"
    assert wrong["text"].startswith("vertrieb: The server cannot be reached")
    assert wrong["advice"]


def test_json_is_english_and_people_read_german(postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTKORB_LANGUAGE", "de")
    postkorb(
        *("account", "add", "vertrieb", "--address", "v@firma.example", "--password-command", "echo x"),
        *("--source", "imap+insecure://127.0.0.1:1", "--outgoing", "smtp+insecure://127.0.0.1:1"),
    )
    english = "The server cannot be reached: 127.0.0.1:1: Connection refused"
    german = "Der Server ist nicht erreichbar: 127.0.0.1:1: Verbindung abgelehnt"
    test = ("account", "test", "vertrieb")
    for words in (("doctor",), test):
        ran = postkorb(*words, "--json")
        assert ran.out.count(english) == 2
        assert german not in ran.out
        assert "Check the server name, the port and the network." in ran.out
        assert postkorb(*words).out.count(german) == 2
    assert german in postkorb("sync").out
    assert english in postkorb("sync", "--json").out
    assert "found" in postkorb(*test, "--json").json["steps"][0]["detail"]


def test_a_terminal_that_can_nothing_is_told(postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setattr("locale.getencoding", lambda: "ISO-8859-15")
    monkeypatch.setattr("shutil.get_terminal_size", lambda *_, **__: __import__("os").terminal_size((40, 10)))
    ran = postkorb("doctor", "--json")
    assert ran.code == 1
    texts = [finding["text"] for finding in json.loads(ran.out)["findings"] if not finding["ok"]]
    assert texts == ["TERM=dumb", "ISO-8859-15", "40 x 10"]


def test_what_a_mailbox_has_no_folder_for_is_to_do_and_not_wrong(postkorb: Postkorb, tmp_path: Path) -> None:
    make_maildir(tmp_path / "post")
    postkorb(*ADD, "--source", f"maildir://{tmp_path / 'post'}")
    ran = postkorb("doctor", "--json")
    assert ran.code == 0
    (found,) = [finding for finding in findings(ran, ok=True) if "no folder for Trash" in finding["text"]]
    assert found["text"] == "vertrieb: no folder for Trash: nothing can be deleted"
    assert "--folder-role trash=Trash --create-folder" in found["advice"]
