"""What is known after an attempt to send: for each recipient, and whether trying again could send a mail twice."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import told_again
from app.domain.text import clean_line


class Verdict(StrEnum):
    """A server's answer about one recipient."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    PERMANENT = "permanent"


@dataclass(frozen=True, slots=True)
class RecipientResult:
    """`reply`: code and text of the server, such as "550 5.1.1 unknown"; outside text, empty if there is none."""

    address: str
    verdict: Verdict
    reply: str = ""


class Outcome(StrEnum):
    """NOT_SENT: certain, nobody got it and no recipient was judged. SENT: all accepted. PARTLY: some accepted, the others
    refused. REFUSED: certain, the server took it for nobody. UNCERTAIN: the server may or may not have it."""

    NOT_SENT = "not_sent"
    SENT = "sent"
    PARTLY = "partly"
    REFUSED = "refused"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class SendReport:
    """How an attempt ended. `temporary`: what was not accepted may be accepted later, and sending it again is safe.

    `reason`: one line for logs and people, "title: cause" with the untranslated title of an error.
    """

    outcome: Outcome
    recipients: tuple[RecipientResult, ...] = ()
    reason: str = ""
    temporary: bool = False

    @classmethod
    def judged(cls, results: tuple[RecipientResult, ...], reason: str = "") -> SendReport:
        """The report that follows from what the server said about each recipient."""
        accepted = sum(result.verdict is Verdict.ACCEPTED for result in results)
        outcome = (
            Outcome.REFUSED if not accepted else Outcome.SENT if accepted == len(results) else Outcome.PARTLY
        )
        if not reason:
            refused = [r for r in results if r.verdict is not Verdict.ACCEPTED]
            reason = "; ".join(f"{r.address}: {r.reply}" for r in refused[:3])
        return cls(outcome, results, reason, any(r.verdict is Verdict.TEMPORARY for r in results))


def reason_text(reason: str) -> str:
    """A reason as one clean line, in the current language as far as it knows it."""
    return clean_line(told_again(reason))
