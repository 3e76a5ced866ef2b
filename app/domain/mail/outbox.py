"""The states of a mail on its way out, which step may follow which, and when sending is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.mail.delivery import Outcome, SendReport, Verdict
from app.language import _


class OutState(StrEnum):
    """Entwurf, wartet, wird gesendet, gesendet, fehlgeschlagen, ungewiss."""

    DRAFT = "draft"
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


def state_text(state: OutState) -> str:
    """The state in the current language."""
    return {
        OutState.DRAFT: _("draft"),
        OutState.WAITING: _("waiting"),
        OutState.SENDING: _("sending"),
        OutState.SENT: _("sent"),
        OutState.FAILED: _("failed"),
        OutState.UNCERTAIN: _("uncertain"),
    }[state]


#: From a state to those that may follow it. SENDING found at start means the process died: UNCERTAIN unless the
#: journal says that the final dot was never reached.
FOLLOWS: dict[OutState, frozenset[OutState]] = {
    OutState.DRAFT: frozenset({OutState.WAITING}),
    OutState.WAITING: frozenset({OutState.DRAFT, OutState.SENDING, OutState.FAILED}),
    OutState.SENDING: frozenset({OutState.SENT, OutState.WAITING, OutState.FAILED, OutState.UNCERTAIN}),
    OutState.SENT: frozenset(),
    OutState.FAILED: frozenset({OutState.WAITING, OutState.DRAFT}),
    OutState.UNCERTAIN: frozenset({OutState.WAITING, OutState.SENT, OutState.DRAFT}),
}


class RecipientState(StrEnum):
    """WAITING also means refused for now. ACCEPTED and BOUNCED are final: this recipient is never sent to again.
    BOUNCED: a server took it, and a report says that it did not arrive."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True)
class RecipientRow:
    """`reply`: what the server said last; outside text."""

    address: str
    state: RecipientState
    reply: str = ""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One line of the outbox. `to`: the address line as typed; `recipients` is empty while it is a draft.

    `due`: when it is sent, or sent again. `error`: why it was not sent, "title: cause" with the untranslated title;
    `app.domain.mail.delivery.reason_text` translates it.
    """

    id: int
    mailbox_id: int
    mailbox: str
    state: OutState
    kind: str
    sender: str
    to: str
    subject: str
    recipients: tuple[RecipientRow, ...]
    attempts: int
    due: datetime
    changed: datetime
    sent: datetime | None = None
    error: str = ""

    @property
    def has_bounced(self) -> bool:
        """Whether it was sent and did not arrive everywhere."""
        return self.state is OutState.SENT and any(
            recipient.state is RecipientState.BOUNCED for recipient in self.recipients
        )

    @property
    def state_word(self) -> str:
        """How it stands, in the current language."""
        return _("undeliverable") if self.has_bounced else state_text(self.state)


#: Pauses after the first, second … attempt (RFC 5321 section 4.5.4.1); the last one repeats.
PAUSES = tuple(timedelta(minutes=minutes) for minutes in (0.5, 1, 5, 15, 30, 60, 120, 240))
GIVE_UP = timedelta(days=5)

#: How long a sent mail stays in the outbox; its copy is in the folder for sent mail.
KEEP_SENT = timedelta(days=30)


def next_state(
    report: SendReport,
    recipients: tuple[RecipientRow, ...],
    attempts: int,
    first_try: datetime,
    now: datetime,
) -> tuple[OutState, datetime]:
    """What an attempt makes of a mail that is being sent, and when it is due again.

    `recipients`: as they are after the report. What was accepted by some and refused by others is FAILED, so that it
    does not look done.
    """
    if report.outcome is Outcome.UNCERTAIN:
        return OutState.UNCERTAIN, now
    states = {recipient.state for recipient in recipients}
    if RecipientState.WAITING in states:
        if not report.temporary or now - first_try > GIVE_UP:
            return OutState.FAILED, now
        progress = any(result.verdict is Verdict.ACCEPTED for result in report.recipients)
        return OutState.WAITING, now + (PAUSES[0] if progress else PAUSES[min(attempts, len(PAUSES)) - 1])
    return (OutState.FAILED if RecipientState.REFUSED in states else OutState.SENT), now


def after_report(recipients: tuple[RecipientRow, ...], report: SendReport) -> tuple[RecipientRow, ...]:
    """The recipients with what the server said about them."""
    states = {
        Verdict.ACCEPTED: RecipientState.ACCEPTED,
        Verdict.TEMPORARY: RecipientState.WAITING,
        Verdict.PERMANENT: RecipientState.REFUSED,
    }
    told = {result.address: result for result in report.recipients}
    return tuple(
        RecipientRow(r.address, states[told[r.address].verdict], told[r.address].reply)
        if r.address in told and r.state not in (RecipientState.ACCEPTED, RecipientState.BOUNCED)
        else r
        for r in recipients
    )
