"""Which records are likely the same person or the same wish, by what they have in common; pure, finds nothing by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum

from app.domain.crm.naming import company_core, words
from app.language import N_

_SHORTEST_NUMBER = 6


class Likeness(StrEnum):
    """Why two records may be one, the surest first; the values are source texts."""

    ADDRESS = N_("same e-mail address")
    NUMBER = N_("same customer number")
    PHONE = N_("same phone number")
    NAME = N_("same name and company")
    CONTACT = N_("open lead of the same contact")
    TITLE = N_("same title")

    @property
    def rank(self) -> int:
        return list(Likeness).index(self)


def phone_key(number: str) -> str:
    """A phone number without what people write differently: "+49 (421) 55-50" and "0421 5550" are one. Empty for one that
    is too short to say anything. A number of another country keeps its code."""
    digits = re.sub(r"\D", "", number)
    if digits.startswith("00"):
        digits = digits.removeprefix("00")
        is_whole = True
    else:
        is_whole = number.strip().startswith("+")
    if is_whole:
        # The zero in +49 (0)421 is dialled within the country only.
        digits = re.sub(r"^490?", "", digits) if digits.startswith("49") else digits
    else:
        digits = digits.removeprefix("0")
    return digits if len(digits) >= _SHORTEST_NUMBER else ""


def person_key(first_name: str, last_name: str, company: str) -> str:
    """A person of a company, umlauts and legal forms written either way; empty where one of the two is missing."""
    name, firm = words(f"{first_name} {last_name}"), company_core(company)
    if len(name) < 2 or not firm:
        return ""
    return f"{' '.join(sorted(name))} / {' '.join(firm)}"


def surest(found: Iterable[tuple[int, Likeness]]) -> dict[int, Likeness]:
    """For each record found the surest reason, those with the surest ones first."""
    best: dict[int, Likeness] = {}
    for number, why in found:
        if number not in best or why.rank < best[number].rank:
            best[number] = why
    return dict(sorted(best.items(), key=lambda each: (each[1].rank, each[0])))
