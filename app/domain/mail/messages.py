"""The vocabulary of mail: what a message, a folder and a copy of a message in a folder are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from app.language import _


class Role(StrEnum):
    """What a folder is for (SPECIAL-USE, RFC 6154); NONE for an ordinary one."""

    INBOX = "inbox"
    SENT = "sent"
    DRAFTS = "drafts"
    JUNK = "junk"
    TRASH = "trash"
    ARCHIVE = "archive"
    ALL = "all"
    NONE = ""


#: Folders whose mail was not received, or was thrown away: it never counts as unprocessed.
NOT_RECEIVED = frozenset({Role.SENT, Role.DRAFTS, Role.JUNK, Role.TRASH})


class Address(NamedTuple):
    """A mailbox of RFC 5322 section 3.4: display name (decoded, may be empty) and addr-spec."""

    name: str
    address: str


class Flags(NamedTuple):
    """The system flags of one copy (RFC 9051 section 2.3.2)."""

    seen: bool = False
    flagged: bool = False
    answered: bool = False
    draft: bool = False
    deleted: bool = False


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """A folder as the server lists it. `path` is the name for the wire, `name` the decoded one with `/` between levels."""

    path: str
    name: str
    role: Role
    selectable: bool
    delimiter: str = "/"


@dataclass(frozen=True, slots=True)
class FolderStatus:
    """What STATUS or LIST-STATUS says of a folder (RFC 9051 section 6.3.11; RFC 7162 for `highestmodseq`).

    `uidvalidity` 0: unknown. `highestmodseq` None: the server does not keep it. `unseen` None: not told.
    """

    uidvalidity: int
    uidnext: int
    messages: int
    highestmodseq: int | None = None
    unseen: int | None = None


class Bounce(NamedTuple):
    """What a report says of one recipient of a mail whose Message-ID it names: it did not arrive. `reason`: the server's
    words, clean. Anybody can write such a report: believe it only for mail that was really sent to that address."""

    message_id: str
    address: str
    reason: str


class ParsedMail(NamedTuple):
    """Everything the store keeps of one message, made from its raw source away from the screens. A tuple, as all that
    comes from another process by the hundred thousand: it is there in half the time.

    `digest`: 16 bytes over what the sender wrote (author's headers and body, no trace fields): the identity of a
    message together with nothing else. `search_*`: folded words for full-text search (`domain.folding`).
    `raw`: the source, zstd-compressed. `size`: bytes of the source. `date`: aware UTC, the Date field if plausible,
    else the time of arrival. `defect`: why parts could not be read, or empty. `bounces`: of a delivery report.
    """

    digest: bytes
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    date: datetime
    sender: Address
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    size: int
    attachments: int
    raw: bytes
    search_sender: str
    search_recipients: str
    search_subject: str
    search_body: str
    search_files: str
    defect: str = ""
    bounces: tuple[Bounce, ...] = ()


class ArrivedMail(NamedTuple):
    """A parsed message at its place on the server. `uid` is the UID in an IMAP folder, or a Maildir serial number."""

    uid: int
    flags: Flags
    mail: ParsedMail


@dataclass(frozen=True, slots=True)
class SkippedMail:
    """A message that could not be taken over, and why; kept in the sync ledger."""

    uid: int
    reason: str


@dataclass(frozen=True, slots=True)
class LinkLabel:
    """What a message is linked to, as a list shows it. `kind`: contact, lead, task or opportunity. `by_thread`: nobody
    linked it, it came later in a thread that was linked."""

    kind: str
    id: int
    title: str
    by_thread: bool = False


@dataclass(frozen=True, slots=True)
class MailRow:
    """One line of the mail list. `copy_id` names the copy in its folder, `message_id` the message itself (store ids)."""

    copy_id: int
    message_id: int
    folder_id: int
    date: datetime
    sender_name: str
    sender_address: str
    to: str
    subject: str
    size: int
    attachments: int
    seen: bool
    flagged: bool
    answered: bool
    unprocessed: bool
    waiting: bool = False
    mark: str = ""
    comments: int = 0
    links: tuple[LinkLabel, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class FolderRow:
    """One line of the folder pane, with its counters."""

    id: int
    mailbox_id: int
    mailbox: str
    name: str
    role: Role
    total: int
    unread: int
    unprocessed: int
    synced: bool
    last_success: datetime | None = None
    last_error: str = ""


def subject_word(subject: str) -> str:
    """The subject, or what stands where there is none; it is cleaned by who draws it."""
    return subject if subject.strip() else _("(no subject)")
