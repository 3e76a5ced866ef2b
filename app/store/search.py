"""Full-text search: one interface over the dialects' two engines; it knows no query language (see `app.domain.query`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.domain.mail import ParsedMail
from app.store import search_postgresql, search_sqlite
from app.store.connection import Connection

#: The folded words of a mail, in the order of the index's columns.
Words = tuple[str, str, str, str, str]


def words_of(mail: ParsedMail) -> Words:
    """Sender, recipients, subject, body and file names, as the index takes them."""
    return (
        mail.search_sender,
        mail.search_recipients,
        mail.search_subject,
        mail.search_body,
        mail.search_files,
    )


def index(tx: Connection, rows: Iterable[tuple[int, ParsedMail]]) -> None:
    """Make messages findable, by `message.id`; doing it again with the same words does no harm.

    Best called once a transaction: the index is written in runs of rising ids.
    """
    found = sorted((message, words_of(mail)) for message, mail in rows)
    if tx.dialect == "sqlite":
        search_sqlite.insert(tx, found)
    else:
        search_postgresql.insert(tx, found)


def unindex(tx: Connection, message_ids: Iterable[int], parsed: Callable[[int], ParsedMail]) -> None:
    """Remove indexed messages without a trace; call it before they leave `message`, and once for each.

    `parsed` reads a message again from its stored source: SQLite's index holds no text and has to be told what to forget.
    """
    if tx.dialect == "sqlite":
        search_sqlite.delete(tx, [(message, words_of(parsed(message))) for message in sorted(message_ids)])
    else:
        search_postgresql.delete(tx, list(message_ids))
