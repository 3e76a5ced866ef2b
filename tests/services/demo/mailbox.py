"""Reads a demo Maildir with the standard library only, so that the tests do not lean on what they test."""

from __future__ import annotations

import email
import email.policy
import email.utils
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from app.services.demo.build import write_demo_maildir
from app.services.demo.data import DemoMail

NOW = datetime(2026, 11, 20, 13, 2, tzinfo=UTC)


@dataclass(frozen=True)
class Found:
    """One file: its folder ("" for the inbox), flags, source and parsed message."""

    folder: str
    flags: str
    raw: bytes
    arrived: int
    message: EmailMessage

    @property
    def id(self) -> str:
        return str(self.message["Message-ID"])

    @property
    def text(self) -> str:
        """The plain text, as far as it can be read."""
        part = self.message.get_body(("plain",))
        try:
            return part.get_content() if part is not None else ""
        except (LookupError, UnicodeError):
            return ""

    @property
    def own_text(self) -> str:
        """The plain text without what it quotes."""
        lines = []
        for line in self.text.splitlines():
            if line.startswith("-----Ursprüngliche Nachricht") or (
                line.startswith("Am ") and " schrieb " in line
            ):
                break
            lines.append(line)
        return "\n".join(lines)


def read(folder: Path) -> list[Found]:
    found = []
    for path in sorted(path for part in ("cur", "new") for path in folder.rglob(f"{part}/*")):
        raw = path.read_bytes()
        place = path.parent.parent
        message = email.message_from_bytes(raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        flags = path.name.partition(":2,")[2]
        found.append(
            Found("" if place == folder else place.name, flags, raw, int(path.stat().st_mtime), message)
        )
    return found


@cache
def demo(now: datetime = NOW, seed: int = 1) -> tuple[DemoMail, list[Found]]:
    """The records and mails of one demo; written once for all tests."""
    with TemporaryDirectory() as folder:
        records = write_demo_maildir(Path(folder), now, seed)
        return records, read(Path(folder))
