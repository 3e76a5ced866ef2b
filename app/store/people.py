"""Addresses to offer while one is typed: contacts first, then those that mail went to or came from; reads only."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.mail import Address
from app.store.connection import Connection

_ESCAPE = str.maketrans({"%": "\\%", "_": "\\_", "\\": "\\\\"})


def matching_people(read: Connection, words: Sequence[tuple[str, str]], limit: int) -> list[Address]:
    """People in whose name every word begins a word, or whose address or domain it begins; the likeliest first.

    `words`: each folded, for the names, and as typed in lower case, for the addresses.
    """
    contacts = read.rows(
        f"""SELECT trim(contact.first_name || ' ' || contact.last_name), contact_email.address
  FROM contact_email JOIN contact ON contact.id = contact_email.contact_id
  WHERE {_all(words, "contact.search", "contact_email.address")} ORDER BY contact.last_name, contact.first_name, contact_email.address LIMIT ?""",
        [*_params(words), limit],
    )
    others = read.rows(
        f"""SELECT name, address FROM correspondent WHERE {_all(words, "search", "address")}
  ORDER BY written_to DESC, uses DESC, last_at DESC, address LIMIT ?""",
        [*_params(words), limit],
    )
    found: dict[str, Address] = {}
    for name, address in [*contacts, *others]:
        found.setdefault(address, Address(name, address))
    return list(found.values())[:limit]


def _all(words: Sequence[object], text: str, address: str) -> str:
    """Each word begins a word of the text, or the address or its domain."""
    one = rf"(' ' || {text} LIKE ? ESCAPE '\' OR '@' || {address} LIKE ? ESCAPE '\')"
    return " AND ".join([one] * len(words)) or "1 = 1"


def _params(words: Sequence[tuple[str, str]]) -> list[str]:
    return [
        pattern
        for folded, typed in words
        for pattern in (f"% {folded.translate(_ESCAPE)}%", f"%@{typed.removeprefix('@').translate(_ESCAPE)}%")
    ]
