"""Lets members know that a note, a call or a comment names them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.domain.crm.mentions import mentioned, unknown_names
from app.domain.text import clean_line
from app.language import _
from app.services.team.acting import team_of
from app.store.connection import Connection
from app.store.database import Store
from app.store.team.mentions import add_mentions

#: Characters of a text that a mention shows.
_SHOWN = 300


def named_in_vain(store: Store, text: str) -> str:
    """A sentence on those whom a text names by "@login" and who do not work here; empty when there are none."""
    names = unknown_names(text, _logins(store.read)) if "@" in text else []
    told = ", ".join(f"@{clean_line(name)[:40]}" for name in names[:5])
    return _("Nobody here is called {names}.").format(names=told) if names else ""


def tell_mentioned(
    tx: Connection,
    kind: str,
    record_ids: Sequence[int],
    text: str,
    author: str,
    now: datetime,
    *,
    to: Sequence[str] = (),
) -> tuple[int, ...]:
    """Write down whom a text names by "@login", as far as they work here, and those whom it is said `to` anyway; the ids of
    the mentions. `kind`: that of the records that the text is about, or `app.store.team.mentions.MAIL` for messages."""
    named = mentioned(text, _logins(tx)) if "@" in text else []
    logins, at = dict.fromkeys([*to, *named]), int(now.timestamp())
    return tuple(add_mentions(tx, logins, kind, record_ids, clean_line(text)[:_SHOWN], author, at))


def _logins(read: Connection) -> list[str]:
    """The logins of those who work here."""
    return [login for login, member in team_of(read).items() if member.active]
