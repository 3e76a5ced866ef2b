"""The SQLModel tables, by subject. Flags are integers 0/1 and times integer epoch seconds UTC in every dialect."""

from app.store.tables.crm import (
    Campaign,
    Contact,
    ContactEmail,
    ContactPhone,
    ContactWord,
    Lead,
    Opportunity,
    Task,
)
from app.store.tables.folders import Folder, Lease, Mailbox, SkippedMessage
from app.store.tables.history import Document, HistoryEntry, MergeStep
from app.store.tables.messages import (
    Correspondent,
    LooseMessage,
    MailCopy,
    Message,
    MessageSource,
    Operation,
    ThreadReference,
)
from app.store.tables.outbox import Outbox, OutboxAttachment, OutboxLink, OutboxRecipient
from app.store.tables.team import FinishReason, Member, Mention, PlaceLook, SavedFilter, Stage
from app.store.tables.triage import Comment, Link, Mark
from app.store.tables.undo import UndoStep

__all__ = [
    "Campaign",
    "Comment",
    "Contact",
    "ContactEmail",
    "ContactPhone",
    "ContactWord",
    "Correspondent",
    "Document",
    "FinishReason",
    "Folder",
    "HistoryEntry",
    "Lead",
    "Lease",
    "Link",
    "LooseMessage",
    "MailCopy",
    "Mailbox",
    "Mark",
    "Member",
    "Mention",
    "MergeStep",
    "Message",
    "MessageSource",
    "Operation",
    "Opportunity",
    "Outbox",
    "OutboxAttachment",
    "OutboxLink",
    "OutboxRecipient",
    "PlaceLook",
    "SavedFilter",
    "SkippedMessage",
    "Stage",
    "Task",
    "ThreadReference",
    "UndoStep",
]
