"""The rows of mail on its way out: what waits, what is being sent, and what became of it.

Each change of state names those it may follow, so that two processes never take the same step.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.addresses import parse_addresses
from app.domain.compose import DraftKind
from app.domain.errors import OutboxMailNotFound
from app.domain.outbox import FOLLOWS, OutboxRow, OutState, RecipientRow, RecipientState
from app.store.connection import Connection, Row, places
from app.store.outbox.drafts import drop_attachments

#: Seconds. Longer than any pause: what seems to wait for longer was written before the clock was set back.
_NEVER_PAUSES = 6 * 3600


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
        """UPDATE outbox SET state = 'sending', dot_reached = 0, attempts = attempts + 1, changed_at = ?,
  first_try_at = coalesce(first_try_at, ?) WHERE id = ? AND state = 'waiting' AND (due_at <= ? OR due_at > ?)
  RETURNING attempts""",
        (at, at, outbox_id, at, at + _NEVER_PAUSES),
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


INTERRUPTED = "Postkorb was interrupted while it sent this mail"
_AFTER_CRASHES = 300  # seconds of pause for a mail that was cut off again and again


def drop(tx: Connection, outbox_id: int) -> bool:
    """Remove a row for good. False while it is being sent."""
    return tx.run("DELETE FROM outbox WHERE id = ? AND state <> 'sending'", (outbox_id,)) == 1


def state_of(read: Connection, outbox_id: int) -> OutState:
    """Raises NotFound."""
    state = read.value("SELECT state FROM outbox WHERE id = ?", (outbox_id,))
    if state is None:
        raise OutboxMailNotFound(str(outbox_id))
    return OutState(state)


@dataclass(frozen=True, slots=True)
class Envelope:
    """What sending and filing need to know of a row."""

    id: int
    mailbox_id: int
    kind: DraftKind
    sender: str
    message_id: str
    raw: bytes
    answers: int | None
    first_try: datetime | None
    recipients: tuple[RecipientRow, ...]

    @property
    def open_recipients(self) -> tuple[str, ...]:
        return tuple(r.address for r in self.recipients if r.state is RecipientState.WAITING)


def envelope(read: Connection, outbox_id: int) -> Envelope:
    """Raises NotFound when there is no such row or it was never queued."""
    row = read.row(
        """SELECT mailbox_id, kind, sender, header_message_id, raw, answers_message_id, first_try_at
  FROM outbox WHERE id = ?""",
        (outbox_id,),
    )
    if row is None or row[4] is None:
        raise OutboxMailNotFound(str(outbox_id))
    mailbox, kind, sender, message_id, raw, answers, first = row
    people = _recipients(read, [outbox_id]).get(outbox_id, ())
    return Envelope(
        outbox_id,
        int(mailbox),
        DraftKind(kind),
        parse_addresses(sender)[0].address,
        message_id,
        bytes(raw),
        answers,
        None if first is None else datetime.fromtimestamp(first, UTC),
        people,
    )


def due_ids(read: Connection, now: datetime) -> list[tuple[int, int]]:
    """(mailbox id, row id) of what is due, oldest first."""
    sql = """SELECT mailbox_id, id FROM outbox WHERE state = 'waiting' AND (due_at <= ? OR due_at > ?)
  ORDER BY due_at, id"""
    at = int(now.timestamp())
    return [(mailbox, number) for mailbox, number in read.rows(sql, (at, at + _NEVER_PAUSES))]


def has_due(read: Connection, now: datetime) -> bool:
    """Whether the sender has something to do: a mail is due, or an attempt was cut off. Cheap."""
    at = int(now.timestamp())
    sql = """SELECT 1 FROM outbox WHERE state = 'sending' OR (state = 'waiting' AND (due_at <= ? OR due_at > ?))
  LIMIT 1"""
    return read.value(sql, (at, at + _NEVER_PAUSES)) is not None


def ids_in(read: Connection, state: OutState) -> list[int]:
    return [row[0] for row in read.rows("SELECT id FROM outbox WHERE state = ? ORDER BY id", (state.value,))]


def unfiled(read: Connection) -> list[int]:
    """Rows that somebody has accepted but whose copy has not been put into the folder for sent mail yet."""
    found = read.rows(
        """SELECT id FROM outbox WHERE raw IS NOT NULL AND (state = 'sent' OR (state IN ('waiting', 'failed')
    AND EXISTS (SELECT 1 FROM outbox_recipient WHERE outbox_id = outbox.id AND state = 'accepted')
    AND NOT EXISTS (SELECT 1 FROM message WHERE header_message_id = outbox.header_message_id))) ORDER BY id"""
    )
    return [row[0] for row in found]


def seen_in_sent(read: Connection) -> list[int]:
    """Uncertain rows that nobody is known to have accepted, and that lie in the folder for sent mail on the server:
    the server files what it sends, so it has sent them."""
    found = read.rows(
        """SELECT o.id FROM outbox o JOIN message m ON m.header_message_id = o.header_message_id
  JOIN mail_copy c ON c.message_id = m.id JOIN folder f ON f.id = c.folder_id
  WHERE o.state = 'uncertain' AND f.role = 'sent' AND f.mailbox_id = o.mailbox_id AND c.uid IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM outbox_recipient r WHERE r.outbox_id = o.id AND r.state = 'accepted')"""
    )
    return [row[0] for row in found]


def long_sent(read: Connection, before: datetime) -> list[int]:
    """Rows that were sent and filed before this time."""
    sql = "SELECT id FROM outbox WHERE state = 'sent' AND raw IS NULL AND sent_at < ? ORDER BY id"
    return [row[0] for row in read.rows(sql, (int(before.timestamp()),))]


def note_filed(tx: Connection, outbox_id: int) -> None:
    """The message itself is in the store now; a row that is sent needs neither source nor files any more."""
    if tx.run("UPDATE outbox SET raw = NULL, error = '' WHERE id = ? AND state = 'sent'", (outbox_id,)) == 1:
        drop_attachments(tx, outbox_id)


def note_unfiled(tx: Connection, outbox_id: int, reason: str) -> None:
    tx.run(
        "UPDATE outbox SET error = ? WHERE id = ? AND state = 'sent' AND error <> ?",
        (reason, outbox_id, reason),
    )


_ALL = 30_000  # rows; their ids still fit into one query


def counts(read: Connection) -> dict[OutState, int]:
    """How many mails are in each state but SENT."""
    found = read.rows("SELECT state, count(*) FROM outbox WHERE state <> 'sent' GROUP BY state")
    return {OutState(state): int(number) for state, number in found}


def rows(
    read: Connection, states: Collection[OutState] = frozenset(OutState), limit: int | None = None
) -> list[OutboxRow]:
    """The outbox in these states, what was changed last on top; no more than `limit`."""
    wanted = sorted(state.value for state in states)
    found = read.rows(
        f"""SELECT o.id, o.mailbox_id, m.name, o.state, o.kind, o.sender, o.recipients_to, o.subject, o.attempts,
  o.due_at, o.changed_at, o.sent_at, o.error FROM outbox o JOIN mailbox m ON m.id = o.mailbox_id
  WHERE o.state IN {places(wanted)} ORDER BY o.changed_at DESC, o.id DESC LIMIT {limit or _ALL:d}""",
        wanted,
    )
    people = _recipients(read, [row[0] for row in found])
    return [_outbox_row(row, people.get(row[0], ())) for row in found]


def _outbox_row(row: Row, people: tuple[RecipientRow, ...]) -> OutboxRow:
    number, mailbox_id, mailbox, state, kind, sender, to, subject, attempts, due, changed, sent, error = row
    return OutboxRow(
        id=number,
        mailbox_id=mailbox_id,
        mailbox=mailbox,
        state=OutState(state),
        kind=kind,
        sender=sender,
        to=to,
        subject=subject,
        recipients=people,
        attempts=attempts,
        due=datetime.fromtimestamp(due, UTC),
        changed=datetime.fromtimestamp(changed, UTC),
        sent=None if sent is None else datetime.fromtimestamp(sent, UTC),
        error=error,
    )


def _recipients(read: Connection, outbox_ids: Sequence[int]) -> dict[int, tuple[RecipientRow, ...]]:
    people: dict[int, list[RecipientRow]] = {}
    for outbox_id, address, state, reply in read.rows(
        f"""SELECT outbox_id, address, state, reply FROM outbox_recipient
  WHERE outbox_id IN {places(outbox_ids)} ORDER BY id""",
        outbox_ids,
    ):
        people.setdefault(outbox_id, []).append(RecipientRow(address, RecipientState(state), reply))
    return {outbox_id: tuple(found) for outbox_id, found in people.items()}


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
