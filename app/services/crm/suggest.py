"""Suggests what to link a mail to; the likeliest record is first, because two keys link it."""

from __future__ import annotations

import re

from app.domain.errors import MailNotFound
from app.domain.naming import phrases_in, words
from app.domain.suggest import REASONS, Suggestion, rank
from app.services.reading.mail_text import text_of
from app.store.crm.records import record_rows
from app.store.crm.suggest import facts_about, mail_of
from app.store.database import Store

#: Words at the beginning and at the end of a text (the signature) in which names are looked for.
_FIRST_WORDS, _LAST_WORDS = 150, 60
_MOST_ADDRESSES = 10
_ADDRESS = re.compile(r"[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+")


def suggest(store: Store, message_id: int, limit: int = 8, *, text: str | None = None) -> list[Suggestion]:
    """The records that a mail most likely belongs to and is not linked to yet. Raises NotFound.

    `text`: the body, if it is at hand; else it is read from the store, unless the mail is large.
    """
    mail = mail_of(store.read, message_id)
    if mail is None:
        raise MailNotFound(str(message_id))
    if text is None:
        text = text_of(store, message_id, mail.size)
    body = words(text)
    if len(body) > _FIRST_WORDS + _LAST_WORDS:
        body = body[:_FIRST_WORDS] + body[-_LAST_WORDS:]
    phrases = phrases_in(words(f"{mail.sender_name} {mail.subject}") + body)
    addresses = list(dict.fromkeys(found.lower() for found in _ADDRESS.findall(text)))[:_MOST_ADDRESSES]
    ranked = rank(facts_about(store.read, message_id, mail, phrases, addresses), limit)
    rows = {(row.kind, row.id): row for row in record_rows(store.read, [key for key, _clue in ranked])}
    return [Suggestion(rows[key], REASONS[clue]) for key, clue in ranked if key in rows]
