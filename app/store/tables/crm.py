"""Contacts, leads, tasks and opportunities: the records a rep needs on the phone."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, SmallInteger
from sqlmodel import Field, SQLModel

from app.store.tables.columns import NEVER_AGAIN, WORD, big, key, reference, string


class Contact(SQLModel, table=True):
    __tablename__ = "contact"
    __table_args__ = NEVER_AGAIN
    id: int | None = key()
    salutation: str = string()
    title: str = string()
    first_name: str = string()
    last_name: str = string()
    company: str = string(index=True)
    customer_number: str = string(index=True)
    street: str = string()
    postal_code: str = string()
    city: str = string()
    country: str = string()
    assignee: str = string()
    traits: str = string()  # one a line
    note: str = string()
    search: str = string()  # folded name, company, customer number and addresses
    name_order: str = Field(default="", sa_column=Column(WORD, nullable=False, server_default="", index=True))
    created_at: int = big()
    changed_at: int = big()


class ContactEmail(SQLModel, table=True):
    __tablename__ = "contact_email"
    id: int | None = key()
    contact_id: int = reference("contact.id", index=True)
    address: str = string(index=True)  # lower case
    domain: str = string(index=True)
    label: str = string()


class ContactPhone(SQLModel, table=True):
    __tablename__ = "contact_phone"
    id: int | None = key()
    contact_id: int = reference("contact.id", index=True)
    number: str = string()
    label: str = string()


class ContactWord(SQLModel, table=True):
    """Folded words that a contact is found by while typing (`phrase` 0), and phrases that betray it in a text
    (`phrase` 1: full name, company without its legal form, customer number)."""

    __tablename__ = "contact_word"
    phrase: int = Field(sa_column=Column(SmallInteger, primary_key=True, autoincrement=False))
    word: str = Field(sa_column=Column(WORD, primary_key=True))
    contact_id: int = reference("contact.id", primary_key=True, index=True)


class Campaign(SQLModel, table=True):
    """Only a name yet; filled out with campaigns."""

    __tablename__ = "campaign"
    id: int | None = key()
    name: str = string(unique=True)


class Lead(SQLModel, table=True):
    """`state`: LeadState, which follows from `assignee` and `result`; `reason` with its text of one that failed. `value` in
    cents of the house currency. `activated_at`: since when somebody works on it."""

    __tablename__ = "lead"
    id: int | None = key()
    title: str = string()
    contact_id: int | None = reference("contact.id", nullable=True, index=True)
    campaign_id: int | None = reference("campaign.id", nullable=True, index=True)
    source: str = string()
    assignee: str = string()
    state: str = string()
    result: str = string()
    reason: str = string()
    value: int | None = big(nullable=True)
    next_step: str = string()
    due_on: str = string()  # ISO 8601 date of the next step, or empty
    note: str = string()
    search: str = string(index=True)  # folded title
    created_at: int = big()
    changed_at: int = big()
    reason_text: str = string()
    created_by: str = string()
    activated_at: int | None = big(nullable=True)
    finished_at: int | None = big(nullable=True)
    # The index `lead_list` is made by the migration: it holds the order of the board, for which there are no words here.
    __table_args__ = (Index("lead_assignee", "assignee", "state", "due_on"), NEVER_AGAIN)


class Task(SQLModel, table=True):
    """`kind`: TaskKind. `remind_at`: when its assignee is told, in epoch seconds; `reminded_at`: for which of these times
    that was done."""

    __tablename__ = "task"
    id: int | None = key()
    title: str = string()
    contact_id: int | None = reference("contact.id", nullable=True, index=True)
    lead_id: int | None = reference("lead.id", nullable=True, index=True)
    due_on: str = string()  # ISO 8601 date, or empty
    assignee: str = string()
    state: str = Field(default="open", sa_column_kwargs={"server_default": "open"})
    note: str = string()
    search: str = string(index=True)  # folded title
    created_at: int = big()
    changed_at: int = big()
    kind: str = Field(default="task", sa_column_kwargs={"server_default": "task"})
    opportunity_id: int | None = (
        Field(  # no rule for deletion: SQLAlchemy cannot read those of an added column
            default=None,
            sa_column=Column(BigInteger, ForeignKey("opportunity.id"), nullable=True, index=True),
        )
    )
    remind_at: int | None = big(nullable=True)
    reminded_at: int | None = big(nullable=True)
    finished_at: int | None = big(nullable=True)
    created_by: str = string()
    __table_args__ = (Index("task_state", "state", "assignee", "due_on"), NEVER_AGAIN)


class Opportunity(SQLModel, table=True):
    """Verkaufschance. `value` in cents of the house currency, `probability` in percent; `stage`: the name of one."""

    __tablename__ = "opportunity"
    id: int | None = key()
    title: str = string()
    contact_id: int | None = reference("contact.id", nullable=True, index=True)
    lead_id: int | None = reference("lead.id", nullable=True, index=True)
    value: int | None = big(nullable=True)
    probability: int = big()
    stage: str = string()
    expected_on: str = string()
    assignee: str = string()
    search: str = string(index=True)  # folded title
    created_at: int = big()
    changed_at: int = big()
    note: str = string()
    reason: str = string()
    reason_text: str = string()
    closed_at: int | None = big(nullable=True)
    created_by: str = string()
    __table_args__ = (
        Index("opportunity_listing", "stage", "expected_on", "closed_at", "assignee", "value", "probability"),
        Index("opportunity_assignee", "assignee", "stage"),
        NEVER_AGAIN,
    )
