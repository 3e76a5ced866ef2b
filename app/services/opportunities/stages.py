"""The list of stages: what admins make of it, and what that means for the opportunities at them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind
from app.domain.opportunities.stages import (
    Outcome,
    Stage,
    check_may_set,
    check_name,
    check_removal,
    checked,
    find_stage,
    moved,
    stage_name,
    stage_probability,
)
from app.domain.team.members import Member
from app.services.team.acting import acting
from app.store.connection import Connection
from app.store.crm.history import add_entry
from app.store.crm.tasks import change_columns
from app.store.database import Store
from app.store.opportunities.stages import at_stage, put_stages, rename_stage, stages, used


def list_stages(store: Store) -> list[Stage]:
    """All stages in their order, active or not."""
    return stages(store.read)


def uses(store: Store) -> dict[str, int]:
    """How many opportunities are at each stage that has any."""
    return used(store.read)


def add_stage(
    store: Store,
    name: str,
    *,
    author: str,
    now: datetime,
    outcome: Outcome = Outcome.OPEN,
    probability: int | None = None,
) -> list[Stage]:
    """A new stage, behind the last one of its kind. Raises BadInput and Refused; the stages that there are then."""
    with _setting(store, author, now) as (tx, _member):
        known = stages(tx)
        stage = Stage(stage_name(name), 0, outcome, stage_probability(outcome, probability))
        check_name(stage.name, outcome, known)
        last = max(
            (place for place, each in enumerate(known, 1) if each.outcome is outcome), default=len(known)
        )
        put_stages(tx, checked([*known[:last], stage, *known[last:]]))
        return stages(tx)


def rename(store: Store, name: str, to: str, *, author: str, now: datetime) -> list[Stage]:
    """Another name, also for what is at it. Raises StageNotFound, BadInput and Refused."""
    with _setting(store, author, now) as (tx, _member):
        known = stages(tx)
        stage, after = find_stage(known, name), stage_name(to)
        check_name(after, stage.outcome, [each for each in known if each is not stage])
        rename_stage(tx, stage.name, after)
        return stages(tx)


def reorder(store: Store, name: str, place: int, *, author: str, now: datetime) -> list[Stage]:
    """Put a stage at a place, counted from 1. Raises StageNotFound, BadInput and Refused."""
    with _setting(store, author, now) as (tx, _member):
        put_stages(tx, moved(stages(tx), name, place))
        return stages(tx)


def set_probability(store: Store, name: str, percent: int, *, author: str, now: datetime) -> list[Stage]:
    """The probability of what comes to a stage from now on. Raises StageNotFound, BadInput and Refused."""
    with _setting(store, author, now) as (tx, _member):
        known = stages(tx)
        stage = find_stage(known, name)
        after = replace(stage, probability=stage_probability(stage.outcome, percent))
        put_stages(tx, [after if each is stage else each for each in known])
        return stages(tx)


def set_active(store: Store, name: str, active: bool, *, author: str, now: datetime) -> list[Stage]:
    """Nothing new comes to a stage that is not active; what is there stays. Raises StageNotFound and Refused."""
    with _setting(store, author, now) as (tx, _member):
        known = stages(tx)
        stage = find_stage(known, name)
        put_stages(tx, checked([replace(each, active=active) if each is stage else each for each in known]))
        return stages(tx)


def remove(store: Store, name: str, *, author: str, now: datetime, move_to: str = "") -> list[Stage]:
    """Take a stage out of the list, once nothing is at it: `move_to` names the stage to which that is moved before.

    Raises StageNotFound and Refused.
    """
    with _setting(store, author, now) as (tx, member):
        known = stages(tx)
        stage = find_stage(known, name)
        ids = at_stage(tx, stage.name)
        to = find_stage(known, move_to) if move_to else None
        check_removal(stage, len(ids), to)
        left = checked([each for each in known if each is not stage])
        if to is not None:
            _move_all(tx, ids, stage, to, member, int(now.timestamp()))
        put_stages(tx, left)
        return stages(tx)


def _move_all(tx: Connection, ids: list[int], stage: Stage, to: Stage, member: Member, at: int) -> None:
    """Their probability stays as it was estimated."""
    for number in ids:
        then = change_columns(tx, Kind.OPPORTUNITY, number, {"stage": to.name}, at)
        details = {"stage": [stage.name, to.name]}
        add_entry(tx, Kind.OPPORTUNITY, number, Event.STAGE, member.login, then, details=details)


@contextmanager
def _setting(store: Store, author: str, now: datetime) -> Iterator[tuple[Connection, Member]]:
    with store.write() as tx:
        member = acting(tx, author, now)
        check_may_set(member)
        yield tx, member
