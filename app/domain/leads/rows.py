"""Leads as cards of a board and lines of a list, and their counters; frozen facts, no rules and no words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.domain.crm.kinds import LeadState


@dataclass(frozen=True, slots=True)
class LeadRow:
    """A lead with the names of what it belongs to; empty where there is none.

    `contact`: the person's name, or an e-mail address where neither name nor company is known; `assignee`: the login,
    `assignee_name` what the member is called. `value` in cents. `result` is the stored word, empty until it is done;
    `reason` that of a failure, `reason_text` what was said beside it. Times in UTC.
    """

    id: int
    title: str
    state: LeadState
    contact_id: int | None
    contact: str
    company: str
    campaign: str
    source: str
    assignee: str
    assignee_name: str
    value: int | None
    next_step: str
    due: date | None
    created_at: datetime
    activated_at: datetime | None
    finished_at: datetime | None
    result: str
    reason: str
    reason_text: str
    changed_at: datetime

    def is_overdue(self, today: date) -> bool:
        """Whether its day has passed and it is still to be worked on; the same rule as `LeadFilter.overdue`."""
        return self.due is not None and self.due < today and self.state is not LeadState.DONE


@dataclass(frozen=True, slots=True)
class LeadCount:
    """The leads of one state: how many, the sum of their values in cents, and how many are overdue."""

    leads: int = 0
    value: int = 0
    overdue: int = 0
