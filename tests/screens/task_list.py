"""A task list with something of every kind in it, and the hands that walk on it, for tests of the place of tasks."""

from __future__ import annotations

from typing import Any

from app.domain.crm.kinds import Kind
from app.domain.crm.record_input import TaskInput
from app.domain.team.members import Member
from app.screens.tasks.screen import TasksScreen
from app.services.crm import records as crm
from app.store.database import Store
from app.store.team.members import put_member
from tests.screens.card_index import fill
from tests.screens.conftest import Seat
from tests.screens.fake import NOW


def agenda(store: Store) -> None:
    """A team, and something of every kind for one of them, overdue, today (NOW is a Friday), later and without a day."""
    fill(store)
    with store.write() as tx:
        tx.run("DELETE FROM member")  # whoever filled it is no colleague
        for member in (Member("berg", "A. Berg"), Member("weber", "B. Weber"), Member("ozturk", "C. Öztürk")):
            put_member(tx, member, 1)
        tx.run("UPDATE task SET assignee = 'berg'")
        tx.run("UPDATE lead SET assignee = 'berg', state = 'active'")
        tx.run(
            "INSERT INTO mention (login, author, kind, record_id, text, created_at)"
            " VALUES ('berg', 'weber', 'contact', 1, '@berg bitte zurückrufen', 1)"
        )
    crm.create_many(
        store,
        Kind.TASK,
        [TaskInput(title="Ablage", assignee="berg"), TaskInput(title="Reisekosten", assignee="weber")],
        now=NOW,
    )


async def go(seat: Seat) -> TasksScreen:
    await seat.press("g", "t")
    await seat.until(lambda: isinstance(seat.app.screen, TasksScreen) and seat.app.screen.entry)
    screen = seat.app.screen
    assert isinstance(screen, TasksScreen)
    return screen


def under_cursor(screen: TasksScreen) -> str:
    return screen.entry.title if screen.entry is not None else ""


async def to(seat: Seat, screen: TasksScreen, title: str) -> None:
    """Walk to an entry."""
    for _step in range(20):
        if title in under_cursor(screen):
            return
        await seat.press("j")
    raise AssertionError(f"{title} is not in the list")


def state(store: Store, title: str) -> tuple[Any, ...]:
    row = store.read.row("SELECT state, due_on, assignee FROM task WHERE title = ?", (title,))
    assert row is not None
    return tuple(row)
