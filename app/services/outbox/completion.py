"""Completes an address line while it is typed, from contacts and past mail."""

from __future__ import annotations

from app.domain.addresses import is_address
from app.domain.folding import fold
from app.domain.mail import Address
from app.domain.text import clean_line
from app.store.database import Store
from app.store.people import matching_people


def complete(store: Store, typed: str, limit: int = 8) -> list[Address]:
    """People whom `typed` (the part of the line after the last comma) may mean, the likeliest first.

    Each of its words begins a word of the name, the company, the address or its domain; umlauts may be written out.
    Not for the event loop's thread.
    """
    words = [(fold(word), word.lower()) for word in typed.split()]
    if not words:
        return []
    found = matching_people(store.read, words, limit)
    return [Address(clean_line(each.name), each.address) for each in found if is_address(each.address)]
