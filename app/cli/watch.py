"""`postkorb watch`: the background work of the app, without the app."""

from __future__ import annotations

import os
import signal
import sys
import threading
from typing import Annotated

import typer

from app.cli.front import front_of
from app.cli.parser import Verb, alone

app = alone()

BEHIND_THE_SCREENS = 5  # niceness: the keys of the rep who waits come first
CORES_OF_THE_SCREENS = 2  # on so few cores a second fetching process would leave none free when a key comes


@app.command(cls=Verb)
def watch(
    ctx: typer.Context,
    attached: Annotated[
        bool, typer.Option("--attached", hidden=True, help="End when standard input ends.")
    ] = False,
) -> None:
    """Keep all accounts in step and send what is due, until interrupted. The open app does this by itself."""
    from datetime import timedelta

    from app.services.sync.watch import Watch
    from app.services.sync.worker import Surroundings

    front = front_of(ctx)
    front.keep_log()
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    if attached:
        os.nice(BEHIND_THE_SCREENS)
        threading.Thread(target=_stop_at_end_of_input, args=(stop,), daemon=True).start()
    every = timedelta(minutes=front.settings.sync_minutes)
    fetchers = 2 if (os.cpu_count() or 1) > CORES_OF_THE_SCREENS else 1
    Watch(Surroundings(front.store, front.home, front.now, stop, every, fetchers)).run()


def _stop_at_end_of_input(stop: threading.Event) -> None:
    """Whoever started us holds the other end: however it ends, so do we."""
    while sys.stdin.buffer.read(4096):
        pass
    stop.set()
