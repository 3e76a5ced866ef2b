"""What a person sees while `sync` runs: how far it is on one line of a terminal, nothing elsewhere, and a tidy end."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app.cli.sync import _so_far
from app.mail.maildir.tree import make_maildir
from app.services.sync.held import lease_name
from app.services.sync.run import Course
from app.store.database import Store
from app.store.sync.lease import new_owner, take_lease
from tests.cli.conftest import Postkorb
from tests.cli.terminal import Terminal
from tests.mail.letters import letter


@pytest.fixture
def account(postkorb: Postkorb, tmp_path: Path) -> None:
    """An account with one mail."""
    make_maildir(tmp_path / "post")
    (tmp_path / "post" / "new" / "1795000000.M1P1.host").write_bytes(letter(1))
    source = f"maildir://{tmp_path / 'post'}"
    assert (
        postkorb("account", "add", "vertrieb", "--address", "v@firma.example", "--source", source).code == 0
    )


@pytest.fixture
def terminal(home: Path, account: None) -> Iterator[Terminal]:
    environment = {**os.environ, "TERM": "xterm-256color"}
    opened = Terminal([sys.executable, "-m", "app", "--home", str(home), "sync"], environment)
    yield opened
    opened.close()


def shown(terminal: Terminal) -> list[str]:
    """The lines of the screen that are not empty."""
    return [line.rstrip() for line in terminal.screen.display if line.strip()]


@pytest.fixture
def elsewhere(home: Path, account: None) -> Iterator[Store]:
    """Another process syncs the account."""
    store = Store(home / "postkorb.db")
    assert take_lease(store, lease_name(1), new_owner(), 3600, time.time())
    yield store
    store.close()


def test_a_terminal_shows_what_is_waited_for_and_ctrl_c_ends_it_with_a_sentence(
    elsewhere: Store, terminal: Terminal
) -> None:
    terminal.until("Another Postkorb is syncing vertrieb; its end is waited for …")
    assert len(shown(terminal)) == 1  # written again and again on the same line
    terminal.press("\x03")
    assert terminal.wait() == 1
    terminal.until("goes on where this one stopped.")
    assert "Another" not in "\n".join(shown(terminal))
    assert "Traceback" not in "\n".join(shown(terminal))
    assert elsewhere.read.value("SELECT count(*) FROM lease") == 1  # that of the other


def test_when_it_is_done_a_terminal_shows_what_came_and_nothing_else(terminal: Terminal) -> None:
    assert terminal.wait() == 0
    terminal.until("vertrieb/INBOX: 1 new")
    assert len(shown(terminal)) == 1


@pytest.mark.usefixtures("account")
def test_without_a_terminal_nothing_is_written_meanwhile(postkorb: Postkorb) -> None:
    ran = postkorb("sync")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.count("\n") == 1


def first_sync(expected: int, fetch_days: int | None = None) -> Any:
    return SimpleNamespace(expected=expected, mailbox=SimpleNamespace(fetch_days=fetch_days))


def test_progress_counts_what_has_come_of_what_is_expected() -> None:
    course = Course()
    assert _so_far(course, 0) == "Die Server werden gefragt, was es Neues gibt …"
    assert _so_far(course, 1) == "1 neue Mail"
    course.began(first_sync(14_800))
    course.began(first_sync(200))
    assert _so_far(course, 3_400) == "3.400 von 15.000 Mails geholt"
    assert _so_far(course, 15_001) == "15.000 von 15.000 Mails geholt"  # some came meanwhile
    course.stop.set()
    assert _so_far(course, 3_400) == "Wird beendet; Strg+C noch einmal beendet es sofort."


def test_nobody_knows_how_many_mails_of_some_days_there_are() -> None:
    course = Course()
    course.began(first_sync(14_800, fetch_days=30))
    assert _so_far(course, 12) == "12 neue Mails"
