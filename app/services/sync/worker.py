"""Keeps one mailbox in step, on a thread of its own that owns the connection: passes, the postman, IDLE between them.

It is told what to do through the store alone: operations that wait, and `mailbox.sync_wanted`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from app.domain.errors import PostkorbError
from app.domain.mail.accounts import Mailbox
from app.domain.mail.messages import FolderStatus, Role
from app.domain.mail.sync import Visit
from app.mail.source import MailSource
from app.services.sync.folder import FolderVisit, Interrupted
from app.services.sync.held import HeldLease
from app.services.sync.mailbox import MailboxPass, MailboxToSync
from app.services.sync.postman import PAUSES, Postman
from app.services.sync.run import to_sync
from app.settings import Home
from app.store.database import Store
from app.store.mail.mailboxes import mailbox_by_id
from app.store.sync import operations, sync_state

log = logging.getLogger(__name__)

LOOK_AT_INBOX = 30.0  # seconds; how often a long first sync looks for new mail
STEADY = 60.0  # seconds; a connection that lasted so long was no failure when it broke
HASTE = 10  # looks at the inbox in as many seconds: a server that has news so often is looked at with pauses
AFTER_HASTE = 5.0  # seconds
POLL_SECONDS = 0.3  # how often the store is asked whether anybody has written


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What every worker is given: built once, at the front door."""

    store: Store
    home: Home
    clock: Callable[[], datetime]
    stop: threading.Event
    every: timedelta  # between two passes over all folders
    fetchers: int = 2  # processes that may fetch for one mailbox at a time


class SettingsChanged(Exception):
    """The mailbox is to be reached in another way, or other mail of it is wanted: begin anew."""


def _connection_settings(mailbox: Mailbox) -> tuple[object, ...]:
    reach = (mailbox.source, mailbox.secret, mailbox.password_command, mailbox.ca_file)
    return (*reach, mailbox.fetch_days, mailbox.only_folders)


