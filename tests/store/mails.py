"""Makes parsed mails for tests of the store, without a source that would have to be parsed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import zstandard

from app.domain.folding import fold
from app.domain.mail.messages import Address, ArrivedMail, Flags, ParsedMail

START = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def parsed(
    number: int,
    *,
    subject: str = "Anfrage",
    message_id: str | None = None,
    references: tuple[str, ...] = (),
    sender: str = "silke@vogel.example",
    date: datetime | None = None,
) -> ParsedMail:
    """Mail `number`: each number is another message, a minute later than the one before."""
    body = f"Text der Nachricht {number}"
    return ParsedMail(
        digest=blake2b(f"{number} {subject}".encode(), digest_size=16).digest(),
        message_id=f"<{number}@vogel.example>" if message_id is None else message_id,
        in_reply_to=references[-1] if references else "",
        references=references,
        date=date or START + timedelta(minutes=number),
        sender=Address("Silke Berger", sender),
        to=(Address("Vertrieb", "vertrieb@nordholz.example"),),
        cc=(),
        subject=subject,
        size=len(body),
        attachments=0,
        raw=zstandard.compress(body.encode()),
        search_sender=fold(sender),
        search_recipients="vertrieb nordholz example",
        search_subject=fold(subject),
        search_body=fold(body),
        search_files="",
    )


def arrived(uid: int, mail: ParsedMail, **flags: bool) -> ArrivedMail:
    return ArrivedMail(uid, Flags(**flags), mail)


def indexed_as(document: tuple[str, ...]) -> ParsedMail:
    """A mail whose sender, recipients, subject, body and attachments are found by these words."""
    sender, recipients, subject, body, files = document
    return parsed(1)._replace(
        search_sender=sender,
        search_recipients=recipients,
        search_subject=subject,
        search_body=body,
        search_files=files,
    )
