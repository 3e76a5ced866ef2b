"""All that works while the app is open: the watch over every mailbox, and the sending of mail that is due."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from app.domain.errors import PostkorbError
from app.services.outbox.sending import Sender
from app.services.secrets import Secrets
from app.services.sync.watch import Surroundings, Watch
from app.settings import Home
from app.store.database import Store

log = logging.getLogger(__name__)
_LOOK_SECONDS = 0.5


def run_background(
    store: Store, home: Home, clock: Callable[[], datetime], stop: threading.Event, every: timedelta
) -> None:
    """Work until `stop` is set; returns when nothing is under way any more. `every`: between two whole passes."""
    sending = threading.Thread(
        target=_send_when_due,
        args=(Sender(store, Secrets(home).secret_of, clock), clock, stop),
        name="sending",
    )
    sending.start()
    try:
        Watch(Surroundings(store, home, clock, stop, every)).run()
    finally:
        stop.set()
        sending.join()


def _send_when_due(sender: Sender, clock: Callable[[], datetime], stop: threading.Event) -> None:
    while not stop.wait(_LOOK_SECONDS):
        due = sender.next_due()
        if due is not None and due <= clock():
            try:
                sender.send_due()
            except PostkorbError:
                log.exception("sending")
