"""Syncs mailboxes once, from the command line's or a test's point of view; the app's steady work is in `watch`."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

from app.domain.errors import AccountNotFound, PostkorbError
from app.domain.mail.accounts import Mailbox
from app.domain.mail.sync import MailboxReport
from app.services.accounts.secrets import Secrets
from app.services.sync.fetching import SourceSpec
from app.services.sync.folder import Interrupted
from app.services.sync.held import HeldLease, LeaseLost
from app.services.sync.ledger import missing_folders
from app.services.sync.mailbox import MailboxPass, MailboxToSync
from app.services.sync.postman import Postman
from app.settings import Home
from app.store.database import Store
from app.store.mail.mailboxes import mailboxes, want_sync_of
from app.store.sync import sync_state

#: How long another process may take for a pass that we asked it for.
HOLDER_SECONDS = 600.0
_LOOK_SECONDS = 0.3
_AT_ONCE = 4


def spec_of(mailbox: Mailbox, home: Home) -> SourceSpec:
    """How to open this mailbox. Raises PostkorbError if its password cannot be had."""
    ca_file = Path(mailbox.ca_file) if mailbox.ca_file else None
    return SourceSpec(mailbox.source, Secrets(home).secret_of(mailbox), ca_file, home.data / "maildir")


def to_sync(mailbox: Mailbox, home: Home, fetchers: int = 2) -> MailboxToSync:
    """What a pass must know of this mailbox. Raises PostkorbError if its password cannot be had."""
    spec = spec_of(mailbox, home)
    return MailboxToSync(mailbox.id, mailbox.name, spec, mailbox.fetch_days, mailbox.only_folders, fetchers)


class Course:
    """How a sync goes on, between it and whoever shows it; for any thread. `stop`: it is to end between two batches.
    `waits_for_another`: mailboxes that another process syncs just now."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.waits_for_another: set[str] = set()
        self._passes: list[MailboxPass] = []

    def began(self, mailbox_pass: MailboxPass) -> None:
        self._passes.append(mailbox_pass)

    @property
    def expected(self) -> int:
        """Messages that first syncs will bring, as far as is known; 0 where only those of some days are wanted."""
        return sum(each.expected for each in self._passes if each.mailbox.fetch_days is None)

    def check(self) -> None:
        """Raises Interrupted when it is to end."""
        if self.stop.is_set():
            raise Interrupted


def sync_once(
    store: Store,
    home: Home,
    clock: Callable[[], datetime],
    names: Sequence[str] = (),
    course: Course | None = None,
) -> list[MailboxReport]:
    """One full pass over the named mailboxes (all, if none is named): first what waits is carried out, then what is new
    comes in. Raises NotFound for an unknown name, and Interrupted when it was stopped; what goes wrong with a mailbox is in
    its report."""
    known = mailboxes(store.read)
    missing = set(names) - {mailbox.name for mailbox in known}
    if missing:
        raise AccountNotFound(", ".join(sorted(missing)))
    chosen = [mailbox for mailbox in known if not names or mailbox.name in names]
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        going = course or Course()
        return list(pool.map(lambda mailbox: _sync_one(store, home, clock, mailbox, going), chosen))


def _by_the_holder(
    store: Store, clock: Callable[[], datetime], mailbox: Mailbox, lease: HeldLease, course: Course
) -> MailboxReport | None:
    """The report of a pass by the process that holds the lease, asked for and waited for; None once the lease is ours."""
    end, wish, asked_at = time.monotonic() + HOLDER_SECONDS, None, clock()
    while not lease.take():
        course.waits_for_another.add(mailbox.name)
        course.check()
        if wish is None:
            with store.write() as tx:
                wish = want_sync_of(tx, mailbox.id, int(asked_at.timestamp()))
        answer = sync_state.answer_to(store.read, mailbox.id, wish)
        if answer is not None:
            folders = () if answer else sync_state.ledger(store.read, mailbox.id, asked_at)
            missing = missing_folders(store.read, mailbox.id, mailbox.only_folders)
            return MailboxReport(mailbox.name, (*folders, *missing), error=answer)
        if time.monotonic() > end:
            return MailboxReport(mailbox.name, error=str(LeaseLost("it has not come to an end yet")))
        course.stop.wait(_LOOK_SECONDS)
    course.waits_for_another.discard(mailbox.name)
    return None


def _sync_one(
    store: Store, home: Home, clock: Callable[[], datetime], mailbox: Mailbox, course: Course
) -> MailboxReport:
    lease = HeldLease(store, mailbox.id, clock)
    done = _by_the_holder(store, clock, mailbox, lease, course)
    if done is not None:
        return done

    def breathe() -> bool:
        course.check()
        lease.hold()
        return False

    try:
        with lease.kept():
            return _pass_over(store, clock, to_sync(mailbox, home), breathe, course)
    except PostkorbError as error:
        return MailboxReport(mailbox.name, error=str(error))
    finally:
        lease.drop()


def _pass_over(
    store: Store,
    clock: Callable[[], datetime],
    wanted: MailboxToSync,
    breathe: Callable[[], bool],
    course: Course,
) -> MailboxReport:
    """What waits is carried out, then what is new comes in. Raises PostkorbError."""
    source = wanted.spec.open()
    try:

        def visit(path: str) -> bool:
            return MailboxPass(store, wanted, source, clock, breathe).visit(path)

        Postman(store, wanted.id, source, clock, visit, breathe).run()
        whole = MailboxPass(store, wanted, source, clock, breathe)
        course.began(whole)
        return whole.run()
    finally:
        source.close()
