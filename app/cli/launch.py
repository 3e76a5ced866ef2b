"""Opens the app on a home: the desk it works at, and the background work in a process of its own."""

from __future__ import annotations

import gc
import logging
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import app as package
from app.cli.output import say
from app.language import _

if TYPE_CHECKING:
    from app.app import PostkorbApp
    from app.cli.front import Front

log = logging.getLogger(__name__)

#: The first screen comes first: until then both would only slow each other down.
_HEAD_START = 0.7
_PAUSE_AFTER_A_CRASH = 5.0
_LOOK_SECONDS = 0.2
_MAY_TAKE = 3.0  # how long the rep waits for it on leaving

# As `python -m app`, but never a package of that name in the folder where somebody happens to be.
_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from app.__main__ import main; main()"


def has_terminal() -> bool:
    """Whether there is something to open the app on."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def open_here(front: Front) -> int:
    """Open the app on this terminal; the exit code."""
    if not has_terminal():
        say(
            _(
                "Postkorb opens in a terminal, and there is none here; `postkorb --help` names what works without."
            )
        )
        return 1
    open_app(front)
    return 0


def build_app(front: Front, *, temporary: bool = False) -> PostkorbApp:
    """The app, not running yet. `temporary`: the home goes afterwards, so it greets with the keys that matter and connects no
    mailbox."""
    from app.app import PostkorbApp
    from app.commands.key_map import KeyMap
    from app.domain.paths import expanded
    from app.screens.desk import Desk
    from app.services.reading.reader import MailReader
    from app.services.team.acting import name_of
    from app.widgets.signs import signs_for

    settings = front.settings
    return PostkorbApp(
        Desk(
            reader=MailReader(front.store),
            settings=settings,
            store=front.store,
            keymap=KeyMap(settings.keys),
            signs=signs_for(settings.ascii),
            author=front.author,
            name=name_of(front.store, front.author),
            home=None if temporary else front.home,  # a password would stay in the keyring
            first_run=temporary,
            downloads=expanded(settings.downloads) if settings.downloads else front.home.downloads,
        )
    )


def open_app(front: Front, *, temporary: bool = False) -> None:
    """Run the app until the rep leaves it. Raises what `Front.store` raises, and what broke the app.

    `temporary`: the home goes afterwards, so nothing may still be at work in it.
    """
    gc.disable()  # until the first screen is there: what is imported stays (`PostkorbApp.on_ready`)
    front.keep_log()
    app = build_app(front, temporary=temporary)
    with background(front, temporary=temporary):
        app.run()
    if app.failure is not None:
        raise app.failure


@contextmanager
def background(front: Front, *, temporary: bool = False) -> Iterator[None]:
    """Keep `postkorb watch` running for as long as the block takes. It ends with us, however we end.

    What it has under way then it may finish by itself, unless the home is `temporary`.
    """
    over = threading.Event()
    running: list[subprocess.Popen[bytes]] = []
    keeper = threading.Thread(target=_keep_running, args=(_command(front), over, running), name="watch")
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()
        for process in running:
            _let_go(process, kill=temporary)


def _command(front: Front) -> list[str]:
    source = str(Path(package.__file__).parents[1])
    home = ["--home", str(front.home.data)] if front.root else []
    return [sys.executable, "-P", "-c", _START, source, *home, "watch", "--attached"]


def _keep_running(command: list[str], over: threading.Event, running: list[subprocess.Popen[bytes]]) -> None:
    pause = _HEAD_START
    while not over.wait(pause):
        process = subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # ctrl+c is for the screen
        )
        running[:] = [process]
        while process.poll() is None and not over.wait(_LOOK_SECONDS):
            pass
        if process.returncode is not None:
            log.error("the background work ended with %s and is started again", process.returncode)
        pause = _PAUSE_AFTER_A_CRASH


def _let_go(process: subprocess.Popen[bytes], *, kill: bool) -> None:
    assert process.stdin is not None
    process.stdin.close()
    try:
        process.wait(_MAY_TAKE)
    except subprocess.TimeoutExpired:
        if kill:
            process.kill()
            process.wait()
