"""One pass over one mailbox: which folders there are, which of them want a visit, and the ledger of it all."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.mail.messages import RemoteFolder
from app.domain.mail.sync import FolderReport, MailboxReport, Visit, decide_visit
from app.mail.errors import CommandRefused, ConnectionLost, FolderMissing, MailError
from app.mail.mime.parsed import parse_for_store
from app.mail.source import MailSource
from app.services.reading.parsing import PARSER_VERSION, parse_again
from app.services.sync.fetching import SourceSpec
from app.services.sync.folder import FolderVisit, Interrupted, Tools
from app.services.sync.ledger import missing_folders
from app.services.sync.team import Team, hired
from app.store.database import Store
from app.store.mail.removal import loose, sweep
from app.store.sync import listing, skipped, sync_state
from app.store.sync.listing import Renamed
from app.store.sync.sync_state import KnownFolder

log = logging.getLogger(__name__)

#: From this many missing messages in a mailbox on, a process of its own is worth its start (about 0.2 s).
OWN_PROCESS_FROM = 1_500
#: From this many on, a second one is. Both parse while the writer waits for the disk.
SECOND_PROCESS_FROM = 5_000
#: The store is locked for as long as it takes to parse so many messages again.
_REMOVED_AT_ONCE = 50
_COPIES_AT_ONCE = 2_000
_LONGEST_NAME = 1_000  # bytes on the wire; servers end at 255 to 1,000


@dataclass(frozen=True, slots=True)
class MailboxToSync:
    """What a pass must know of a mailbox."""

    id: int
    name: str
    spec: SourceSpec
    fetch_days: int | None = None
    only_folders: tuple[str, ...] = ()
    fetchers: int = 2  # processes that may fetch at a time


class MailboxPass:
    """A pass over one mailbox on an open connection. `breathe`: see `Tools`; it is called between batches and folders.

    `run` gives the report; the store is whole at any moment, so a pass may end anywhere. `expected`: messages that the server
    has and the store had not, in folders that are not complete; known once their status is told.
    """

    def __init__(
        self,
        store: Store,
        mailbox: MailboxToSync,
        source: MailSource,
        clock: Callable[[], datetime],
        breathe: Callable[[], bool],
    ) -> None:
        self.store = store
        self.mailbox = mailbox
        self.source = source
        self.clock = clock
        self._stack = ExitStack()
        self._team: Team | None = None
        self._wish = 0  # the last one that the pass fulfils
        self._idle: list[int] = []  # folders in which nothing had happened
        self._unusable = range(0)  # numbers of reports on folders that no command can name
        self.expected = 0  # messages that are there and not here, as far as the status of the folders tells
        self.tools = Tools(store, source, clock, breathe, mailbox.fetch_days)

    def run(self, only: str | None = None) -> MailboxReport:
        """Visit every folder in which something may have happened; `only`: just the folder with this wire name.

        Raises Interrupted, and MailError when the connection is of no more use; the ledger is written before.
        """
        reports: dict[int, FolderReport] = {}
        self._wish = sync_state.wish_of(self.store.read, self.mailbox.id)
        try:
            with self._stack:
                self._visit_all(reports, only)
        except MailError as error:
            if only is None:
                self._note_end(str(error))
            raise
        if only is None:
            self._sweep(reports)
            self._note_end("", tuple(self._idle))
        if only is not None:
            visited = tuple(report for number, report in reports.items() if number not in self._unusable)
            return MailboxReport(self.mailbox.name, visited)
        missing = missing_folders(self.store.read, self.mailbox.id, self.mailbox.only_folders)
        return MailboxReport(self.mailbox.name, (*reports.values(), *missing))

    def visit(self, path: str) -> bool:
        """Bring one folder in step; whether it could be: it is synced, and was read to its end. Raises as `run`."""
        report = self.run(path)
        return bool(report.folders) and not any(folder.error for folder in report.folders)

    def _visit_all(self, reports: dict[int, FolderReport], only: str | None) -> None:
        listed = self._usable(self.source.folders(), reports)
        if sync_state.failed_lately(self.store.read, self.mailbox.id):
            with self.store.write() as tx:  # a first pass may take hours, and the rep sees that mail comes
                sync_state.note_answer(tx, self.mailbox.id)
        if listing.listing_changed(self.store.read, self.mailbox.id, listed):
            renamed = [(found, self._is_same(found)) for found in self._renamed(listed)]
            with self.store.write() as tx:
                for found, same in renamed:
                    if same or not found.doubtful:
                        listing.follow_renamed(tx, found, same=same)
                listing.take_listing(tx, self.mailbox.id, listed, self.mailbox.only_folders)
        self._remove_gone()
        if only is None:
            self._let_skipped_try()
        folders = [folder for folder in self._folders() if only in (None, folder.path)]
        left_out, unread = ([], []) if only else self._left_out()
        visits = self._decide([*folders, *left_out], unread, listed, reports)
        begun = [
            FolderVisit(self.tools, folder, visits[folder.id])
            for folder in (*folders, *left_out)
            if folder.id in visits
        ]
        self._hire(self.expected)
        for visit in begun:
            self._go(visit, visit.begin, reports)
            self._order(begun)
        unfinished = [visit for visit in begun if visit.rest]
        self._hire(sum(len(visit.rest) for visit in unfinished))
        self._order(unfinished, wait=True)
        for visit in unfinished:
            self._go(visit, visit.go_on, reports)

    def _usable(self, listed: list[RemoteFolder], reports: dict[int, FolderReport]) -> list[RemoteFolder]:
        """The folders whose names can be sent back to the server; of the others the report tells."""
        odd = [folder for folder in listed if _oddity(folder.path)]
        self._unusable = range(-len(odd), 0)
        for number, folder in zip(self._unusable, odd, strict=True):
            reason, name = _oddity(folder.path), folder.name[:_LONGEST_NAME]
            reports[number] = FolderReport(name, error=reason)
            log.warning("mailbox %s: folder %r is left out: %s", self.mailbox.name, name, reason)
        return [folder for folder in listed if folder not in odd] if odd else listed

    def _renamed(self, listed: list[RemoteFolder]) -> list[Renamed]:
        """New folders that seem to be folders which were renamed."""
        known = {folder.path for folder in sync_state.known_folders(self.store.read, self.mailbox.id)}
        new = [folder for folder in listed if folder.path not in known]
        went = known - {folder.path for folder in listed}
        if not went or not new:
            return []
        return listing.renamed(self.store.read, self.mailbox.id, listed, self.source.statuses(new))

    def _is_same(self, found: Renamed) -> bool:
        """Whether the mail that the folder had lies in the new one under the same UIDs, as far as some of it tells."""
        try:
            self.source.select(found.path, readonly=True)
            there = {
                raw.uid: parse_for_store(raw.raw, raw.arrived).digest
                for raw in self.source.fetch(list(found.samples))
            }
        except (CommandRefused, FolderMissing):
            return False
        return bool(there) and all(found.samples.get(uid) == digest for uid, digest in there.items())

    def _remove_gone(self) -> None:
        """Take away the mail of folders that went, some at a time."""
        for folder_id in listing.gone_folders_with_mail(self.store.read, self.mailbox.id):
            removed = _COPIES_AT_ONCE
            while removed == _COPIES_AT_ONCE:
                self.tools.breathe()
                with self.store.write() as tx:
                    removed = listing.remove_gone_copies(tx, folder_id, _COPIES_AT_ONCE)

    def _let_skipped_try(self) -> None:
        due = (self.mailbox.id, PARSER_VERSION, self.clock())
        if skipped.is_any_due(self.store.read, *due):
            with self.store.write() as tx:
                skipped.let_due_try(tx, *due)

    def _left_out(self) -> tuple[list[KnownFolder], list[KnownFolder]]:
        """Folders that are not synced: those that hold mail all the same, which follows the server, and those never read."""
        known = sync_state.known_folders(self.store.read, self.mailbox.id)
        left_out = [folder for folder in known if not folder.synced]
        with_mail = [folder for folder in left_out if folder.state.bound or folder.state.unbound]
        unread = [folder for folder in left_out if folder not in with_mail and not folder.state.uidvalidity]
        return with_mail, unread

    def _folders(self) -> list[KnownFolder]:
        return [
            folder for folder in sync_state.known_folders(self.store.read, self.mailbox.id) if folder.synced
        ]

    def _decide(
        self,
        folders: list[KnownFolder],
        unread: list[KnownFolder],
        listed: list[RemoteFolder],
        reports: dict[int, FolderReport],
    ) -> dict[int, Visit]:
        by_path = {folder.path: folder for folder in listed}
        asked = [by_path[folder.path] for folder in (*folders, *unread) if folder.path in by_path]
        told = self.source.statuses(asked)
        if new := {folder.id: told[folder.path] for folder in unread if folder.path in told}:
            with self.store.write() as tx:
                listing.note_identity(tx, new)
        visits: dict[int, Visit] = {}
        self.expected = sum(
            max(0, told[folder.path].messages - folder.state.bound)
            for folder in folders
            if folder.path in told and folder.synced and not folder.state.complete
        )
        with_skipped = skipped.skipped_folders(self.store.read, self.mailbox.id)
        for folder in folders:
            status = told.get(folder.path)
            # A folder that keeps its status to itself may still open; opening it tells why not.
            visit = (
                Visit.WHOLE
                if status is None
                else decide_visit(folder.state, status, condstore=self.source.can_condstore)
            )
            if visit is not Visit.SKIP:
                visits[folder.id] = visit
            elif folder.synced:
                passed = skipped.skipped_of(self.store.read, folder.id) if folder.id in with_skipped else ()
                reports[folder.id] = FolderReport(folder.name, skipped=passed)
                self._idle.append(folder.id)
        return visits

    def _go(
        self, visit: FolderVisit, step: Callable[[], FolderReport], reports: dict[int, FolderReport]
    ) -> None:
        """One go of a visit, and its report."""
        folder = visit.folder
        self.tools.breathe()
        try:
            report = step()
        except ConnectionLost as error:
            self._note_failure(visit, str(error))
            raise
        except MailError as error:
            report = self._note_failure(visit, str(error))
        if folder.synced or report.error:
            reports[folder.id] = report

    def _note_failure(self, visit: FolderVisit, reason: str) -> FolderReport:
        """The report of a visit that did not come to its end, in the ledger too."""
        report = replace(visit.report, error=reason)
        with self.store.write() as tx:
            sync_state.note_report(tx, visit.folder.id, report, self.clock())
        return report

    def _sweep(self, reports: dict[int, FolderReport]) -> None:
        """Messages that are in no folder any more go, unless a folder could not be read: they may be there."""
        if any(report.error for number, report in reports.items() if number > 0):
            return
        while found := loose(self.store.read, self.mailbox.id, self.clock(), _REMOVED_AT_ONCE):
            with self.store.write() as tx:
                sweep(tx, found, parse_again)
            self.tools.breathe()

    def _note_end(self, error: str, idle: Sequence[int] = ()) -> None:
        with self.store.write() as tx:
            sync_state.note_idle(tx, idle, self.clock())
            sync_state.note_mailbox(tx, self.mailbox.id, error, self._wish, self.clock())

    def _hire(self, missing: int) -> None:
        """Fetching processes, if so many messages make them worth their start."""
        if self._team is None and missing >= OWN_PROCESS_FROM:
            size = min(self.mailbox.fetchers, 2 if missing >= SECOND_PROCESS_FROM else 1)
            self._team = self._stack.enter_context(hired(self.mailbox.spec, size))

    def _order(self, visits: Sequence[FolderVisit], *, wait: bool = False) -> None:
        """Have what is left of these visits fetched, as soon as there is somebody to do it."""
        if self._team is not None and self._team.is_ready(wait=wait):
            for visit in visits:
                if visit.rest:
                    visit.order_rest(self._team)


def _oddity(path: str) -> str:
    """Why a folder with this wire name cannot be used; empty if it can."""
    if any(sign in path for sign in "\r\n\0"):
        return "its name holds a line break or NUL, with which no command can name it"
    return "its name is too long" if len(path) > _LONGEST_NAME else ""


__all__ = ["Interrupted", "MailboxPass", "MailboxToSync"]
