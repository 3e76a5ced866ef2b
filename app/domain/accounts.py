"""The vocabulary of mail accounts: what a mailbox is, and where its secret lies; no server is spoken to here."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from app.domain.mail import Role


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


_NAME = re.compile(r"[^\W_][\w .@+-]{0,63}")


def name_problem(name: str) -> str:
    """Why this cannot be the name of a mailbox, or empty. It names a file, and people type it in a shell."""
    if not _NAME.fullmatch(name) or name != name.strip():
        return "a name has 1 to 64 letters, digits, spaces or . @ + - _ and begins with a letter or digit"
    return ""
