"""Reports of mail servers on what became of a sent mail (RFC 3464), read into plain facts; what follows is for services.

Reports in free text, without a machine-readable part, are not recognised.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.domain.mail.messages import Bounce
from app.domain.text import clean_line
from app.language import N_, _
from app.mail.mime.fields import Fields, split_header
from app.mail.mime.message_ids import message_id
from app.mail.mime.parts import Part
from app.mail.mime.words import decode_field

MAX_RECIPIENTS = 10_000
_TYPED = re.compile(r"\s*[\w-]+\s*;\s*(.*)", re.DOTALL)
_STATUS = re.compile(r"[245]\.\d{1,3}\.\d{1,3}")


class Outcome(StrEnum):
    """What a server says it did (RFC 3464 section 2.3.3)."""

    FAILED = "failed"
    DELAYED = "delayed"
    DELIVERED = "delivered"
    RELAYED = "relayed"
    EXPANDED = "expanded"


_SAID = {
    Outcome.FAILED: N_("Not delivered"),
    Outcome.DELAYED: N_("Delayed, it is tried again"),
    Outcome.DELIVERED: N_("Delivered"),
    Outcome.RELAYED: N_("Passed on to a server that sends no reports"),
    Outcome.EXPANDED: N_("Delivered to a list"),
}


@dataclass(frozen=True, slots=True)
class RecipientReport:
    """`status`: as in RFC 3463, such as 5.1.1, or empty. `reason`: the server's words, clean."""

    address: str
    outcome: Outcome
    status: str
    reason: str


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """`message_id`: of the mail that it is about, with angle brackets, or empty if the report does not tell."""

    message_id: str
    recipients: tuple[RecipientReport, ...]


def delivery_report(root: Part) -> DeliveryReport | None:
    """What a message reports, None if it is no delivery report. Anybody can write such a message (see `Bounce`)."""
    if root.content_type != "multipart/report":
        return None
    status = _first(root, "message/delivery-status", "message/global-delivery-status")
    if status is None:
        return None
    recipients = tuple(report for fields in _groups(status.payload()[0]) if (report := _recipient(fields)))
    return DeliveryReport(_original_id(root), recipients) if recipients else None


def bounces_of(root: Part) -> tuple[Bounce, ...]:
    """The recipients that a report gives up, if it names the mail that it is about."""
    report = delivery_report(root)
    if report is None or not report.message_id:
        return ()
    return tuple(
        Bounce(report.message_id, told.address, told.reason or told.status)
        for told in report.recipients
        if told.outcome is Outcome.FAILED
    )


def report_lines(root: Part) -> list[str]:
    """What a report says, a line for each recipient, in the rep's language; nothing for other mails."""
    report = delivery_report(root)
    lines = []
    for told in report.recipients if report else ():
        line = f"{_(_SAID[told.outcome])}: {told.address}"
        reason = told.reason or told.status
        lines.append(f"{line} ({reason})" if reason else line)
    return lines


def _first(root: Part, *types: str) -> Part | None:
    return next((child for child in root.children if child.content_type in types), None)


def _groups(data: bytes) -> list[Fields]:
    """The groups of fields: one about the message, then one for each recipient (RFC 3464 section 2.1)."""
    groups: list[Fields] = []
    at = 0
    while at < len(data) and len(groups) <= MAX_RECIPIENTS:
        fields, after = split_header(data, at, len(data))
        groups.append(fields)
        if after <= at:
            break
        at = after
    return groups


def _recipient(fields: Fields) -> RecipientReport | None:
    address = _untyped(fields.first(b"original-recipient")) or _untyped(fields.first(b"final-recipient"))
    action = decode_field(fields.first(b"action")).strip().lower()
    if not address or action not in set(Outcome):
        return None
    status = _STATUS.search(decode_field(fields.first(b"status")))
    reason = _untyped(fields.first(b"diagnostic-code"))
    return RecipientReport(address, Outcome(action), status[0] if status else "", reason)


def _untyped(value: bytes) -> str:
    """The value behind its type: `rfc822; a@b` means a@b."""
    text = clean_line(decode_field(value)).strip()
    typed = _TYPED.match(text)
    return typed[1].strip() if typed else text


def _original_id(root: Part) -> str:
    whole = _first(root, "message/rfc822", "message/global")
    if whole is not None and whole.children:
        return message_id(whole.children[0].fields.first(b"message-id"))
    header = _first(root, "text/rfc822-headers", "message/global-headers")
    if header is None:
        return ""
    data = header.payload()[0]
    return message_id(split_header(data, 0, len(data))[0].first(b"message-id"))
