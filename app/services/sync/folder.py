"""One visit to one folder: what has changed on the server comes into the store."""

from __future__ import annotations

import time
from array import array
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from app.domain.mail.messages import Flags, FolderStatus
from app.domain.mail.sync import FolderReport, Visit
from app.mail.errors import CommandRefused
from app.mail.source import MailSource, Selected, Since
from app.services.reading.parsing import PARSER_VERSION
from app.services.sync.fetching import MADE_ANEW, Batch, batches
from app.services.sync.seeking import seek_copy
from app.services.sync.team import Team
from app.store.connection import Connection
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


class _LeftOut(Exception):
    """The rep has left the folder out while its mail was being fetched."""


@dataclass(slots=True)
class Tools:
    """What a visit works with. `breathe` is called between two batches: it may raise Interrupted, and may use the
    source's connection, which is selected anew afterwards."""

    store: Store
    source: MailSource
    clock: Callable[[], datetime]
    breathe: Callable[[], bool]
    fetch_days: int | None = None


class FolderVisit:
    """Brings one folder in step, in one or two goes: `begin`, and `go_on` if it has left a `rest`. Between the two other
    folders may have their first go, and the folder stays incomplete. Whenever it ends, what is in the store is whole.

    Nothing here waits for the disk: what a power cut takes is on the server. The pass ends with something durable.

    `report`: what was done until now.
    """

    def __init__(self, tools: Tools, folder: KnownFolder, visit: Visit) -> None:
        self.tools = tools
        self.folder = folder
        self.visit = visit
        self.report = FolderReport(folder.name)
        self.rest: array[int] = array("Q")
        self._status = FolderStatus(0, 0, 0)
        self._ordered: Iterator[Batch] | None = None
        self._alone = False  # nobody else has used the connection since we selected the folder
        self._had_skipped = False
        self._lost: list[int] = []  # copies without a UID that this visit must find, or they are gone

    def begin(self) -> FolderReport:
        """Compare, apply what has changed, and take in what is new: of much, the newest messages. Raises MailError."""
        with self._timed():
            read = self.tools.store.read
            self._had_skipped = bool(skipped_uids(read, self.folder.id))
            self._lost = copies.unbound(read, self.folder.id) if self.folder.state.unbound else []
            selected = self._select()
            self._status = selected.status
            if selected.status.uidvalidity != self.folder.state.uidvalidity:
                reread(self.tools.store, self.folder.id, selected.status)
                self._lost = copies.unbound(read, self.folder.id)
                self.visit = Visit.WHOLE
            missing, flags, gone = self._find_out(selected)
            self._apply(flags, gone)
            missing.sort(reverse=True)
            for batch in batches(self.tools.source, missing[:FIRST_ROUND]):
                self._take(batch)
            self.rest = array("Q", missing[FIRST_ROUND:])
        return self._pause() if self.rest else self._finish()

    def order_rest(self, team: Team) -> None:
        """Have the rest fetched by other processes, once."""
        if self._ordered is None:
            self._ordered = team.order(self.folder.path, self._status.uidvalidity, self.rest)

    def go_on(self) -> FolderReport:
        """Take in the rest, newest first. Raises MailError and Interrupted; CommandRefused also if the folder was made anew."""
        try:
            with self._timed():
                for batch in self._ordered or self._fetched_here():
                    self._take(batch, going_on=True)
                    self._alone = not self.tools.breathe() and self._alone
            return self._finish(going_on=True)
        except _LeftOut:
            return self.report

    @contextmanager
    def _timed(self) -> Iterator[None]:
        began = time.perf_counter()
        try:
            yield
        finally:
            seconds = self.report.seconds + time.perf_counter() - began
            self.report = replace(self.report, seconds=round(seconds, 3))

    def _find_out(self, selected: Selected) -> tuple[list[int], dict[int, Flags], list[int]]:
        if not self.folder.synced:
            return self._what_is_here()
        if selected.status.uidvalidity != self.folder.state.uidvalidity:
            return self._compare_all(selected, complete=False)
        if self.visit is Visit.CHANGES and selected.status.highestmodseq is not None:
            return self._changes(selected)
        return self._compare_all(selected, complete=self.folder.state.complete)

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
        if state.uidnext:  # what a move brought here since, and is not told as new, has gone again meanwhile
            gone |= copies.bound_from(read, self.folder.id, state.uidnext) - changed.keys()
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
        if len(gone) > _REMOVED_AT_ONCE:  # a server may name millions in twenty bytes
            here = copies.bound_uids(store.read, folder.id) | skipped_uids(store.read, folder.id).keys()
            gone = sorted(here.intersection(gone))
        for start in range(0, len(gone), _REMOVED_AT_ONCE):
            with store.write(durable=False) as tx:
                chunk = gone[start : start + _REMOVED_AT_ONCE]
                removed += copies.remove_gone(tx, folder.id, chunk)
                forget_skipped(tx, folder.id, chunk)
        changed, told = 0, list(flags.items())
        for start in range(0, len(told), _REMOVED_AT_ONCE):
            changed += copies.apply_flags(store, folder.id, dict(told[start : start + _REMOVED_AT_ONCE]))
        self.report = replace(self.report, changed=changed, gone=removed)

    def _fetched_here(self) -> Iterator[Batch]:
        """The rest, over the connection of the pass, which others may have used since."""
        for start in range(0, len(self.rest), FIRST_ROUND):
            if not self._alone:
                status = self.tools.source.select(self.folder.path).status
                if status.uidvalidity != self._status.uidvalidity:
                    raise CommandRefused(MADE_ANEW)
                self._alone = True
            yield from batches(self.tools.source, self.rest[start : start + FIRST_ROUND])

    def _take(self, batch: Batch, *, going_on: bool = False) -> None:
        """Store one batch, in one transaction."""
        now, folder = self.tools.clock(), self.folder
        with self.tools.store.write(durable=False) as tx:
            if going_on:
                self._check_still_open(tx)
            alive = [mail for mail in batch.mails if not mail.flags.deleted]
            taken = take_in(tx, folder.id, folder.role, alive, now)
            note_skipped(tx, folder.id, batch.skipped, PARSER_VERSION, now)
            if self._had_skipped:
                forget_skipped(tx, folder.id, [mail.uid for mail in batch.mails])
        self.report = replace(
            self.report, new=self.report.new + taken.new, linked=self.report.linked + taken.linked
        )

    def _pause(self) -> FolderReport:
        with self.tools.store.write(durable=False) as tx:
            sync_state.note_opened(tx, self.folder.id, self._status)
            sync_state.note_report(tx, self.folder.id, self._reported(), self.tools.clock())
        return self.report

    def _finish(self, *, going_on: bool = False) -> FolderReport:
        store, folder = self.tools.store, self.folder
        if folder.state.unbound:
            copies.settle_twins(store, folder.id)
        for start in range(0, len(self._lost), _REMOVED_AT_ONCE):
            with store.write(durable=False) as tx:
                copies.remove_unbound(tx, folder.id, self._lost[start : start + _REMOVED_AT_ONCE])
        known = self._status if going_on else folder.state
        had_modseq = known.highestmodseq is not None and known.uidvalidity == self._status.uidvalidity
        with store.write(durable=False) as tx:
            if going_on:
                self._check_still_open(tx)
            sync_state.note_in_step(
                tx,
                folder.id,
                self._status,
                self._reported(),
                self.tools.clock(),
                fetch_days=self.tools.fetch_days,
                had_modseq=had_modseq,
            )
        return self.report

    def _check_still_open(self, tx: Connection) -> None:
        """Others may have worked on the folder since the first go. Raises CommandRefused if they have forgotten its UIDs,
        and _LeftOut if nobody wants it any more."""
        uidvalidity, synced = sync_state.opened_as(tx, self.folder.id)
        if uidvalidity != self._status.uidvalidity:
            raise CommandRefused(MADE_ANEW)
        if not synced:
            raise _LeftOut

    def _reported(self) -> FolderReport:
        passed = skipped_of(self.tools.store.read, self.folder.id)
        self.report = replace(self.report, skipped=passed)
        return self.report


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
