"""What happened to records (Verlauf), the documents that lie with them, and merges that can be undone."""

from __future__ import annotations

from sqlalchemy import Index
from sqlmodel import SQLModel

from app.store.tables.columns import NEVER_AGAIN, big, blob, key, reference, string


class Document(SQLModel, table=True):
    """A file that was added to a record; `size` in bytes."""

    __tablename__ = "document"
    id: int | None = key()
    kind: str = string()
    record_id: int = big()
    name: str = string()
    content_type: str = string()
    size: int = big()
    data: bytes = blob()
    author: str = string()
    created_at: int = big()
    __table_args__ = (Index("document_record", "kind", "record_id"), NEVER_AGAIN)


class HistoryEntry(SQLModel, table=True):
    """One thing that happened to a record. `event`: Event; `details`: JSON, what the event is made of."""

    __tablename__ = "history_entry"
    id: int | None = key()
    kind: str = string()
    record_id: int = big()
    at: int = big()
    author: str = string()
    event: str = string()
    text: str = string()
    details: str = string()
    document_id: int | None = reference("document.id", nullable=True)
    __table_args__ = (Index("history_record", "kind", "record_id", "at"), NEVER_AGAIN)


class MergeStep(SQLModel, table=True):
    """A record that went into another one. `before`: JSON, all that the merge changed, as it was."""

    __tablename__ = "merge_step"
    id: int | None = key()
    kind: str = string()
    survivor_id: int = big()
    removed_id: int = big()
    author: str = string()
    at: int = big()
    before: str = string()
    undone_at: int | None = big(nullable=True)
