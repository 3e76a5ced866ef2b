"""A team, a lead of one of them and a mailbox, for the personal task list."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.crm.agenda import Entry, EntryKind, Wish
from app.domain.crm.kinds import Kind
from app.domain.crm.record_input import ContactInput, LeadInput
from app.domain.due import Due
from app.domain.team.members import Member, MemberRole
from app.domain.undo import Done
from app.language import use_language
from app.services.crm import changing
from app.services.crm import records as crm
from app.services.tasks import agenda, steps
from app.services.undo.undoing import undo
from app.store.database import Store
from app.store.team.members import put_member
from tests.store.invariants import check

NOW = datetime(2026, 11, 21, 9, 41, tzinfo=UTC)  # a Saturday
TEAM = (
    Member("anna", "Anna Berg", MemberRole.ADMIN),
    Member("ben", "Ben Weber"),
    Member("cora", "Cora Kranz", active=False),
    Member("dora", "Dora Schutz", MemberRole.PRIVACY),
)


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    use_language("en")
    yield
    use_language("de")


@dataclass
class Work:
    """A store with a team, and hands that work on it."""

    store: Store
    contact: int = 0

    def task(self, title: str = "Anrufen", author: str = "anna", **values: Any) -> int:
        return crm.create(self.store, Kind.TASK, {"title": title, **values}, author=author, now=NOW).id

    def change(self, number: int, author: str = "anna", now: datetime = NOW, **values: Any) -> None:
        changing.change(self.store, Kind.TASK, number, values, author=author, now=now)

    def lead(self, title: str, due_on: str = "", assignee: str = "anna") -> int:
        lead = LeadInput(title=title, contact_id=self.contact)
        number = crm.create_many(self.store, Kind.LEAD, [lead], now=NOW)[0]
        with self.store.write() as tx:
            tx.run(
                "UPDATE lead SET state = 'active', assignee = ?, due_on = ? WHERE id = ?",
                (assignee, due_on, number),
            )
        return number

    def mention(self, text: str, login: str = "anna", kind: str = "contact", record: int = 0) -> int:
        with self.store.write() as tx:
            return int(
                tx.value(
                    "INSERT INTO mention (login, author, kind, record_id, text, created_at)"
                    " VALUES (?, 'ben', ?, ?, ?, 1) RETURNING id",
                    (login, kind, record or self.contact, text),
                )
            )

    def finish(
        self, number: int, kind: EntryKind = EntryKind.TASK, author: str = "anna", now: datetime = NOW
    ) -> Done:
        return steps.finish(self.store, kind, number, author=author, now=now)

    def reopen(self, number: int, kind: EntryKind = EntryKind.TASK, author: str = "anna") -> Done:
        return steps.reopen(self.store, kind, number, author=author, now=NOW)

    def postpone(self, number: int, due: Due, kind: EntryKind = EntryKind.TASK, author: str = "anna") -> Done:
        return steps.postpone(self.store, kind, number, due, author=author, now=NOW)

    def pass_on(self, number: int, to: str, kind: EntryKind = EntryKind.TASK, author: str = "anna") -> Done:
        return steps.pass_on(self.store, kind, number, to, author=author, now=NOW)

    def undo(self, author: str = "anna") -> Done:
        return undo(self.store, author=author, now=NOW)

    def listed(self, wish: Wish | None = None, now: datetime = NOW) -> list[Entry]:
        keys = agenda.entry_keys(self.store, wish or Wish("anna"), now)
        return agenda.entries(self.store, keys)

    def due(self, now: datetime = NOW) -> int:
        """How much is due for Anna."""
        return agenda.due_count(self.store, "anna", now).total

    def titles(self, wish: Wish | None = None) -> list[str]:
        return [entry.title for entry in self.listed(wish)]

    def row(self, number: int) -> tuple[Any, ...]:
        """State, day, reminder and assignee of a task."""
        sql = "SELECT state, due_on, remind_at, assignee FROM task WHERE id = ?"
        found = self.store.read.row(sql, (number,))
        assert found is not None
        return tuple(found)

    def history(self, kind: Kind, number: int) -> list[tuple[str, str, Any]]:
        """Event, author and details of what was noted, oldest first."""
        rows = self.store.read.rows(
            "SELECT event, author, details FROM history_entry WHERE kind = ? AND record_id = ? ORDER BY id",
            (kind.value, number),
        )
        return [(event, author, json.loads(details) if details else {}) for event, author, details in rows]


@pytest.fixture
def work(store: Store) -> Iterator[Work]:
    with store.write() as tx:
        for member in TEAM:
            put_member(tx, member, 1)
    person = ContactInput(first_name="Silke", last_name="Berger", company="Vogel Maschinenbau")
    contact = crm.create_many(store, Kind.CONTACT, [person], now=NOW)[0]
    yield Work(store, contact)
    check(store)
