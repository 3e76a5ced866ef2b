"""One visit to one folder: what has changed on the server comes into the store."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.domain.mail import Flags, FolderStatus
from app.domain.sync import FolderReport, Visit
from app.mail.errors import CommandRefused
from app.mail.source import MailSource, Selected, Since
from app.services.reading.parsing import PARSER_VERSION
from app.services.sync.fetching import Batch, Team, batches
from app.services.sync.seeking import seek_copy
from app.store.database import Store
from app.store.mail import copies
from app.store.mail.incoming import take_in
from app.store.sync import sync_state
from app.store.sync.skipped import forget_skipped, note_skipped, skipped_of, skipped_uids
from app.store.sync.sync_state import KnownFolder

#: Messages of the first round over the folders, so that the newest of each are here within seconds.
FIRST_ROUND = 200
_REMOVED_AT_ONCE = 2_000
#: Copies whose UID is sought one by one in a folder that is not synced, in one visit.
_SOUGHT_AT_ONCE = 50


class Interrupted(Exception):
    """The sync was asked to stop; all that is in the store is whole, the next one goes on."""


@dataclass(slots=True)
class Tools:
    """What a visit works with. `breathe` is called between two batches: it may raise Interrupted, and may use the
    source's connection, which is selected anew afterwards. `team`: the processes for many messages, if there are (so many are missing here)."""

    store: Store
    source: MailSource
    clock: Callable[[], datetime]
    breathe: Callable[[], bool]
    team: Callable[[int], Team | None]
    fetch_days: int | None = None


def visit_folder(
    tools: Tools, folder: KnownFolder, visit: Visit, *, first_round: bool = False
) -> FolderReport:
    """Bring one folder in step. With `first_round` only the newest messages of a new folder are fetched, and the folder
    stays incomplete. Raises MailError and Interrupted; what is in the store by then is whole."""
    return _Visit(tools, folder, visit, first_round).run()


