"""The line breaks or the machine shuts down while a mail is written: what was typed last is in the store."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.services.outbox.drafts import Outbox
from app.settings import Home
from app.store.database import Store
from tests.cli.terminal import Terminal
from tests.screens.fake import NOW
from tests.store.invariants import check

#: Typed text is stored by nothing else in this test.
NEVER_BY_ITSELF = (
    "import sys\nimport app.screens.compose.screen as writing\nwriting.AUTOSAVE = 3600\n"
    "from app.cli.main import run\nsys.exit(run(sys.argv[1:]))"
)


@pytest.fixture
def terminal(home: Path, tmp_path: Path) -> Iterator[Terminal]:
    folder = tmp_path / "mail"
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    environment = {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", "POSTKORB_LANGUAGE": "de"}
    start = [sys.executable, "-c", NEVER_BY_ITSELF, "--home", str(home)]
    account = ["account", "add", "vertrieb", "--address", "berg@nordholz.example"]
    urls = ["--source", f"maildir://{folder}", "--outgoing", f"maildir://{tmp_path}/out"]
    adding = Terminal([*start, *account, *urls], environment)
    try:
        assert adding.wait() == 0
    finally:
        adding.close()
    opened = Terminal(start, environment)
    yield opened
    opened.close()


def kill(number: signal.Signals) -> Callable[[Terminal], int]:
    """This signal is sent to the program."""

    def end(terminal: Terminal) -> int:
        os.kill(terminal.pid, number)
        return terminal.wait()

    return end


@pytest.mark.parametrize(
    "end",
    [Terminal.hang_up, kill(signal.SIGHUP), kill(signal.SIGTERM)],
    ids=["line-breaks", "SIGHUP", "SIGTERM"],
)
def test_what_was_just_typed_is_kept(home: Path, terminal: Terminal, end: Callable[[Terminal], int]) -> None:
    terminal.until("Postkorb")
    terminal.until("w schreiben")
    terminal.press("w")
    terminal.until("Betreff")
    terminal.press("silke@vogel.example\r")
    terminal.until("silke@vogel.example")
    terminal.press("Liefertermin Pumpen")
    terminal.until("Liefertermin Pumpen")
    assert end(terminal) == 0
    store = Store(Home(home).database)
    (row,) = Outbox(store, lambda: NOW).rows()
    assert (row.to, row.subject) == ("silke@vogel.example", "Liefertermin Pumpen")
    check(store)
    store.close()
