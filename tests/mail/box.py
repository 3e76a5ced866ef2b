"""A Maildir for tests, and the means to do to it what other programs do."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from app.mail.maildir.source import MaildirSource
from app.mail.source import Since
from tests.mail.letters import letter


@dataclass
class Box:
    """A Maildir and the means to do to it what other programs do."""

    root: Path
    state: Path
    opened: list[MaildirSource] = field(default_factory=list)

    def open(self) -> MaildirSource:
        self.opened.append(MaildirSource(self.root, self.state))
        return self.opened[-1]

    def put(self, name: str, raw: bytes = letter(), folder: str = ".", time: float = 1_800_000_000) -> Path:
        directory = self.root / folder
        for part in ("cur", "new", "tmp"):
            (directory / part).mkdir(parents=True, exist_ok=True)
        path = directory / name
        path.write_bytes(raw)
        os.utime(path, (time, time))
        return path

    def names(self, folder: str = ".") -> list[str]:
        directory = self.root / folder
        return sorted(
            f"{part}/{name}" for part in ("cur", "new", "tmp") for name in os.listdir(directory / part)
        )


def known(source: MaildirSource, path: str = ".") -> Since:
    status = source.select(path).status
    return Since(status.uidvalidity, status.highestmodseq, status.uidnext)
