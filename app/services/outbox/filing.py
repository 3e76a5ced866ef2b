"""What follows a sent mail: its copy in the folder for sent mail, the sign of being answered, the links it inherits."""

from __future__ import annotations

from datetime import datetime

from app.domain.mail.compose import DraftKind
from app.mail.mime import parse_for_store
from app.mail.urls import Kind, parse_url
from app.store.database import Store
from app.store.mail import mailboxes
from app.store.outbox import drafts, sent, steps
from app.store.outbox import rows as outbox

_ANSWERS = frozenset({DraftKind.REPLY, DraftKind.REPLY_ALL})

#: Submission hosts that put a copy of what they send into the Sent folder themselves.
_KEEP_COPIES = ("gmail.com", "googlemail.com", "office365.com", "outlook.com", "hotmail.com")

NO_FOLDER = "There is no folder for sent mail"


def file_sent(store: Store, outbox_id: int, now: datetime) -> None:
    """File a mail that somebody has accepted, in one transaction, once: filing it again changes nothing.

    The append to the server's folder is a row for the postman. Where no folder for sent mail is known yet, the row
    says so and keeps its source until there is one.
    """
    mail = outbox.envelope(store.read, outbox_id)
    mailbox = mailboxes.mailbox_by_id(store.read, mail.mailbox_id)
    assert mailbox is not None
    parsed = parse_for_store(mail.raw, now)
    with store.write() as tx:
        if outbox.is_filed(tx, outbox_id):  # the rep may have moved or deleted the copy since
            steps.note_filed(tx, outbox_id)
            return
        folder_id = sent.sent_folder(tx, mail.mailbox_id)
        if folder_id is None:
            steps.note_unfiled(tx, outbox_id, NO_FOLDER)
            return
        message_id = sent.take_own(tx, folder_id, parsed, now, append=not keeps_copies(mailbox.outgoing))
        sent.link_sent(tx, message_id, drafts.links_of(tx, outbox_id), now)
        if mail.answers is not None and mail.kind in _ANSWERS:
            sent.mark_answered(tx, mail.answers, now)
            sent.inherit_links(tx, mail.answers, message_id, now)
        steps.note_filed(tx, outbox_id)


def keeps_copies(outgoing: str) -> bool:
    """Whether this server is known to file what it sends. The postman looks for a copy on all others too."""
    url = parse_url(outgoing)
    host = url.host.rstrip(".").lower()
    return url.kind is Kind.SMTP and any(
        host == known or host.endswith(f".{known}") for known in _KEEP_COPIES
    )
