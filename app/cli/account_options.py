"""The options of `postkorb account`, and what its verbs share: how a password is asked for, how an account is printed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.language import _

if TYPE_CHECKING:
    from app.domain.mail.accounts import Mailbox
    from app.domain.mail.messages import Role

Name = Annotated[str, typer.Argument(metavar="NAME", help="The account's name.")]

_ADDRESS = typer.Option(metavar="ADDRESS", help="The e-mail address.")
_SOURCE = typer.Option(
    metavar="URL",
    help="Where mail comes from: imaps://user@host, imap://user@host (STARTTLS), imap+auto://user@host, "
    "maildir:///path.",
)
_OUTGOING = typer.Option(
    metavar="URL",
    help="Where mail is sent: smtps://user@host, smtp://user@host (STARTTLS), smtp+auto://user@host, "
    "sendmail:/usr/sbin/sendmail.",
)
_PASSWORD_COMMAND = typer.Option(
    metavar="COMMAND",
    help="A command that prints the password, such as `pass show mail`. "
    "Without it the password is asked for and kept in the keyring or in a file for you alone.",
)
_CA_FILE = typer.Option(metavar="FILE", help="Certificates (PEM) to trust beside the system's.")
_SIGNATURE = typer.Option(metavar="FILE", help="A text file with the signature.")
_DISPLAY_NAME = typer.Option(metavar="NAME", help="The name beside the address.")

Address = Annotated[str, _ADDRESS]
Source = Annotated[str, _SOURCE]
Outgoing = Annotated[str, _OUTGOING]
PasswordCommand = Annotated[str, _PASSWORD_COMMAND]
CaFile = Annotated[Path | None, _CA_FILE]
Signature = Annotated[Path | None, _SIGNATURE]
DisplayName = Annotated[str, _DISPLAY_NAME]
Senders = Annotated[
    list[str] | None,
    typer.Option(metavar="ADDRESS", help="A further address to write from; may be repeated."),
]
Since = Annotated[
    int | None, typer.Option(metavar="DAYS", help="Only fetch mail that is at most so many days old.")
]
OnlyFolders = Annotated[
    list[str] | None, typer.Option(metavar="FOLDER", help="Only sync this folder; may be repeated.")
]

FolderRoles = Annotated[
    list[str] | None,
    typer.Option(
        metavar="ROLE=FOLDER",
        help="What a folder is for: sent, drafts, junk, trash or archive, such as sent=Gesendet; without a folder no one is. "
        "May be repeated.",
    ),
]

# Where an option that is not given leaves what is set, and an empty one takes it away.
NewAddress = Annotated[str | None, _ADDRESS]
NewSource = Annotated[str | None, _SOURCE]
NewOutgoing = Annotated[str | None, _OUTGOING]
NewPasswordCommand = Annotated[str | None, _PASSWORD_COMMAND]
NewCaFile = Annotated[str | None, _CA_FILE]
NewSignature = Annotated[str | None, _SIGNATURE]
NewDisplayName = Annotated[str | None, _DISPLAY_NAME]
NewSince = Annotated[
    int | None,
    typer.Option(metavar="DAYS", min=0, help="Only fetch mail that is at most so many days old; 0: all."),
]
CreateFolder = Annotated[
    bool,
    typer.Option("--create-folder", help="Create on the server what --folder-role names and is not there."),
]


def ask_password(draft: Mailbox) -> str:
    """The password, from the person or from the first line of standard input."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    import getpass

    return getpass.getpass(_("Password for {name}: ").format(name=draft.address))


def text_of(file: Path) -> str:
    """Raises BadInput when it cannot be read."""
    from app.domain.errors import BadInput
    from app.domain.paths import expanded

    try:
        return expanded(file).read_text("utf-8").rstrip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise BadInput("{where}: {reason}", where=file, reason=reason) from error


def roles_of(given: list[str]) -> dict[Role, str]:
    """The folders that were given for roles, by role their names. Raises typer.BadParameter."""
    from app.domain.mail.messages import Role
    from app.domain.mail.roles import role_by_name

    roles: dict[Role, str] = {}
    for word in given:
        name, sign, folder = word.partition("=")
        known = {role.value: role for role in Role if role not in (Role.NONE, Role.INBOX, Role.ALL)}
        role = known.get(name.strip().casefold()) or role_by_name(name.strip())
        if not sign or role not in known.values():
            raise typer.BadParameter(
                _("“{word}” is not of the kind sent=Gesendet; the roles are {roles}").format(
                    word=word, roles=", ".join(known)
                ),
                param_hint="--folder-role",
            )
        roles[role] = folder.strip()
    return roles


def account_json(mailbox: Mailbox) -> dict[str, Any]:
    """An account as it was set up."""
    return {
        "name": mailbox.name,
        "address": mailbox.address,
        "source": mailbox.source,
        "outgoing": mailbox.outgoing,
        "password": mailbox.secret.value or None,
        "since_days": mailbox.fetch_days,
        "only_folders": list(mailbox.only_folders),
    }
