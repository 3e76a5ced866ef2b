"""The Message-IDs that stand in a header field, hostile as it may be; it looks nothing up."""

from __future__ import annotations

import re

from app.mail.mime.words import field_text

MAX_ID = 900
MAX_REFERENCES = 100
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,898}>")


def message_id(value: bytes) -> str:
    """The first msg-id with its angle brackets (RFC 5322 section 3.6.4); without brackets, the first word."""
    text = field_text(value)
    found = _MESSAGE_ID.search(text)
    if found:
        return found[0]
    words = text.split()
    return words[0][:MAX_ID] if words else ""


def message_ids(value: bytes) -> tuple[str, ...]:
    """All msg-ids, each once; of a very long chain its beginning and its newest."""
    if not value:
        return ()
    found = list(dict.fromkeys(_MESSAGE_ID.findall(field_text(value))))
    return tuple(found if len(found) <= MAX_REFERENCES else found[:1] + found[1 - MAX_REFERENCES :])
