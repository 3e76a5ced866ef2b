"""The states of a mail on its way out, and which step may follow which."""

from __future__ import annotations

from enum import StrEnum


class OutState(StrEnum):
    """Entwurf, wartet, wird gesendet, gesendet, fehlgeschlagen, ungewiss."""

    DRAFT = "draft"
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


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
