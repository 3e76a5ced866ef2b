"""The folded words by which records are found, and the phrases by which a text betrays a contact; nothing is shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from app.domain.folding import fold

#: Words of one phrase at most; a longer company name is known by its first ones.
LONGEST_PHRASE = 4
#: A phrase of one word needs so many letters to say anything.
SHORTEST_WORD = 4

_WORD = re.compile(r"[^\W_]+")
_SPACES = dict.fromkeys((code for code in range(128) if not chr(code).isalnum()), " ")
_FORMS = (
    "gmbh ggmbh mbh ag se kg kgaa ohg ug gbr eg ev ek e k v co cie partg partgmbb stiftung "
    "inc ltd llc llp plc corp sa sas sarl srl spa bv nv ab as oy haftungsbeschrankt und and"
)
_COMMON = (
    "anfrage angebot auftrag bestellung rechnung termin frage fragen neue neuer neues unser unsere ihre ihren ihrer"
    " wegen noch bitte order offer quote inquiry request invoice question your with from"
)
#: What so many titles and subjects hold that it makes none like another.
COMMON_WORDS = frozenset(_COMMON.split())
LEGAL_FORMS = frozenset(_FORMS.split())

_FREEMAIL = (
    "gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de mail.de email.de online.de arcor.de "
    "posteo.de posteo.net mailbox.org tutanota.com tutanota.de tuta.com tuta.io proton.me protonmail.com protonmail.ch "
    "pm.me gmail.com googlemail.com outlook.com outlook.de hotmail.com hotmail.de live.com live.de msn.com icloud.com "
    "me.com mac.com yahoo.com yahoo.de ymail.com aol.com aol.de vodafone.de vodafonemail.de kabelmail.de unitybox.de "
    "o2online.de o2mail.de alice.de ewe.net ewetel.net versanet.de netcologne.de mnet-mail.de 1und1.de "
    "bluewin.ch hispeed.ch sunrise.ch aon.at chello.at a1.net liwest.at kabelplus.at hotmail.at hotmail.ch "
    "zoho.com fastmail.com fastmail.fm hushmail.com yandex.com mail.ru mail.com gmx.eu"
)
#: Domains where an address says nothing about the company.
FREEMAIL = frozenset(_FREEMAIL.split())


def words(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return _WORD.findall(fold(text))


def company_core(company: str) -> list[str]:
    """The words of a company's name without its legal form: "Vogel Maschinenbau GmbH & Co. KG" is vogel maschinenbau."""
    found = words(company)
    core = list(found)
    while core and core[-1] in LEGAL_FORMS:
        core.pop()
    return core or found


def domain_of(address: str) -> str:
    """The part after the @ in lower case."""
    return address.rpartition("@")[2].lower()


def is_freemail(domain: str) -> bool:
    return domain in FREEMAIL


def search_words(parts: Iterable[str]) -> str:
    """A column `search`: every folded word once, in order, each behind a space, so that ` be` finds what begins so."""
    return "".join(dict.fromkeys(f" {word}" for part in parts for word in words(part)))


def person_search(name: str, address: str) -> str:
    """The same for a correspondent, quicker: it is made for everybody in every mail that arrives."""
    return f" {fold(f'{name} {address}').translate(_SPACES)}"


def name_order(last_name: str, first_name: str, company: str, address: str) -> str:
    """By what a contact is sorted: its name as lists show it, else company or address; folded, so that Ö stands with O
    and capitals with small letters (DIN 5007-1), and shorter names come before longer ones that begin alike."""
    parts = [" ".join(words(part)) for part in (last_name, first_name, company, address)]
    return "  ".join(filter(None, parts))


def contact_phrases(first_name: str, last_name: str, company: str, customer_number: str) -> set[str]:
    """What in a text betrays this contact: the full name either way round, the company, the customer number."""
    first, last, number = words(first_name), words(last_name), words(customer_number)
    found = [company_core(company)[:LONGEST_PHRASE]]
    if first and last:
        found += [[*first, *last], [*last, *first], [first[0], *last]]
    if len("".join(number)) >= SHORTEST_WORD:
        found.append(number)
    return {
        " ".join(phrase)
        for phrase in found
        if 0 < len(phrase) <= LONGEST_PHRASE and (len(phrase) > 1 or len(phrase[0]) >= SHORTEST_WORD)
    }


def phrases_in(folded: Sequence[str]) -> list[str]:
    """Everything in a text that could be such a phrase, in order and once, given the text's folded words."""
    found: dict[str, None] = {}
    for start, word in enumerate(folded):
        if len(word) >= SHORTEST_WORD:
            found[word] = None
        for end in range(start + 2, min(start + LONGEST_PHRASE, len(folded)) + 1):
            found[" ".join(folded[start:end])] = None
    return list(found)


@lru_cache(maxsize=256)
def title_words(title: str) -> frozenset[str]:
    """The words that make one title like another: those of four letters and more, and numbers; none that every other
    title has."""
    return frozenset(
        word
        for word in words(title)
        if (len(word) >= SHORTEST_WORD or word.isdigit()) and word not in COMMON_WORDS
    )
