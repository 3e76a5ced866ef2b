"""What the demo hands to whoever fills the store: plain records, and which mail belongs to which; no store, no files."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind, LeadState, MarkColour, TaskKind, TaskState
from app.domain.team.members import MemberRole


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
class DemoMember:
    login: str
    name: str
    role: MemberRole
    active: bool


@dataclass(frozen=True, slots=True)
class DemoStep:
    """What somebody did with a lead or an opportunity. `detail`: the login it is assigned to, how a call ended, the reason
    why a lead failed (empty: it did not), the stage an opportunity came to, the reason why it was lost."""

    at: datetime
    login: str
    event: Event
    text: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DemoOpportunity:
    """What became of a lead; it begins at the first stage. `value` is in euro cents."""

    title: str
    value: int
    expected_on: date
    steps: tuple[DemoStep, ...]


@dataclass(frozen=True, slots=True)
class DemoLead:
    """A lead, and all that was done with it. `contact` is an index into `DemoMail.contacts`, `value` is in euro cents."""

    title: str
    contact: int
    campaign: str
    source: str
    value: int
    next_step: str
    next_step_on: date | None
    created_at: datetime
    login: str
    steps: tuple[DemoStep, ...] = ()
    opportunity: DemoOpportunity | None = None

    @property
    def assignee(self) -> str:
        """The login of who has it; empty while nobody does."""
        return next((step.detail for step in reversed(self.steps) if step.event is Event.ASSIGNED), "")

    @property
    def state(self) -> LeadState:
        if any(step.event is Event.FINISHED for step in self.steps):
            return LeadState.DONE
        return LeadState.ACTIVE if self.assignee else LeadState.NEW


@dataclass(frozen=True, slots=True)
class DemoTask:
    """A task or a follow-up. `contact` and `lead` are indexes into `DemoMail.contacts` and `leads`, None for one among
    colleagues."""

    title: str
    due: date
    assignee: str
    state: TaskState
    contact: int | None = None
    lead: int | None = None
    kind: TaskKind = TaskKind.TASK
    remind_at: datetime | None = None


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

    `own_name`, `own_login`, `own_address`: the rep whose mailbox it is. `mails`: how many files were written.
    `unprocessed`: Message-IDs of received mail in the inbox that is linked to nothing.
    """

    own_name: str
    own_login: str
    own_address: str
    mails: int
    members: tuple[DemoMember, ...]
    campaigns: tuple[str, ...]
    contacts: tuple[DemoContact, ...]
    leads: tuple[DemoLead, ...]
    tasks: tuple[DemoTask, ...]
    links: tuple[DemoLink, ...]
    unprocessed: tuple[str, ...]
    comments: tuple[DemoComment, ...] = field(default=())
    marks: tuple[DemoMark, ...] = field(default=())
