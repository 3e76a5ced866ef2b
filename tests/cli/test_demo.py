"""The demo opens on example data, shares nothing with the rep's own home, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.domain.crm.kinds import Kind
from app.services.crm.records import list_records
from app.services.demo.furnish import furnish
from app.services.reading.reader import MailReader
from app.settings import Home
from app.store.database import Store
from tests.cli.conftest import Postkorb
from tests.cli.terminal import Terminal
from tests.store.invariants import check


def test_without_a_terminal_it_shows_its_first_screen(
    postkorb: Postkorb, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTKORB_LANGUAGE", "de")
    monkeypatch.setenv("POSTKORB_DATABASE_URL", "postgresql://nobody@localhost:1/nothing")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ran = postkorb("demo")
    assert ran.code == 0
    assert ran.err.count("\n") == 1
    lines = ran.out.splitlines()
    assert len(lines) == 24
    assert max(map(len, lines)) <= 80
    assert "Postkorb" in lines[0]
    assert "219 Mails" in ran.out
    assert "Kavitation?" in ran.out
    assert list(tmp_path.glob("postkorb-demo-*")) == []
    assert not home.exists()


def test_the_demo_opens_as_a_member_of_its_team_sees_it(postkorb: Postkorb) -> None:
    admins, leas = (postkorb(*who, "demo").out.splitlines()[0] for who in ((), ("--as", "lea.brinkmann")))
    assert "Tasks 7" in admins
    assert "Tasks 2" in leas
    for login in ("holger.wiese", "nobody"):
        ran = postkorb("--as", login, "demo")
        assert (ran.code, ran.out) == (1, "")


def test_without_a_terminal_the_app_says_so(postkorb: Postkorb) -> None:
    ran = postkorb()
    assert (ran.code, ran.out) == (1, "")
    assert "terminal" in ran.err
    assert ran.err.count("\n") == 1


def test_the_home_of_the_demo_holds_what_was_planned(tmp_path: Path) -> None:
    home = Home(tmp_path)
    store = Store(home.database)
    made = furnish(store, home, datetime.now(UTC))
    check(store)
    reader = MailReader(store)
    assert store.read.value("SELECT count(*) FROM mail_copy") == made.mails
    assert reader.totals().unprocessed == len(made.unprocessed)
    assert len(list_records(store, Kind.CONTACT)) == len(made.contacts)
    assert len(list_records(store, Kind.LEAD)) == len(made.leads)
    assert len(list_records(store, Kind.TASK)) == len(made.tasks)
    assert store.read.value("SELECT count(*) FROM undo_step") == 0
    store.close()


def test_on_a_terminal_the_demo_opens_and_cleans_up_when_it_is_left(tmp_path: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("POSTKORB_")},
        "TMPDIR": str(tmp_path),
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
    }
    terminal = Terminal([sys.executable, "-m", "app", "demo"], environment)
    try:
        terminal.until("219 Mails")
        (home,) = tmp_path.glob("postkorb-demo-*")
        terminal.press("q")
        terminal.until("Postkorb beenden?")
        terminal.press("\r")
        assert terminal.wait() == 0
    finally:
        terminal.close()
    assert not home.exists()
    running = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert str(home) not in running


def test_an_app_that_breaks_ends_in_one_line_and_a_log(home: Path, tmp_path: Path) -> None:
    broken = (
        "import sys\nfrom app.cli.main import run\nfrom app.screens.mail.screen import MailScreen\n"
        "def burst(self):\n    password = 'hunter2'\n    raise RuntimeError('odd')\n"
        "MailScreen.on_mount = burst\nsys.exit(run(sys.argv[1:]))"
    )
    environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    terminal = Terminal([sys.executable, "-c", broken, "--home", str(home)], environment)
    try:
        assert terminal.wait() == 1
    finally:
        terminal.close()
    shown = "\n".join(terminal.screen.display)
    assert "Something went wrong: RuntimeError: odd" in shown
    assert "hunter2" not in shown
    assert "Traceback" not in shown
    assert "RuntimeError: odd" in (home / "postkorb.log").read_text()


def test_the_team_of_the_demo_is_at_work(tmp_path: Path) -> None:
    home = Home(tmp_path)
    store = Store(home.database)
    made = furnish(store, home, datetime.now(UTC))
    states = dict(store.read.rows("SELECT state, count(*) FROM lead GROUP BY state"))
    assert states == Counter(lead.state for lead in made.leads)
    stages = {stage for (stage,) in store.read.rows("SELECT stage FROM opportunity")}
    assert stages == {"Qualifiziert", "Angebot", "Verhandlung", "Gewonnen", "Verloren"}
    assert store.read.rows("SELECT login, author FROM mention") == [(made.own_login, "jens.petersen")]
    assert store.read.value("SELECT count(*) FROM task WHERE kind = 'follow_up'") >= 3
    assert store.read.rows("SELECT login FROM member WHERE active = 0") == [("holger.wiese",)]
    assert (
        store.read.rows("SELECT * FROM undo_step") == []
    )  # `u` takes nothing back that the rep has not done
    latest = store.read.value("SELECT max(at) FROM history_entry")
    assert latest <= datetime.now(UTC).timestamp()
    store.close()
