"""The front door: global options, exit codes, what is imported and what is not, and output that hurts no terminal."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import __version__
from app.cli.output import to_json
from app.store.database import Store
from tests.cli.conftest import Postkorb

HEAVY = ("textual", "sqlmodel", "sqlalchemy", "alembic", "imapclient", "keyring", "html2text", "rich")


def loaded_by(home: Path, *words: str) -> set[str]:
    """The modules that one command line imports in a process of its own."""
    code = (
        "import sys\nfrom app.cli.main import run\n"
        "code = run(sys.argv[1:])\nprint(' '.join(sys.modules), file=sys.stderr)\nsys.exit(code)"
    )
    environment = {**os.environ, "POSTKORB_HOME": str(home)}
    command = [sys.executable, "-c", code, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    return set(done.stderr.splitlines()[-1].split())


def test_the_version_is_told_without_importing_what_costs(home: Path) -> None:
    assert not loaded_by(home, "--version") & {*HEAVY, "pydantic", "typer", "asyncio", "sqlite3"}


def test_the_version_is_told(postkorb: Postkorb) -> None:
    ran = postkorb("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"postkorb {__version__}\n", "")


@pytest.mark.parametrize(
    "words", [["nonsense"], ["account", "add"], ["account", "list", "--nonsense"], ["account"]]
)
def test_wrong_usage_ends_with_2_and_prints_nothing(postkorb: Postkorb, words: list[str]) -> None:
    ran = postkorb(*words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err


def test_help_speaks_german_unless_english_is_asked_for(
    postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTKORB_LANGUAGE", "de")
    assert "E-Mail-Konten" in postkorb("--help").out
    monkeypatch.setenv("POSTKORB_LANGUAGE", "en")
    assert "Mail accounts" in postkorb("--help").out


@pytest.mark.parametrize(("language", "said"), [("de", "gibt es nicht"), ("en", "There is no option")])
def test_an_unknown_option_is_told_in_the_language_of_the_home_that_is_named(
    postkorb: Postkorb, home: Path, monkeypatch: pytest.MonkeyPatch, language: str, said: str
) -> None:
    monkeypatch.delenv("POSTKORB_LANGUAGE")
    home.mkdir()
    (home / "config.toml").write_text(f'language = "{language}"\n')
    assert said in postkorb("--nonsense").err


def test_a_wrong_configuration_is_told_in_one_line(postkorb: Postkorb, home: Path) -> None:
    home.mkdir()
    (home / "config.toml").write_text('sync_minutes = "often"\n')
    ran = postkorb("account", "list")
    assert (ran.code, ran.out) == (1, "")
    assert "sync_minutes" in ran.err
    assert ran.err.count("\n") == 1


def test_a_database_that_is_none_is_told_in_one_line(postkorb: Postkorb, home: Path) -> None:
    home.mkdir()
    (home / "postkorb.db").write_bytes(b"this is no database, whatever its name says " * 100)
    ran = postkorb("account", "list")
    assert (ran.code, ran.out) == (1, "")
    assert "The database cannot be opened" in ran.err
    assert ran.err.count("\n") == 1


def test_a_home_that_cannot_be_is_told_in_a_sentence(postkorb: Postkorb, home: Path) -> None:
    home.write_text("")
    ran = postkorb("account", "list")
    assert (ran.code, ran.out) == (1, "")
    assert "what should be its folder is a file" in ran.err
    assert "Errno" not in ran.err


def test_a_database_server_that_does_not_answer_is_told_without_its_password(
    postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTKORB_DATABASE_URL", "postgresql://rep:hunter2@localhost:1/post?password=hunter3")
    ran = postkorb("account", "list")
    assert (ran.code, ran.out) == (1, "")
    assert "The database cannot be opened: postgresql://localhost:1/post: " in ran.err
    assert "hunter" not in ran.err
    assert ran.err.count("\n") == 1


def test_what_nobody_expected_is_one_line_and_a_traceback_in_the_log(
    postkorb: Postkorb, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("odd \x1b[31m")

    monkeypatch.setattr("app.services.accounts.accounts.accounts", broken)
    ran = postkorb("account", "list")
    assert (ran.code, ran.out) == (1, "")
    assert "Traceback" not in ran.err
    assert "\x1b" not in ran.err
    assert "RuntimeError: odd" in (home / "postkorb.log").read_text()


def test_the_home_may_come_from_the_environment(home: Path) -> None:
    environment = {**os.environ, "POSTKORB_HOME": str(home)}
    command = [sys.executable, "-m", "app", "account", "list", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=environment)
    assert json.loads(done.stdout) == []
    assert (home / "postkorb.db").exists()


def test_a_reader_that_goes_away_is_no_error_to_talk_about(home: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "app", "--home", str(home), "account", "list", "--json"]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert done.stderr == b""
    assert done.returncode == 1


@settings(deadline=None)
@given(st.text())
def test_json_says_the_same_and_holds_only_printable_characters(text: str) -> None:
    line = to_json({"subject": text})
    assert json.loads(line) == {"subject": text}
    assert line.isprintable()


def test_json_keeps_umlauts_readable() -> None:
    assert to_json("Aufträge") == '"Aufträge"'
    assert to_json("\u202e\x9b\U000e0041") == r'"\u202e\u009b\udb40\udc41"'


def test_the_app_is_built_without_what_only_later_screens_need(home: Path) -> None:
    code = (
        "import sys\nfrom pathlib import Path\nfrom app.cli.front import Front\n"
        "from app.cli.launch import build_app\nfront = Front()\nfront.root = Path(sys.argv[1])\n"
        "build_app(front)\nfront.close()\nprint(' '.join(sys.modules))"
    )
    command = [sys.executable, "-c", code, str(home)]
    for _ in range(2):  # the first time makes the database, and needs the ORM for it
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & (set(HEAVY) - {"textual", "rich"})


def test_the_help_of_every_verb_and_a_wrong_verb_speak_the_language_of_the_configuration(
    postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTKORB_LANGUAGE", "de")
    assert "Optionen:" in postkorb("doctor", "--help").out
    assert "Den Befehl „mial“ gibt es nicht." in postkorb("mial").err


def test_the_app_opens_without_what_its_first_screen_does_not_show(home: Path) -> None:
    Store(home / "postkorb.db").close()
    code = (
        "import sys\nfrom pathlib import Path\nfrom app.cli.front import Front\nimport app.cli.main\n"
        "from app.cli.launch import build_app\nfront = Front()\nfront.root = Path(sys.argv[1])\nbuild_app(front)\n"
        "print(' '.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code, str(home)], capture_output=True, text=True, check=True)
    unwanted = {
        "typer",
        "sqlmodel",
        "sqlalchemy",
        "alembic",
        "imapclient",
        "keyring",
        "html2text",
        "app.mail.mime",
    }
    assert not set(done.stdout.split()) & unwanted
