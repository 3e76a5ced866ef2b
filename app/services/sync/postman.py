"""The postman: carries the waiting changes of a mailbox out to its server, in order; decides nothing a rep decides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.operations import Append, Delete, Effect, FlagsChange, Move, OperationState
from app.mail.errors import CommandRefused, FolderMissing, MailError
from app.mail.source import MailSource
from app.store import operations
from app.store.database import Store
from app.store.operations import Job

#: Pauses after the first, second … failed attempt; the last one repeats.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900, 3600))
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Round:
    """What the postman did: operations done, refused, and whether any is left for later."""

    done: int = 0
    refused: int = 0
    left: bool = False


class Postman:
    """Carries out operations over one open connection. `visit(path)` brings one folder in step: it finds UIDs that the
    server did not tell. The folder selected before is no longer selected afterwards."""

    def __init__(
        self,
        store: Store,
        mailbox_id: int,
        source: MailSource,
        clock: Callable[[], datetime],
        visit: Callable[[str], None],
    ) -> None:
        self.store = store
        self.mailbox_id = mailbox_id
        self.source = source
        self.clock = clock
        self.visit = visit

    def run(self) -> Round:
        """Carry out what is due. Raises MailError if the connection breaks: the operation at hand stays `running`."""
        done = refused = 0
        while True:
            jobs = operations.next_jobs(self.store.read, self.mailbox_id, self.clock(), limit=_AT_ONCE)
            if not jobs:
                left = operations.has_waiting(self.store.read, self.mailbox_id)
                return Round(done, refused, left)
            jobs = self._with_uids(jobs)
            if not jobs:
                continue
            interrupted = jobs[0].state is OperationState.RUNNING
            with self.store.write() as tx:
                jobs = operations.claim(tx, jobs)
            if not jobs:
                continue
            try:
                self._carry_out(jobs, interrupted)
                done += len(jobs)
            except (CommandRefused, FolderMissing) as refusal:
                refused += self._note_refused(jobs, refusal)
            except MailError as error:
                self._note_later(jobs, error)
                raise

    def _with_uids(self, jobs: list[Job]) -> list[Job]:
        """The jobs that can be done now. One whose mail has no UID yet is done alone, after a visit to its folder; one
        whose mail is nowhere on the server any more has nothing left to do and goes."""
        if isinstance(jobs[0].effect, Append) or all(job.uid is not None for job in jobs):
            return jobs
        first = jobs[0]
        if first.uid is not None:
            return [job for job in jobs if job.uid is not None]
        self.visit(first.path)
        found = operations.job(self.store.read, first.id)
        if found is None or found.uid is None:
            with self.store.write() as tx:
                operations.remove(tx, [first.id])
            return []
        return [found]

    def _carry_out(self, jobs: list[Job], interrupted: bool) -> None:
        effect: Effect = jobs[0].effect
        uids = [job.uid for job in jobs if job.uid is not None]
        match effect:
            case FlagsChange():
                self.source.select(jobs[0].path)
                self.source.change_flags(uids, effect.add, effect.remove)
                self._finish(jobs)
            case Move():
                self._move(jobs, uids, interrupted)
            case Delete():
                self.source.select(jobs[0].path)
                self.source.delete(uids)
                self._finish(jobs)
            case Append():
                self._append(jobs[0], effect)

    def _move(self, jobs: list[Job], uids: list[int], interrupted: bool) -> None:
        effect = jobs[0].effect
        assert isinstance(effect, Move)
        target = operations.path_of(self.store.read, effect.target_folder_id)
        if interrupted and not self.source.can_move:
            # COPY may have been carried out before we were cut off: a second one would make a double.
            self.visit(target)
            arrived = [
                job
                for job in jobs
                if operations.is_bound(self.store.read, job.copy_id, effect.target_folder_id)
            ]
            if arrived:
                self.source.select(jobs[0].path)
                self.source.delete([job.uid for job in arrived if job.uid is not None])
                with self.store.write() as tx:
                    for job in arrived:
                        operations.note_moved(tx, job, effect.target_folder_id, None)
                jobs = [job for job in jobs if job not in arrived]
                uids = [job.uid for job in jobs if job.uid is not None]
                if not jobs:
                    return
        self.source.select(jobs[0].path)
        new_uids = self.source.move(uids, target)
        with self.store.write() as tx:
            for job in jobs:
                new_uid = None if job.uid is None else new_uids.get(job.uid)
                operations.note_moved(tx, job, effect.target_folder_id, new_uid)

    def _append(self, job: Job, effect: Append) -> None:
        message = operations.message_of(self.store.read, job)
        if message is None:
            self._finish([job])
            return
        header_id, raw = message
        uid = None
        self.source.select(job.path)
        there = self.source.find_message_id(header_id) if effect.once and header_id else []
        if there:
            uid = max(there)
        else:
            arrived = datetime.fromtimestamp(effect.arrived, UTC)
            uid = self.source.append(job.path, raw, effect.flags, arrived)
        with self.store.write() as tx:
            operations.note_appended(tx, job, uid)

    def _finish(self, jobs: list[Job]) -> None:
        with self.store.write() as tx:
            operations.remove(tx, [job.id for job in jobs])

    def _note_refused(self, jobs: list[Job], refusal: MailError) -> int:
        """A refusal of many is asked again one by one, so that each bears its own reason."""
        if len(jobs) > 1:
            with self.store.write() as tx:
                operations.note_alone(tx, [job.id for job in jobs])
            return 0
        with self.store.write() as tx:
            operations.note_failed(tx, [job.id for job in jobs], str(refusal))
        return len(jobs)

    def _note_later(self, jobs: list[Job], error: MailError) -> None:
        pause = PAUSES[min(jobs[0].attempts, len(PAUSES) - 1)]
        with self.store.write() as tx:
            operations.note_later(tx, [job.id for job in jobs], str(error), self.clock() + pause)
