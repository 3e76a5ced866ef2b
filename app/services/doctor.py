"""Looks over an installation: configuration, database, secrets, accounts; says what is right, what is not, what to do."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import StrEnum
from functools import partial
from pathlib import Path

from app.commands.key_map import KeyMap
from app.domain.errors import PostkorbError, told_again
from app.domain.mail.accounts import SecretPlace
from app.domain.team.members import NotAMember
from app.domain.team.membership import role_words
from app.language import _
from app.services.accounts.check import Part, check_account, lack_told
from app.services.accounts.folders import how_to_make, roles_by_hand
from app.services.accounts.secrets import Secrets
from app.services.configuration import SettingsUnusable
from app.services.opening import open_store, settings_of, without_password
from app.settings import Home, Settings
from app.store.database import Store
from app.store.mail.mailboxes import mailboxes
from app.store.schema import HEAD
from app.store.team.members import has_admin, member

LITTLE_SPACE = 500_000_000  # bytes


class Area(StrEnum):
    CONFIGURATION = "configuration"
    DATABASE = "database"
    SECRETS = "secrets"
    ACCOUNT = "account"
    TEAM = "team"
    TERMINAL = "terminal"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `text` is in the rep's language, `advice` too and empty when nothing is to do; what
    is right and has an advice is not wrong, but lacks something."""

    area: Area
    right: bool
    text: str
    advice: str = ""


def examine(home: Home, login: str) -> Iterator[Finding]:
    """Look at everything that needs no terminal, one finding after the other. Servers may take a minute each. `login`: of
    who is at the keyboard."""
    yield from _configuration(home)
    try:
        settings = settings_of(home)
    except SettingsUnusable:
        return
    yield from _database(home, settings, login)
    yield from _secrets(home)


def _configuration(home: Home) -> Iterator[Finding]:
    file = home.config_file
    try:
        settings = settings_of(home)
    except SettingsUnusable as error:
        yield _wrong(Area.CONFIGURATION, error.told_cause, _("Correct it there."))
        return
    if not file.exists():
        yield Finding(
            Area.CONFIGURATION, True, _("{file}: none, everything is as by default").format(file=file)
        )
        return
    given = tomllib.loads(file.read_text("utf-8"))
    for problem in KeyMap(settings.keys).problems:
        yield _wrong(Area.CONFIGURATION, f"{file}: {problem}", _("Correct the file."))
    known = [setting.name for setting in fields(Settings)]
    unknown = sorted(set(given) - set(known))
    if unknown:
        yield _wrong(
            Area.CONFIGURATION,
            _("{file}: unknown settings: {names}").format(file=file, names=", ".join(unknown)),
            _("Known ones are: {names}").format(names=", ".join(known)),
        )
    else:
        yield Finding(Area.CONFIGURATION, True, str(file))


def _database(home: Home, settings: Settings, login: str) -> Iterator[Finding]:
    path = home.database
    if not settings.database_url:
        if not path.exists():
            yield Finding(
                Area.DATABASE, True, _("{file}: none yet, the first use makes it").format(file=path)
            )
            yield _no_account()
            return
        yield _private(Area.DATABASE, path)
        yield _space(path)
    try:
        store = open_store(home, settings)
    except PostkorbError as error:
        yield _problem(Area.DATABASE, error)
        return
    try:
        yield _schema(store)
        yield _team(store, login)
        yield from _accounts(home, store)
    finally:
        store.close()


def _schema(store: Store) -> Finding:
    where = without_password(store.target)
    if store.dialect == "sqlite":
        try:
            found = store.read.rows("PRAGMA quick_check(5)")
        except sqlite3.Error as error:
            found = [(str(error),)]
        if found != [("ok",)]:
            said = "; ".join(str(row[0]) for row in found)
            advice = _(
                "Restore a backup, or delete the file: mail is fetched again, links and comments are lost."
            )
            return _wrong(Area.DATABASE, _("{file} is damaged: {said}").format(file=where, said=said), advice)
    mails = store.read.value("SELECT count(*) FROM message")
    text = _("{file}: whole, schema {schema}, {mails} mails").format(file=where, schema=HEAD, mails=mails)
    return Finding(Area.DATABASE, True, text)


