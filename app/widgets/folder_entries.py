"""What the folder pane lists, in which order and under which names; pure, drawn by `folder_pane`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.domain.mail.messages import FolderRow, Role
from app.domain.mail.roles import folder_word
from app.domain.text import clean_line
from app.language import _

_ORDER = {
    Role.INBOX: 0,
    Role.NONE: 1,
    Role.ALL: 2,
    Role.DRAFTS: 3,
    Role.SENT: 4,
    Role.ARCHIVE: 5,
    Role.JUNK: 6,
    Role.TRASH: 7,
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the pane. `folder_id` None: everything unprocessed, of all mailboxes; a `heading` cannot be opened."""

    title: str
    level: int = 0
    unread: int = 0
    unprocessed: int = 0
    folder_id: int | None = None
    heading: bool = False
    error: str = ""


def folder_title(folder: FolderRow) -> str:
    """The name of a folder as headlines show it."""
    return folder_word(folder.name, folder.role)


def entries_of(folders: Iterable[FolderRow]) -> list[Entry]:
    """The lines of the pane: what is unprocessed anywhere, then each mailbox with its folders."""
    folders = list(folders)
    received = [folder for folder in folders if folder.role not in (Role.ALL,)]
    entries = [Entry(_("Unprocessed"), unprocessed=sum(folder.unprocessed for folder in received))]
    mailboxes: dict[int, list[FolderRow]] = {}
    for folder in folders:
        mailboxes.setdefault(folder.mailbox_id, []).append(folder)
    for own in mailboxes.values():
        entries.append(
            Entry(
                clean_line(own[0].mailbox),
                unread=sum(folder.unread for folder in own if folder.role is Role.INBOX),
                unprocessed=sum(folder.unprocessed for folder in own if folder.role is not Role.ALL),
                heading=True,
            )
        )
        own.sort(key=lambda folder: (_ORDER[folder.role], folder.name.casefold()))
        entries += [_entry(folder) for folder in own]
    return entries


def _entry(folder: FolderRow) -> Entry:
    parts = folder.name.split("/")
    ordinary = folder.role is Role.NONE
    title = clean_line(parts[-1]) if ordinary else folder_title(folder)
    level = len(parts) if ordinary else 1
    counted = folder.role not in (Role.SENT, Role.DRAFTS, Role.TRASH)
    unread = folder.unread if counted else folder.total if folder.role is Role.DRAFTS else 0
    return Entry(title, level, unread, folder.unprocessed, folder.id, error=folder.last_error)