class MailboxWorker(threading.Thread):
    """One mailbox, until it is told to end or the mailbox is gone."""

    def __init__(self, around: Surroundings, mailbox_id: int) -> None:
        super().__init__(name=f"mailbox-{mailbox_id}", daemon=True)
        self.around = around
        self.store = around.store
        self.clock = around.clock
        self.mailbox_id = mailbox_id
        self._lease = HeldLease(around.store, mailbox_id, around.clock)
        self._ended = threading.Event()
        self._wish = 0
        self._looked = time.monotonic()  # no wall clock: that one may be set
        self._version = -1
        self._polled = 0.0
        self._looked_for: FolderStatus | None = None
        self._looks: deque[float] = deque(maxlen=HASTE)  # when there were news in the inbox
        self._called = False  # out of IDLE, because there is something else to do

    def end(self) -> None:
        """Stop soon: between two batches, or out of IDLE. For any thread."""
        self._ended.set()

    def run(self) -> None:
        """Until it is told to end, or the mailbox is gone."""
        try:
            self._work()
            self._lease.drop()
        finally:
            self.store.leave()

    def _work(self) -> None:
        """Whatever goes wrong, on the server or in the store, is noted and tried again after a pause."""
        failures = 0
        while not self._stopped():
            began = time.monotonic()
            try:
                mailbox = mailbox_by_id(self.store.read, self.mailbox_id)
                if mailbox is None:
                    return
                if not self._lease.take():
                    self._pause(1.0)
                    continue
                with self._lease.kept():
                    self._serve(mailbox)
            except Interrupted:
                return
            except SettingsChanged:
                continue
            except Exception as error:
                expected = isinstance(error, PostkorbError)
                log.warning("mailbox %s: %s", self.mailbox_id, error, exc_info=not expected)
                self._note(error if expected else PostkorbError(f"{type(error).__name__}: {error}"))
                if time.monotonic() - began > STEADY:
                    failures = 0
                self._pause(PAUSES[min(failures, len(PAUSES) - 2)].total_seconds())
                failures += 1

    def _note(self, error: Exception) -> None:
        """Let the rep see why the mailbox is not in step. If not even that can be written, the log has it."""
        try:
            with self.store.write() as tx:
                wish = sync_state.wish_of(tx, self.mailbox_id)
                sync_state.note_mailbox(tx, self.mailbox_id, str(error), wish, self.clock())
        except Exception:
            log.exception("the ledger of mailbox %s could not be written", self.mailbox_id)

    def _serve(self, mailbox: Mailbox) -> None:
        """Work on one connection until it breaks."""
        wanted = to_sync(mailbox, self.around.home, self.around.fetchers)
        source = wanted.spec.open()
        try:
            next_pass = time.monotonic()
            while True:
                self._lease.hold()
                if self._wish_changed(mailbox) or time.monotonic() >= next_pass:
                    self._postman(wanted, source).run()
                    breathe = partial(self._breathe, mailbox, wanted, source)
                    MailboxPass(self.store, wanted, source, self.clock, breathe).run()
                    next_pass = time.monotonic() + self.around.every.total_seconds()
                self._postman(wanted, source).run()
                if self._wait(source, next_pass - time.monotonic()):
                    self._make_haste_slowly()
                    self._look_at_inbox(wanted, source)
        finally:
            source.close()

    def _postman(self, wanted: MailboxToSync, source: MailSource) -> Postman:
        def visit(path: str) -> bool:
            return MailboxPass(self.store, wanted, source, self.clock, self._go_on).visit(path)

        return Postman(self.store, self.mailbox_id, source, self.clock, visit, self._go_on)

    def _go_on(self) -> bool:
        """Between two steps of something that other work waits for: stop if asked, and keep the lease."""
        if self._stopped():
            raise Interrupted
        self._lease.hold()
        return False

    def _breathe(self, mailbox: Mailbox, wanted: MailboxToSync, source: MailSource) -> bool:
        """Between two batches: stop if asked, carry out what waits, look for new mail; begin anew with other settings."""
        used = self._go_on()
        self._check_settings(mailbox)
        if self._operation_due():
            self._postman(wanted, source).run()
            used = True
        if time.monotonic() - self._looked > LOOK_AT_INBOX:
            self._looked = time.monotonic()
            self._look_at_inbox(wanted, source)
            used = True
        return used

    def _make_haste_slowly(self) -> None:
        """Pause when there are news all the time, or a server that says so for ever would keep both sides busy."""
        if len(self._looks) == HASTE and time.monotonic() - self._looks[0] < HASTE:
            self._rest(AFTER_HASTE)
        self._looks.append(time.monotonic())

    def _look_at_inbox(self, wanted: MailboxToSync, source: MailSource) -> None:
        """Take in the newest mail of the inbox, also while it is far from complete."""
        inbox = self._inbox()
        if inbox is None:
            return
        if inbox.state.complete:
            MailboxPass(self.store, wanted, source, self.clock, self._go_on).run(inbox.path)
        else:
            tools = MailboxPass(self.store, wanted, source, self.clock, self._go_on).tools
            FolderVisit(tools, inbox, Visit.WHOLE).begin()

    def _inbox(self) -> sync_state.KnownFolder | None:
        folders = sync_state.known_folders(self.store.read, self.mailbox_id)
        return next((folder for folder in folders if folder.role is Role.INBOX and folder.synced), None)

    def _wait(self, source: MailSource, seconds: float) -> bool:
        """IDLE on the inbox until something happens there (True), or there is something else to do (False)."""
        if self._stopped():
            raise Interrupted
        inbox = self._inbox()
        if inbox is None:
            self._rest(min(seconds, 5.0))
            return False
        status = source.select(inbox.path, readonly=True).status
        state = inbox.state
        known = FolderStatus(state.uidvalidity, state.uidnext, state.messages, state.highestmodseq)
        told = replace(status, unseen=None)
        if told not in (known, self._looked_for):
            self._looked_for = (
                told  # something came between the last look and now; asked once, or it would never rest
            )
            return True
        self._called = False
        return source.idle(max(seconds, 0.0), self)

    def is_set(self) -> bool:
        """As the stop signal of IDLE: whether there is something else to do. Asked a few times a second."""
        if self._stopped() or self._called or not self._lease.is_held:
            return True
        if time.monotonic() - self._polled < POLL_SECONDS:
            return False
        self._polled = time.monotonic()
        version = self.store.version()
        if version == self._version and not self._operation_due():
            return False
        self._version = version
        self._called = self._operation_due() or self._wish_waits()
        return self._called

    def _operation_due(self) -> bool:
        return operations.has_due(self.store.read, self.mailbox_id, self.clock())

    def _wish_waits(self) -> bool:
        mailbox = mailbox_by_id(self.store.read, self.mailbox_id)
        return mailbox is None or mailbox.sync_wanted != self._wish

    def _wish_changed(self, mailbox: Mailbox) -> bool:
        """Whether somebody asked for a sync since we last looked."""
        now = self._check_settings(mailbox)
        changed = now.sync_wanted != self._wish
        self._wish = now.sync_wanted
        return changed

    def _check_settings(self, mailbox: Mailbox) -> Mailbox:
        """The mailbox as it is now. Raises SettingsChanged, and Interrupted when it was removed."""
        now = mailbox_by_id(self.store.read, mailbox.id)
        if now is None:
            raise Interrupted
        if _connection_settings(now) != _connection_settings(mailbox):
            raise SettingsChanged
        return now

    def _pause(self, seconds: float) -> None:
        """Wait before everything is tried again, but not longer than until there is a wish or an end."""
        try:
            self._rest(seconds)
            self._wish_seen()
        except Exception:
            log.exception("mailbox %s: the store cannot tell whether a sync is wanted", self.mailbox_id)
            self._ended.wait(seconds)

    def _rest(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end and not self._stopped() and not self._wish_waits():
            self._ended.wait(POLL_SECONDS)

    def _wish_seen(self) -> None:
        mailbox = mailbox_by_id(self.store.read, self.mailbox_id)
        self._wish = mailbox.sync_wanted if mailbox else 0

    def _stopped(self) -> bool:
        return self._ended.is_set() or self.around.stop.is_set()
