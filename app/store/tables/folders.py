"""Mailboxes, their folders, and the ledger of the sync."""

from __future__ import annotations

from sqlalchemy import BigInteger, UniqueConstraint
from sqlmodel import Field, SQLModel

from app.store.tables.columns import big, flag, key, reference, string


class Mailbox(SQLModel, table=True):
    """A mail account. Addresses of servers hold no secret; `secret` says where it is: command, keyring, file or none."""

    __tablename__ = "mailbox"
    id: int | None = key()
    name: str = string(unique=True)
    address: str = string()
    display_name: str = string()
    senders: str = string()  # further sender addresses, one a line
    source: str = string()
    outgoing: str = string()
    secret: str = string()
    password_command: str = string()
    ca_file: str = string()
    signature: str = string()
    fetch_days: int | None = big(nullable=True)  # "Abrufen ab": mail of the last N days; None: all
    only_folders: str = string()  # names to sync, one a line, for folders not seen yet; empty: all
    position: int = big()
    sync_wanted: int = big()  # when somebody asked for a sync
    sync_answered: int = big()  # the last such wish that a pass has fulfilled
    synced_at: int | None = big(nullable=True)  # end of the last whole pass
    sync_error: str = string()  # why the last pass failed as a whole, or empty
    created_at: int = big()


class Folder(SQLModel, table=True):
    """A folder of a mailbox, how far it is in step, and its counters (kept by triggers on `mail_copy`)."""

    __tablename__ = "folder"
    __table_args__ = (UniqueConstraint("mailbox_id", "path"),)
    id: int | None = key()
    mailbox_id: int = reference("mailbox.id")
    path: str = string()  # the name on the wire
    name: str = string()  # decoded, `/` between levels
    role: str = string()
    role_by_hand: int = flag()
    selectable: int = flag(on=True)
    synced: int = flag(on=True)  # chosen by the rep
    gone: int = flag()  # no longer on the server; kept until its mail was found elsewhere
    uidvalidity: int = big()
    uidnext: int = big()
    highestmodseq: int | None = big(nullable=True)
    messages: int = big()  # as the server counted when last in step
    complete: int = flag()  # all wanted mail is here; else the next sync goes on
    total: int = big()
    unread: int = big()
    unprocessed: int = big()
    last_attempt: int | None = big(nullable=True)
    last_success: int | None = big(nullable=True)
    last_error: str = string()
    last_new: int = big()
    last_changed: int = big()
    last_gone: int = big()
    last_seconds: float = Field(default=0.0, sa_column_kwargs={"server_default": "0"})


class SkippedMessage(SQLModel, table=True):
    """A message that could not be taken over, with its reason. `version`: of the parser that could not read it. `again`:
    the next visit tries once more."""

    __tablename__ = "skipped_message"
    folder_id: int = reference("folder.id", primary_key=True)
    uid: int = Field(primary_key=True, sa_type=BigInteger)
    reason: str = string()
    at: int = big()
    version: int = big()
    again: int = flag()


class Lease(SQLModel, table=True):
    """Who may do a thing that one process alone may do, and until when."""

    __tablename__ = "lease"
    name: str = Field(primary_key=True)
    owner: str = string()
    expires_at: float = Field(default=0.0, sa_column_kwargs={"server_default": "0"})
