"""What there is to read of mail on its way out: what waits, what is due, what became of it; the steps are in
`app.store.outbox.steps`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from app.domain.errors import OutboxMailNotFound
from app.domain.mail.addresses import parse_addresses
from app.domain.mail.compose import DraftKind
from app.domain.mail.outbox import OutboxRow, OutState, RecipientRow, RecipientState
from app.store.connection import Connection, Row, places, time_of

#: The condition for a mail to be sent now; its parameters come from `due_by`.
DUE = "state = 'waiting' AND (due_at <= ? OR due_at > ?)"
#: Seconds. Longer than any pause: what seems to wait for longer was written before the clock was set back.
_NEVER_PAUSES = 6 * 3600
_ALL = 30_000  # rows; their ids still fit into one query


def due_by(now: datetime) -> tuple[int, int]:
    """The parameters of `DUE`."""
    at = int(now.timestamp())
    return at, at + _NEVER_PAUSES


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
        time_of(first),
        people,
    )


def due_ids(read: Connection, now: datetime) -> list[tuple[int, int]]:
    """(mailbox id, row id) of what is due, oldest first."""
    sql = f"SELECT mailbox_id, id FROM outbox WHERE {DUE} ORDER BY due_at, id"
    return [(mailbox, number) for mailbox, number in read.rows(sql, due_by(now))]


def has_due(read: Connection, now: datetime) -> bool:
    """Whether the sender has something to do: a mail is due, or an attempt was cut off. Cheap."""
    sql = f"SELECT 1 FROM outbox WHERE state = 'sending' OR ({DUE}) LIMIT 1"
    return read.value(sql, due_by(now)) is not None


def ids_in(read: Connection, state: OutState) -> list[int]:
    return [row[0] for row in read.rows("SELECT id FROM outbox WHERE state = ? ORDER BY id", (state.value,))]


def unfiled(read: Connection) -> list[int]:
    """Rows that somebody has accepted but whose copy has not been put into the folder for sent mail yet, and sent ones
    that still keep their source."""
    found = read.rows(
        """SELECT id FROM outbox WHERE raw IS NOT NULL AND (state = 'sent' OR (filed = 0
    AND state IN ('waiting', 'failed')
    AND EXISTS (SELECT 1 FROM outbox_recipient WHERE outbox_id = outbox.id AND state = 'accepted'))) ORDER BY id"""
    )
    return [row[0] for row in found]


def is_filed(read: Connection, outbox_id: int) -> bool:
    """Whether the copy of a mail has been put into the folder for sent mail."""
    return bool(read.value("SELECT filed FROM outbox WHERE id = ?", (outbox_id,)))


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


def copies_of_sent(read: Connection, outbox_id: int) -> list[int]:
    """The copies of a mail that was sent, in the folders for sent mail of its mailbox: elsewhere a stranger's mail may bear
    its Message-ID."""
    sql = """SELECT c.id FROM outbox o JOIN message m ON m.header_message_id = o.header_message_id
  JOIN mail_copy c ON c.message_id = m.id JOIN folder f ON f.id = c.folder_id
  WHERE o.id = ? AND o.header_message_id <> '' AND f.role = 'sent' AND f.mailbox_id = o.mailbox_id
  ORDER BY c.id"""
    return [row[0] for row in read.rows(sql, (outbox_id,))]


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
        sent=time_of(sent),
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
