"""Writes the history of records; what an entry tells is the caller's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.domain.crm import Kind
from app.domain.history import Event
from app.store.connection import Connection


def add_entry(
    tx: Connection,
    kind: Kind,
    record_id: int,
    event: Event,
    author: str,
    at: int,
    text: str = "",
    details: Mapping[str, Any] | None = None,
    document_id: int | None = None,
) -> None:
    """Tell that something happened to a record, in the transaction in which it does. `at`: epoch seconds; `details`: what
    JSON can hold."""
    told = json.dumps(details, ensure_ascii=False) if details else ""
    tx.run(
        """INSERT INTO history_entry (kind, record_id, at, author, event, text, details, document_id)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
        (kind.value, record_id, at, author, event.value, text, told, document_id),
    )
