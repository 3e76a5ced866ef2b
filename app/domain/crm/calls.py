"""How a phone call ended, and what that is called."""

from __future__ import annotations

from enum import StrEnum

from app.language import N_


class CallOutcome(StrEnum):
    REACHED = "reached"
    NOT_REACHED = "not-reached"
    CALL_AGAIN = "call-again"


#: What an outcome is called; source texts.
OUTCOMES: dict[CallOutcome, str] = {
    CallOutcome.REACHED: N_("reached"),
    CallOutcome.NOT_REACHED: N_("not reached"),
    CallOutcome.CALL_AGAIN: N_("call again"),
}
