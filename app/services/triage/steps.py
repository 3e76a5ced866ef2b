"""What the triage steps share: finding the mails of a selection, and counting those that are gone."""

from __future__ import annotations

from datetime import datetime

from app.domain.errors import MailNotFound
from app.domain.mail.triage import Selection
from app.language import ngettext
from app.store.connection import Connection
from app.store.crm import triage
from app.store.sync import changes
from app.store.sync.changes import Copy


def messages_of(tx: Connection, mails: Selection) -> tuple[list[int], int]:
    """The messages of a selection, and how many of it are gone. Raises NotFound when all are."""
    messages, missing = triage.messages_of(tx, mails)
    if not messages:
        raise MailNotFound(", ".join(map(str, mails.messages)))
    return messages, missing


def copies_of(tx: Connection, mails: Selection, *, received: bool = False) -> tuple[list[Copy], int]:
    """The copies of a selection, and how many of it are gone. Raises NotFound when all are."""
    copies = changes.copies_of(tx, mails, received=received)
    if not copies:
        raise MailNotFound(", ".join(map(str, mails.messages)))
    ids, messages = {copy.id for copy in copies}, {copy.message_id for copy in copies}
    missing = len(set(mails.copies) - ids) + len(set(mails.messages) - messages)
    return copies, missing


def with_missing(text: str, missing: int) -> str:
    """The text, and how many mails were gone."""
    if not missing:
        return text
    more = ngettext("({n} is no longer there)", "({n} are no longer there)", missing).format(n=missing)
    return f"{text} {more}"


def seconds(now: datetime) -> int:
    """Epoch seconds as the store keeps them."""
    return int(now.timestamp())
