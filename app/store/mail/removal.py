"""Takes messages out of the store for good, with their words, sources and all that hangs on them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.domain.mail import ParsedMail
from app.store.connection import Connection, rows_in
from app.store.fulltext.search import unindex
from app.store.mail import messages


def remove_messages(tx: Connection, message_ids: Sequence[int], parse: Callable[[bytes], ParsedMail]) -> None:
    """Remove these messages and their copies. `parse` makes the words again that have to leave the search index."""
    unindex(tx, message_ids, lambda number: parse(messages.source(tx, number)))
    sources = list(rows_in(tx, "SELECT source_id FROM message WHERE id IN ", message_ids))
    tx.run_many("DELETE FROM message WHERE id = ?", [(number,) for number in message_ids])
    tx.run_many("DELETE FROM message_source WHERE id = ?", sources)
