"""Sends what is due. First a row, then the effect: every step is committed before the next one can be seen outside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.domain.errors import PostkorbError
from app.domain.mail.accounts import Mailbox
from app.domain.mail.addresses import wire_address
from app.domain.mail.delivery import Outcome, SendReport
from app.domain.mail.outbox import KEEP_SENT, OutState, RecipientState, after_report, next_state
from app.mail.outgoing import send
from app.mail.urls import parse_url
from app.services.accounts.secrets import SecretUnavailable
from app.services.outbox.filing import file_sent
from app.store.database import Store
from app.store.mail import mailboxes
from app.store.outbox import rows as outbox
from app.store.outbox import steps
from app.store.sync.lease import drop_lease, new_owner, take_lease

LEASE = "outbox"
LEASE_SECONDS = 900.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """What became of one mail. `reason`: "title: cause" when it was not accepted by all."""

    id: int
    state: OutState
    reason: str = ""


class _TakenOver(Exception):
    """Somebody else has this mail now; nothing of it may be sent from here."""


class Sender:
    """Sends the due mail of a store. Any number of processes may have one: a lease lets one of them work at a time, and
    the number of the attempt stops one that was suspended and lost it.

    `secret_of` gives the password of a mailbox, an empty text for none; it may raise PostkorbError and may wait.
    """

    def __init__(
        self, store: Store, secret_of: Callable[[Mailbox], str], clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._secret_of = secret_of
        self._clock = clock
        self._owner = new_owner()

    def is_due(self) -> bool:
        """Whether a mail is due, or was cut off while it was sent. Cheap."""
        return outbox.has_due(self._store.read, self._clock())

    def has_unsettled(self) -> bool:
        """Whether a sent mail still has to be filed, or an uncertain one has shown up."""
        return bool(outbox.unfiled(self._store.read) or outbox.seen_in_sent(self._store.read))

    def send_due(self) -> list[Attempt] | None:
        """Send what is due, mailboxes side by side, the mails of one in order; what became of each.

        None: another process is sending. What an earlier process left unfinished is settled first. Blocks until all
        is done; call it from a thread that has no event loop.
        """
        if not take_lease(self._store, LEASE, self._owner, LEASE_SECONDS, self._clock().timestamp()):
            return None
        try:
            self._settle()
            by_mailbox: dict[int, list[int]] = {}
            for mailbox_id, outbox_id in outbox.due_ids(self._store.read, self._clock()):
                by_mailbox.setdefault(mailbox_id, []).append(outbox_id)
            return asyncio.run(self._send_all(by_mailbox)) if by_mailbox else []
        finally:
            drop_lease(self._store, LEASE, self._owner)

    def _settle(self) -> None:
        """What was cut off becomes waiting or uncertain; what is sent is filed, and forgotten after a month."""
        if outbox.ids_in(self._store.read, OutState.SENDING):
            with self._store.write() as tx:
                steps.recover(tx, self._clock())
        for outbox_id in outbox.seen_in_sent(self._store.read):
            with self._store.write() as tx:
                steps.confirm_sent(tx, outbox_id, self._clock())
        for outbox_id in outbox.unfiled(self._store.read):
            file_sent(self._store, outbox_id, self._clock())
        for outbox_id in outbox.long_sent(self._store.read, self._clock() - KEEP_SENT):
            with self._store.write() as tx:
                steps.drop(tx, outbox_id)

    async def _send_all(self, by_mailbox: dict[int, list[int]]) -> list[Attempt]:
        done = await asyncio.gather(
            *(self._send_mailbox(mailbox_id, ids) for mailbox_id, ids in by_mailbox.items()),
            return_exceptions=True,
        )
        attempts: list[Attempt] = []
        for result in done:
            if isinstance(result, BaseException):
                raise result
            attempts += result
        return attempts

    async def _send_mailbox(self, mailbox_id: int, outbox_ids: Sequence[int]) -> list[Attempt]:
        mailbox = mailboxes.mailbox_by_id(self._store.read, mailbox_id)
        assert mailbox is not None  # rows of the outbox go with their mailbox
        attempts = []
        for outbox_id in outbox_ids:
            take_lease(self._store, LEASE, self._owner, LEASE_SECONDS, self._clock().timestamp())
            attempt = await self._send_one(mailbox, outbox_id)
            if attempt is not None:
                attempts.append(attempt)
        return attempts

    async def _send_one(self, mailbox: Mailbox, outbox_id: int) -> Attempt | None:
        with self._store.write() as tx:
            number = steps.claim(tx, outbox_id, self._clock())
        if number is None:  # taken back a moment ago
            return None
        mail = outbox.envelope(self._store.read, outbox_id)
        try:
            report = await self._hand_over(mailbox, mail, number)
        except _TakenOver:
            return None
        except PostkorbError as error:  # no password yet, or an address that cannot be used: nothing was sent
            later = isinstance(error, SecretUnavailable)
            report = SendReport(Outcome.NOT_SENT, reason=str(error), temporary=later)
        return self._note(mail, number, report)

    async def _hand_over(self, mailbox: Mailbox, mail: outbox.Envelope, number: int) -> SendReport:
        url = parse_url(mailbox.outgoing)
        secret = await asyncio.to_thread(self._secret_of, mailbox)

        def journal() -> None:
            with self._store.write() as tx:
                if not steps.note_dot(tx, mail.id, number):
                    raise _TakenOver

        return await send(
            url,
            secret or None,
            Path(mailbox.ca_file) if mailbox.ca_file else None,
            wire_address(mail.sender),
            mail.open_recipients,
            mail.raw,
            journal,
        )

    def _note(self, mail: outbox.Envelope, number: int, report: SendReport) -> Attempt | None:
        now = self._clock()
        recipients = after_report(mail.recipients, report)
        state, due = next_state(report, recipients, number, mail.first_try or now, now)
        reason = "" if state is OutState.SENT else report.reason
        with self._store.write() as tx:
            ours = steps.note_result(tx, mail.id, number, state, recipients, reason, due, now)
        if not ours:
            return None
        if any(recipient.state is RecipientState.ACCEPTED for recipient in recipients):
            file_sent(self._store, mail.id, now)
        return Attempt(mail.id, state, reason)
