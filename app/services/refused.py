"""Changes that a mail server refused: shown with their reasons, asked for again, or given up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.domain.operations import Append, Delete, Effect, FlagsChange, Move
from app.domain.text import clean_line
from app.language import _
from app.store.database import Store
from app.store.sync import refused as rows


@dataclass(frozen=True, slots=True)
class RefusedChange:
    """One change. `what` is a sentence in the current language, `reason` the server's answer, cleaned."""

    id: int
    mailbox: str
    folder: str
    message_id: int | None
    subject: str
    what: str
    reason: str
    at: datetime


def refused_changes(store: Store) -> list[RefusedChange]:
    """All changes that were refused, the oldest first."""
    return [
        RefusedChange(
            row.id,
            clean_line(row.mailbox),
            clean_line(row.folder),
            row.message_id,
            clean_line(row.subject),
            _what(row.effect, clean_line(row.target)),
            clean_line(row.reason),
            row.at,
        )
        for row in rows.refused_rows(store.read)
    ]


def retry(store: Store, ids: Sequence[int], *, now: datetime) -> int:
    """Ask the server again for these changes; how many were refused still."""
    with store.write() as tx:
        found = [row.id for row in rows.refused_rows(tx, ids)]
        rows.ask_again(tx, found, int(now.timestamp()))
    return len(found)


def drop(store: Store, ids: Sequence[int]) -> int:
    """Give these changes up: their mails are shown as the server has them; how many were refused still."""
    with store.write() as tx:
        found = rows.refused_rows(tx, ids)
        rows.give_up(tx, found)
    return len(found)


def _what(effect: Effect, target: str) -> str:
    match effect:
        case FlagsChange(add, remove):
            return _("change flags: {flags}").format(
                flags=" ".join(
                    [*(f"+{_flag(name)}" for name in add), *(f"-{_flag(name)}" for name in remove)]
                )
            )
        case Move():
            return _("move to “{folder}”").format(folder=target)
        case Delete():
            return _("delete for good")
        case Append():
            return _("put into the folder")


def _flag(name: str) -> str:
    words = {"\\Seen": _("read"), "\\Flagged": _("flagged"), "\\Answered": _("answered")}
    return words.get(name, clean_line(name))
