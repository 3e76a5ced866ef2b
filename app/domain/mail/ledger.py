"""The vocabulary of the sync ledger: how every mailbox and folder stands, and what waits to be carried out; pure data."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.mail.messages import Role
from app.domain.mail.operations import OperationKind, OperationState


@dataclass(frozen=True, slots=True)
class FolderLine:
    """A folder in the ledger. `new`, `changed`, `gone`: of the last visit; times in epoch seconds, None: never.

    `skipped`: mails of the folder that could not be taken over. `complete`: all wanted mail is here.
    """

    id: int
    name: str
    role: Role
    synced: bool
    complete: bool
    total: int
    last_success: int | None
    last_attempt: int | None
    last_error: str
    new: int
    changed: int
    gone: int
    skipped: int


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change that has not reached the server. `folder`: where the server has the mail, or is to store it;
    `target`: where it is to go. `due_at`: epoch seconds of the next attempt. `error`: why the last one failed."""

    id: int
    kind: OperationKind
    state: OperationState
    subject: str
    sender: str
    folder: str
    folder_role: Role
    target: str
    target_role: Role
    flags: tuple[str, ...]
    attempts: int
    due_at: int
    error: str

    @property
    def refused(self) -> bool:
        return self.state is OperationState.FAILED


@dataclass(frozen=True, slots=True)
class MailboxLine:
    """A mailbox in the ledger with what is in it; the changes in the order in which they are carried out.

    `waiting`: how many changes there are in all; `changes` holds the refused ones and the first of the others.
    """

    id: int
    name: str
    address: str
    synced_at: int | None
    error: str
    folders: tuple[FolderLine, ...]
    changes: tuple[ChangeLine, ...]
    waiting: int


@dataclass(frozen=True, slots=True)
class SkippedLine:
    """A mail that could not be taken over. `at`: epoch seconds of the last attempt."""

    uid: int
    reason: str
    at: int
