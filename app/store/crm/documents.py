"""Documents that lie with records: their names, and their bytes when they are asked for."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.crm.kinds import Kind
from app.store.connection import Connection


@dataclass(frozen=True, slots=True)
class Document:
    """`size` in bytes."""

    id: int
    name: str
    content_type: str
    size: int


def add_document(
    tx: Connection,
    kind: Kind,
    record_id: int,
    name: str,
    content_type: str,
    data: bytes,
    author: str,
    at: int,
) -> int:
    """Keep a file with a record; its id. `at`: epoch seconds."""
    sql = """INSERT INTO document (kind, record_id, name, content_type, size, data, author, created_at)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?) RETURNING id"""
    values = (kind.value, record_id, name, content_type, len(data), data, author, at)
    return int(tx.value(sql, values))


def document(read: Connection, document_id: int) -> Document | None:
    """A document without its bytes; None when it is gone."""
    row = read.row("SELECT id, name, content_type, size FROM document WHERE id = ?", (document_id,))
    return None if row is None else Document(*row)


def document_data(read: Connection, document_id: int) -> bytes:
    """The bytes of a document that is there."""
    return bytes(read.value("SELECT data FROM document WHERE id = ?", (document_id,)))
