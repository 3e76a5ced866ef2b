"""What a sync has to do in a folder, decided from what is known and what the server says; pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from app.domain.mail.messages import FolderStatus, SkippedMail


@dataclass(frozen=True, slots=True)
class FolderState:
    """How far a folder is in step. `complete`: all wanted mail was here when `uidnext` and `highestmodseq` held."""

    uidvalidity: int
    uidnext: int
    messages: int
    highestmodseq: int | None
    complete: bool
    bound: int  # copies here that have a UID
    unbound: int  # copies here that wait for theirs
    skipped: int  # mails that could not be taken over and are to be tried again


class Visit(Enum):
    """What to do with a folder."""

    SKIP = auto()  # nothing has happened there
    CHANGES = auto()  # ask for what has changed since
    WHOLE = auto()  # compare every UID: first time, interrupted, or no telling what has changed
    REREAD = auto()  # UIDVALIDITY has changed: forget the UIDs, then WHOLE


def decide_visit(known: FolderState, told: FolderStatus, *, condstore: bool) -> Visit:
    """The cheapest visit that misses nothing.

    Without CONDSTORE a changed flag leaves no trace in STATUS, so the folder is always compared.
    """
    if known.uidvalidity and told.uidvalidity != known.uidvalidity:
        return Visit.REREAD
    if not known.complete or not known.uidvalidity:
        return Visit.WHOLE
    if not condstore or known.highestmodseq is None or told.highestmodseq is None:
        return Visit.WHOLE
    same = (
        told.uidnext == known.uidnext
        and told.highestmodseq == known.highestmodseq
        and told.messages == known.messages
    )
    if same and not known.skipped and not known.unbound:
        return Visit.SKIP
    return Visit.CHANGES if told.highestmodseq >= known.highestmodseq else Visit.WHOLE


@dataclass(frozen=True, slots=True)
class FolderReport:
    """What one pass did in one folder; `error` is empty when it went well."""

    name: str
    new: int = 0
    changed: int = 0
    gone: int = 0
    linked: int = 0
    skipped: tuple[SkippedMail, ...] = ()
    seconds: float = 0.0
    error: str = ""


@dataclass(frozen=True, slots=True)
class MailboxReport:
    """What one pass did in one mailbox; `error` says why it could not be read at all."""

    name: str
    folders: tuple[FolderReport, ...] = ()
    error: str = ""

    @property
    def done(self) -> bool:
        """Everything went well: nothing failed, nothing was passed over."""
        return not self.error and not any(folder.error or folder.skipped for folder in self.folders)
