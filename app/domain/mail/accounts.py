"""The vocabulary of mail accounts: what a mailbox is, and where its secret lies; no server is spoken to here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.domain.mail.messages import Role
from app.language import ngettext


class SecretPlace(StrEnum):
    """Where the password of a mailbox lies. NONE: it needs none (a Maildir, a local sendmail)."""

    COMMAND = "command"
    KEYRING = "keyring"
    FILE = "file"
    NONE = ""


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mail account. `source` and `outgoing` are server addresses without a password (see `app.mail.urls`).

    `id` 0: not in the store yet. `senders`: further addresses to write from. `fetch_days`: mail of the last N days
    only ("Abrufen ab"); None: all mail. `only_folders`: decoded names of the folders to sync, applied when a folder is
    first seen; empty: every folder. `signature`: its text. Times are epoch seconds UTC.
    """

    name: str
    address: str
    source: str
    outgoing: str = ""
    display_name: str = ""
    senders: tuple[str, ...] = ()
    secret: SecretPlace = SecretPlace.NONE
    password_command: str = ""
    ca_file: str = ""
    signature: str = ""
    fetch_days: int | None = None
    only_folders: tuple[str, ...] = ()
    position: int = 0
    sync_wanted: int = 0
    synced_at: int | None = None
    sync_error: str = ""
    created_at: int = 0
    id: int = 0

    @property
    def keeps_password(self) -> bool:
        """Whether its password lies in the keyring or in a file, and serves until another is given."""
        return self.secret in (SecretPlace.KEYRING, SecretPlace.FILE)


@dataclass(frozen=True, slots=True)
class FolderChoice:
    """A folder of a mailbox as its settings show it. `by_hand`: a person set the role; `synced`: chosen for the sync."""

    id: int
    path: str
    name: str
    role: Role
    by_hand: bool
    selectable: bool
    synced: bool


@dataclass(frozen=True, slots=True)
class Unsent:
    """What of a mailbox is on this machine only: mails on their way out (whatever became of them, unless they are sent),
    drafts, and changes that the server has not carried out."""

    mails: int = 0
    drafts: int = 0
    changes: int = 0

    def __bool__(self) -> bool:
        return bool(self.mails or self.drafts or self.changes)

    @property
    def told(self) -> str:
        """In the rep's language, as the beginning of a sentence; empty if there is nothing."""
        parts = (
            (self.mails, ngettext("{n} mail not sent", "{n} mails not sent", self.mails)),
            (self.drafts, ngettext("{n} draft", "{n} drafts", self.drafts)),
            (
                self.changes,
                ngettext("{n} change not carried out", "{n} changes not carried out", self.changes),
            ),
        )
        return ", ".join(text.format(n=n) for n, text in parts if n)


_NAME = re.compile(r"[^\W_][\w .@+-]{0,63}")


def name_problem(name: str) -> str:
    """Why this cannot be the name of a mailbox, or empty. It names a file, and people type it in a shell."""
    if not _NAME.fullmatch(name) or name != name.strip():
        return "a name has 1 to 64 letters, digits, spaces or . @ + - _ and begins with a letter or digit"
    return ""
