"""Carries out the postman's moves, also where a server has no MOVE and each is a copy and a deletion; decides no more than
what became of a move that was cut off or refused half-way."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.domain.mail.messages import FolderStatus
from app.domain.mail.operations import DELETED, Move
from app.mail.errors import CommandRefused, FolderMissing, HalfMoved
from app.mail.source import MailSource
from app.services.sync.seeking import seek_lately_stored
from app.store.database import Store
from app.store.sync import operations
from app.store.sync.operations import Job


class Mover:
    """Moves over one open connection. `visit`: see `Postman`."""

    def __init__(self, store: Store, source: MailSource, visit: Callable[[str], bool]) -> None:
        self._store = store
        self._source = source
        self._visit = visit

    def target_before(self, first: Job) -> FolderStatus | None:
        """The folder that is copied into, before that is tried for the first time: if nobody tells how it ends, a twin that
        lay there already must not be taken for the copy, or one of the two would be lost. None where nobody asks for it."""
        if not isinstance(first.effect, Move) or self._source.can_move or first.tried:
            return None
        try:
            target = operations.path_of(self._store.read, first.effect.target_folder_id)
            status = self._source.select(target, readonly=True).status
        except CommandRefused:  # a folder that takes mail and shows none
            status = None
        self._source.select(first.path)
        return status

    def move(self, jobs: Sequence[Job], effect: Move) -> None:
        """Move the mail of these jobs, which lies in the selected folder. Raises MailError."""
        target = operations.path_of(self._store.read, effect.target_folder_id)
        if not self._source.can_move:
            jobs = self._after_half_moves(jobs, effect.target_folder_id, target)
        if not jobs:
            return
        try:
            new_uids = self._source.move(_uids(jobs), target)
        except HalfMoved as half:
            self._take_back(jobs, effect.target_folder_id, target, half.copied)
            raise
        except (CommandRefused, FolderMissing):
            if not self._source.can_move:
                self._note_untried(jobs)  # a COPY that is refused has copied nothing (RFC 9051 section 6.4.7)
            raise
        self._note_moved(jobs, effect.target_folder_id, new_uids)

    def arrived(self, jobs: Sequence[tuple[Job, int]], folder_id: int, path: str) -> list[tuple[Job, int]]:
        """Those of the jobs whose mail lies in this folder under a UID from the given one on, each with its UID there."""
        visited, read = bool(jobs) and self._visit(path), self._store.read
        found = (
            (
                job,
                operations.uid_there(read, job, folder_id, lowest)
                if visited
                else seek_lately_stored(read, self._source, path, job.message_id, lowest=lowest),
            )
            for job, lowest in jobs
        )
        return [(job, uid) for job, uid in found if uid is not None]

    def _after_half_moves(self, jobs: Sequence[Job], folder_id: int, path: str) -> list[Job]:
        """The jobs that are still to be begun, once those are ended that had copied their mail although nobody told us: a
        second COPY would make a double."""
        tried = [job for job in jobs if job.tried]
        arrived = self._copied_before(tried, folder_id, path) if tried else []
        if tried:
            self._source.select(jobs[0].path)
        there = [job for job, _uid in arrived]
        copied = {job.uid: uid for job, uid in arrived if job.uid is not None}
        if there:
            try:
                self._source.delete(_uids(there))
            except (CommandRefused, FolderMissing):
                self._take_back(there, folder_id, path, copied)
                raise
            self._note_moved(there, folder_id, copied)
        return [job for job in jobs if job not in there]

    def _copied_before(self, jobs: Sequence[Job], folder_id: int, path: str) -> list[tuple[Job, int]]:
        """Those of the jobs that have copied their mail into this folder, each with its UID there. Where that cannot be
        known it is copied again: rather a double than a loss."""
        validity = self._source.select(path, readonly=True).status.uidvalidity
        known = [(job, job.before[1]) for job in jobs if job.before and job.before[0] == validity]
        return self.arrived(known, folder_id, path)

    def _take_back(self, jobs: Sequence[Job], folder_id: int, path: str, copied: dict[int, int]) -> None:
        """Take away copies whose originals may not be deleted: a refused move must leave nothing behind, for the rep may
        move the mail elsewhere, or leave it. What cannot be taken away is seen by the next visit, as any mail.

        The originals lose the mark first that the refused deletion may have set: else the mail would be nowhere.
        """
        uids = self._believed(jobs, folder_id, copied)
        try:
            self._source.change_flags(_uids(jobs), [], [DELETED])
            self._source.select(path)
            for job in jobs:
                if job.uid is not None and job.uid not in uids and (found := self._copy_of(job, path)):
                    uids[job.uid] = found
            self._source.delete(list(uids.values()))
        except (CommandRefused, FolderMissing):
            return
        self._note_untried([job for job in jobs if job.uid in uids])

    def _believed(self, jobs: Sequence[Job], folder_id: int, copied: dict[int, int]) -> dict[int, int]:
        """The UIDs told of copies, by those of the originals, that no mail bore before: what is deleted there is gone."""
        uids = {}
        for job in jobs:
            told = operations.believed(self._store.read, job, folder_id, copied.get(job.uid or 0))
            now = operations.job(self._store.read, job.id)
            lowest = now.before[1] if now is not None and now.before is not None else 0
            if job.uid is not None and told is not None and told >= lowest:
                uids[job.uid] = told
        return uids

    def _copy_of(self, job: Job, path: str) -> int | None:
        """The UID of the copy that a job has just made, where the server did not tell."""
        now = operations.job(self._store.read, job.id)
        if now is None or now.before is None:
            return None
        return seek_lately_stored(self._store.read, self._source, path, job.message_id, lowest=now.before[1])

    def _note_untried(self, jobs: Sequence[Job]) -> None:
        with self._store.write() as tx:
            operations.note_untried(tx, [job.id for job in jobs])

    def _note_moved(self, jobs: Sequence[Job], folder_id: int, new_uids: dict[int, int]) -> None:
        with self._store.write() as tx:
            for job in jobs:
                operations.note_moved(tx, job, folder_id, None if job.uid is None else new_uids.get(job.uid))


def _uids(jobs: Sequence[Job]) -> list[int]:
    return [job.uid for job in jobs if job.uid is not None]
