"""Finds a mail of the store in a folder of the server: by its Message-ID, and always by its digest. Changes nothing.

For what cannot be learned from the store: the folder is not synced, or could not be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from app.mail.errors import CommandRefused
from app.mail.mime.parsed import parse_for_store
from app.mail.source import MailSource
from app.store.connection import Connection
from app.store.mail import copies
from app.store.sync import operations
from app.store.sync.operations import Job
from app.store.sync.sync_state import KnownFolder

#: Mail without a Message-ID of its own is looked for among so many of the newest: a copy that was made lately lies there.
NEWEST = 500


def seek(read: Connection, source: MailSource, job: Job) -> int | None:
    """The UID of an operation's mail in its folder, which is selected afterwards; None if it is not there.

    Raises CommandRefused for a message without Message-ID, or with one that many bear, that is not among the newest of them.
    """
    uids, everything = _seek(read, source, job.path, job.message_id)
    uid = _free(read, job.folder_id, job.message_id, uids)
    if uid is None and not everything:
        raise CommandRefused("the mail has no Message-ID of its own, and its folder is not synced")
    return uid


def seek_copy(read: Connection, source: MailSource, folder: KnownFolder, copy_id: int) -> int | None:
    """The UID of a copy that was made lately: then it is among the newest. Each of several twins has one of its own."""
    message_id = copies.message_of(read, copy_id)
    return _free(read, folder.id, message_id, _seek(read, source, folder.path, message_id)[0])


def seek_lately_stored(
    read: Connection, source: MailSource, path: str, message_id: int | None, lowest: int
) -> int | None:
    """The UID, from the lowest that it can have on, of a message that was stored there lately, if at all."""
    return min(_seek(read, source, path, message_id, lowest)[0], default=None)


def _free(read: Connection, folder_id: int, message_id: int | None, uids: Iterable[int]) -> int | None:
    """The first of these UIDs that no other copy of the message bears."""
    return min(set(uids) - operations.uids_of(read, folder_id, message_id), default=None)


def _seek(
    read: Connection, source: MailSource, path: str, message_id: int | None, lowest: int = 0
) -> tuple[list[int], bool]:
    """The UIDs, and whether every mail was looked at that can be it."""
    known = operations.identity_of(read, message_id)
    if known is None:
        return [], True
    header_id, digest = known
    source.select(path)
    if header_id:
        found = [uid for uid in source.find_message_id(header_id) if uid >= lowest]
        return _with_digest(source, found[-NEWEST:], digest), len(found) <= NEWEST
    uids = [uid for uid in source.uids() if uid >= lowest]
    return _with_digest(source, uids[-NEWEST:], digest), len(uids) <= NEWEST


def _with_digest(source: MailSource, uids: Sequence[int], digest: bytes) -> list[int]:
    return [raw.uid for raw in source.fetch(uids) if parse_for_store(raw.raw, raw.arrived).digest == digest]
