"""Connects a mailbox from within the app: tries it first, then keeps it with the folders that were chosen."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from app.domain.accounts import FolderChoice, Mailbox, Unsent
from app.domain.errors import AccountNotFound, PostkorbError
from app.domain.mail import RemoteFolder, Role
from app.language import _
from app.mail.errors import CertificateRefused, ConnectionFailed, ConnectionLost, HostUnknown, ServerBusy
from app.mail.open import open_source
from app.services.accounts.accounts import AccountExists, add_account, checked
from app.services.accounts.check import Step, check_account
from app.services.accounts.removal import remove_account
from app.services.accounts.secrets import Secrets, command_output
from app.settings import Home
from app.store.connection import Connection
from app.store.database import Store
from app.store.mail import mailboxes
from app.store.mail.processed import refresh_folder
from app.store.sync import listing, sync_state

#: Seconds that the background work may take to let go of a mailbox that is to be removed.
LET_GO_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class FolderPlan:
    """What a rep chose for the folders of a mailbox, by their wire names. `roles`: those set by hand just now."""

    chosen: frozenset[str]
    roles: Mapping[str, Role] = field(default_factory=dict)
    fetch_days: int | None = None


#: What IMAP servers put before their words (RFC 9051, 7.1).
_RESPONSE_CODE = re.compile(r"^\[[^\]]*\] *")


def try_connection(
    store: Store, draft: Mailbox, password: str, tell: Callable[[Step], None]
) -> list[RemoteFolder]:
    """Try a mailbox that is not kept yet; its folders. `tell` hears of every step that works, in this thread.

    Raises PostkorbError for what does not work; nothing is kept. May take a minute.
    """
    draft = checked(draft)
    if mailboxes.mailbox_named(store.read, draft.name):
        raise AccountExists(draft.name)

    def secret() -> str:
        return command_output(draft.password_command) if draft.password_command else password

    for step in check_account(draft, secret):
        if step.problem is not None:
            raise step.problem
        tell(step)
    source = open_source(draft.source, secret(), Path(draft.ca_file) if draft.ca_file else None)
    try:
        return source.folders()
    finally:
        source.close()


def advice(problem: PostkorbError) -> str:
    """What to do about it in a dialog, in the rep's language; empty if there is nothing to say."""
    if isinstance(problem, CertificateRefused):
        return _("Ask your administrator for the CA file and enter it below.")
    if isinstance(problem, ServerBusy):
        return _("Try again later.")  # nothing tries again by itself before a mailbox is kept
    return _(problem.next_step) if problem.next_step else ""


def cause(problem: PostkorbError) -> str:
    """What it is about, where the title does not say it all: of a server that is not reached its name only."""
    if isinstance(problem, ConnectionLost):
        return ""
    if isinstance(problem, HostUnknown | ConnectionFailed):
        return problem.cause.partition(": ")[0]
    return _RESPONSE_CODE.sub("", problem.told_cause)


def default_choice(folders: Sequence[RemoteFolder]) -> list[FolderChoice]:
    """The folders of a server as they are chosen at first: all but a view of all mail."""
    return [
        FolderChoice(0, f.path, f.name, f.role, False, f.selectable, f.role is not Role.ALL) for f in folders
    ]


def connect(
    store: Store,
    home: Home,
    draft: Mailbox,
    password: str,
    now: datetime,
    folders: Sequence[RemoteFolder] = (),
    plan: FolderPlan | None = None,
) -> Mailbox:
    """Keep a mailbox; the background work syncs it as soon as it sees it. Raises what `add_account` raises."""
    if plan is not None:
        draft = replace(draft, fetch_days=plan.fetch_days)
    mailbox = add_account(store, Secrets(home), draft, password, now)
    if plan is not None:
        with store.write() as tx:
            listing.take_listing(tx, mailbox.id, folders)
            _choose(tx, mailbox.id, plan)
    return mailbox


def settings_of(store: Store, mailbox_id: int) -> tuple[Mailbox, list[FolderChoice]]:
    """A mailbox and its folders. Raises NotFound."""
    mailbox = mailboxes.mailbox_by_id(store.read, mailbox_id)
    if mailbox is None:
        raise AccountNotFound
    return mailbox, mailboxes.folder_choices(store.read, mailbox_id)


def change_folders(store: Store, mailbox_id: int, plan: FolderPlan, now: datetime) -> None:
    """Sync other folders of a mailbox, or from another day on, and keep the roles set by hand. Raises NotFound."""
    with store.write() as tx:
        mailbox = mailboxes.mailbox_by_id(tx, mailbox_id)
        if mailbox is None:
            raise AccountNotFound
        _choose(tx, mailbox_id, plan)
        if mailbox.fetch_days != plan.fetch_days:
            mailboxes.change_mailbox(tx, replace(mailbox, fetch_days=plan.fetch_days))
            sync_state.fetch_again(tx, mailbox_id)
        mailboxes.want_sync_of(tx, mailbox_id, int(now.timestamp()))


def unsent_of(store: Store, mailbox_id: int) -> Unsent:
    """What of a mailbox its servers do not have yet."""
    return mailboxes.unsent(store.read, mailbox_id)


def disconnect(
    store: Store, home: Home, mailbox_id: int, clock: Callable[[], datetime], *, drop_unsent: bool
) -> None:
    """Take a mailbox away from this machine; the server keeps its mail. Raises what `remove_account` raises."""
    mailbox = mailboxes.mailbox_by_id(store.read, mailbox_id)
    if mailbox is not None:
        remove_account(store, Secrets(home), mailbox, clock, drop_unsent=drop_unsent, patience=LET_GO_SECONDS)


def _choose(tx: Connection, mailbox_id: int, plan: FolderPlan) -> None:
    choices = mailboxes.folder_choices(tx, mailbox_id)
    mailboxes.choose_folders(tx, mailbox_id, [choice.id for choice in choices if choice.path in plan.chosen])
    for choice in choices:
        if choice.path in plan.roles and choice.role is not plan.roles[choice.path]:
            mailboxes.set_role(tx, choice.id, plan.roles[choice.path])
    if plan.roles:
        for choice in choices:
            refresh_folder(tx, choice.id)
