"""The one place that decides which copies are "Nicht verarbeitet", and writes it down for the lists and counters."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.mail.messages import NOT_RECEIVED
from app.store.connection import Connection, places, rows_in

_OUTSIDE = ", ".join(f"'{role.value}'" for role in sorted(NOT_RECEIVED))

#: True for a copy of received mail that is linked to no task and no CRM record.
UNPROCESSED = f"""CASE WHEN (SELECT role FROM folder WHERE folder.id = mail_copy.folder_id) IN ({_OUTSIDE}) THEN 0
  WHEN EXISTS (SELECT 1 FROM link WHERE link.message_id = mail_copy.message_id) THEN 0 ELSE 1 END"""
_CHUNK = 500


def unprocessed_among(tx: Connection, folder_id: int, message_ids: Sequence[int]) -> set[int]:
    """Which of these messages count as unprocessed in this folder: so that new copies need not be written twice."""
    if tx.value("SELECT role FROM folder WHERE id = ?", (folder_id,)) in NOT_RECEIVED:
        return set()
    linked = rows_in(tx, "SELECT message_id FROM link WHERE message_id IN ", message_ids)
    return set(message_ids) - {row[0] for row in linked}


def refresh_processed(tx: Connection, message_ids: Sequence[int]) -> None:
    """Set `mail_copy.unprocessed` anew for every copy of these messages. Call it in the transaction that changed a
    link or moved a copy."""
    for start in range(0, len(message_ids), _CHUNK):
        chunk = message_ids[start : start + _CHUNK]
        tx.run(
            f"""UPDATE mail_copy SET unprocessed = {UNPROCESSED}
  WHERE message_id IN {places(chunk)} AND unprocessed <> {UNPROCESSED}""",
            chunk,
        )


def refresh_folder(tx: Connection, folder_id: int) -> None:
    """The same for every copy in a folder, after its role has changed."""
    tx.run(
        f"UPDATE mail_copy SET unprocessed = {UNPROCESSED} WHERE folder_id = ? AND unprocessed <> {UNPROCESSED}",
        (folder_id,),
    )
