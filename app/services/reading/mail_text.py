"""The text of a stored mail for those who look for something in it; reading panes have more."""

from __future__ import annotations

from app.services.reading.parsing import parse_again
from app.store.database import Store
from app.store.mail import messages

#: A larger mail carries files; taking them apart for a few words would keep a rep waiting.
LARGEST = 1_000_000


def text_of(store: Store, message_id: int, size: int) -> str:
    """The body as plain text; empty for a mail of more than `LARGEST` bytes. Raises NotFound."""
    if size > LARGEST:
        return ""
    return parse_again(messages.source(store.read, message_id)).search_body
