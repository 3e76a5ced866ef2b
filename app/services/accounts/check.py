"""Tries what an account needs, step by step, and says in plain words what works and what does not; stores nothing."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from app.domain.errors import PostkorbError
from app.domain.mail.accounts import Mailbox
from app.domain.mail.messages import RemoteFolder, Role
from app.domain.mail.roles import effect_of_lack, lacking, role_word
from app.language import _, ngettext
from app.mail.errors import FolderMissing, MailError
from app.mail.open import open_source
from app.mail.source import MailSource
from app.mail.urls import Kind, MailUrl, parse_url


class Part(StrEnum):
    """What is tried, in this order."""

    PASSWORD = "password"  # noqa: S105 - the word, not one
    SOURCE = "source"
    FOLDERS = "folders"
    OUTGOING = "outgoing"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was tried. `detail` is in the rep's language; `problem` is None when it works. `lacks`: what the mailbox
    has no folder for, which is no problem for what it has."""

    part: Part
    detail: str = ""
    problem: PostkorbError | None = None
    lacks: tuple[Role, ...] = ()

    @property
    def works(self) -> bool:
        return self.problem is None


class ProgramMissing(MailError):
    title = "The program for sending is not there"
    temporary = False


def lack_told(role: Role) -> str:
    """That there is no folder for this, and what follows, in the rep's language."""
    return _("no folder for {role}: {effect}").format(role=role_word(role), effect=effect_of_lack(role))


def check_account(
    mailbox: Mailbox, password: Callable[[], str], by_hand: Mapping[str, Role] | None = None
) -> Iterator[Step]:
    """Try an account, set up or still a draft; each step is handed out when it is done. May take a minute in all.

    `password` is asked once and may raise PostkorbError. `by_hand`: what a person said that folders are for, by their wire
    names. Nothing is changed on the servers.
    """
    try:
        secret = password()
    except PostkorbError as problem:
        yield Step(Part.PASSWORD, problem=problem)
        return
    if secret:
        yield Step(Part.PASSWORD, _("found"))
    ca_file = Path(mailbox.ca_file) if mailbox.ca_file else None
    yield from _check_source(mailbox, secret, ca_file, by_hand or {})
    if mailbox.outgoing:
        try:
            yield Step(Part.OUTGOING, _try_outgoing(parse_url(mailbox.outgoing), secret, ca_file))
        except PostkorbError as problem:
            yield Step(Part.OUTGOING, problem=problem)


def _check_source(
    mailbox: Mailbox, secret: str, ca_file: Path | None, by_hand: Mapping[str, Role]
) -> Iterator[Step]:
    part = Part.SOURCE
    try:
        source = open_source(mailbox.source, secret, ca_file)
        try:
            yield Step(part, f"{mailbox.source} ({_abilities(source)})")
            part = Part.FOLDERS
            folders = _with_roles(source.folders(), by_hand)
            lacks = lacking(folder.role for folder in folders if folder.selectable)
            yield Step(part, _folders_told(folders), _missing(mailbox, folders), lacks)
        finally:
            source.close()
    except PostkorbError as problem:
        yield Step(part, problem=problem)


def _abilities(source: MailSource) -> str:
    """The extensions that make syncing cheap."""
    offered = {
        "CONDSTORE": source.can_condstore,
        "QRESYNC": source.can_qresync,
        "IDLE": source.can_idle,
        "MOVE": source.can_move,
    }
    return ", ".join(name for name, can in offered.items() if can) or _("no extensions")


def _with_roles(folders: list[RemoteFolder], by_hand: Mapping[str, Role]) -> list[RemoteFolder]:
    """What was said by hand holds, and no other folder is for the same."""
    taken = set(by_hand.values())
    found = {folder.path: Role.NONE if folder.role in taken else folder.role for folder in folders} | dict(
        by_hand
    )
    return [replace(folder, role=found[folder.path]) for folder in folders]


def _folders_told(folders: list[RemoteFolder]) -> str:
    """How many folders there are, and which one is which."""
    many = [folder for folder in folders if folder.selectable]
    roles = [f"{role_word(folder.role)} = {folder.name}" for folder in many if folder.role is not Role.NONE]
    text = ngettext("{n} folder", "{n} folders", len(many)).format(n=len(many))
    return f"{text} ({', '.join(roles)})" if roles else text


def _missing(mailbox: Mailbox, folders: list[RemoteFolder]) -> PostkorbError | None:
    known = {folder.name for folder in folders if folder.selectable}
    missing = [name for name in mailbox.only_folders if name not in known]
    return FolderMissing(", ".join(missing)) if missing else None


def _try_outgoing(url: MailUrl, secret: str, ca_file: Path | None) -> str:
    """Connect and log in, or look whether the program is there; sends nothing. Raises MailError."""
    if url.kind is Kind.SMTP:
        asyncio.run(_try_smtp(url, secret, ca_file))
    elif url.kind is Kind.SENDMAIL and not os.access(str(url.path), os.X_OK):
        raise ProgramMissing(str(url.path))
    return str(url)


async def _try_smtp(url: MailUrl, secret: str, ca_file: Path | None) -> None:
    from app.mail.smtp_connection import Timeouts, open_connection

    client = await open_connection(url, secret or None, ca_file, Timeouts(command=30))
    client.close()
