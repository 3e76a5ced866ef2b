"""The steps of mail on its way out, from draft to sent and filed; what there is to read is in `app.store.outbox.rows`.

Each change of state names those it may follow, so that two processes never take the same step.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from app.domain.mail.outbox import FOLLOWS, OutState, RecipientRow
from app.store.connection import Connection, places
from app.store.outbox.drafts import drop_attachments
from app.store.outbox.rows import DUE, due_by

INTERRUPTED = "Postkorb was interrupted while it sent this mail"
_AFTER_CRASHES = 300  # seconds of pause for a mail that was cut off again and again


def queue(
    tx: Connection, outbox_id: int, message_id: str, raw: bytes, recipients: Sequence[str], due: datetime
) -> bool:
    """DRAFT becomes WAITING with everything fixed that will be sent. False if it is no draft (any more)."""
    values = {
        "header_message_id": message_id,
        "raw": raw,
        "due_at": int(due.timestamp()),
        "first_try_at": None,
    }
    if not _step(tx, outbox_id, (OutState.DRAFT,), OutState.WAITING, values):
        return False
    tx.run("DELETE FROM outbox_recipient WHERE outbox_id = ?", (outbox_id,))
    tx.run_many(
        "INSERT INTO outbox_recipient (outbox_id, address, state) VALUES (?, ?, 'waiting')",
        [(outbox_id, address) for address in recipients],
    )
    return True


def to_draft(tx: Connection, outbox_id: int, *, uncertain: bool = False) -> bool:
    """Back to a draft that can be edited. False while it is sent, once it is sent, if anybody has it already, or if it is
    not known whether it was sent, unless `uncertain`."""
    someone = "SELECT 1 FROM outbox_recipient WHERE outbox_id = ? AND state = 'accepted'"
    if tx.value(someone, (outbox_id,)) is not None:
        return False
    before = (OutState.WAITING, OutState.FAILED, *([OutState.UNCERTAIN] if uncertain else []))
    values = {"header_message_id": "", "raw": None, "first_try_at": None}
    if not _step(tx, outbox_id, before, OutState.DRAFT, values):
        return False
    tx.run("DELETE FROM outbox_recipient WHERE outbox_id = ?", (outbox_id,))
    return True


def retry(tx: Connection, outbox_id: int, now: datetime) -> bool:
    """What failed or is uncertain waits again, for the recipients who have not accepted it; due at once."""
    values = {"due_at": int(now.timestamp()), "first_try_at": None, "dot_reached": 0}
    if not _step(tx, outbox_id, (OutState.FAILED, OutState.UNCERTAIN), OutState.WAITING, values):
        return False
    tx.run(
        "UPDATE outbox_recipient SET state = 'waiting' WHERE outbox_id = ? AND state = 'refused'",
        (outbox_id,),
    )
    return True


def hurry(tx: Connection, now: datetime, *, untried: bool = False) -> None:
    """What pauses after a failed attempt is due at once; `untried`: also what could still be taken back."""
    at = int(now.timestamp())
    tx.run(
        "UPDATE outbox SET due_at = ? WHERE state = 'waiting' AND attempts >= ? AND due_at > ?",
        (at, 0 if untried else 1, at),
    )


def claim(tx: Connection, outbox_id: int, now: datetime) -> int | None:
    """WAITING and due becomes SENDING: the number of this attempt, or None if somebody else was first.

    The number is the right to go on: every later step of the attempt names it and fails once it is no longer true.
    """
    at = int(now.timestamp())
    number = tx.value(
        f"""UPDATE outbox SET state = 'sending', dot_reached = 0, attempts = attempts + 1, changed_at = ?,
  first_try_at = coalesce(first_try_at, ?) WHERE id = ? AND {DUE} RETURNING attempts""",
        (at, at, outbox_id, *due_by(now)),
    )
    return None if number is None else int(number)


def note_dot(tx: Connection, outbox_id: int, attempt: int) -> bool:
    """From now on the mail may be out. False if the attempt is no longer ours: then nothing may be sent."""
    sql = "UPDATE outbox SET dot_reached = 1 WHERE id = ? AND state = 'sending' AND attempts = ?"
    return tx.run(sql, (outbox_id, attempt)) == 1


def note_result(
    tx: Connection,
    outbox_id: int,
    attempt: int,
    state: OutState,
    recipients: Iterable[RecipientRow],
    error: str,
    due: datetime,
    now: datetime,
) -> bool:
    """What became of an attempt. False if it is no longer ours; one found uncertain meanwhile still can be told."""
    before = (OutState.SENDING, OutState.UNCERTAIN) if state is OutState.SENT else (OutState.SENDING,)
    values: dict[str, object] = {
        "error": error,
        "due_at": int(due.timestamp()),
        "changed_at": int(now.timestamp()),
    }
    if state is OutState.SENT:
        values["sent_at"] = int(now.timestamp())
    if not _step(tx, outbox_id, before, state, values, attempt):
        return False
    _set_recipients(tx, outbox_id, recipients)
    return True


def confirm_sent(tx: Connection, outbox_id: int, now: datetime) -> bool:
    """UNCERTAIN becomes SENT: it was found that the server has it."""
    at = int(now.timestamp())
    if not _step(
        tx, outbox_id, (OutState.UNCERTAIN,), OutState.SENT, {"error": "", "sent_at": at, "changed_at": at}
    ):
        return False
    tx.run(
        "UPDATE outbox_recipient SET state = 'accepted' WHERE outbox_id = ? AND state = 'waiting'",
        (outbox_id,),
    )
    return True


def recover(tx: Connection, now: datetime) -> int:
    """Rows whose attempt was cut off: UNCERTAIN if the mail may be out, else WAITING. How many there were.

    Only for the holder of the lease on sending: nobody else is at work on them.
    """
    at = int(now.timestamp())
    uncertain = tx.run(
        """UPDATE outbox SET state = 'uncertain', error = ?, changed_at = ? WHERE state = 'sending' AND dot_reached = 1""",
        (INTERRUPTED, at),
    )
    waiting = tx.run(
        """UPDATE outbox SET state = 'waiting', due_at = CASE WHEN attempts < 3 THEN ? ELSE ? END, changed_at = ?
  WHERE state = 'sending' AND dot_reached = 0""",
        (at, at + _AFTER_CRASHES, at),
    )
    return uncertain + waiting


def drop(tx: Connection, outbox_id: int) -> bool:
    """Remove a row for good. False while it is being sent."""
    return tx.run("DELETE FROM outbox WHERE id = ? AND state <> 'sending'", (outbox_id,)) == 1


def note_filed(tx: Connection, outbox_id: int) -> None:
    """The message itself is in the store now; a row that is sent needs neither source nor files any more."""
    tx.run("UPDATE outbox SET filed = 1 WHERE id = ?", (outbox_id,))
    if tx.run("UPDATE outbox SET raw = NULL, error = '' WHERE id = ? AND state = 'sent'", (outbox_id,)) == 1:
        drop_attachments(tx, outbox_id)


def note_unfiled(tx: Connection, outbox_id: int, reason: str) -> None:
    tx.run(
        "UPDATE outbox SET error = ? WHERE id = ? AND state = 'sent' AND error <> ?",
        (reason, outbox_id, reason),
    )


def _set_recipients(tx: Connection, outbox_id: int, recipients: Iterable[RecipientRow]) -> None:
    tx.run_many(
        """UPDATE outbox_recipient SET state = ?, reply = ? WHERE outbox_id = ? AND address = ?
  AND state NOT IN ('accepted', 'bounced')""",
        [(r.state.value, r.reply, outbox_id, r.address) for r in recipients],
    )


def _step(
    tx: Connection,
    outbox_id: int,
    before: Sequence[OutState],
    after: OutState,
    values: Mapping[str, object],
    attempt: int | None = None,
) -> bool:
    """Change the state if it is one of `before`, and the attempt is the given one; whether it did."""
    assert all(after in FOLLOWS[state] for state in before), (before, after)
    sets = "".join(f", {column} = ?" for column in values)
    fence = "" if attempt is None else " AND attempts = ?"
    states = [state.value for state in before]
    return (
        tx.run(
            f"UPDATE outbox SET state = ?{sets} WHERE id = ? AND state IN {places(states)}{fence}",
            (after.value, *values.values(), outbox_id, *states, *([] if attempt is None else [attempt])),
        )
        == 1
    )
