"""Drafts and mail on its way out."""

from __future__ import annotations

from sqlalchemy import Column, Index
from sqlmodel import Field, SQLModel

from app.store.tables.columns import SERIAL, big, blob, flag, key, reference, string


class Outbox(SQLModel, table=True):
    """A mail of ours from its first saved draft to the copy in Sent. `state`: OutState.

    `recipients_to`, `_cc`, `_bcc`: as typed, comma-separated. `raw`: the rendered message, fixed when it is queued.
    `filed`: its copy has been put into the folder for sent mail, wherever that lies now.
    `dot_reached` is set before the final dot of DATA can reach the server; from then on the outcome may be unknown.
    """

    __tablename__ = "outbox"
    id: int | None = key()
    mailbox_id: int = reference("mailbox.id")
    state: str = string()
    kind: str = string()  # new, reply, reply_all, forward, forward_attached
    sender: str = string()
    recipients_to: str = string()
    recipients_cc: str = string()
    recipients_bcc: str = string()
    subject: str = string()
    body: str = string()
    answers_message_id: int | None = reference("message.id", nullable=True)
    in_reply_to: str = string()
    reference_ids: str = string()
    header_message_id: str = string(index=True)
    raw: bytes | None = blob(nullable=True)
    due_at: int = big()
    attempts: int = big()
    dot_reached: int = flag()
    error: str = string()
    created_at: int = big()
    changed_at: int = big()
    filed: int = flag()
    first_try_at: int | None = big(nullable=True)
    sent_at: int | None = big(nullable=True)
    __table_args__ = (Index("outbox_due", "state", "due_at"),)


class OutboxAttachment(SQLModel, table=True):
    """A file of a draft, taken into the store when it is attached, so that a draft survives the file.

    `path`: where a file lies that could not be read yet; empty once `data` is here.
    """

    __tablename__ = "outbox_attachment"
    id: int | None = key()
    outbox_id: int = reference("outbox.id", index=True)
    name: str = string()
    content_type: str = string()
    path: str = string()
    data: bytes = blob()


class OutboxLink(SQLModel, table=True):
    """A record that a mail belongs to which was begun there: it is linked to it once it is sent."""

    __tablename__ = "outbox_link"
    outbox_id: int = reference("outbox.id", primary_key=True)
    kind: str = Field(primary_key=True)
    record_id: int = Field(sa_column=Column(SERIAL, primary_key=True, autoincrement=False))
    author: str = string()


class OutboxRecipient(SQLModel, table=True):
    """One envelope recipient: `state` waiting, accepted, refused, bounced; `reply` is the server's answer, or the report's."""

    __tablename__ = "outbox_recipient"
    id: int | None = key()
    outbox_id: int = reference("outbox.id", index=True)
    address: str = string()
    state: str = string()
    reply: str = string()
