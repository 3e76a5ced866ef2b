"""What a rep decides about a change that the server has refused: try it again, or take it back here too.

Dropping a change makes the store show what the server has: its folder is compared as a whole at the next sync, because
what happened there while the change waited has left no other trace.
"""

from __future__ import annotations

from datetime import datetime

from app.domain.errors import NotFound, Refused
from app.domain.mail.operations import Append, Delete, FlagsChange, Move, OperationState
from app.store.connection import Connection
from app.store.database import Store
from app.store.mail import copies, mailboxes
from app.store.mail.processed import refresh_processed
from app.store.sync import operations, sync_state
from app.store.sync.operations import Job


def retry(store: Store, operation_id: int, now: datetime) -> None:
    """Have a change tried at once that was refused or pauses. Raises NotFound when it has been carried out meanwhile."""
    with store.write() as tx:
        job = _found(tx, operation_id)
        if (
            job.state is OperationState.FAILED
            and isinstance(job.effect, FlagsChange)
            and job.copy_id is not None
        ):
            copies.show_flags(tx, job.copy_id, [job.effect])
        operations.note_again(tx, job.id, now)
        mailboxes.want_sync_of(tx, operations.mailbox_of(tx, job.folder_id), int(now.timestamp()))


def drop(store: Store, operation_id: int, now: datetime) -> None:
    """Give up a refused change and take its local effect back.

    Raises NotFound when it is no longer there, and Refused for one that may still be carried out.
    """
    with store.write() as tx:
        job = _found(tx, operation_id)
        if job.state is not OperationState.FAILED:
            raise Refused("the change was not refused; it may be on its way to the server")
        operations.remove(tx, [job.id])
        match job.effect:
            case Move():
                _take_back_move(tx, job, job.effect)
            case Append():
                _take_back_append(tx, job)
            case Delete():
                _take_back_delete(tx, job)
            case FlagsChange():
                pass  # the comparison brings back what the server has
        sync_state.compare_again(tx, job.folder_id)
        mailboxes.want_sync_of(tx, operations.mailbox_of(tx, job.folder_id), int(now.timestamp()))


def _found(tx: Connection, operation_id: int) -> Job:
    job = operations.job(tx, operation_id)
    if job is None:
        raise NotFound("the change has been carried out meanwhile")
    return job


def _take_back_move(tx: Connection, job: Job, effect: Move) -> None:
    """Show the copy where the server has it, unless a later step has moved it on."""
    if job.copy_id is None or not copies.waits_in(tx, job.copy_id, effect.target_folder_id):
        return
    if operations.has_move_of(tx, job.copy_id):
        return
    copies.put_back(tx, job.copy_id, job.folder_id, job.uid)
    if job.message_id is not None:
        refresh_processed(tx, [job.message_id])


def _take_back_delete(tx: Connection, job: Job) -> None:
    """Show the mail again where the server has it. The comparison gives it its flags, or takes it away if it is gone."""
    if job.message_id is not None and copies.bring_back(tx, job.folder_id, job.message_id, job.uid):
        refresh_processed(tx, [job.message_id])


def _take_back_append(tx: Connection, job: Job) -> None:
    """Take away the copy that never was on the server."""
    if job.copy_id is not None and copies.waits_in(tx, job.copy_id, job.folder_id):
        copies.remove(tx, job.copy_id)
