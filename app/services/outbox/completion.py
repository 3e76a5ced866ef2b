"""Completes an address line while it is typed, from contacts and past mail."""

from __future__ import annotations

from app.domain.crm.naming import words
from app.domain.mail.addresses import is_address
from app.domain.mail.completion import likeliest
from app.domain.mail.messages import Address
from app.domain.text import clean_line
from app.store.crm.people import matching_people
from app.store.database import Store


def complete(store: Store, typed: str, limit: int = 8) -> list[Address]:
    """People whom `typed` (the part of the line after the last comma) may mean, the likeliest first.

    Each of its words begins a word of the name, the company, the address or its domain; umlauts may be written out.
    Not for the event loop's thread.
    """
    wanted = words(typed)
    if not wanted:
        return []
    found = likeliest(matching_people(store.read, wanted), limit)
    return [each._replace(name=clean_line(each.name)) for each in found if is_address(each.address)]
