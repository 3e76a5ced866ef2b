"""Mail of our own that was sent: its place in the folder for sent mail, and what it takes over from the mail it answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.domain.crm.kinds import LinkOrigin
from app.domain.mail.compose import DraftLink
from app.domain.mail.messages import ArrivedMail, Flags, ParsedMail, Role
from app.domain.mail.operations import ANSWERED, SEEN, Append, FlagsChange, kind_of
from app.domain.mail.triage import Selection
from app.store.connection import Connection, time_of
from app.store.crm.records import record_rows
from app.store.crm.triage import add_links
from app.store.mail.incoming import take_in
from app.store.mail.processed import refresh_processed
from app.store.sync.changes import change_flags, copies_of

# Servers number from 1 (RFC 9051 section 2.3.1.1): a copy with 0 is ours, within the transaction that makes it.
_OURS = 0


def sent_folder(read: Connection, mailbox_id: int) -> int | None:
    """The folder for sent mail of a mailbox, if one is known."""
    sql = (
        "SELECT id FROM folder WHERE mailbox_id = ? AND role = ? AND selectable = 1 AND gone = 0 ORDER BY id"
    )
    found = read.value(sql, (mailbox_id, Role.SENT.value))
    return None if found is None else int(found)


def take_own(tx: Connection, folder_id: int, mail: ParsedMail, now: datetime, *, append: bool) -> int:
    """Put a message of our own into a folder, once; the message id. `append`: let the postman put it there on the
    server, unless it finds it there; else the server does, and the next sync binds the copy."""
    known = tx.value("SELECT id FROM message WHERE digest = ?", (mail.digest,))
    if known is not None and _is_here(tx, folder_id, known):
        return int(known)
    take_in(tx, folder_id, Role.SENT, [ArrivedMail(_OURS, Flags(seen=True), mail)], now)
    copy_id, message_id = tx.rows(
        "SELECT id, message_id FROM mail_copy WHERE folder_id = ? AND uid = ?", (folder_id, _OURS)
    )[0]
    tx.run("UPDATE mail_copy SET uid = NULL WHERE id = ?", (copy_id,))
    if append:
        at = int(now.timestamp())
        effect = Append(flags=(SEEN,), arrived=at, once=True)
        tx.run(
            """INSERT INTO operation (mailbox_id, folder_id, copy_id, message_id, kind, arguments, due_at, created_at)
  SELECT mailbox_id, id, ?, ?, ?, ?, ?, ? FROM folder WHERE id = ?""",
            (copy_id, message_id, kind_of(effect).value, effect.to_json(), at, at, folder_id),
        )
    return int(message_id)


def _is_here(tx: Connection, folder_id: int, message_id: int) -> bool:
    """Whether the folder holds the message, or it is on its way out of it."""
    here = """SELECT 1 FROM mail_copy WHERE folder_id = ? AND message_id = ?
  UNION ALL SELECT 1 FROM operation WHERE folder_id = ? AND message_id = ?"""
    return tx.value(here, (folder_id, message_id, folder_id, message_id)) is not None


def mark_answered(tx: Connection, message_id: int, now: datetime) -> None:
    r"""Set `\Answered` on every copy of a message, here at once and on the server by the postman."""
    copies = copies_of(tx, Selection(messages=(message_id,)))
    change_flags(tx, copies, FlagsChange(add=(ANSWERED,)), now)


def link_sent(tx: Connection, message_id: int, links: Sequence[DraftLink], now: datetime) -> None:
    """Link the mail to the records that it was begun from, as far as they are still there."""
    there = {(row.kind, row.id) for row in record_rows(tx, [(link.kind, link.record_id) for link in links])}
    for link in links:
        if (link.kind, link.record_id) in there:
            add_links(tx, [message_id], link.kind, link.record_id, link.author, int(now.timestamp()))
    if there:
        refresh_processed(tx, [message_id])


def inherit_links(tx: Connection, answered_id: int, message_id: int, now: datetime) -> None:
    """Link the answer to all that the answered message is linked to."""
    tx.run(
        """INSERT INTO link (message_id, kind, record_id, origin, author, created_at)
  SELECT ?, kind, record_id, ?, author, ? FROM link WHERE message_id = ?
  ON CONFLICT (message_id, kind, record_id) DO UPDATE SET origin = excluded.origin""",
        (message_id, LinkOrigin.ANSWER.value, int(now.timestamp()), answered_id),
    )
    refresh_processed(tx, [message_id])


def mailbox_of(read: Connection, message_id: int) -> int | None:
    """The mailbox that got a message: rather one of its copies in received mail, rather the earlier copy."""
    return read.value(  # type: ignore[no-any-return]
        """SELECT folder.mailbox_id FROM mail_copy JOIN folder ON folder.id = mail_copy.folder_id
  WHERE mail_copy.message_id = ? ORDER BY folder.role IN ('junk', 'trash', 'all', 'sent', 'drafts'), mail_copy.id LIMIT 1""",
        (message_id,),
    )


def date_of(read: Connection, message_id: int) -> datetime | None:
    at = read.value("SELECT date FROM message WHERE id = ?", (message_id,))
    return time_of(at)