class _Visit:
    def __init__(self, tools: Tools, folder: KnownFolder, visit: Visit, first_round: bool) -> None:
        self.tools = tools
        self.folder = folder
        self.visit = visit
        self.first_round = first_round
        self.report = FolderReport(folder.name)
        self.began = time.perf_counter()
        self._lost: list[int] = []  # copies without a UID that this visit must find, or they are gone

    def run(self) -> FolderReport:
        read = self.tools.store.read
        self._lost = copies.unbound(read, self.folder.id) if self.folder.state.unbound else []
        selected = self._select()
        if selected.status.uidvalidity != self.folder.state.uidvalidity:
            reread(self.tools.store, self.folder.id, selected.status)
            self._lost = copies.unbound(read, self.folder.id)
            self.visit = Visit.WHOLE
        if not self.folder.synced:
            missing, flags, gone = self._what_is_here()
        elif selected.status.uidvalidity != self.folder.state.uidvalidity:
            missing, flags, gone = self._compare_all(selected, complete=False)
        elif self.visit is Visit.CHANGES and selected.status.highestmodseq is not None:
            missing, flags, gone = self._changes(selected)
        else:
            missing, flags, gone = self._compare_all(selected, complete=self.folder.state.complete)
        self._apply(flags, gone)
        missing.sort(reverse=True)
        partly = self.first_round and len(missing) > FIRST_ROUND
        self._take(missing[:FIRST_ROUND] if partly else missing)
        self._finish(selected.status, partly)
        return self.report

    def _select(self) -> Selected:
        state = self.folder.state
        since = None
        if self.visit is Visit.CHANGES and self.tools.source.can_qresync:
            since = Since(state.uidvalidity, state.highestmodseq, state.uidnext)
        return self.tools.source.select(self.folder.path, since)

    def _changes(self, selected: Selected) -> tuple[list[int], dict[int, Flags], list[int]]:
        """What is new, what has other flags, what is gone since the last visit (RFC 7162)."""
        state, source = self.folder.state, self.tools.source
        changed = selected.changed
        if changed is None:
            changed = source.flags(changed_since=state.highestmodseq)
        read = self.tools.store.read
        skipped = skipped_uids(read, self.folder.id)
        new = {uid for uid in changed if uid >= state.uidnext}
        gone = _marked_deleted(changed) | set(selected.vanished or ())
        if selected.vanished is None and state.messages + len(new) != selected.status.messages:
            gone |= (copies.bound_uids(read, self.folder.id) | skipped.keys()) - set(source.uids())
        missing = set(changed) - copies.known_uids(read, self.folder.id) - gone
        # Mail below `uidnext` that is not here was marked deleted before, unless it is older than what is wanted.
        if self.tools.fetch_days is not None and missing - new:
            missing &= new | set(source.uids(self._oldest_day(self.tools.fetch_days)))
        again = {uid for uid, wanted in skipped.items() if wanted}
        return list(missing | again - gone), changed, list(gone)

    def _compare_all(
        self, selected: Selected, *, complete: bool
    ) -> tuple[list[int], dict[int, Flags], list[int]]:
        """Every UID here against every UID there."""
        source, read = self.tools.source, self.tools.store.read
        there = set(source.uids())
        wanted = there
        if self.tools.fetch_days is not None:
            wanted = set(source.uids(self._oldest_day(self.tools.fetch_days)))
            if complete:
                wanted |= {uid for uid in there if uid >= self.folder.state.uidnext}
        bound = copies.bound_uids(read, self.folder.id)
        skipped = skipped_uids(read, self.folder.id)
        if bound and not there and selected.status.messages:
            raise CommandRefused(f"the server counts {selected.status.messages} mails and names none")
        flags = source.flags() if bound & there else {}
        gone = _marked_deleted(flags)
        left_alone = {uid for uid, again in skipped.items() if not again}
        return (
            list(wanted - copies.known_uids(read, self.folder.id) - gone - left_alone),
            flags,
            list((bound - there) | (gone & bound) | (skipped.keys() - there)),
        )

    def _what_is_here(self) -> tuple[list[int], dict[int, Flags], list[int]]:
        """In a folder that is not synced: what became of the mail that is here all the same, because it was synced once or
        was moved there. Nothing is fetched."""
        store, source, folder = self.tools.store, self.tools.source, self.folder
        self._lost = []
        for copy in copies.unbound(store.read, folder.id)[:_SOUGHT_AT_ONCE]:
            uid = seek_copy(store.read, source, folder, copy)
            if uid is None or not copies.bind(store, copy, folder.id, uid):
                self._lost.append(copy)
        bound = copies.bound_uids(store.read, folder.id)
        flags = source.flags(sorted(bound)) if bound else {}
        return [], flags, list((bound - flags.keys()) | _marked_deleted(flags))

    def _oldest_day(self, days: int) -> date:
        """The first day to fetch; earlier if copies wait for their UID since UIDVALIDITY has changed."""
        wanted = self.tools.clock() - timedelta(days=days)
        waiting = copies.oldest_unbound(self.tools.store.read, self.folder.id)
        return min(wanted, waiting - timedelta(days=1) if waiting else wanted).date()

    def _apply(self, flags: dict[int, Flags], gone: Sequence[int]) -> None:
        store, folder = self.tools.store, self.folder
        if not flags and not gone:
            return
        removed = 0
        for start in range(0, len(gone), _REMOVED_AT_ONCE):
            with store.write() as tx:
                chunk = gone[start : start + _REMOVED_AT_ONCE]
                removed += copies.remove_gone(tx, folder.id, chunk)
                forget_skipped(tx, folder.id, chunk)
        changed, told = 0, list(flags.items())
        for start in range(0, len(told), _REMOVED_AT_ONCE):
            changed += copies.apply_flags(store, folder.id, dict(told[start : start + _REMOVED_AT_ONCE]))
        self.report = replace(self.report, changed=changed, gone=removed)

    def _take(self, missing: Sequence[int]) -> None:
        """Fetch the missing messages, newest first, each batch in one transaction."""
        asked, skipped = set(missing), skipped_uids(self.tools.store.read, self.folder.id)
        for batch in self._batches(missing):
            now = self.tools.clock()
            with self.tools.store.write() as tx:
                alive = [mail for mail in batch.mails if not mail.flags.deleted and mail.uid in asked]
                taken = take_in(tx, self.folder.id, self.folder.role, alive, now)
                note_skipped(tx, self.folder.id, batch.skipped, PARSER_VERSION, now)
                if skipped:
                    forget_skipped(tx, self.folder.id, [mail.uid for mail in batch.mails])
            self.report = replace(
                self.report,
                new=self.report.new + taken.new,
                linked=self.report.linked + taken.linked,
            )

    def _batches(self, missing: Sequence[int]) -> Iterator[Batch]:
        team = self.tools.team(len(missing)) if missing else None
        if team is not None:
            for batch in team.batches(self.folder.path, missing):
                yield batch
                self.tools.breathe()
            return
        step = FIRST_ROUND
        for start in range(0, len(missing), step):
            if start and self.tools.breathe():
                self.tools.source.select(self.folder.path)
            yield from batches(self.tools.source, missing[start : start + step])

    def _finish(self, status: FolderStatus, partly: bool) -> None:
        store, now = self.tools.store, self.tools.clock()
        if self.folder.state.unbound:
            copies.settle_twins(store, self.folder.id)
        seconds = round(time.perf_counter() - self.began, 3)
        self.report = replace(self.report, seconds=seconds, skipped=skipped_of(store.read, self.folder.id))
        for start in range(0, 0 if partly else len(self._lost), _REMOVED_AT_ONCE):
            with store.write() as tx:
                copies.remove_unbound(tx, self._lost[start : start + _REMOVED_AT_ONCE])
        with store.write() as tx:
            if partly:
                sync_state.note_opened(tx, self.folder.id, status)
                sync_state.note_report(tx, self.folder.id, self.report, now)
            else:
                sync_state.note_in_step(tx, self.folder.id, status, self.report, now)


def reread(store: Store, folder_id: int, status: FolderStatus) -> None:
    """Forget every UID of a folder whose UIDVALIDITY has changed, some at a time. When it is cut off between two of them,
    the folder has no UIDVALIDITY, and whoever opens it next goes on."""
    with store.write() as tx:
        sync_state.distrust_uids(tx, folder_id)
    forgotten = _REMOVED_AT_ONCE
    while forgotten == _REMOVED_AT_ONCE:
        with store.write() as tx:
            forgotten = sync_state.forget_uids(tx, folder_id, _REMOVED_AT_ONCE)
    with store.write() as tx:
        sync_state.start_reread(tx, folder_id, status)


def _marked_deleted(flags: dict[int, Flags]) -> set[int]:
    r"""Mail that somebody marked \Deleted is gone for the rep, whether it was expunged yet or not."""
    return {uid for uid, told in flags.items() if told.deleted}


def failed(folder: KnownFolder, reason: str) -> FolderReport:
    """The report of a visit that did not come to its end."""
    return FolderReport(folder.name, error=reason)
