"""The background thread that sends what is due, until it is told to stop; it lives in the process of the watch."""

from __future__ import annotations

import logging
import threading
import time

from app.services.outbox.sending import Sender

log = logging.getLogger(__name__)

_LOOK_SECONDS = 0.5
_SETTLE_SECONDS = 60.0  # how often what is sent but not filed, or uncertain, is looked at again
_AFTER_TROUBLE = 30.0


class OutboxWorker(threading.Thread):
    """Looks for due mail twice a second. What goes wrong with a mail is in its row; what goes wrong with the store is in
    the log, and tried again."""

    def __init__(self, sender: Sender, stop: threading.Event) -> None:
        super().__init__(name="outbox", daemon=True)
        self._sender = sender
        self._stop_event = stop
        self._settled = 0.0

    def run(self) -> None:
        pause = 0.0
        while not self._stop_event.wait(pause):
            pause = _LOOK_SECONDS
            try:
                if self._has_work() and self._sender.send_due() is None:
                    pause = 5.0  # another Postkorb is sending
            except Exception:
                log.exception("the outbox could not be worked on")
                pause = _AFTER_TROUBLE

    def _has_work(self) -> bool:
        if time.monotonic() - self._settled > _SETTLE_SECONDS:
            self._settled = time.monotonic()
            return self._sender.has_unsettled() or self._sender.is_due()
        return self._sender.is_due()
