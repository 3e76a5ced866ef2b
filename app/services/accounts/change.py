"""Changes an account: name, addresses, servers, password, what is fetched. Its mails, links and folders stay."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from app.domain.errors import AccountNotFound, BadInput
from app.domain.mail.accounts import Mailbox, SecretPlace
from app.domain.mail.messages import Role
from app.mail.urls import parse_url
from app.services.accounts.accounts import checked, needs_password, refuse_name_of_another
from app.services.accounts.alone import alone_with
from app.services.accounts.secrets import Secrets
from app.store.connection import Connection
from app.store.database import Store
from app.store.mail import mailboxes as rows
from app.store.sync import sync_state


def change_account(
    store: Store,
    secrets: Secrets,
    wanted: Mailbox,
    password: str,
    clock: Callable[[], datetime],
    *,
    patience: float = 0.0,
) -> Mailbox:
    """Keep `wanted` instead of the account with its id. `password`: empty leaves the one that is kept.

    When mail comes from another server or login than before, no UID is believed any more: as after a change of UIDVALIDITY the
    next sync compares all mail by its contents. `patience`: seconds that the background work may take to let go of it then.

    Raises NotFound, BadInput, AccountExists, `app.mail.errors.BadUrl`, Refused while another process syncs the account,
    SecretUnavailable and OSError.
    """
    before = rows.mailbox_by_id(store.read, wanted.id)
    if before is None:
        raise AccountNotFound(wanted.name)
    wanted = checked(wanted)
    refuse_name_of_another(store, wanted)
    wanted = replace(wanted, secret=_keep_password(secrets, before, wanted, password))
    if _place(before) == _place(wanted):
        with store.write() as tx:
            _change(tx, before, wanted)
    else:
        with alone_with(store, wanted.id, clock, patience), store.write() as tx:
            for folder in rows.folder_choices(tx, wanted.id):
                sync_state.distrust_uids(tx, folder.id)
            _change(tx, before, wanted)
    if before.keeps_password and (before.name, before.secret) != (wanted.name, wanted.secret):
        secrets.forget(before)
    return wanted


def _place(mailbox: Mailbox) -> tuple[object, ...]:
    """Where mail comes from: how the connection is protected makes no difference."""
    url = parse_url(mailbox.source)
    return url.kind, url.host, url.port if url.port_given else 0, url.user, url.path


def _keep_password(secrets: Secrets, before: Mailbox, wanted: Mailbox, password: str) -> SecretPlace:
    if wanted.password_command:
        return SecretPlace.COMMAND
    if password:
        return secrets.keep(wanted.name, password)
    if not needs_password(wanted):
        return SecretPlace.NONE
    if not before.keeps_password:
        raise BadInput("this account needs a password or a password command")
    if before.name != wanted.name:
        return secrets.keep(wanted.name, secrets.secret_of(before))
    return before.secret


def _change(tx: Connection, before: Mailbox, wanted: Mailbox) -> None:
    rows.change_mailbox(tx, wanted)
    if before.fetch_days != wanted.fetch_days:
        sync_state.fetch_again(tx, wanted.id)
    if before.only_folders != wanted.only_folders:
        names = frozenset(wanted.only_folders)
        chosen = [
            folder.id
            for folder in rows.folder_choices(tx, wanted.id)
            if (folder.name in names if names else folder.role is not Role.ALL)
        ]
        rows.choose_folders(tx, wanted.id, chosen)
