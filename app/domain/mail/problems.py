"""What is wrong with a draft before it is sent, named so that the person can put it right; it sends and reads nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from app.domain.mail.addresses import is_address, is_hostile
from app.domain.mail.compose import Attachment, Draft, DraftKind
from app.domain.mail.quoting import own_text, own_words
from app.domain.text import clean_line
from app.language import _

LARGE = 25_000_000  # bytes of attachments that most mail servers still take


class Trouble(StrEnum):
    """What can be wrong with a draft."""

    HOSTILE = "hostile"
    BAD_SENDER = "bad_sender"
    BAD_ADDRESS = "bad_address"
    NO_RECIPIENT = "no_recipient"
    FILE_MISSING = "file_missing"
    FILE_UNREADABLE = "file_unreadable"
    NO_DOMAIN = "no_domain"
    NO_SUBJECT = "no_subject"
    NO_ATTACHMENT = "no_attachment"
    NOTHING_WRITTEN = "nothing_written"
    TOO_BIG = "too_big"


#: Those that a person may confirm; all others keep the mail from being sent.
CONFIRMABLE = frozenset(
    {
        Trouble.NO_DOMAIN,
        Trouble.NO_SUBJECT,
        Trouble.NO_ATTACHMENT,
        Trouble.NOTHING_WRITTEN,
        Trouble.TOO_BIG,
    }
)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `detail` names the address, file or field; it is outside text."""

    trouble: Trouble
    detail: str = ""

    @property
    def blocking(self) -> bool:
        return self.trouble not in CONFIRMABLE

    @property
    def text(self) -> str:
        """One cleaned line for the person, in the current language."""
        return _sentence(self.trouble).format(detail=clean_line(self.detail))


def _sentence(trouble: Trouble) -> str:
    return {
        Trouble.HOSTILE: _("Control characters are not allowed here: {detail}"),
        Trouble.BAD_SENDER: _("This sender address is not valid: {detail}"),
        Trouble.BAD_ADDRESS: _("This address is not valid: {detail}"),
        Trouble.NO_RECIPIENT: _("The mail has no recipient."),
        Trouble.FILE_MISSING: _("This file does not exist: {detail}"),
        Trouble.FILE_UNREADABLE: _("This file cannot be read: {detail}"),
        Trouble.NO_DOMAIN: _("This address has no full domain: {detail}"),
        Trouble.NO_SUBJECT: _("The subject is empty."),
        Trouble.NO_ATTACHMENT: _("The text mentions an attachment, but there is none."),
        Trouble.NOTHING_WRITTEN: _("You have written nothing."),
        Trouble.TOO_BIG: _("The attachments are large ({detail} MB); a server may refuse the mail."),
    }[trouble]


class FileState(StrEnum):
    """What the disk says of an attachment that the store does not hold yet."""

    READABLE = "readable"
    UNREADABLE = "unreadable"
    MISSING = "missing"


def problems(draft: Draft, look: Callable[[Attachment], FileState]) -> list[Problem]:
    """What is wrong with a draft, blocking problems first. `look` tells the state of an attachment not yet stored."""
    found = [*_hostile(draft), *_addresses(draft), *_files(draft, look)]
    if not draft.recipients:
        found.append(Problem(Trouble.NO_RECIPIENT))
    if not draft.subject.strip():
        found.append(Problem(Trouble.NO_SUBJECT))
    carries = draft.attachments or draft.kind is DraftKind.FORWARD_ATTACHED
    if not carries and mentions_attachment(draft.body):
        found.append(Problem(Trouble.NO_ATTACHMENT))
    if is_untouched(draft):
        found.append(Problem(Trouble.NOTHING_WRITTEN))
    return sorted(found, key=lambda problem: not problem.blocking)


# "anbei", "beigefügt", "angehängt", "siehe Anlage", "im Anhang", "please find attached", "see attachment"
_MENTION = re.compile(
    r"\b(?:anbei|beigefügt\w*|angehängt\w*|angefügt\w*|beiliegend\w*|attached|enclosed"
    r"|(?:siehe|s\.|vgl\.|im|in\s+der|als|mit)\s*(?:pdf[- ]?)?(?:anhang|anhängen|anlagen?|dateianhang)"
    r"|(?:see|find|in)\s+(?:the\s+)?(?:attachments?|enclosures?))\b",
    re.IGNORECASE,
)


def is_untouched(draft: Draft) -> bool:
    """Whether the author has put nothing into it: no word of their own, and no file but those of a mail that is forwarded."""
    added = draft.attachments and draft.kind is not DraftKind.FORWARD
    return not added and not own_words(draft.body)


def mentions_attachment(body: str) -> bool:
    """True if what the author wrote now, not what is quoted, speaks of an attachment in German or English."""
    return _MENTION.search(own_text(body)) is not None


def _hostile(draft: Draft) -> Iterator[Problem]:
    """Values that could end a header line and begin another one (header injection)."""
    values = [draft.subject, draft.in_reply_to, *draft.references]
    values += [text for person in (draft.sender, *draft.recipients) for text in (person.name, person.address)]
    values += [text for file in draft.attachments for text in (file.name, file.content_type)]
    return (Problem(Trouble.HOSTILE, value) for value in dict.fromkeys(values) if is_hostile(value))


def _addresses(draft: Draft) -> Iterator[Problem]:
    if not is_address(draft.sender.address):
        yield Problem(Trouble.BAD_SENDER, draft.sender.address)
    for person in draft.recipients:
        if not is_address(person.address):
            yield Problem(Trouble.BAD_ADDRESS, person.address or person.name)
        elif _lacks_domain(person.address):
            yield Problem(Trouble.NO_DOMAIN, person.address)


def _lacks_domain(address: str) -> bool:
    domain = address.rpartition("@")[2]
    return "." not in domain and not domain.startswith("[") and domain != "localhost"


def _files(draft: Draft, look: Callable[[Attachment], FileState]) -> Iterator[Problem]:
    for file in draft.attachments:
        state = FileState.READABLE if file.stored else look(file)
        if state is FileState.MISSING:
            yield Problem(Trouble.FILE_MISSING, file.path or file.name)
        elif state is FileState.UNREADABLE:
            yield Problem(Trouble.FILE_UNREADABLE, file.path or file.name)
    total = sum(file.size for file in draft.attachments)
    if total > LARGE:
        yield Problem(Trouble.TOO_BIG, str(total // 1_000_000))
