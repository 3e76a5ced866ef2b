"""Sends a message by whatever an outgoing address names: SMTP, a Maildir or a sendmail program."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from app.domain.mail.delivery import SendReport
from app.mail.errors import BadUrl
from app.mail.urls import Kind, MailUrl


async def send(
    outgoing: MailUrl,
    secret: str | None,
    ca_file: Path | None,
    envelope_from: str,
    recipients: Sequence[str],
    raw: bytes,
    journal: Callable[[], None],
) -> SendReport:
    """Send `raw` (CRLF line ends) to the recipients, once; what became of it is in the report.

    `journal` is called before anything happens after which the mail may be out; it must be durable when it returns. It
    is not called for a Maildir, where a second delivery changes nothing. Raises BadUrl for an address that nothing can
    be sent by, BadInput for a bad recipient, and what `journal` raises.
    """
    match outgoing.kind, outgoing.path:
        case Kind.SMTP, _:
            from app.mail.smtp import send_smtp  # aiosmtplib, only when something is sent

            return await send_smtp(outgoing, secret, ca_file, envelope_from, recipients, raw, journal)
        case Kind.MAILDIR, Path() as folder:
            from app.mail.handover import deliver_to_maildir

            return await deliver_to_maildir(folder, recipients, raw)
        case Kind.SENDMAIL, Path() as program:
            from app.mail.handover import hand_to_sendmail

            return await hand_to_sendmail(program, envelope_from, recipients, raw, journal)
        case _:
            raise BadUrl("{kind} is for receiving", kind=outgoing.kind)
