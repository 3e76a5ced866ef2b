"""Messages, their copies in folders, and the changes that still have to reach a server."""

from __future__ import annotations

from sqlalchemy import Column, Index, SmallInteger
from sqlalchemy import text as sql
from sqlmodel import Field, SQLModel

from app.store.tables.columns import NEVER_AGAIN, SERIAL, big, blob, flag, key, reference, string


class Message(SQLModel, table=True):
    """A message itself, wherever its copies lie. `id` is `date << 20 | 20 bits of digest`, so that its order is the
    order of dates; `digest` (16 bytes) is its identity."""

    __tablename__ = "message"
    id: int = Field(sa_column=Column(SERIAL, primary_key=True, autoincrement=False))
    digest: bytes = blob(unique=True)
    header_message_id: str = string(index=True)
    thread_id: int = big(index=True)
    date: int = big()
    sender_name: str = string()
    sender_address: str = string(index=True)
    recipients: str = string()  # the first few, for the list
    subject: str = string()
    size: int = big()
    attachments: int = big()
    defect: str = string()
    source_id: int = big(index=True)
    __table_args__ = (
        Index(
            "message_files",
            "id",
            sqlite_where=sql("attachments > 0"),
            postgresql_where=sql("attachments > 0"),
        ),
    )


class MessageSource(SQLModel, table=True):
    """The raw source (zstd). Apart from `message`, and in order of arrival, so that lists stay compact."""

    __tablename__ = "message_source"
    id: int | None = key()
    raw: bytes = blob()


class MailCopy(SQLModel, table=True):
    """One copy of a message in one folder. `uid` None: not seen on the server yet (moved, appended) or its UIDVALIDITY
    is gone; the sync binds it again when it finds the message there."""

    __tablename__ = "mail_copy"
    id: int | None = key()
    folder_id: int = reference("folder.id")
    message_id: int = reference("message.id")
    uid: int | None = big(nullable=True)
    seen: int = flag()
    flagged: int = flag()
    answered: int = flag()
    draft: int = flag()
    unprocessed: int = flag()
    __table_args__ = (
        Index("mail_copy_uid", "folder_id", "uid", unique=True),
        Index("mail_copy_list", "folder_id", "message_id", "id"),
        Index("mail_copy_message", "message_id", "id", "folder_id"),
        Index(
            "mail_copy_unprocessed",
            "message_id",
            "id",
            "folder_id",
            sqlite_where=sql("unprocessed = 1"),
            postgresql_where=sql("unprocessed = 1"),
        ),
        Index(
            "mail_copy_folder_unprocessed",
            "folder_id",
            "message_id",
            "id",
            sqlite_where=sql("unprocessed = 1"),
            postgresql_where=sql("unprocessed = 1"),
        ),
        Index(
            "mail_copy_unread",
            "folder_id",
            "message_id",
            "id",
            sqlite_where=sql("seen = 0"),
            postgresql_where=sql("seen = 0"),
        ),
        Index(
            "mail_copy_flagged",
            "folder_id",
            "message_id",
            "id",
            sqlite_where=sql("flagged = 1"),
            postgresql_where=sql("flagged = 1"),
        ),
        NEVER_AGAIN,
    )


class LooseMessage(SQLModel, table=True):
    """A message that lost its last copy, or the last that held it without one; kept by triggers until somebody has looked
    whether it is to go. `mailbox_id`: whose copy it was, 0 if unknown. `not_before`: epoch seconds."""

    __tablename__ = "loose_message"
    message_id: int = Field(sa_column=Column(SERIAL, primary_key=True, autoincrement=False))
    mailbox_id: int = big()
    not_before: int = big()


class ThreadReference(SQLModel, table=True):
    """Which thread a Message-ID belongs to, also of mail that is not here. `reference`: 64 bits of its hash."""

    __tablename__ = "thread_reference"
    reference: int = Field(sa_column=Column(SERIAL, primary_key=True, autoincrement=False))
    thread_id: int = big(index=True)


class Operation(SQLModel, table=True):
    """A change that the postman has to carry out on a server, in order of `id` within its mailbox.

    `kind`: flags, move, delete, append. `folder_id` and `uid` name the copy where the server last had it.
    `arguments`: JSON. `state`: waiting, running (its outcome is unknown if found at start) or failed. `tried`: a command
    for it went out at some time, so that it may have had its effect, or half of it, whatever came of it later.
    """

    __tablename__ = "operation"
    id: int | None = key()
    mailbox_id: int = reference("mailbox.id")
    folder_id: int = reference("folder.id")
    copy_id: int | None = big(nullable=True, index=True)
    message_id: int | None = big(nullable=True, index=True)
    uid: int | None = big(nullable=True)
    kind: str = string()
    arguments: str = string()
    state: str = Field(default="waiting", sa_column_kwargs={"server_default": "waiting"})
    tried: int = flag()
    target_uidvalidity: int = (
        big()
    )  # of the folder that a move copies into, when it was first tried; 0: not known
    target_uidnext: int = big()  # what lies there below this UID lay there before
    attempts: int = big()
    due_at: int = big()
    error: str = string()
    created_at: int = big()
    __table_args__ = (
        Index("operation_order", "mailbox_id", "id"),
        Index("operation_folder", "folder_id", "uid"),
    )


class Correspondent(SQLModel, table=True):
    """An address that mail came from or went to, for completion."""

    __tablename__ = "correspondent"
    address: str = Field(primary_key=True)  # lower case
    name: str = string()
    search: str = string()  # folded name, then the address
    uses: int = big()
    last_at: int = big()
    written_to: int = Field(default=0, sa_column=Column(SmallInteger, nullable=False, server_default="0"))
