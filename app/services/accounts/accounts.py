"""Mail accounts: set up, list, take away; whether their servers answer is tried in `check`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from app.domain.errors import AccountNotFound, BadInput, Refused
from app.domain.mail.accounts import Mailbox, SecretPlace, name_problem
from app.domain.mail.addresses import is_address, parse_addresses
from app.mail.urls import Kind, MailUrl, parse_url
from app.services.accounts.secrets import Secrets
from app.store.database import Store
from app.store.mail import mailboxes as rows

#: A century; what is older than that was not mailed.
MOST_DAYS = 36_500


class AccountExists(Refused):
    title = "There is already an account with this name"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account with what is in it. `waiting`: changes and mails that have not reached the server yet."""

    mailbox: Mailbox
    folders: int
    total: int
    unread: int
    unprocessed: int
    waiting: int


def checked(draft: Mailbox) -> Mailbox:
    """The draft with its addresses spelled the usual way. Raises BadInput and `app.mail.errors.BadUrl`."""
    if problem := name_problem(draft.name):
        raise BadInput(problem)
    senders = [address for line in draft.senders for address in parse_addresses(line)]
    for address in (draft.address, *(sender.address for sender in senders)):
        if not is_address(address):
            raise BadInput("{address} is no e-mail address", address=address)
    source = _with_user(parse_url(draft.source), draft.address)
    if source.kind not in (Kind.IMAP, Kind.MAILDIR):
        raise BadInput(
            "mail cannot be read from {kind}; a source is imaps://, imap:// or maildir://", kind=source.kind
        )
    if source.path is not None and not source.path.is_dir():
        raise BadInput("there is no folder {file}", file=source.path)
    if draft.outgoing and parse_url(draft.outgoing).kind is Kind.IMAP:
        raise BadInput(
            "mail cannot be sent over imap; outgoing is smtps://, smtp://, sendmail: or maildir://"
        )
    if draft.ca_file and not Path(draft.ca_file).is_file():
        raise BadInput("there is no file {file}", file=draft.ca_file)
    if draft.fetch_days is not None and draft.fetch_days < 1:
        raise BadInput("the number of days must be at least 1")
    if draft.fetch_days is not None and draft.fetch_days > MOST_DAYS:
        raise BadInput("the number of days must be at most {n}", n=MOST_DAYS)
    outgoing = str(parse_url(draft.outgoing)) if draft.outgoing else ""
    return replace(draft, source=str(source), outgoing=outgoing)


def needs_password(draft: Mailbox) -> bool:
    """Whether one of its servers asks for a password. Raises `app.mail.errors.BadUrl`."""
    outgoing = parse_url(draft.outgoing) if draft.outgoing else None
    return parse_url(draft.source).kind is Kind.IMAP or (
        outgoing is not None and outgoing.kind is Kind.SMTP and bool(outgoing.user)
    )


def ready(store: Store, draft: Mailbox, password: str) -> Mailbox:
    """The draft as it can be kept with this password. Raises BadInput, AccountExists and `app.mail.errors.BadUrl`."""
    mailbox = checked(draft)
    refuse_name_of_another(store, mailbox)
    if not password and not mailbox.password_command and needs_password(mailbox):
        raise BadInput("this account needs a password or a password command")
    return mailbox


def add_account(store: Store, secrets: Secrets, draft: Mailbox, password: str, now: datetime) -> Mailbox:
    """Set up an account; the password goes to the keyring or a file, unless the draft has a password command.

    Raises BadInput, AccountExists, `app.mail.errors.BadUrl` and OSError.
    """
    mailbox = replace(ready(store, draft, password), created_at=int(now.timestamp()))
    place = SecretPlace.NONE
    if mailbox.password_command:
        place = SecretPlace.COMMAND
    elif password:
        place = secrets.keep(mailbox.name, password)
    with store.write() as tx:
        rows.add_mailbox(tx, replace(mailbox, secret=place))
    return account_named(store, mailbox.name)


def refuse_name_of_another(store: Store, draft: Mailbox) -> None:
    """Raises AccountExists when another account has the name of this one."""
    named = rows.mailbox_named(store.read, draft.name)
    if named is not None and named.id != draft.id:
        raise AccountExists(draft.name)


def account_named(store: Store, name: str) -> Mailbox:
    """Raises NotFound."""
    mailbox = rows.mailbox_named(store.read, name)
    if mailbox is None:
        raise AccountNotFound(name)
    return mailbox


def accounts(store: Store) -> list[AccountRow]:
    """Every account in the rep's order."""
    counts = rows.contents(store.read)
    return [
        AccountRow(mailbox, *counts.get(mailbox.id, (0, 0, 0, 0, 0)))
        for mailbox in rows.mailboxes(store.read)
    ]


def account_row(store: Store, name: str) -> AccountRow:
    """One account with what is in it. Raises NotFound."""
    row = next((row for row in accounts(store) if row.mailbox.name == name), None)
    if row is None:
        raise AccountNotFound(name)
    return row


def _with_user(url: MailUrl, address: str) -> MailUrl:
    """An IMAP login is the address unless the URL names another."""
    return replace(url, user=address) if url.kind is Kind.IMAP and not url.user else url
