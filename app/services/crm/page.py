"""All that the page of a record shows, read at once: the record, its contact, what belongs to it, and the lines of its history
that are in sight. Not for the event loop's thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.crm.history import HistoryLine, LineKey
from app.domain.crm.kinds import Kind, RecordRow
from app.services.crm import history
from app.services.crm.records import Record, show
from app.services.team.acting import AtKeyboard, at_keyboard
from app.store.crm.belonging import belonging
from app.store.crm.records import record_rows
from app.store.database import Store


@dataclass(frozen=True, slots=True)
class Page:
    """`contact`: whom a lead, task or opportunity is about, whole; `who`: is at the keyboard; `belonging`: records that belong to it with whether they are finished, open ones first; `keys`: its whole
    history, the newest first, of which `lines` are there, the first of them at place `first`."""

    record: Record
    contact: Record | None
    who: AtKeyboard
    belonging: tuple[tuple[RecordRow, bool], ...]
    keys: Sequence[LineKey]
    first: int
    lines: Sequence[HistoryLine]


def read_page(
    store: Store,
    kind: Kind,
    record_id: int,
    wanted: LineKey | None = None,
    portion: int = 100,
    *,
    author: str,
) -> Page:
    """The page of a record for this login, with the portion of its history in which the line `wanted` stands, else the first one. Raises
    NotFound."""
    record = show(store, kind, record_id)
    contact = show(store, Kind.CONTACT, record.contact.id) if record.contact is not None else None
    keys = history.timeline(store, kind, record_id)
    place = keys.index(wanted) if wanted in keys else 0
    first = place - place % portion
    belong = dict(belonging(store.read, kind, record_id))
    rows = record_rows(store.read, belong)
    return Page(
        record,
        contact,
        at_keyboard(store.read, author),
        tuple((row, belong[(row.kind, row.id)]) for row in rows),
        keys,
        first,
        history.lines(store, kind, record_id, keys[first : first + portion]),
    )
