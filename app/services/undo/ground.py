"""What every kind of way back is handed, and what it answers with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.domain.crm.kinds import Kind
from app.domain.leads.rules import check_works
from app.domain.team.members import Member
from app.services.team.acting import acting
from app.store.connection import Connection

if TYPE_CHECKING:
    from sqlmodel import Session


@dataclass(frozen=True, slots=True)
class Ground:
    """The transaction in which a part of a step is taken back, by whom and when. `session`: for what needs one."""

    tx: Connection
    author: str
    now: datetime
    session: Session | None = None

    @property
    def at(self) -> int:
        """In epoch seconds."""
        return int(self.now.timestamp())

    def worker(self) -> Member:
        """Who takes back what only reps and admins do. Raises NotAMember and ReadsOnly."""
        member = acting(self.tx, self.author, self.now)
        check_works(member)
        return member

    def writer(self, kind: Kind) -> Member:
        """Who takes back that a record of this kind was made or changed: contacts are privacy officers' to correct, too.
        Raises NotAMember and ReadsOnly."""
        return acting(self.tx, self.author, self.now) if kind is Kind.CONTACT else self.worker()


@dataclass(frozen=True, slots=True)
class Back:
    """How many things were to be restored and how many were; the messages, records and mentions that this was about. `note`:
    what more there is to say of it; `told`: what is said instead of what the step was called."""

    wanted: int
    restored: int
    messages: tuple[int, ...] = ()
    records: tuple[tuple[Kind, int], ...] = ()
    mentions: tuple[int, ...] = ()
    note: str = ""
    told: str = ""
