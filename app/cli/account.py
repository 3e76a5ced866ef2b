"""`postkorb account`: set up mail accounts, list them, try them, take them away."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli import account_change
from app.cli.account_options import (
    Address,
    CaFile,
    DisplayName,
    Name,
    OnlyFolders,
    Outgoing,
    PasswordCommand,
    Senders,
    Signature,
    Since,
    Source,
    account_json,
    ask_password,
    text_of,
)
from app.cli.front import front_of
from app.cli.options import Json
from app.cli.output import Column, print_json, print_table, say, sentence, spoken, write_line
from app.cli.parser import Verb, verbs
from app.domain.due import format_day
from app.domain.moments import iso_seconds
from app.language import _

if TYPE_CHECKING:
    from app.services.accounts.accounts import AccountRow
    from app.services.accounts.check import Step

_LET_GO_SECONDS = 30.0  # how long the open app may take to let go of an account that is removed

app = verbs("Mail accounts: set up, change, list, try, remove.")


@app.command(cls=Verb)
def add(
    ctx: typer.Context,
    name: Name,
    address: Address,
    source: Source,
    outgoing: Outgoing = "",
    password_command: PasswordCommand = "",
    ca_file: CaFile = None,
    signature: Signature = None,
    display_name: DisplayName = "",
    sender: Senders = None,
    since: Since = None,
    folder: OnlyFolders = None,
    as_json: Json = False,
) -> None:
    """Set up an account."""
    from app.domain.mail.accounts import Mailbox
    from app.domain.paths import expanded
    from app.services.accounts.accounts import add_account, checked, needs_password

    front = front_of(ctx)
    draft = checked(
        Mailbox(
            name=name,
            address=address,
            source=source,
            outgoing=outgoing,
            display_name=display_name,
            senders=tuple(sender or ()),
            password_command=password_command,
            ca_file=str(expanded(ca_file).absolute()) if ca_file else "",
            signature=text_of(signature) if signature else "",
            fetch_days=since,
            only_folders=tuple(folder or ()),
        )
    )
    password = "" if password_command or not needs_password(draft) else ask_password(draft)
    added = add_account(front.store, front.secrets, draft, password, front.now())
    if as_json:
        print_json(account_json(added))
    else:
        say(_("Account {name} is set up.").format(name=name))
        say(_("Next: postkorb account test {name}, then postkorb sync").format(name=name))


@app.command("test", cls=Verb)
def try_(ctx: typer.Context, name: Name, as_json: Json = False) -> None:
    """Try an account: password, servers, folders. Nothing is changed there."""
    from app.services.accounts.accounts import account_named
    from app.services.accounts.check import check_account, lack_told
    from app.services.accounts.folders import how_to_make, roles_by_hand

    front = front_of(ctx)
    mailbox = account_named(front.store, name)
    by_hand = roles_by_hand(front.store.read, mailbox.id)
    steps = []
    with spoken(as_json):
        for step in check_account(mailbox, lambda: front.secrets.secret_of(mailbox), by_hand):
            steps.append(step)
            if not as_json:
                write_line(_told(step))
                for role in step.lacks:
                    write_line(f"{_('to do'):<6} {_part(step)}: {lack_told(role)}")
                    write_line(f"       -> {how_to_make(mailbox, role)}")
    if as_json:
        print_json({"name": name, "ok": all(step.works for step in steps), "steps": list(map(_step, steps))})
    if not all(step.works for step in steps):
        raise typer.Exit(1)


@app.command(cls=Verb)
def remove(
    ctx: typer.Context,
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    drop_unsent: Annotated[
        bool,
        typer.Option(
            "--drop-unsent", help="Throw away drafts, mails not sent and changes not carried out yet."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Take an account away from this machine. The mail on its server stays."""
    from app.services.accounts.accounts import account_row
    from app.services.accounts.removal import refuse_unsent, remove_account

    front = front_of(ctx)
    row = account_row(front.store, name)
    if not drop_unsent:
        refuse_unsent(front.store.read, row.mailbox.id)
    if not yes:
        _confirm(row)
    removed = remove_account(
        front.store,
        front.secrets,
        row.mailbox,
        front.now,
        drop_unsent=drop_unsent,
        patience=_LET_GO_SECONDS,
    )
    if as_json:
        print_json({"name": name, "removed": removed.gone, "kept": removed.kept})
    else:
        text = _("Account {name} is removed; {gone} mails went, {kept} stay because of what hangs on them.")
        say(text.format(name=name, gone=removed.gone, kept=removed.kept))


@app.command("list", cls=Verb)
def list_(ctx: typer.Context, as_json: Json = False) -> None:
    """List the accounts."""
    from app.services.accounts.accounts import accounts

    rows = accounts(front_of(ctx).store)
    if as_json:
        print_json([_account_row(row) for row in rows])
    elif rows:
        columns = (
            Column(_("Name"), 14),
            Column(_("Mails"), 8, right=True),
            Column(_("Unread"), 9, right=True),
            Column(_("Synced"), 16),
            Column(_("Address and source"), 0),
        )
        print_table(columns, map(_cells, rows))
    else:
        say(_("There is no account yet. postkorb account add sets one up."))


def _cells(row: AccountRow) -> tuple[str, ...]:
    mailbox = row.mailbox
    synced = "–"
    if mailbox.synced_at is not None:
        at = datetime.fromtimestamp(mailbox.synced_at, UTC).astimezone()
        synced = f"{format_day(at)} {at:%H:%M}"
    return mailbox.name, str(row.total), str(row.unread), synced, f"{mailbox.address}  {mailbox.source}"


def _account_row(row: AccountRow) -> dict[str, Any]:
    return account_json(row.mailbox) | {
        "folders": row.folders,
        "mails": row.total,
        "unread": row.unread,
        "unprocessed": row.unprocessed,
        "waiting": row.waiting,
        "synced_at": iso_seconds(row.mailbox.synced_at),
        "error": row.mailbox.sync_error or None,
    }


def _part(step: Step) -> str:
    return {
        "password": _("Password"),
        "source": _("Incoming mail"),
        "folders": _("Folders"),
        "outgoing": _("Outgoing mail"),
    }[step.part.value]


def _told(step: Step) -> str:
    """The step as a line: what, whether it works, and what there is to know."""
    works = _("ok") if step.problem is None else _("WRONG")
    text = step.detail if step.problem is None else sentence(step.problem)
    return f"{works:<6} {_part(step)}: {text}"


def _step(step: Step) -> dict[str, Any]:
    problem = step.problem
    return {
        "part": step.part.value,
        "ok": step.works,
        "detail": step.detail,
        "lacks": [role.value for role in step.lacks],
        "problem": str(problem) if problem else None,
        "next_step": (problem.next_step or None) if problem else None,
    }


def _confirm(row: AccountRow) -> None:
    """Say what goes, and ask. Raises typer.Abort, and typer.BadParameter where nobody can be asked."""
    if not sys.stdin.isatty():
        raise typer.BadParameter(_("nobody can be asked here; give --yes"))
    text = _(
        "{total} mails in {folders} folders leave this machine; those with links, comments or marks stay."
    )
    say(text.format(total=row.total, folders=row.folders))
    if row.waiting:
        say(
            _("{n} changes, drafts and mails have not reached the server yet and are lost.").format(
                n=row.waiting
            )
        )
    say(_("Remove account {name}? Type “yes” to do it:").format(name=row.mailbox.name))
    if sys.stdin.readline().strip().casefold() not in ("yes", "y", _("yes"), _("y")):
        raise typer.Abort


account_change.register(app)
