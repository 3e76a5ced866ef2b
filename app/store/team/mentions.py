"""Writes down who was named in a note or a comment; who that is, is found by the caller."""

from __future__ import annotations

from collections.abc import Iterable

from app.store.connection import Connection

#: The kind of a mention in a comment on a mail; else it is that of the record.
MAIL = "mail"


def add_mentions(
    tx: Connection,
    logins: Iterable[str],
    kind: str,
    record_ids: Iterable[int],
    text: str,
    author: str,
    at: int,
) -> list[int]:
    """Somebody named these members in a text about these records, or messages if `kind` is MAIL; the ids of the mentions.
    `at`: epoch seconds."""
    sql = """INSERT INTO mention (login, author, kind, record_id, text, created_at)
  VALUES (?, ?, ?, ?, ?, ?) RETURNING id"""
    numbers = list(record_ids)
    return [
        int(tx.value(sql, (login, author, kind, number, text, at))) for login in logins for number in numbers
    ]
