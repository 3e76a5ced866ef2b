"""The postman: carries the waiting changes of a mailbox out to its server, in order; decides nothing a rep decides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.domain.errors import BadInput
from app.domain.mail.operations import DELETED, Append, Delete, Effect, FlagsChange, Move
from app.mail.errors import CommandRefused, FolderMissing, MailError
from app.mail.source import MailSource
from app.services.reading.parsing import parse_again
from app.services.sync.folder import reread
from app.services.sync.moving import Mover
from app.services.sync.seeking import seek
from app.store.database import Store
from app.store.mail.removal import remove_unheld
from app.store.sync import operations
from app.store.sync.operations import Job

#: Pauses after the first, second … failed attempt; the last one repeats.
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 300, 900, 3600))
#: Why a deletion is refused where EXPUNGE would take more than was asked for, or does nothing.
NOT_REMOVED = (
    "the server did not remove the mail: others have marked mail as deleted, or the rights do not allow it"
)
_AT_ONCE = 200
_REMOVED_AT_ONCE = 50
#: How often a folder may change its identity in one round before the changes in it wait.
_REREADS = 3


@dataclass(frozen=True, slots=True)
class Round:
    """What the postman did: operations done, refused, and whether any is left for later."""

    done: int = 0
    refused: int = 0
    left: bool = False


class Postman:
    """Carries out operations over one open connection. `visit(path)` brings one folder in step, which finds UIDs that the
    server did not tell, and says whether it could. `breathe` is called between two commands and may raise to end it.
    The folder selected before is no longer selected afterwards."""

    def __init__(
        self,
        store: Store,
        mailbox_id: int,
        source: MailSource,
        clock: Callable[[], datetime],
        visit: Callable[[str], bool],
        breathe: Callable[[], object],
    ) -> None:
        self.store = store
        self.mailbox_id = mailbox_id
        self.source = source
        self.clock = clock
        self.visit = visit
        self.breathe = breathe
        self.mover = Mover(store, source, visit)
        self._rereads: Counter[int] = Counter()

    def run(self) -> Round:
        """Carry out what is due. Raises MailError if the connection breaks: the operation at hand stays `running`."""
        done = refused = 0
        while True:
            self.breathe()
            jobs = operations.next_jobs(self.store.read, self.mailbox_id, self.clock(), limit=_AT_ONCE)
            if not jobs:
                left = operations.has_waiting(self.store.read, self.mailbox_id)
                return Round(done, refused, left)
            try:
                ready = self._ready(jobs)
                if not ready:
                    continue
                jobs = ready
                if jobs := self._claim(jobs):
                    self._carry_out(jobs)
                    done += len(jobs)
            except (MailError, BadInput) as error:
                refused += self._note_trouble(jobs, error)

    def _ready(self, jobs: list[Job]) -> list[Job]:
        """Of the jobs those that can be done now, with their folder open; none if they are to be looked at again.

        UIDs that belong to another UIDVALIDITY than the folder has now name other mails: they are forgotten first.
        """
        first = jobs[0]
        if isinstance(first.effect, Append):
            return jobs
        status = self.source.select(first.path).status
        if status.uidvalidity != operations.uidvalidity_of(self.store.read, first.folder_id):
            self._rereads[first.folder_id] += 1
            if self._rereads[first.folder_id] > _REREADS:
                restless = CommandRefused("the folder has another UIDVALIDITY each time it is opened")
                restless.temporary = True
                raise restless
            reread(self.store, first.folder_id, status)
            return []
        if first.uid is None:
            self._find(first)
            return []
        return [job for job in jobs if job.uid is not None]

    def _find(self, job: Job) -> None:
        """Find out the UID of a job's mail. If the mail is nowhere in its folder, nothing is left to do, and the job goes."""
        visited = self.visit(job.path)
        found = operations.job(self.store.read, job.id)
        if found is None or found.uid is not None:
            return
        uid = None if visited else seek(self.store.read, self.source, job)
        with self.store.write() as tx:
            if uid is None:
                operations.remove(tx, [job.id])
            else:
                operations.note_uid(tx, job, uid)

    def _claim(self, jobs: list[Job]) -> list[Job]:
        before = self.mover.target_before(jobs[0])
        with self.store.write() as tx:
            claimed = operations.claim(tx, jobs)
            if before is not None:
                operations.note_target(tx, claimed, before.uidvalidity, before.uidnext)
        return claimed

    def _carry_out(self, jobs: list[Job]) -> None:
        effect: Effect = jobs[0].effect
        uids = [job.uid for job in jobs if job.uid is not None]
        match effect:
            case FlagsChange():
                self.source.change_flags(uids, effect.add, effect.remove)
                self._finish(jobs)
            case Move():
                self.mover.move(jobs, effect)
            case Delete():
                self._delete(jobs, uids)
            case Append():
                self._append(jobs[0], effect)

    def _append(self, job: Job, effect: Append) -> None:
        message = operations.message_of(self.store.read, job)
        if message is None:
            self._finish([job])
            return
        header_id, raw = message
        uid = self._appended(job, effect, header_id)
        if uid is None:
            arrived = datetime.fromtimestamp(effect.arrived, UTC)
            uid = self.source.append(job.path, raw, effect.flags, arrived)
        with self.store.write() as tx:
            operations.note_appended(tx, job, uid)

    def _appended(self, job: Job, effect: Append, header_id: str) -> int | None:
        """The UID of the mail in the folder if it lies there already: stored by the server itself, or by an attempt
        of which we do not know how it ended."""
        if job.tried and (arrived := self.mover.arrived([(job, 0)], job.folder_id, job.path)):
            return arrived[0][1]
        if not effect.once or not header_id:
            return None
        self.source.select(job.path)
        return max(self.source.find_message_id(header_id), default=None)

    def _delete(self, jobs: list[Job], uids: list[int]) -> None:
        """What had to stay is refused: the rep was told that it is gone for good. What other deletions have marked before they
        were cut off is no mail of others, and goes too."""
        marked = {uid for uid, flags in self.source.flags(uids).items() if flags.deleted}
        ours = [job.uid for job in jobs if job.uid is not None and (job.tried or job.uid not in marked)]
        try:
            begun = operations.begun_deletions(self.store.read, jobs[0].folder_id)
            stayed = set(self.source.delete(sorted(begun.union(uids))))
        except CommandRefused:
            self._unmark(ours)
            raise
        self._finish_deleted([job for job in jobs if job.uid not in stayed])
        self._unmark([uid for uid in ours if uid in stayed])
        with self.store.write() as tx:
            operations.note_failed(tx, [job.id for job in jobs if job.uid in stayed], NOT_REMOVED)

    def _unmark(self, uids: list[int]) -> None:
        """Take our mark back, not somebody else's: mail that bears one counts as gone, also after the rep has dropped the
        deletion."""
        if uids:
            self.source.change_flags(uids, [], [DELETED])

    def _finish(self, jobs: list[Job]) -> None:
        with self.store.write() as tx:
            operations.remove(tx, [job.id for job in jobs])

    def _finish_deleted(self, jobs: list[Job]) -> None:
        """What was the last copy of a message takes the message with it, unless something of a person hangs on it."""
        messages = [job.message_id for job in jobs if job.message_id is not None]
        for start in range(0, len(messages), _REMOVED_AT_ONCE):
            with self.store.write() as tx:
                chunk = messages[start : start + _REMOVED_AT_ONCE]
                operations.remove(tx, [job.id for job in jobs if job.message_id in chunk])
                remove_unheld(tx, chunk, parse_again)
        self._finish(jobs)

    def _note_trouble(self, jobs: list[Job], error: MailError | BadInput) -> int:
        """Note what went wrong; how many operations are refused by it. Raises the error if the connection is the trouble."""
        asked = isinstance(error, CommandRefused | FolderMissing | BadInput)
        if isinstance(error, BadInput) or (asked and not error.temporary):
            return self._note_refused(jobs, error)
        pause = PAUSES[min(jobs[0].attempts, len(PAUSES) - 1)]
        with self.store.write() as tx:
            operations.note_later(tx, [job.id for job in jobs], str(error), self.clock() + pause)
        if not asked:
            raise error
        return 0

    def _note_refused(self, jobs: list[Job], refusal: MailError | BadInput) -> int:
        """A refusal of many is asked again one by one, so that each bears its own reason."""
        if len(jobs) > 1:
            with self.store.write() as tx:
                operations.note_alone(tx, [job.id for job in jobs])
            return 0
        with self.store.write() as tx:
            operations.note_failed(tx, [job.id for job in jobs], str(refusal))
        return len(jobs)
