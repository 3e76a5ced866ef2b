"""One pass over one mailbox: which folders there are, which of them want a visit, and the ledger of it all."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import datetime

from app.domain.mail import RemoteFolder
from app.domain.sync import FolderReport, MailboxReport, Visit, decide_visit
from app.mail.errors import ConnectionLost, MailError
from app.mail.source import MailSource
from app.services.parsing import parse_again
from app.services.sync.fetching import OWN_PROCESS_FROM, Fetcher, SourceSpec, own_process
from app.services.sync.folder import Interrupted, Tools, failed, visit_folder
from app.store import sync_state
from app.store.database import Store
from app.store.removal import remove_messages
from app.store.sync_state import KnownFolder


@dataclass(frozen=True, slots=True)
class MailboxToSync:
    """What a pass must know of a mailbox."""

    id: int
    name: str
    spec: SourceSpec
    fetch_days: int | None = None
    only_folders: tuple[str, ...] = ()


class MailboxPass:
    """A pass over one mailbox on an open connection. `breathe`: see `Tools`; it is called between batches and folders.

    `run` gives the report; the store is whole at any moment, so a pass may end anywhere.
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
        self._fetcher: Fetcher | None = None
        self._expected = 0  # messages that are there and not here, as far as the status of the folders tells
        self.tools = Tools(store, source, clock, breathe, self._fetcher_for, mailbox.fetch_days)

    def run(self, only: str | None = None) -> MailboxReport:
        """Visit every folder in which something may have happened; `only`: just the folder with this wire name.

        Raises Interrupted, and MailError when the connection is of no more use; the ledger is written before.
        """
        reports: dict[int, FolderReport] = {}
        try:
            with self._stack:
                self._visit_all(reports, only)
        except MailError as error:
            self._note_end(str(error))
            raise
        self._remove_orphans(reports)
        report = MailboxReport(self.mailbox.name, tuple(reports.values()))
        self._note_end("")
        return report

    def _visit_all(self, reports: dict[int, FolderReport], only: str | None) -> None:
        listed = self.source.folders()
        if sync_state.listing_changed(self.store.read, self.mailbox.id, listed):
            with self.store.write() as tx:
                sync_state.take_listing(tx, self.mailbox.id, listed, self.mailbox.only_folders)
        folders = [folder for folder in self._folders() if only in (None, folder.path)]
        visits = self._decide(folders, listed, reports)
        for folder in folders:
            if folder.id in visits:
                self._visit(folder, visits[folder.id], reports, first_round=True)
        for folder in self._folders():
            if folder.id in visits and not folder.state.complete and not reports[folder.id].error:
                self._visit(folder, Visit.WHOLE, reports, first_round=False)

    def _folders(self) -> list[KnownFolder]:
        return [
            folder for folder in sync_state.known_folders(self.store.read, self.mailbox.id) if folder.synced
        ]

    def _decide(
        self, folders: list[KnownFolder], listed: list[RemoteFolder], reports: dict[int, FolderReport]
    ) -> dict[int, Visit]:
        by_path = {folder.path: folder for folder in listed}
        told = self.source.statuses([by_path[folder.path] for folder in folders if folder.path in by_path])
        visits: dict[int, Visit] = {}
        self._expected = sum(
            max(0, told[folder.path].messages - folder.state.bound)
            for folder in folders
            if folder.path in told
        )
        for folder in folders:
            status = told.get(folder.path)
            # A folder that keeps its status to itself may still open; opening it tells why not.
            visit = (
                Visit.WHOLE
                if status is None
                else decide_visit(folder.state, status, condstore=self.source.can_condstore)
            )
            if visit is Visit.SKIP:
                reports[folder.id] = FolderReport(folder.name)
            else:
                visits[folder.id] = visit
        return visits

    def _visit(
        self, folder: KnownFolder, visit: Visit, reports: dict[int, FolderReport], *, first_round: bool
    ) -> None:
        self.tools.breathe()
        try:
            report = visit_folder(self.tools, folder, visit, first_round=first_round)
        except ConnectionLost as error:
            self._note_failure(folder, str(error))
            raise
        except MailError as error:
            report = failed(folder, str(error))
            self._note_failure(folder, report.error)
        reports[folder.id] = _together(reports.get(folder.id), report)

    def _note_failure(self, folder: KnownFolder, reason: str) -> None:
        with self.store.write() as tx:
            sync_state.note_report(tx, folder.id, failed(folder, reason), self.clock())

    def _remove_orphans(self, reports: dict[int, FolderReport]) -> None:
        """Messages that are in no folder any more go, unless a folder could not be read: they may be there."""
        if self.tools.orphans and not any(report.error for report in reports.values()):
            with self.store.write() as tx:
                remove_messages(tx, sync_state.orphans(tx, self.tools.orphans), parse_again)
            self.tools.orphans.clear()

    def _note_end(self, error: str) -> None:
        with self.store.write() as tx:
            sync_state.note_mailbox(tx, self.mailbox.id, error, self.clock())

    def _fetcher_for(self, missing: int) -> Fetcher | None:
        """The fetching process, once one folder or what is left of all of them makes it worth its start."""
        if self._fetcher is None and max(missing, self._expected) >= OWN_PROCESS_FROM:
            self._fetcher = self._stack.enter_context(own_process(self.mailbox.spec))
        return self._fetcher


def _together(first: FolderReport | None, second: FolderReport) -> FolderReport:
    """The report of two rounds over one folder."""
    if first is None:
        return second
    return replace(
        second,
        new=first.new + second.new,
        changed=first.changed + second.changed,
        gone=first.gone + second.gone,
        linked=first.linked + second.linked,
        skipped=first.skipped + second.skipped,
        seconds=round(first.seconds + second.seconds, 3),
    )


__all__ = ["Interrupted", "MailboxPass", "MailboxToSync"]
