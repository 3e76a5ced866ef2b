"""What waits is sent before the rep leaves: makes it due, and tells what becomes of it. The worker sends it, not this."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from app.domain.mail.outbox import OutboxRow, OutState
from app.store.database import Store
from app.store.outbox import rows as outbox
from app.store.outbox import steps

_ON_THEIR_WAY = frozenset({OutState.WAITING, OutState.SENDING})
_NOT_SENT = frozenset({OutState.WAITING, OutState.FAILED, OutState.UNCERTAIN})


@dataclass(frozen=True, slots=True)
class Progress:
    """`under_way`: how many are being sent still. `left`: those that an attempt did not send."""

    under_way: int
    left: tuple[OutboxRow, ...]


class Departure:
    """The mails that waited when the rep wanted to leave. From any thread but the event loop's."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._attempts: dict[int, int] = {}  # by the mail's number, before those that are made now

    def begin(self) -> Progress:
        """Make everything that waits due at once."""
        with self._store.write() as tx:
            rows = outbox.rows(tx, _ON_THEIR_WAY, None)
            steps.hurry(tx, self._clock(), untried=True)
        self._attempts = {row.id: row.attempts - (row.state is OutState.SENDING) for row in rows}
        return Progress(len(rows), ())

    def look(self) -> Progress:
        """How far it is."""
        rows = [
            row
            for row in outbox.rows(self._store.read, _NOT_SENT | _ON_THEIR_WAY, None)
            if row.id in self._attempts
        ]
        left = tuple(row for row in rows if row.state in _NOT_SENT and not self._is_untouched(row))
        return Progress(len(rows) - len(left), left)

    def _is_untouched(self, row: OutboxRow) -> bool:
        return row.state is OutState.WAITING and row.attempts == self._attempts[row.id]
