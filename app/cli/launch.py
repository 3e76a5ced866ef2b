"""Opens the app on a home: the desk it works at, and the background work in a process of its own."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import app as package

if TYPE_CHECKING:
    from app.app import PostkorbApp
    from app.cli.front import Front

#: The first screen comes first: until then both would only slow each other down.
_HEAD_START = 0.7
_PAUSE_AFTER_A_CRASH = 5.0
_MAY_TAKE = 5.0

# As `python -m app`, but never a package of that name in the folder where somebody happens to be.
_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from app.__main__ import main; main()"


def has_terminal() -> bool:
    """Whether there is something to open the app on."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def build_app(front: Front) -> PostkorbApp:
    """The app, not running yet."""
    from app.app import PostkorbApp
    from app.commands import KeyMap
    from app.screens.desk import Desk
    from app.services.reading import MailReader
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
            downloads=Path(settings.downloads).expanduser() if settings.downloads else front.home.downloads,
        )
    )


def open_app(front: Front) -> None:
    """Run the app until the rep leaves it. Raises what `Front.store` raises."""
    front.keep_log()
    app = build_app(front)
    with background(front):
        app.run()


@contextmanager
def background(front: Front) -> Iterator[None]:
    """Keep `postkorb watch` running for as long as the block takes. It ends with us, however we end."""
    over = threading.Event()
    keeper = threading.Thread(target=_keep_running, args=(front.home.data, front.root, over), name="watch")
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join()


def _keep_running(folder: Path, root: Path | None, over: threading.Event) -> None:
    home = ["--home", str(folder)] if root else []
    command = [
        sys.executable,
        "-P",
        "-c",
        _START,
        str(Path(package.__file__).parents[1]),
        *home,
        "watch",
        "--attached",
    ]
    pause = _HEAD_START
    while not over.wait(pause):
        with subprocess.Popen(  # noqa: S603 - our own program
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # ctrl+c is for the screen
        ) as process:
            while process.poll() is None and not over.wait(0.2):
                pass
            if process.stdin is not None:
                process.stdin.close()
            try:
                process.wait(_MAY_TAKE)
            except subprocess.TimeoutExpired:
                process.terminate()
        pause = _PAUSE_AFTER_A_CRASH
