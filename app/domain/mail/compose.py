"""Drafts: what a new mail, an answer and a forward start from; no MIME (that is `app.mail.compose`), no files, no store."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from enum import StrEnum

from app.domain.crm.kinds import Kind
from app.domain.mail.addresses import address_key, format_addresses, is_hostile
from app.domain.mail.messages import Address
from app.domain.mail.quoting import (
    Language,
    attribution,
    forward_subject,
    forwarded_block,
    quote,
    reply_subject,
    signature_block,
)
from app.domain.text import clean_line

MAX_REFERENCES = 30
UNKNOWN_TYPE = "application/octet-stream"


class DraftKind(StrEnum):
    NEW = "new"
    REPLY = "reply"
    REPLY_ALL = "reply_all"
    FORWARD = "forward"
    FORWARD_ATTACHED = "forward_attached"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to send along. `stored`: its id once the store holds its bytes; before, they are on disk (`path`) or in
    the stored message `message_id` as attachment number `part`, counted from 0. `size` in bytes."""

    name: str
    content_type: str = UNKNOWN_TYPE
    size: int = 0
    stored: int = 0
    path: str = ""
    message_id: int = 0
    part: int = 0


@dataclass(frozen=True, slots=True)
class DraftLink:
    """A record that the mail is linked to once it is sent; `author`: whose link that is, a login."""

    kind: Kind
    record_id: int
    author: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail being written. `body` is Markdown; `original` the store id of the answered or forwarded message; `about`: the
    records from whose pages it was begun."""

    sender: Address
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    subject: str = ""
    body: str = ""
    attachments: tuple[Attachment, ...] = ()
    kind: DraftKind = DraftKind.NEW
    original: int | None = None
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    about: tuple[DraftLink, ...] = ()

    @property
    def recipients(self) -> tuple[Address, ...]:
        """Everybody who gets it, each address once."""
        return _once((*self.to, *self.cc, *self.bcc))


@dataclass(frozen=True, slots=True)
class Writer:
    """Who writes: own addresses (the first is the usual one), signature, language of the quoting words, zone.

    `elsewhere`: own addresses of the other mailboxes, which nobody answers to either.
    """

    addresses: tuple[Address, ...]
    signature: str = ""
    language: Language = "de"
    zone: tzinfo = UTC
    elsewhere: tuple[Address, ...] = ()

    def owns(self, address: str) -> bool:
        return address_key(address) in {
            address_key(own.address) for own in (*self.addresses, *self.elsewhere)
        }


@dataclass(frozen=True, slots=True)
class Original:
    """What an answer needs to know of the mail it answers. `text`: its body as plain text. Everything is outside text.

    `list_post`: address of the List-Post field (RFC 2369 section 3.4), or empty.
    """

    id: int
    message_id: str
    sender: Address
    subject: str = ""
    text: str = ""
    date: datetime | None = None
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    list_post: str = ""
    attachments: tuple[Attachment, ...] = ()


def new_draft(writer: Writer, to: tuple[Address, ...] = (), subject: str = "") -> Draft:
    """An empty mail with the signature in place; the text goes above it."""
    return Draft(sender=writer.addresses[0], to=to, subject=subject, body=_body(writer, ""))


def reply_draft(original: Original, writer: Writer) -> Draft:
    """An answer to the author: Reply-To, else From (RFC 5322 section 3.6.2).

    A list that puts its own address into Reply-To does not turn a private answer into a public one: the author gets it.
    To an own mail from "Gesendet" it goes to the same people again.
    """
    return _answer(original, writer, DraftKind.REPLY, _author(original, writer), ())


def reply_all_draft(original: Original, writer: Writer) -> Draft:
    """An answer to everybody but oneself: author (or list) and To into To, Cc into Cc, each person once."""
    target = original.reply_to or (original.sender,)
    to = _without_own(_once((*_clean(target), *_clean(original.to))), writer)
    cc = _without_own(_clean(original.cc), writer)
    to = to or _clean(target)
    known = {address_key(address.address) for address in to}
    cc = tuple(address for address in _once(cc) if address_key(address.address) not in known)
    return _answer(original, writer, DraftKind.REPLY_ALL, to, cc)


def forward_draft(original: Original, writer: Writer) -> Draft:
    """The mail with its attachments passed on inside a new one."""
    german = writer.language == "de"
    words = ("Von", "Datum", "An", "Kopie", "Betreff") if german else ("From", "Date", "To", "Cc", "Subject")
    date = original.date.astimezone(writer.zone) if original.date else None
    when = "" if date is None else f"{date:%d.%m.%Y %H:%M}" if german else f"{date:%Y-%m-%d %H:%M}"
    people = (
        format_addresses([original.sender]),
        format_addresses(original.to),
        format_addresses(original.cc),
    )
    values = (people[0], when, people[1], people[2], original.subject)
    block = forwarded_block(list(zip(words, values, strict=True)), original.text, writer.language)
    return Draft(
        sender=_sender(original, writer),
        subject=forward_subject(original.subject, writer.language),
        body=_body(writer, block),
        attachments=tuple(_harmless(file) for file in original.attachments),
        kind=DraftKind.FORWARD,
        original=original.id,
        references=thread_of(original),
    )


def forward_attached_draft(original: Original, writer: Writer) -> Draft:
    """The mail passed on untouched, as an attachment of type message/rfc822."""
    return Draft(
        sender=_sender(original, writer),
        subject=forward_subject(original.subject, writer.language),
        body=_body(writer, ""),
        kind=DraftKind.FORWARD_ATTACHED,
        original=original.id,
        references=thread_of(original),
    )


def _answer(
    original: Original, writer: Writer, kind: DraftKind, to: tuple[Address, ...], cc: tuple[Address, ...]
) -> Draft:
    head = attribution(original.sender, original.date, writer.language, writer.zone)
    quoted = quote(original.text)
    return Draft(
        sender=_sender(original, writer),
        to=to,
        cc=cc,
        subject=reply_subject(original.subject, writer.language),
        body=_body(writer, f"{head}\n{quoted}" if quoted else ""),
        kind=kind,
        original=original.id,
        in_reply_to=message_id_of(original.message_id),
        references=thread_of(original),
    )


def _body(writer: Writer, below: str) -> str:
    """Room for the text, then the signature, then what is quoted: the order of German business mail."""
    pieces = [piece for piece in (signature_block(writer.signature), below) if piece]
    return "\n\n" + "\n\n".join(pieces) + "\n" if pieces else ""


def _author(original: Original, writer: Writer) -> tuple[Address, ...]:
    if writer.owns(original.sender.address) and not original.reply_to:
        return _without_own(_clean(original.to), writer) or _clean((original.sender,))
    target = original.reply_to or (original.sender,)
    if original.list_post and original.sender.address:
        the_list = address_key(original.list_post)
        target = tuple(a for a in target if address_key(a.address) != the_list) or (original.sender,)
    return _once(_clean(target))


def _sender(original: Original, writer: Writer) -> Address:
    """The own address that the mail was written to, else the usual one."""
    for address in (*original.to, *original.cc, original.sender):
        for own in writer.addresses:
            if address_key(own.address) == address_key(address.address):
                return own
    return writer.addresses[0]


def _clean(addresses: Iterable[Address]) -> tuple[Address, ...]:
    """Addresses from a mail, fit for a header: the names lose controls, the addresses only blanks around them."""
    return tuple(
        Address(clean_line(a.name).strip(), a.address.strip()) for a in addresses if a.address.strip()
    )


def _harmless(file: Attachment) -> Attachment:
    """An attachment of a mail from outside, with a name and a type that can stand in a header again."""
    kind = UNKNOWN_TYPE if is_hostile(file.content_type) else file.content_type
    return replace(file, name=clean_line(file.name).strip(), content_type=kind)


def _once(addresses: Iterable[Address]) -> tuple[Address, ...]:
    first: dict[str, Address] = {}
    for address in addresses:
        first.setdefault(address_key(address.address), address)
    return tuple(first.values())


def _without_own(addresses: tuple[Address, ...], writer: Writer) -> tuple[Address, ...]:
    return tuple(address for address in addresses if not writer.owns(address.address))


_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,900}>")


def message_id_of(text: str) -> str:
    """The first msg-id in `text` with its angle brackets, or empty: what is none never gets into a header."""
    found = _MESSAGE_ID.search(text if "<" in text else f"<{text.strip()}>")
    return found.group() if found else ""


def thread_of(original: Original) -> tuple[str, ...]:
    """References for an answer (RFC 5322 section 3.6.4): the parent's, else its In-Reply-To, then the parent.

    A long chain keeps its first and its newest members.
    """
    chain = [message_id_of(reference) for reference in original.references]
    if not chain:
        chain = [message_id_of(original.in_reply_to)]
    chain.append(message_id_of(original.message_id))
    known = list(dict.fromkeys(reference for reference in chain if reference))
    return tuple(known if len(known) <= MAX_REFERENCES else [known[0], *known[1 - MAX_REFERENCES :]])
