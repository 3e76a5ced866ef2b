"""Attachments of stored mails: save them, or read them in place; the rules for names and types are `app.mail.attachments`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import tzinfo
from pathlib import Path

from app.domain.mail.reading import Attachment, ReadableMail
from app.mail.attachments import can_read, read_attachment, save_attachment

__all__ = ["can_read", "read_in_place", "save"]

Source = Callable[[int], bytes]


def save(source: Source, message_id: int, indexes: Sequence[int], folder: Path) -> list[Path]:
    """Write attachments into `folder`, which is made if it is not there; the new files' paths.

    `source` gives the raw message (`MailReader.source`). Raises NotFound and NotSaved; what was saved before stays.
    """
    raw = source(message_id)
    if not folder.exists():
        folder.mkdir(parents=True, mode=0o700)
    return [save_attachment(raw, index, folder) for index in indexes]


def read_in_place(source: Source, message_id: int, file: Attachment, zone: tzinfo | None) -> ReadableMail:
    """An attachment as a mail of its own: a mail inside the mail, or a text under the file's name.

    Raises NotFound, NotReadable.
    """
    return read_attachment(source(message_id), file.index, zone)
