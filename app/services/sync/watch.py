"""The background work of the app, in a process of its own: keeps every mailbox in step and sends what is due, until it
is told to stop.

It gives each mailbox a worker; what the workers do is theirs.
"""

from __future__ import annotations

import logging

from app.services.accounts.secrets import Secrets
from app.services.outbox.sending import Sender
from app.services.outbox.worker import OutboxWorker
from app.services.sync.held import claim_name
from app.services.sync.worker import POLL_SECONDS, MailboxWorker, Surroundings
from app.store.mail.mailboxes import mailboxes
from app.store.sync.lease import is_held

log = logging.getLogger(__name__)

_AFTER_TROUBLE = 5.0  # seconds; until a store that could not be read is tried again
_SENDING_MAY_END = 20.0  # seconds; a mail that is being sent by then is found interrupted at the next start


class Watch:
    """A worker for each mailbox; mailboxes that are added or removed meanwhile are noticed."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.around = surroundings
        self._workers: dict[int, MailboxWorker] = {}
        self._seen: int | None = None

    def run(self) -> None:
        """Until `stop` is set; returns when every worker has ended."""
        around = self.around
        outbox = OutboxWorker(Sender(around.store, Secrets(around.home).secret_of, around.clock), around.stop)
        outbox.start()
        pause = POLL_SECONDS
        while not self.around.stop.wait(pause):
            pause = POLL_SECONDS
            try:
                self._look()
            except Exception:
                log.exception("the mailboxes could not be looked at")
                pause = _AFTER_TROUBLE
        for worker in self._workers.values():
            worker.end()
        for worker in self._workers.values():
            worker.join()
        outbox.join(_SENDING_MAY_END)

    def _look(self) -> None:
        """Attend to the mailboxes when anything was written, or a worker has ended."""
        version = self.around.store.version()
        if version != self._seen or not all(worker.is_alive() for worker in self._workers.values()):
            self._attend()
            self._seen = version

    def _attend(self) -> None:
        read, now = self.around.store.read, self.around.clock().timestamp()
        present = {
            mailbox.id for mailbox in mailboxes(read) if not is_held(read, claim_name(mailbox.id), now)
        }
        for mailbox_id in set(self._workers) - present:
            self._workers.pop(mailbox_id).end()
        for mailbox_id in present:
            earlier = self._workers.get(mailbox_id)
            if earlier is not None and earlier.is_alive():
                continue
            if earlier is not None:
                log.error("the worker of mailbox %s has ended, and another one is started", mailbox_id)
            worker = self._workers[mailbox_id] = MailboxWorker(self.around, mailbox_id)
            worker.start()
