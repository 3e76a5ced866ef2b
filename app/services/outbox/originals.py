"""Answers and forwards of stored mail: who writes, what is answered, and the draft they start from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from app.domain.accounts import Mailbox
from app.domain.addresses import parse_addresses
from app.domain.compose import (
    Attachment,
    Draft,
    DraftKind,
    Original,
    Writer,
    forward_attached_draft,
    forward_draft,
    new_draft,
    reply_all_draft,
    reply_draft,
)
from app.domain.errors import NotFound
from app.domain.mail import Address
from app.domain.quoting import Language
from app.mail.html import html_words
from app.mail.mime.contents import Body, Contents, contents_of
from app.mail.mime.parsed import message_id, message_ids
from app.mail.mime.parts import parse_parts
from app.mail.mime.people import field_addresses, first_address
from app.mail.mime.words import decode_field, field_text
from app.store import mailboxes, messages, sent
from app.store.database import Store

#: Characters of a mail that are quoted; nobody answers the rest.
MAX_QUOTED = 200_000


@dataclass(frozen=True, slots=True)
class Begun:
    """A draft that is not saved yet, and the mailbox it will be sent from."""

    mailbox_id: int
    draft: Draft


class Answering:
    """Begins mails for one rep. `zone`: in which the time of the answered mail is told."""

    def __init__(self, store: Store, language: Language, zone: tzinfo) -> None:
        self._store = store
        self._language: Language = language
        self._zone = zone

    def new(self, mailbox_id: int, to: str = "", subject: str = "") -> Begun:
        """An empty mail; `to` as an address line. Raises NotFound."""
        writer = self.writer(mailbox_id)
        return Begun(mailbox_id, new_draft(writer, parse_addresses(to), subject))

    def answer(self, message_id: int, kind: DraftKind, mailbox_id: int | None = None) -> Begun:
        """Reply, reply to all, or forward: from the mailbox that got the mail, unless another is named.

        Raises NotFound.
        """
        make: dict[DraftKind, Callable[[Original, Writer], Draft]] = {
            DraftKind.REPLY: reply_draft,
            DraftKind.REPLY_ALL: reply_all_draft,
            DraftKind.FORWARD: forward_draft,
            DraftKind.FORWARD_ATTACHED: forward_attached_draft,
        }
        original = original_of(self._store, message_id)
        home = mailbox_id or sent.mailbox_of(self._store.read, message_id)
        if home is None:
            raise NotFound(str(message_id))
        return Begun(home, make[kind](original, self.writer(home)))

    def writer(self, mailbox_id: int) -> Writer:
        """Own addresses and signature of a mailbox. Raises NotFound."""
        mailbox = mailboxes.mailbox_by_id(self._store.read, mailbox_id)
        if mailbox is None:
            raise NotFound(str(mailbox_id))
        return Writer(own_addresses(mailbox), mailbox.signature, self._language, self._zone)


def own_addresses(mailbox: Mailbox) -> tuple[Address, ...]:
    """What a mailbox writes from, the usual address first; those without a name get the mailbox's."""
    others = [address for line in mailbox.senders for address in parse_addresses(line)]
    everyone = (Address(mailbox.display_name, mailbox.address), *others)
    return tuple(Address(each.name or mailbox.display_name, each.address) for each in everyone)


def original_of(store: Store, stored_id: int) -> Original:
    """What an answer needs to know of a stored message. Raises NotFound."""
    root = parse_parts(messages.source(store.read, stored_id))
    fields = root.fields
    contents = contents_of(root)
    list_post = field_text(fields.first(b"list-post")).strip()
    return Original(
        id=stored_id,
        message_id=message_id(fields.first(b"message-id")),
        sender=first_address(fields.first(b"from") or fields.first(b"sender")),
        subject=decode_field(fields.first(b"subject")),
        text=_text(contents),
        date=sent.date_of(store.read, stored_id),
        in_reply_to=message_id(fields.first(b"in-reply-to")),
        references=message_ids(fields.first(b"references")),
        reply_to=field_addresses(fields.all(b"reply-to")),
        to=field_addresses(fields.all(b"to")),
        cc=field_addresses(fields.all(b"cc")),
        list_post=list_post.removeprefix("<mailto:").partition(">")[0].partition("?")[0],
        attachments=tuple(
            Attachment(
                file.part.file_name, file.part.content_type, file.part.size, message_id=stored_id, part=number
            )
            for number, file in enumerate(contents.files)
            if not file.inline
        ),
    )


def attachment_bytes(store: Store, stored_id: int, number: int) -> bytes | None:
    """The bytes of attachment `number` of a stored message; None if there is no such attachment (any more)."""
    try:
        contents = contents_of(parse_parts(messages.source(store.read, stored_id)))
        return contents.files[number].part.payload()[0]
    except (NotFound, IndexError):
        return None


def _text(contents: Contents) -> str:
    return "\n\n".join(_plain(body) for body in contents.bodies)[:MAX_QUOTED]


def _plain(body: Body) -> str:
    if body.plain:
        return "\n".join(part.text()[0] for part in body.plain)
    return "\n".join(html_words(part.text()[0]) for part in body.html)
