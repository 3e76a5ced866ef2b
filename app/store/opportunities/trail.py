"""What the history of an opportunity tells of its stages: where it stood before it was decided, and who moved it last."""

from __future__ import annotations

import json

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind
from app.store.connection import Connection, places

_MOVES = (Event.STAGE.value, Event.WON.value, Event.LOST.value, Event.REOPENED.value)
_LAST = """SELECT {what} FROM history_entry WHERE kind = ? AND record_id = ? AND event IN {events}
  ORDER BY at DESC, id DESC LIMIT 1"""


def stage_before(read: Connection, number: int) -> str:
    """The stage from which it was won or lost the last time; empty when nothing tells of it."""
    events = (Event.WON.value, Event.LOST.value)
    sql = _LAST.format(what="details", events=places(events))
    told = read.value(sql, (Kind.OPPORTUNITY.value, number, *events))
    before = json.loads(told).get("stage", [""])[0] if told else ""
    return before if isinstance(before, str) else ""


def last_mover(read: Connection, number: int) -> str:
    """The login of whoever changed its stage last; empty when nobody did."""
    sql = _LAST.format(what="author", events=places(_MOVES))
    return read.value(sql, (Kind.OPPORTUNITY.value, number, *_MOVES)) or ""


def last_giver(read: Connection, number: int) -> str:
    """The login of whoever passed it on last; empty when nobody did."""
    events = (Event.ASSIGNED.value,)
    return (
        read.value(
            _LAST.format(what="author", events=places(events)), (Kind.OPPORTUNITY.value, number, *events)
        )
        or ""
    )
