"""A mail to send over SMTP, and the hands that send it, for tests of what becomes of it."""

from __future__ import annotations

from pathlib import Path

from app.domain.mail.delivery import SendReport
from app.mail.smtp import send_smtp
from app.mail.smtp_connection import Timeouts
from app.mail.urls import parse_url

FROM = "berg@nordholz.example"
SILKE, MAX, KURT = "silke@vogel.example", "max@vogel.example", "kurt@vogel.example"
RAW = b"From: berg@nordholz.example\r\nSubject: Angebot\r\n\r\nGuten Tag\r\n.\r\n..zwei\r\nEnde\r\n"
QUICK = Timeouts(connect=10, command=10, block=10, final=10, goodbye=1)
IMPATIENT = Timeouts(connect=0.5, command=0.5, block=0.5, final=0.5, goodbye=0.2)
IMPATIENT_AT_THE_END = Timeouts(connect=10, command=10, block=10, final=0.5, goodbye=0.2)
POLITE = Timeouts(connect=10, command=10, block=10, final=10, goodbye=0.2)


class Journal:
    """Remembers whether it was told that the mail may be out."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self) -> None:
        self.calls += 1


async def send(
    url: str,
    recipients: list[str] | None = None,
    raw: bytes = RAW,
    journal: Journal | None = None,
    secret: str | None = None,
    ca_file: Path | None = None,
    timeouts: Timeouts = QUICK,
) -> SendReport:
    to = recipients or [SILKE]
    return await send_smtp(parse_url(url), secret, ca_file, FROM, to, raw, journal or Journal(), timeouts)
