"""The folders of a mailbox: which are synced and what each is for; makes those that the server lacks, while the person waits."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from app.domain.errors import AccountNotFound, BadInput, PostkorbError
from app.domain.mail.accounts import FolderChoice, Mailbox
from app.domain.mail.messages import RemoteFolder, Role
from app.domain.mail.roles import role_word
from app.language import _
from app.mail.errors import CommandRefused, FolderMissing
from app.mail.open import open_source
from app.mail.source import MailSource
from app.services.accounts.alone import alone_with
from app.store.connection import Connection
from app.store.database import Store
from app.store.mail import mailboxes
from app.store.mail.processed import refresh_folder
from app.store.sync import listing, sync_state


class FolderNotMade(PostkorbError):
    """`refused`: why, by the names of all that could not be made."""

    title = "The folder could not be created on the server"
    refused: Mapping[str, PostkorbError] = {}

    @classmethod
    def of(cls, refused: Mapping[str, PostkorbError]) -> FolderNotMade:
        error = cls("; ".join(f"{name}: {why.cause}" for name, why in refused.items()))
        error.refused = refused
        return error

    @property
    def told_cause(self) -> str:
        return "; ".join(f"{name}: {why.told_cause}" for name, why in self.refused.items())


class FolderNotThere(FolderMissing):
    next_step = "`--create-folder` creates it."


@dataclass(frozen=True, slots=True)
class FolderPlan:
    """What a rep chose for the folders of a mailbox, by their wire names. `roles`: those set by hand just now. `made`: what
    there is no folder for, and one is to be made for on the server."""

    chosen: frozenset[str]
    roles: Mapping[str, Role] = field(default_factory=dict)
    fetch_days: int | None = None
    made: tuple[Role, ...] = ()


@dataclass(frozen=True, slots=True)
class Made:
    """What became of folders that were to be made: all that the server lists now, the roles of the new ones by their wire
    names, and what went wrong."""

    listed: Sequence[RemoteFolder]
    roles: Mapping[str, Role]
    problem: PostkorbError | None = None


def default_choice(folders: Sequence[RemoteFolder]) -> list[FolderChoice]:
    """The folders of a server as they are chosen at first: all but a view of all mail."""
    return [
        FolderChoice(0, f.path, f.name, f.role, False, f.selectable, f.role is not Role.ALL) for f in folders
    ]


def make_folders(draft: Mailbox, password: str, wanted: Mapping[Role, str], *, create: bool = True) -> Made:
    """Find folders on the server, by role their decoded names, and `create` those that are not there. Raises MailError when
    the server does not answer. May take a minute."""
    source = open_source(draft.source, password, Path(draft.ca_file) if draft.ca_file else None)
    try:
        return _make(source, wanted, create=create)
    finally:
        source.close()


def _make(source: MailSource, wanted: Mapping[Role, str], *, create: bool) -> Made:
    there = {folder.name: folder.path for folder in source.folders() if folder.selectable}
    roles: dict[str, Role] = {}
    refused: dict[str, PostkorbError] = {}
    missing = []
    for role, name in wanted.items():
        try:
            if name in there:
                roles[there[name]] = role
            elif create:
                roles[source.create_folder(name)] = role
            else:
                missing.append(name)
        except (CommandRefused, BadInput) as why:
            refused[name] = why
    problem = (
        FolderNotMade.of(refused) if refused else FolderNotThere(", ".join(missing)) if missing else None
    )
    return Made(source.folders(), roles, problem)


def named_for(roles: Sequence[Role]) -> dict[Role, str]:
    """The names of folders that are made: the word for their role, which every mail program knows."""
    return {role: role_word(role) for role in roles}


def with_made(plan: FolderPlan, made: Made) -> FolderPlan:
    """The plan with the folders that were made for it."""
    return replace(plan, chosen=plan.chosen | made.roles.keys(), roles={**plan.roles, **made.roles}, made=())


def change_folders(store: Store, mailbox_id: int, plan: FolderPlan, now: datetime) -> None:
    """Sync other folders of a mailbox, or from another day on, and keep the roles set by hand; what the plan wants made is
    not made. Raises NotFound."""
    with store.write() as tx:
        _keep(tx, _mailbox(tx, mailbox_id), plan, now)


def change_and_make(
    store: Store,
    mailbox_id: int,
    plan: FolderPlan,
    password: Callable[[Mailbox], str],
    clock: Callable[[], datetime],
    patience: float = 0.0,
) -> None:
    """The same, and make the folders that are to be made. Nobody else works on the mailbox meanwhile; `patience`: seconds
    that others may take to let go of it. A pass that had listed the folders before would take the new ones away again.

    Raises NotFound; FolderNotMade when all else is done; before anything is done MailError when the server does not answer,
    SecretUnavailable, and Refused while others sync the mailbox.
    """
    mailbox = _mailbox(store.read, mailbox_id)
    with alone_with(store, mailbox_id, clock, patience) as make_sure:
        made = make_folders(mailbox, password(mailbox), named_for(plan.made))
        make_sure()
        with store.write() as tx:
            _take_in(tx, mailbox, made)
            _keep(tx, mailbox, with_made(plan, made), clock())
    if made.problem is not None:
        raise made.problem


def _mailbox(read: Connection, mailbox_id: int) -> Mailbox:
    mailbox = mailboxes.mailbox_by_id(read, mailbox_id)
    if mailbox is None:
        raise AccountNotFound
    return mailbox


def set_roles(
    store: Store,
    mailbox: Mailbox,
    wanted: Mapping[Role, str],
    password: Callable[[Mailbox], str],
    clock: Callable[[], datetime],
    *,
    create: bool,
    patience: float = 0.0,
) -> None:
    """Say what folders are for, by role their names; an empty name: no folder is for that. The server is asked only about
    folders that are not known here. `create`: those that it lacks are made.

    Raises FolderMissing when a folder is not there, and what `change_and_make` raises.
    """
    known = mailboxes.folder_choices(store.read, mailbox.id)
    paths = {folder.name: folder.path for folder in known if folder.selectable}
    named = {role: name for role, name in wanted.items() if name}
    free = [role for role, name in wanted.items() if not name]
    if paths.keys() >= set(named.values()):
        with store.write() as tx:
            _set_roles(tx, mailbox.id, {paths[name]: role for role, name in named.items()}, free)
        return
    with alone_with(store, mailbox.id, clock, patience) as make_sure:
        made = make_folders(mailbox, password(mailbox), named, create=create)
        make_sure()
        with store.write() as tx:
            _take_in(tx, mailbox, made)
            _set_roles(tx, mailbox.id, made.roles, free)
            mailboxes.want_sync_of(tx, mailbox.id, int(clock().timestamp()))
    if made.problem is not None:
        raise made.problem


def _take_in(tx: Connection, mailbox: Mailbox, made: Made) -> None:
    """Add the folders that were made or found, beside those that are known. What else the server lists, or lists no more, is
    for the next pass: it tells a folder that got another name from one that went."""
    known = {
        choice.path: RemoteFolder(choice.path, choice.name, choice.role, choice.selectable)
        for choice in mailboxes.folder_choices(tx, mailbox.id)
    }
    named = {folder.path: folder for folder in made.listed if folder.path in made.roles}
    listing.take_listing(tx, mailbox.id, list((known | named).values()), mailbox.only_folders)


def how_to_make(mailbox: Mailbox, role: Role) -> str:
    """How a person gets a folder that is lacking, in their language."""
    option = f"--folder-role {role.value}={role_word(role)} --create-folder"
    text = _("postkorb account change {name} {option} creates one; in the app: g s, then e.")
    return text.format(name=shlex.quote(mailbox.name), option=option)


def roles_by_hand(read: Connection, mailbox_id: int) -> dict[str, Role]:
    """By wire name what a person said that a folder is for."""
    return {
        folder.path: folder.role for folder in mailboxes.folder_choices(read, mailbox_id) if folder.by_hand
    }


def choose(tx: Connection, mailbox_id: int, plan: FolderPlan) -> None:
    """Sync the folders that were chosen, and keep the roles that were set by hand."""
    choices = mailboxes.folder_choices(tx, mailbox_id)
    mailboxes.choose_folders(tx, mailbox_id, [choice.id for choice in choices if choice.path in plan.chosen])
    _set_roles(tx, mailbox_id, plan.roles)


def _keep(tx: Connection, mailbox: Mailbox, plan: FolderPlan, now: datetime) -> None:
    choose(tx, mailbox.id, plan)
    if mailbox.fetch_days != plan.fetch_days:
        mailboxes.change_mailbox(tx, replace(mailbox, fetch_days=plan.fetch_days))
        sync_state.fetch_again(tx, mailbox.id)
    mailboxes.want_sync_of(tx, mailbox.id, int(now.timestamp()))


def _set_roles(tx: Connection, mailbox_id: int, roles: Mapping[str, Role], free: Sequence[Role] = ()) -> None:
    """Keep what folders are for, by their wire names; no folder is for what is to be `free`."""
    choices = mailboxes.folder_choices(tx, mailbox_id)
    wanted = {choice.id: Role.NONE for choice in choices if choice.role in free}
    wanted |= {choice.id: roles[choice.path] for choice in choices if choice.path in roles}
    for choice in choices:
        if choice.id in wanted and choice.role is not wanted[choice.id]:
            mailboxes.set_role(tx, choice.id, wanted[choice.id])
    if wanted:
        for choice in choices:
            refresh_folder(tx, choice.id)
