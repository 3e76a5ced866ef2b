"""What a person did to a message: it hangs on the message, never on a copy."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import SQLModel

from app.store.tables.columns import NEVER_AGAIN, big, key, reference, string


class Link(SQLModel, table=True):
    """A message is linked to a record: `kind` and `record_id` name it, `origin` says who linked (LinkOrigin)."""

    __tablename__ = "link"
    id: int | None = key()
    message_id: int = reference("message.id")
    kind: str = string()
    record_id: int = big()
    origin: str = string()
    author: str = string()
    created_at: int = big()
    __table_args__ = (
        UniqueConstraint("message_id", "kind", "record_id"),
        Index("link_record", "kind", "record_id", "message_id"),
    )


class Comment(SQLModel, table=True):
    __tablename__ = "comment"
    __table_args__ = NEVER_AGAIN
    id: int | None = key()
    message_id: int = reference("message.id", index=True)
    text: str = string()
    author: str = string()
    created_at: int = big()


class Mark(SQLModel, table=True):
    """The coloured mark of a message (MarkColour)."""

    __tablename__ = "mark"
    message_id: int = reference("message.id", primary_key=True)
    colour: str = string()
