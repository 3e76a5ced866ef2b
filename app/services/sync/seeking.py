"""Finds a mail of the store in a folder of the server: by its Message-ID, and always by its digest. Changes nothing.

For what cannot be learned from the store: the folder is not synced, or could not be read.
"""

from __future__ import annotations

from collections.abc import Sequence

from app.mail.errors import CommandRefused
from app.mail.mime.parsed import parse_for_store
from app.mail.source import MailSource
from app.store.connection import Connection
from app.store.sync import operations

#: Mail without a Message-ID is looked for among so many of the newest: a copy that was made lately lies there.
NEWEST = 500


def seek(read: Connection, source: MailSource, path: str, message_id: int | None) -> int | None:
    """The UID of this message in a folder, which is selected afterwards; None if it is not there.

    Raises CommandRefused for a message without Message-ID that is not among the newest of a folder with more than those.
    """
    uid, everything = _seek(read, source, path, message_id)
    if uid is None and not everything:
        raise CommandRefused("the mail has no Message-ID, and its folder is not synced")
    return uid


def seek_lately_stored(
    read: Connection, source: MailSource, path: str, message_id: int | None, lowest: int = 0
) -> int | None:
    """The same for a message that was stored there lately, if at all: then it is among the newest. `lowest`: the first UID
    that it can have."""
    return _seek(read, source, path, message_id, lowest)[0]


def _seek(
    read: Connection, source: MailSource, path: str, message_id: int | None, lowest: int = 0
) -> tuple[int | None, bool]:
    """The UID, and whether every mail was looked at that can be it."""
    known = operations.identity_of(read, message_id)
    if known is None:
        return None, True
    header_id, digest = known
    source.select(path)
    if header_id:
        found = [uid for uid in source.find_message_id(header_id) if uid >= lowest]
        return _with_digest(source, found, digest), True
    uids = [uid for uid in source.uids() if uid >= lowest]
    return _with_digest(source, uids[-NEWEST:], digest), len(uids) <= NEWEST


def _with_digest(source: MailSource, uids: Sequence[int], digest: bytes) -> int | None:
    same = [raw.uid for raw in source.fetch(uids) if parse_for_store(raw.raw, raw.arrived).digest == digest]
    return max(same, default=None)
