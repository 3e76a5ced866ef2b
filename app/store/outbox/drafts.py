"""Drafts in the outbox: their text, and the files that are taken in with them; what is sent is in `app.store.outbox.steps`."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from app.domain.crm.kinds import Kind
from app.domain.errors import OutboxMailNotFound
from app.domain.mail.addresses import format_address, format_addresses, parse_addresses
from app.domain.mail.compose import Attachment, Draft, DraftKind, DraftLink
from app.domain.mail.messages import Address
from app.domain.mail.outbox import OutState
from app.store.connection import Connection, places


def insert_draft(tx: Connection, mailbox_id: int, draft: Draft, now: datetime) -> int:
    """A new row in the state DRAFT; its id. Attachments are kept by `keep_attachment`."""
    at = int(now.timestamp())
    values = (mailbox_id, OutState.DRAFT.value, *_columns(tx, draft), at, at)
    sql = f"INSERT INTO outbox (mailbox_id, state, {', '.join(_WRITTEN)}, created_at, changed_at) VALUES"
    number = int(tx.value(f"{sql} {places(values)} RETURNING id", values))
    tx.run_many(
        "INSERT INTO outbox_link (outbox_id, kind, record_id, author) VALUES (?, ?, ?, ?)",
        [(number, link.kind.value, link.record_id, link.author) for link in draft.about],
    )
    return number


def update_draft(tx: Connection, outbox_id: int, mailbox_id: int, draft: Draft, now: datetime) -> bool:
    """Write what was edited. False if it is no draft (any more)."""
    sets = ", ".join(f"{column} = ?" for column in _WRITTEN)
    return (
        tx.run(
            f"UPDATE outbox SET mailbox_id = ?, {sets}, changed_at = ? WHERE id = ? AND state = 'draft'",
            (mailbox_id, *_columns(tx, draft), int(now.timestamp()), outbox_id),
        )
        == 1
    )


_WRITTEN = (
    "kind", "sender", "recipients_to", "recipients_cc", "recipients_bcc", "subject", "body",
    "answers_message_id", "in_reply_to", "reference_ids",
)  # fmt: skip


def _columns(tx: Connection, draft: Draft) -> tuple[object, ...]:
    """The values of `_WRITTEN`. The answered mail may have been erased since the draft was begun."""
    return (
        draft.kind.value,
        _storable(format_address(draft.sender)),
        _storable(format_addresses(draft.to)),
        _storable(format_addresses(draft.cc)),
        _storable(format_addresses(draft.bcc)),
        _storable(draft.subject),
        _storable(draft.body),
        tx.value("SELECT id FROM message WHERE id = ?", (draft.original,)),
        _storable(draft.in_reply_to),
        _storable(" ".join(draft.references)),
    )


def _storable(text: str) -> str:
    """Without what no database takes as text: NUL and lone surrogates."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")


def draft_answering(read: Connection, message_id: int) -> int | None:
    """The draft that was begun last as an answer to a message."""
    found = read.value(
        """SELECT id FROM outbox WHERE answers_message_id = ? AND state = 'draft' AND kind IN ('reply', 'reply_all')
  ORDER BY changed_at DESC, id DESC LIMIT 1""",
        (message_id,),
    )
    return None if found is None else int(found)


def draft_of(read: Connection, outbox_id: int) -> tuple[int, Draft]:
    """The mailbox and the draft of a row, whatever its state. Raises NotFound."""
    row = read.row(f"SELECT mailbox_id, {', '.join(_WRITTEN)} FROM outbox WHERE id = ?", (outbox_id,))
    if row is None:
        raise OutboxMailNotFound(str(outbox_id))
    mailbox, kind, sender, to, cc, bcc, subject, body, original, in_reply_to, references = row
    files = read.rows(
        "SELECT name, content_type, length(data), id, path FROM outbox_attachment WHERE outbox_id = ? ORDER BY id",
        (outbox_id,),
    )
    draft = Draft(
        sender=(parse_addresses(sender) or (Address("", sender),))[0],
        to=parse_addresses(to),
        cc=parse_addresses(cc),
        bcc=parse_addresses(bcc),
        subject=subject,
        body=body,
        attachments=tuple(
            Attachment(name, kind, size, 0 if path else stored, path)
            for name, kind, size, stored, path in files
        ),
        kind=DraftKind(kind),
        original=original,
        in_reply_to=in_reply_to,
        references=tuple(references.split()),
        about=links_of(read, outbox_id),
    )
    return int(mailbox), draft


def links_of(read: Connection, outbox_id: int) -> tuple[DraftLink, ...]:
    """The records that a mail is linked to once it is sent."""
    sql = "SELECT kind, record_id, author FROM outbox_link WHERE outbox_id = ? ORDER BY kind, record_id"
    return tuple(
        DraftLink(Kind(kind), number, author) for kind, number, author in read.rows(sql, (outbox_id,))
    )


def keep_attachment(tx: Connection, outbox_id: int, file: Attachment, data: bytes | None) -> Attachment:
    """Take a file into the store; the file as it is there. Without `data` only its name is kept, so that it is missed."""
    path = "" if data is not None else file.path or _GONE
    stored = tx.value(
        "INSERT INTO outbox_attachment (outbox_id, name, content_type, path, data) VALUES (?, ?, ?, ?, ?) RETURNING id",
        (outbox_id, file.name, file.content_type, path, data or b""),
    )
    if data is None:
        return replace(file, path=path)
    return replace(file, stored=int(stored), size=len(data), path="", message_id=0, part=0)


_GONE = "(gone)"  # stands for the path of what came out of a mail that is no longer here


def drop_attachments(tx: Connection, outbox_id: int, but: Collection[int] = ()) -> None:
    """Forget the files of a row, but those with these ids."""
    kept = list(but)
    tx.run(
        f"DELETE FROM outbox_attachment WHERE outbox_id = ? AND id NOT IN {places(kept or [0])}",
        (outbox_id, *(kept or [0])),
    )


def files_of(read: Connection, outbox_id: int) -> list[tuple[str, str, bytes]]:
    """Name, type and bytes of the attachments, in the order they were attached."""
    rows = read.rows(
        "SELECT name, content_type, data FROM outbox_attachment WHERE outbox_id = ? ORDER BY id", (outbox_id,)
    )
    return [(name, kind, bytes(data)) for name, kind, data in rows]
