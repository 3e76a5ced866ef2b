"""`account change`: what is given is changed, all else stays."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from app.mail.maildir.tree import make_maildir
from tests.cli.conftest import Postkorb
from tests.cli.test_account import ADD, SOURCE


def told(postkorb: Postkorb) -> dict[str, object]:
    (account,) = postkorb("account", "list", "--json").json
    return dict(account)


def test_what_is_given_is_changed_and_all_else_stays(postkorb: Postkorb) -> None:
    postkorb(*ADD, *SOURCE, "--password-command", "pass x", "--since", 30, "--folder", "INBOX")
    before = told(postkorb)
    ran = postkorb("account", "change", "vertrieb", "--outgoing", "smtps://v@smtp.firma.example", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert told(postkorb) == before | {"outgoing": "smtps://v@smtp.firma.example"}
    assert before | ran.json == told(postkorb)


def test_an_empty_value_takes_away_what_is_set(postkorb: Postkorb) -> None:
    postkorb(*ADD, *SOURCE, "--password-command", "pass x", "--since", 30, "--folder", "INBOX")
    assert postkorb("account", "change", "vertrieb", "--since", 0, "--folder", "").code == 0
    assert (told(postkorb)["since_days"], told(postkorb)["only_folders"]) == (None, [])


def test_the_password_is_asked_for_anew_when_that_is_wanted(
    postkorb: Postkorb, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("geheim\n"))
    postkorb(*ADD, *SOURCE)
    monkeypatch.setattr("sys.stdin", io.StringIO("neu\n"))
    secret = home / "secrets" / "vertrieb"
    assert postkorb("account", "change", "vertrieb", "--address", "verkauf@firma.example").code == 0
    assert secret.read_text() == "geheim\n"
    ran = postkorb("account", "change", "vertrieb", "--ask-password")
    assert ran.code == 0
    assert secret.read_text() == "neu\n"
    assert "neu" not in ran.out + ran.err


def test_an_account_gets_another_name(postkorb: Postkorb) -> None:
    postkorb(*ADD, *SOURCE, "--password-command", "pass x")
    assert postkorb("account", "change", "vertrieb", "--rename", "verkauf").code == 0
    assert told(postkorb)["name"] == "verkauf"


@pytest.mark.parametrize(
    "words",
    [
        ("vertrieb", "--source", "http://localhost"),
        ("vertrieb", "--signature", "/nowhere"),
        ("nobody", "--since", "3"),
    ],
)
def test_what_cannot_work_changes_nothing(postkorb: Postkorb, words: tuple[str, ...]) -> None:
    postkorb(*ADD, *SOURCE, "--password-command", "pass x")
    before = told(postkorb)
    assert postkorb("account", "change", *words).code == 1
    assert told(postkorb) == before


@pytest.fixture
def maildir(postkorb: Postkorb, tmp_path: Path) -> Path:
    """An account on a Maildir that has nothing but an inbox."""
    make_maildir(tmp_path / "post")
    source = f"maildir://{tmp_path / 'post'}"
    assert (
        postkorb("account", "add", "vertrieb", "--address", "v@firma.example", "--source", source).code == 0
    )
    return tmp_path / "post"


def test_folders_get_their_roles_by_hand_and_are_made_when_that_is_wanted(
    postkorb: Postkorb, maildir: Path
) -> None:
    ran = postkorb("account", "change", "vertrieb", "--folder-role", "sent=Ausgang")
    assert (ran.code, "There is no such folder on the server: Ausgang" in ran.err) == (1, True)
    assert "`--create-folder` creates it." in ran.err
    assert not (maildir / ".Ausgang").exists()
    roles = ("--folder-role", "gesendet=Ausgang", "--folder-role", "Archive=Ablage")
    assert postkorb("account", "change", "vertrieb", *roles, "--create-folder", "--json").code == 0
    assert (maildir / ".Ausgang" / "cur").is_dir()
    assert (maildir / ".Ablage" / "cur").is_dir()
    (_source, folders) = postkorb("account", "test", "vertrieb", "--json").json["steps"]
    assert folders["lacks"] == ["trash", "junk"]
    assert "Sent = Ausgang" in folders["detail"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--folder-role", "sent"), "sent=Gesendet"),
        (("--folder-role", "inbox=INBOX"), "sent=Gesendet"),
        (("--folder-role", "murks=Kunden"), "sent, drafts, junk, trash, archive"),
        (("--create-folder",), "--folder-role"),
        (("--create-folder", "--folder-role", "sent="), "--folder-role"),
    ],
)
def test_a_role_that_is_none_changes_nothing(
    postkorb: Postkorb, maildir: Path, words: tuple[str, ...], said: str
) -> None:
    ran = postkorb("account", "change", "vertrieb", "--display-name", "Anders", *words)
    assert ran.code == 2
    assert said in ran.err
    assert sorted(path.name for path in maildir.iterdir()) == ["cur", "new", "tmp"]
