"""`postkorb account change`: what is given is changed, all else stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.account_options import (
    CreateFolder,
    FolderRoles,
    Name,
    NewAddress,
    NewCaFile,
    NewDisplayName,
    NewOutgoing,
    NewPasswordCommand,
    NewSignature,
    NewSince,
    NewSource,
    OnlyFolders,
    Senders,
    account_json,
    ask_password,
    roles_of,
    text_of,
)
from app.cli.front import Front, front_of
from app.cli.options import Json
from app.cli.output import print_json, say
from app.cli.parser import Verb
from app.language import _

if TYPE_CHECKING:
    from app.domain.mail.accounts import Mailbox
    from app.domain.mail.messages import Role

_LET_GO_SECONDS = 30.0  # how long the open app may take to let go of an account that moves to another server


def register(app: typer.Typer) -> None:
    """Add the verb to `postkorb account`."""
    app.command(cls=Verb)(change)


def change(
    ctx: typer.Context,
    name: Name,
    rename: Annotated[str | None, typer.Option(metavar="NAME", help="Another name.")] = None,
    address: NewAddress = None,
    source: NewSource = None,
    outgoing: NewOutgoing = None,
    password_command: NewPasswordCommand = None,
    ask: Annotated[bool, typer.Option("--ask-password", help="Ask for the password anew.")] = False,
    ca_file: NewCaFile = None,
    signature: NewSignature = None,
    display_name: NewDisplayName = None,
    sender: Senders = None,
    since: NewSince = None,
    folder: OnlyFolders = None,
    folder_role: FolderRoles = None,
    create_folder: CreateFolder = False,
    as_json: Json = False,
) -> None:
    """Change an account; what is not given stays, "" takes away what is set. Mails and links stay."""
    from app.services.accounts.accounts import account_named
    from app.services.accounts.change import change_account

    front = front_of(ctx)
    roles = roles_of(folder_role or [])
    if create_folder and not any(roles.values()):
        raise typer.BadParameter(_("--folder-role says which one"), param_hint="--create-folder")
    given = {
        "name": rename,
        "address": address,
        "source": source,
        "outgoing": outgoing,
        "password_command": "" if ask and password_command is None else password_command,
        "ca_file": ca_file,
        "signature": signature,
        "display_name": display_name,
        "senders": sender,
        "only_folders": folder,
        "fetch_days": since,
    }
    wanted = _with(account_named(front.store, name), given)
    password = ask_password(wanted) if _needs_another(wanted, ask=ask) else ""
    changed = change_account(
        front.store, front.secrets, wanted, password, front.now, patience=_LET_GO_SECONDS
    )
    if not as_json:
        say(_("Account {name} is changed.").format(name=changed.name))
    if roles:
        _set_roles(front, changed, roles, create=create_folder)
    if as_json:
        print_json(account_json(changed))
    else:
        say(_("Next: postkorb account test {name}, then postkorb sync").format(name=changed.name))


def _with(before: Mailbox, given: Mapping[str, object]) -> Mailbox:
    """The account with what was given on the command line, each as it is kept. Raises BadInput for a file that is not there."""
    from app.domain.paths import expanded

    kept: dict[str, Callable[[Any], object]] = {
        "ca_file": lambda path: str(expanded(Path(path)).absolute()) if path else "",
        "signature": lambda path: text_of(Path(path)) if path else "",
        "senders": lambda many: tuple(filter(None, many)),
        "only_folders": lambda many: tuple(filter(None, many)),
        "fetch_days": lambda days: days or None,
    }
    changed = {key: kept.get(key, str)(value) for key, value in given.items() if value is not None}
    return replace(before, **changed)  # type: ignore[arg-type]


def _set_roles(front: Front, mailbox: Mailbox, roles: dict[Role, str], *, create: bool) -> None:
    from app.services.accounts.folders import set_roles

    store, secret_of = front.store, front.secrets.secret_of
    set_roles(store, mailbox, roles, secret_of, front.now, create=create, patience=_LET_GO_SECONDS)


def _needs_another(wanted: Mailbox, *, ask: bool) -> bool:
    """Whether a password must be typed: where there is a command none is, and one that is kept serves on unless `ask`."""
    from app.services.accounts.accounts import needs_password

    if wanted.password_command:
        return False
    return ask or (needs_password(wanted) and not wanted.keeps_password)
