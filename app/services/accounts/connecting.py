"""Connects a mailbox from within the app: tries it first, then keeps it with the folders that were chosen."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from app.domain.errors import AccountNotFound, BadInput, PostkorbError
from app.domain.mail.accounts import FolderChoice, Mailbox, Unsent
from app.domain.mail.messages import RemoteFolder
from app.language import _
from app.mail.errors import (
    BadUrl,
    CertificateRefused,
    ConnectionFailed,
    ConnectionLost,
    HostUnknown,
    LoginRefused,
    ServerBusy,
)
from app.mail.open import open_source
from app.services.accounts.accounts import AccountExists, add_account, checked, ready, refuse_name_of_another
from app.services.accounts.change import change_account
from app.services.accounts.check import Step, check_account
from app.services.accounts.folders import (
    FolderPlan,
    change_and_make,
    choose,
    make_folders,
    named_for,
    with_made,
)
from app.services.accounts.removal import remove_account
from app.services.accounts.secrets import Secrets, SecretUnavailable, command_output
from app.settings import Home
from app.store.database import Store
from app.store.mail import mailboxes
from app.store.sync import listing

#: Seconds that the background work may take to let go of a mailbox.
LET_GO_SECONDS = 30.0

#: What IMAP servers put before their words (RFC 9051, 7.1).
_RESPONSE_CODE = re.compile(r"^\[[^\]]*\] *")


def usable(store: Store, draft: Mailbox) -> Mailbox:
    """The draft with its addresses spelled the usual way, without trying it. Raises PostkorbError for what cannot be kept."""
    refuse_name_of_another(store, draft)
    return checked(draft)


def try_connection(
    store: Store, home: Home, draft: Mailbox, password: str, tell: Callable[[Step], None]
) -> list[RemoteFolder]:
    """Try a mailbox before it is kept, or kept in another way; its folders. `tell` hears of every step that works, in this
    thread. Without a password the one that is kept for the mailbox is tried.

    Raises PostkorbError for what does not work; nothing is kept. May take a minute.
    """
    draft = usable(store, draft)
    before = mailboxes.mailbox_by_id(store.read, draft.id)

    def secret() -> str:
        if draft.password_command:
            return command_output(draft.password_command)
        if password or before is None or not before.keeps_password:
            return password
        return Secrets(home).secret_of(before)

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
    if isinstance(problem, LoginRefused):
        return _("Check user name and password.")
    if isinstance(problem, SecretUnavailable):
        return _("Check the password command.")
    if isinstance(problem, ServerBusy):
        return _("Try again later.")  # nothing tries again by itself before a mailbox is kept
    return _(problem.next_step) if problem.next_step else ""


def fields_of(draft: Mailbox, problem: PostkorbError, *, outgoing: bool) -> tuple[str, str]:
    """The attribute of a mailbox (or its password) that a problem is about, and the one to change. `outgoing`: it came up
    when the outgoing server was tried. May wait for a disk."""
    server = "outgoing" if outgoing else "source"
    match problem:
        case AccountExists():
            return "name", "name"
        case SecretUnavailable():
            return "password", "password_command"
        case LoginRefused():
            return server, "password"
        case CertificateRefused():
            return server, "ca_file"
        case BadInput() | BadUrl():
            wrong = _first_wrong(draft)
            return wrong, wrong
        case _problem:
            return server, server


def _first_wrong(draft: Mailbox) -> str:
    """Which address cannot be used, or the file with certificates."""
    for name, part in (
        ("source", replace(draft, outgoing="", ca_file="")),
        ("outgoing", replace(draft, ca_file="")),
        ("ca_file", draft),
    ):
        try:
            checked(part)
        except (BadInput, BadUrl):
            return name
    return "source"


def cause(problem: PostkorbError) -> str:
    """What it is about, where the title does not say it all: of a server that is not reached its name only."""
    if isinstance(problem, ConnectionLost):
        return ""
    if isinstance(problem, HostUnknown | ConnectionFailed):
        return problem.cause.partition(": ")[0]
    return _RESPONSE_CODE.sub("", problem.told_cause)


def connect(
    store: Store,
    home: Home,
    draft: Mailbox,
    password: str,
    now: datetime,
    folders: Sequence[RemoteFolder] = (),
    plan: FolderPlan | None = None,
) -> Mailbox:
    """Keep a mailbox, with the folders made that are to be made; the background work syncs it as soon as it sees it.

    Raises what `add_account` raises, and when the mailbox is kept what went wrong with its folders.
    """
    usual = ready(store, draft, password)  # before anything is made on the server
    problem: PostkorbError | None = None
    if plan is not None and plan.made:
        try:
            secret = command_output(draft.password_command) if draft.password_command else password
            made = make_folders(usual, secret, named_for(plan.made))
            folders, plan, problem = made.listed, with_made(plan, made), made.problem
        except PostkorbError as error:  # the mailbox itself has been tried and worked
            problem = error
    if plan is not None:
        draft = replace(draft, fetch_days=plan.fetch_days)
    mailbox = add_account(store, Secrets(home), draft, password, now)
    if plan is not None:
        with store.write() as tx:
            listing.take_listing(tx, mailbox.id, folders)
            choose(tx, mailbox.id, plan)
    if problem is not None:
        raise problem
    return mailbox


def settings_of(store: Store, mailbox_id: int) -> tuple[Mailbox, list[FolderChoice]]:
    """A mailbox and its folders. Raises NotFound."""
    mailbox = mailboxes.mailbox_by_id(store.read, mailbox_id)
    if mailbox is None:
        raise AccountNotFound
    return mailbox, mailboxes.folder_choices(store.read, mailbox_id)


def reconnect(
    store: Store, home: Home, draft: Mailbox, password: str, clock: Callable[[], datetime]
) -> Mailbox:
    """Keep a mailbox in another way; the background work sees it. Raises what `change_account` raises."""
    return change_account(store, Secrets(home), draft, password, clock, patience=LET_GO_SECONDS)


def replan(
    store: Store, home: Home, mailbox_id: int, plan: FolderPlan, clock: Callable[[], datetime]
) -> None:
    """Keep other folders of a mailbox, and make those that are to be made. Raises what `change_and_make` raises."""
    change_and_make(store, mailbox_id, plan, Secrets(home).secret_of, clock, LET_GO_SECONDS)


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
