"""Answers and forwards of stored mail: who writes, what is answered, and the draft they start from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo

from app.domain.errors import AccountNotFound, AttachmentNotFound, MailNotFound
from app.domain.mail.accounts import Mailbox
from app.domain.mail.addresses import parse_addresses
from app.domain.mail.compose import (
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
from app.domain.mail.messages import Address
from app.domain.mail.quoting import Language
from app.domain.mail.reading import BlockKind, plain_block
from app.mail import attachments
from app.mail.mime.message_ids import message_id, message_ids
from app.mail.mime.parts import parse_parts
from app.mail.mime.reading import read_parts
from app.mail.mime.words import field_text
from app.store.database import Store
from app.store.mail import mailboxes, messages
from app.store.outbox import sent

#: Characters of a mail that are quoted; nobody answers the rest.
MAX_QUOTED = 200_000


@dataclass(frozen=True, slots=True)
class SenderChoice:
    """An address to write from; `signature` is that of its mailbox, `sends` whether the mailbox has a way out."""

    mailbox_id: int
    mailbox: str
    address: Address
    signature: str
    sends: bool


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
            raise MailNotFound(str(message_id))
        return Begun(home, make[kind](original, self.writer(home)))

    def senders(self) -> list[SenderChoice]:
        """Every address that the rep may write from, mailbox by mailbox, the usual ones first."""
        return [
            SenderChoice(mailbox.id, mailbox.name, address, mailbox.signature, bool(mailbox.outgoing))
            for mailbox in mailboxes.mailboxes(self._store.read)
            for address in own_addresses(mailbox)
        ]

    def writer(self, mailbox_id: int) -> Writer:
        """Own addresses and signature of a mailbox. Raises NotFound."""
        known = {mailbox.id: mailbox for mailbox in mailboxes.mailboxes(self._store.read)}
        mailbox = known.pop(mailbox_id, None)
        if mailbox is None:
            raise AccountNotFound
        elsewhere = tuple(own for other in known.values() for own in own_addresses(other))
        return Writer(own_addresses(mailbox), mailbox.signature, self._language, self._zone, elsewhere)


def own_addresses(mailbox: Mailbox) -> tuple[Address, ...]:
    """What a mailbox writes from, the usual address first; those without a name get the mailbox's."""
    others = [address for line in mailbox.senders for address in parse_addresses(line)]
    everyone = (Address(mailbox.display_name, mailbox.address), *others)
    return tuple(Address(each.name or mailbox.display_name, each.address) for each in everyone)


def original_of(store: Store, stored_id: int) -> Original:
    """What an answer needs to know of a stored message. Raises NotFound."""
    root = parse_parts(messages.source(store.read, stored_id))
    fields = root.fields
    mail = read_parts(root)
    list_post = field_text(fields.first(b"list-post")).strip()
    return Original(
        id=stored_id,
        message_id=message_id(fields.first(b"message-id")),
        sender=mail.sender,
        subject=mail.subject,
        text="\n\n".join(plain_block(block) for block in mail.blocks if block.kind in _WRITTEN)[:MAX_QUOTED],
        date=sent.date_of(store.read, stored_id),
        in_reply_to=message_id(fields.first(b"in-reply-to")),
        references=message_ids(fields.first(b"references")),
        reply_to=mail.reply_to,
        to=mail.to,
        cc=mail.cc,
        list_post=list_post.removeprefix("<mailto:").partition(">")[0].partition("?")[0],
        attachments=tuple(
            Attachment(file.name, file.content_type, file.size, message_id=stored_id, part=file.index)
            for file in mail.attachments
            if not file.inline
        ),
    )


#: What people wrote, not what Postkorb says about the mail.
_WRITTEN = frozenset({BlockKind.TEXT, BlockKind.QUOTE, BlockKind.SIGNATURE})


def attachment_bytes(store: Store, stored_id: int, number: int) -> bytes | None:
    """The bytes of attachment `number` of a stored message; None if there is no such attachment (any more)."""
    try:
        return attachments.attachment_bytes(messages.source(store.read, stored_id), number)
    except (AttachmentNotFound, MailNotFound):
        return None
