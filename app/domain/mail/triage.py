"""What a triage step on mails is about, and why some are refused; carries out nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.domain.errors import Refused


class LiesInTrash(Refused):
    """Only for good, and only when asked."""

    title = "It lies in the trash already"
    next_step = "Deleting it for good cannot be undone."


class HasNoTrash(Refused):
    """There is no folder from which it could be brought back; `cause` names the mailbox."""

    title = "Nothing was deleted: the mailbox has no trash folder"
    next_step = "Choose the trash among its folders (g s, e), or give --without-trash too; then nothing brings the mail back."


@dataclass(frozen=True, slots=True)
class Selection:
    """The mails a step works on: `copies` as the list shows them, or `messages` wherever their copies lie.

    Where a step is about copies (flags, moving), a message stands for all its copies, when moving only for those in
    folders of received mail if there are any.
    """

    copies: tuple[int, ...] = ()
    messages: tuple[int, ...] = ()

    def __len__(self) -> int:
        return len(self.copies) + len(self.messages)


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment on a mail. `author`: a login; `name`: what others read for it. `at`: aware UTC."""

    text: str
    author: str
    at: datetime
    name: str = ""

    @property
    def written_by(self) -> str:
        """Who wrote it, as others read it."""
        return self.name or self.author
