"""Small messages for tests of mail sources."""

from __future__ import annotations

from datetime import UTC, datetime


def letter(number: int = 1, text: str = "Guten Tag", message_id: str = "") -> bytes:
    """A small message with CRLF line ends."""
    return (
        f"From: Silke Berger <silke@kunde.example>\r\nTo: vertrieb@firma.example\r\nSubject: Anfrage {number}\r\n"
        f"Message-ID: {message_id or f'<{number}@kunde.example>'}\r\nDate: Fri, 20 Nov 2026 09:41:00 +0100\r\n"
        f"\r\n{text} {number}\r\n"
    ).encode()


def when() -> datetime:
    """A time of arrival."""
    return datetime(2026, 11, 20, 8, 41, tzinfo=UTC)
