"""Suggests what to link a mail to; the likeliest record is first, because two keys link it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from app.domain.crm.naming import phrases_in, words
from app.domain.crm.suggest import REASONS, Clue, RecordKey, Suggestion, rank
from app.domain.errors import MailNotFound
from app.services.reading.mail_text import text_of
from app.store.crm.records import record_rows
from app.store.crm.suggest import facts_about, mail_of, newest_of_senders
from app.store.database import Store

#: Words at the beginning and at the end of a text (the signature) in which names are looked for.
_FIRST_WORDS, _LAST_WORDS = 150, 60
_MOST_ADDRESSES = 10
#: So many mails are looked at one by one; of more, so many of their senders. What is said of a sender holds for all
#: their mails.
_LOOKED_AT = 20
_OF_SENDERS = (Clue.SENDER, Clue.DOMAIN)
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


def suggest_for_all(store: Store, message_ids: Sequence[int], limit: int = 8) -> list[Suggestion]:
    """The records that several mails most likely belong to, those that fit the most of them first. Their texts are not
    read. Raises NotFound when one mail alone is asked about and gone."""
    if len(message_ids) == 1:
        return suggest(store, message_ids[0], limit)
    found: dict[RecordKey, tuple[int, int, Clue]] = {}
    for ranked, mails in _ranked_of_several(store, message_ids, limit):
        for place, (key, clue) in enumerate(ranked):
            fits, best, why = found.get(key, (0, place, clue))
            found[key] = (fits + mails, min(best, place), max(why, clue))
    keys = sorted(found, key=lambda key: (-found[key][0], found[key][1]))[:limit]
    rows = {(row.kind, row.id): row for row in record_rows(store.read, keys)}
    return [Suggestion(rows[key], REASONS[found[key][2]], found[key][0]) for key in keys if key in rows]


def _ranked_of_several(
    store: Store, message_ids: Sequence[int], limit: int
) -> Iterator[tuple[list[tuple[RecordKey, Clue]], int]]:
    """What is likely for each mail, or for each sender with many mails, and for how many mails that holds."""
    one_by_one = len(message_ids) <= _LOOKED_AT
    asked = (
        [(message, 1) for message in message_ids]
        if one_by_one
        else newest_of_senders(store.read, message_ids)[:_LOOKED_AT]
    )
    for message, mails in asked:
        mail = mail_of(store.read, message)
        if mail is None:
            continue
        head = f"{mail.sender_name} {mail.subject}" if one_by_one else ""
        # What one of them is linked with already may be what the others miss.
        facts = facts_about(
            store.read, message, replace(mail, linked=frozenset()), phrases_in(words(head)), ()
        )
        if not one_by_one:
            facts = replace(facts, subject="", found=tuple(f for f in facts.found if f.clue in _OF_SENDERS))
        yield rank(facts, limit), mails
