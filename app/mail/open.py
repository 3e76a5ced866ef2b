"""Opens the mail source that an address names; imports only what that kind needs."""

from __future__ import annotations

from pathlib import Path

from app.mail.errors import BadUrl
from app.mail.source import MailSource
from app.mail.urls import Kind, parse_url


def open_source(
    url: str, password: str = "", ca_file: Path | None = None, *, state_dir: Path | None = None
) -> MailSource:
    """Connect to the source at `url`.

    `state_dir`: where the UIDs of Maildirs are kept; without it they hold for this one connection, which is enough to try
    an account.

    Raises BadUrl, or any other MailError that the connection brings.
    """
    parsed = parse_url(url)
    if parsed.kind is Kind.IMAP:
        from app.mail.imap.source import ImapSource

        return ImapSource(parsed, password, ca_file)
    if parsed.kind is Kind.MAILDIR and parsed.path is not None:
        from app.mail.maildir.source import MaildirSource

        return MaildirSource(parsed.path, state_dir)
    raise BadUrl("{kind} is a way out, no place that holds mail", kind=parsed.kind)
