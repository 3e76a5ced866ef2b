"""Takes messages out of the store for good, with their words, sources and all that hangs on them.

Triggers note which messages may have to go (`loose_message`), in the transaction that took away what held them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from app.domain.mail.messages import ParsedMail
from app.store.connection import Connection, rows_in, run_in
from app.store.fulltext.search import unindex
from app.store.mail import messages

#: What keeps a message that is in no folder: what a person did to it, and what still has to be done with it.
_HELD = """EXISTS (SELECT 1 FROM mail_copy WHERE message_id = message.id)
  OR EXISTS (SELECT 1 FROM link WHERE message_id = message.id)
  OR EXISTS (SELECT 1 FROM comment WHERE message_id = message.id)
  OR EXISTS (SELECT 1 FROM mark WHERE message_id = message.id)
  OR EXISTS (SELECT 1 FROM operation WHERE operation.message_id = message.id)
  OR EXISTS (SELECT 1 FROM outbox WHERE answers_message_id = message.id)"""


def remove_messages(tx: Connection, message_ids: Sequence[int], parse: Callable[[bytes], ParsedMail]) -> None:
    """Remove these messages and their copies. `parse` makes the words again that have to leave the search index."""
    unindex(tx, message_ids, lambda number: parse(messages.source(tx, number)))
    sources = list(rows_in(tx, "SELECT source_id FROM message WHERE id IN ", message_ids))
    tx.run_many("DELETE FROM message WHERE id = ?", [(number,) for number in message_ids])
    tx.run_many("DELETE FROM message_source WHERE id = ?", sources)
    run_in(tx, "DELETE FROM loose_message WHERE message_id IN ", message_ids)


def remove_unheld(tx: Connection, message_ids: Sequence[int], parse: Callable[[bytes], ParsedMail]) -> int:
    """Remove those of these messages that are in no folder and on which nothing hangs; how many."""
    sql = f"SELECT id FROM message WHERE NOT ({_HELD}) AND id IN "
    unheld = [row[0] for row in rows_in(tx, sql, message_ids)]
    remove_messages(tx, unheld, parse)
    return len(unheld)


def loose(read: Connection, mailbox_id: int, now: datetime, limit: int) -> list[int]:
    """Messages that may have to go and were last in this mailbox, or in one that is no more."""
    rows = read.rows(
        """SELECT message_id FROM loose_message WHERE (mailbox_id = ?
  OR NOT EXISTS (SELECT 1 FROM mailbox WHERE mailbox.id = loose_message.mailbox_id)) AND not_before <= ?
  ORDER BY message_id LIMIT ?""",
        (mailbox_id, int(now.timestamp()), limit),
    )
    return [row[0] for row in rows]


def sweep(tx: Connection, message_ids: Sequence[int], parse: Callable[[bytes], ParsedMail]) -> None:
    """Decide upon these loose messages: those that nothing holds go, the others are no longer loose until what holds them
    goes too."""
    remove_unheld(tx, message_ids, parse)
    run_in(tx, "DELETE FROM loose_message WHERE message_id IN ", message_ids)
