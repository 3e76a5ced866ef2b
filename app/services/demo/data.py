"""What the demo hands to whoever fills the store: plain records, and which mail belongs to which; no store, no files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain.crm import Kind, LeadState, MarkColour, TaskState


@dataclass(frozen=True, slots=True)
class DemoContact:
    """A person at a customer. `country`: ISO 3166 code. `customer_number` is empty for those who are none yet."""

    salutation: str
    title: str
    first_name: str
    last_name: str
    company: str
    function: str
    customer_number: str
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    street: str
    postcode: str
    city: str
    country: str
    traits: tuple[str, ...]
    assignee: str


@dataclass(frozen=True, slots=True)
class DemoLead:
    """A lead. `contact` is an index into `DemoMail.contacts`, `value` is in euro cents."""

    title: str
    contact: int
    source: str
    assignee: str
    state: LeadState
    value: int
    next_step: str
    next_step_on: date


@dataclass(frozen=True, slots=True)
class DemoTask:
    """A task. `contact` is an index into `DemoMail.contacts`, or None for one among colleagues."""

    title: str
    due: date
    assignee: str
    state: TaskState
    contact: int | None = None


@dataclass(frozen=True, slots=True)
class DemoLink:
    """A mail that has been dealt with: `index` counts in the contacts, leads or tasks, as `kind` says."""

    message_id: str
    kind: Kind
    index: int


@dataclass(frozen=True, slots=True)
class DemoComment:
    message_id: str
    author: str
    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DemoMark:
    message_id: str
    colour: MarkColour


@dataclass(frozen=True, slots=True)
class DemoMail:
    """Everything that goes with the demo's Maildir. Message-IDs are written with their angle brackets.

    `own_name`, `own_address`: the rep whose mailbox it is. `mails`: how many files were written.
    `unprocessed`: Message-IDs of received mail in the inbox that is linked to nothing.
    """

    own_name: str
    own_address: str
    mails: int
    contacts: tuple[DemoContact, ...]
    leads: tuple[DemoLead, ...]
    tasks: tuple[DemoTask, ...]
    links: tuple[DemoLink, ...]
    unprocessed: tuple[str, ...]
    comments: tuple[DemoComment, ...] = field(default=())
    marks: tuple[DemoMark, ...] = field(default=())
