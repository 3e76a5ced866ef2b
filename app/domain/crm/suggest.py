"""Which record a mail most likely belongs to, from what is known of its sender, thread and words; asks no store.

The first suggestion is linked with two keys, so it must be the right one: what the rep did with this thread counts
most, then what they did with this sender before, then what is open with the sender, then the sender, then guesses.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from app.domain.crm.kinds import Kind, RecordRow
from app.domain.crm.naming import contact_phrases, title_words, words

RecordKey = tuple[Kind, int]


class Clue(IntEnum):
    """How a record and a mail hang together, and what that weighs."""

    THREAD = 1000
    SENDER = 600
    NUMBER = 500
    ADDRESS_IN_TEXT = 480
    NAME_IN_TEXT = 450
    DOMAIN = 300
    COMPANY_IN_TEXT = 250


#: Why, as untranslated source texts.
REASONS = {
    Clue.THREAD: "same thread",
    Clue.SENDER: "same address",
    Clue.NUMBER: "customer number in the text",
    Clue.ADDRESS_IN_TEXT: "address in the text",
    Clue.NAME_IN_TEXT: "name in the text",
    Clue.DOMAIN: "same domain",
    Clue.COMPANY_IN_TEXT: "company in the text",
}

_LINKED_BEFORE = 150  # this sender's earlier mail was linked to it
_LIKE_SUBJECT = 100  # for each word that title and subject share, twice at most
_ONLY_BUSINESS = 50  # the one lead or opportunity that is open with the contact
_OTHER_OPEN = -40  # one of several open records of the contact
_DONE = -400
_TIE = 9  # what the place in the order of finding may weigh


def contact_clue(phrases: Sequence[str], first_name: str, last_name: str, customer_number: str) -> Clue:
    """The strongest clue among the phrases that betrayed this contact."""
    if " ".join(words(customer_number)) in phrases:
        return Clue.NUMBER
    if contact_phrases(first_name, last_name, "", "") & set(phrases):
        return Clue.NAME_IN_TEXT
    return Clue.COMPANY_IN_TEXT


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`reason`: an untranslated source text (see `app.language`). `fits`: for how many of the mails asked about."""

    record: RecordRow
    reason: str
    fits: int = 1


@dataclass(frozen=True, slots=True)
class Found:
    """A contact or a record that a clue led to. What was found first is likelier: give the latest first."""

    clue: Clue
    key: RecordKey


@dataclass(frozen=True, slots=True)
class OpenRecord:
    """Something open with a contact."""

    key: RecordKey
    contact: int
    title: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store knows about a mail.

    `found`: by each clue, the latest first. `linked_before`: records that earlier mail of the sender was linked to, the
    latest first. `done`: records among all these that are done. `open_records`: of the contacts found.
    """

    subject: str
    found: tuple[Found, ...] = ()
    linked_before: tuple[tuple[RecordKey, str], ...] = ()
    open_records: tuple[OpenRecord, ...] = ()
    done: frozenset[RecordKey] = frozenset()


def rank(facts: Facts, limit: int) -> list[tuple[RecordKey, Clue]]:
    """The likeliest records, each with the clue that speaks for it most."""
    best: dict[RecordKey, tuple[float, Clue]] = {}
    for score, clue, key in _scores(facts):
        if key in facts.done:
            score += _DONE
        known = best.get(key)
        if known is None or score > known[0]:
            best[key] = (score, clue)
    ranked = sorted(best, key=lambda key: (-best[key][0], list(Kind).index(key[0]), -key[1]))
    return [(key, best[key][1]) for key in ranked[:limit]]


def _scores(facts: Facts) -> Iterable[tuple[float, Clue, RecordKey]]:
    subject = title_words(facts.subject)
    contacts: dict[int, tuple[float, Clue]] = {}
    for place, found in _placed(facts.found):
        score = found.clue - place
        yield score, found.clue, found.key
        if found.key[0] is Kind.CONTACT:
            contacts.setdefault(found.key[1], (score, found.clue))
    for place, (key, title) in enumerate(facts.linked_before):
        score = Clue.SENDER + _LINKED_BEFORE - min(place, _TIE) + _likeness(subject, title)
        yield score, Clue.SENDER, key
    business = [
        record.contact for record in facts.open_records if record.key[0] in (Kind.LEAD, Kind.OPPORTUNITY)
    ]
    for place, record in enumerate(facts.open_records):
        if record.contact not in contacts:
            continue
        score, clue = contacts[record.contact]
        score = min(score, Clue.SENDER)  # what the thread itself is linked to stays in front
        alone = record.key[0] in (Kind.LEAD, Kind.OPPORTUNITY) and business.count(record.contact) == 1
        score += _ONLY_BUSINESS if alone else _OTHER_OPEN
        yield score + _likeness(subject, record.title) - min(place, _TIE) / 10, clue, record.key


def _placed(found: Iterable[Found]) -> Iterable[tuple[float, Found]]:
    """Each with its place among those of the same clue, as a small weight."""
    places: dict[Clue, int] = {}
    for each in found:
        place = places[each.clue] = places.get(each.clue, -1) + 1
        yield min(place, _TIE), each


def _likeness(subject: frozenset[str], title: str) -> int:
    return min(len(subject & title_words(title)), 2) * _LIKE_SUBJECT
