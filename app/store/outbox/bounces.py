"""Notes on mail of ours what arriving reports say of it; it reads no report."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from app.domain.mail.messages import Bounce
from app.store.connection import Connection


def note_bounces(tx: Connection, bounces: Iterable[Bounce], now: datetime) -> None:
    """Mark recipients that a server has taken and that a mail came back from. Reports on mail that was not sent from
    here, or not to that address, change nothing."""
    for bounce in bounces:
        sent = tx.rows("SELECT id FROM outbox WHERE header_message_id = ?", (bounce.message_id,))
        for (outbox_id,) in sent:
            found = tx.run(
                """UPDATE outbox_recipient SET state = 'bounced', reply = ?
  WHERE outbox_id = ? AND state = 'accepted' AND lower(address) = ?""",
                (bounce.reason, outbox_id, bounce.address.lower()),
            )
            if found:
                tx.run("UPDATE outbox SET changed_at = ? WHERE id = ?", (int(now.timestamp()), outbox_id))