def _team(store: Store, login: str) -> Finding:
    """Who is at the keyboard, and in which role."""
    if not login:
        return _wrong(Area.TEAM, _("This user has no login name."), _("An admin works for you with --as."))
    if not has_admin(store.read):
        text = _("There is no admin yet; the first who changes something, such as {login}, becomes one.")
        return Finding(Area.TEAM, True, text.format(login=login))
    found = member(store.read, login)
    if found is None:
        return _wrong(Area.TEAM, _("{login} is not in the team").format(login=login), _(NotAMember.next_step))
    who = f"{found.name} ({found.login}), {role_words()[found.role]}"
    if not found.active:
        advice = _("An admin takes you in again: postkorb member activate {login}").format(login=login)
        return _wrong(Area.TEAM, _("{who}: no longer active").format(who=who), advice)
    return Finding(Area.TEAM, True, who)


def _space(path: Path) -> Finding:
    used = sum(file.stat().st_size for file in path.parent.glob(f"{path.name}*"))
    free = shutil.disk_usage(path.parent).free
    text = _("{used} MB used, {free} MB free").format(used=used // 1_000_000, free=free // 1_000_000)
    if free < LITTLE_SPACE:
        return _wrong(Area.DATABASE, text, _("Make room on this disk; without it no mail can be stored."))
    return Finding(Area.DATABASE, True, text)


def _accounts(home: Home, store: Store) -> Iterator[Finding]:
    """Try every account the way `account test` does."""
    secrets = Secrets(home)
    found = mailboxes(store.read)
    if not found:
        yield _no_account()
    for mailbox in found:
        by_hand = roles_by_hand(store.read, mailbox.id)
        for step in check_account(mailbox, partial(secrets.secret_of, mailbox), by_hand):
            if step.problem is not None:
                problem = _problem(Area.ACCOUNT, step.problem)
                yield _wrong(Area.ACCOUNT, f"{mailbox.name}: {problem.text}", problem.advice)
            elif step.part is not Part.PASSWORD:
                yield Finding(Area.ACCOUNT, True, f"{mailbox.name}: {step.detail}")
            for role in step.lacks:
                yield Finding(
                    Area.ACCOUNT, True, f"{mailbox.name}: {lack_told(role)}", how_to_make(mailbox, role)
                )
        if mailbox.sync_error:
            text = _("{name}: the last sync failed: {error}").format(
                name=mailbox.name, error=told_again(mailbox.sync_error)
            )
            yield _wrong(Area.ACCOUNT, text, _("Try again with postkorb sync."))
        if mailbox.secret is SecretPlace.FILE:
            yield _private(Area.SECRETS, secrets.file_of(mailbox.name))


def _no_account() -> Finding:
    advice = _("postkorb account add sets one up, as do the keys g a in the app.")
    return Finding(Area.ACCOUNT, True, _("No mailbox is set up."), advice)


def _secrets(home: Home) -> Iterator[Finding]:
    """The folder of the files; the files themselves are looked at with their accounts."""
    if home.secrets.exists():
        yield _private(Area.SECRETS, home.secrets)


def _private(area: Area, path: Path) -> Finding:
    try:
        about = path.stat()
    except OSError as error:
        return _wrong(area, f"{path}: {error.strerror}", _("Set the account up again."))
    if about.st_mode & 0o077 or about.st_uid != os.geteuid():
        return _wrong(area, _("{file}: others can read it").format(file=path), f"chmod go= {path}")
    return Finding(area, True, _("{file}: only you can read it").format(file=path))


def _problem(area: Area, error: PostkorbError) -> Finding:
    return _wrong(area, error.told, _(error.next_step) if error.next_step else "")


def _wrong(area: Area, text: str, advice: str) -> Finding:
    return Finding(area, False, text, advice)
