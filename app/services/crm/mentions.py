"""Lets members know that a note, a call or a comment names them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.domain.crm.mentions import mentioned
from app.domain.text import clean_line
from app.services.team.acting import team_of
from app.store.connection import Connection
from app.store.team.mentions import add_mentions

#: Characters of a text that a mention shows.
_SHOWN = 300


def tell_mentioned(
    tx: Connection, kind: str, record_ids: Sequence[int], text: str, author: str, now: datetime
) -> None:
    """Write down whom a text names by "@login", as far as they work here. `kind`: that of the records that the text is
    about, or `app.store.team.mentions.MAIL` for messages."""
    if "@" in text:
        team = [login for login, member in team_of(tx).items() if member.active]
        shown = clean_line(text)[:_SHOWN]
        add_mentions(tx, mentioned(text, team), kind, record_ids, shown, author, int(now.timestamp()))
