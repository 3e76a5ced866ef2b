"""What every verb is handed: home, settings, store, secrets and clock of one run, each made when first asked for."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from app.services.accounts.secrets import Secrets
    from app.settings import Home, Settings
    from app.store.database import Store


class Front:
    """One run of the command line. Nothing here is opened before a verb needs it."""

    def __init__(self) -> None:
        self.root: Path | None = None
        self.login = ""  # who is at the keyboard, if it is not the login name
        self.stands_in_for = ""  # the login given with --as

    @cached_property
    def home(self) -> Home:
        """Raises BadInput for a path with a `~` that nobody knows."""
        from app.domain.paths import expanded
        from app.settings import Home

        return Home(expanded(self.root).absolute() if self.root else None)

    @cached_property
    def settings(self) -> Settings:
        """Raises SettingsUnusable."""
        from app.services.opening import settings_of

        return settings_of(self.home)

    @cached_property
    def store(self) -> Store:
        """Raises SettingsUnusable, StoreUnusable and SchemaTooNew."""
        from app.services.opening import open_store

        return open_store(self.home, self.settings)

    @cached_property
    def secrets(self) -> Secrets:
        from app.services.accounts.secrets import Secrets

        return Secrets(self.home)

    @cached_property
    def keyboard(self) -> str:
        """The login of who is at the keyboard; empty where this user has none."""
        import getpass

        if self.login:
            return self.login
        with suppress(KeyError, OSError):
            return getpass.getuser()
        return ""

    @cached_property
    def author(self) -> str:
        """The login in whose name all is done.

        Raises what `store` raises, and with --as NotAMember, MemberNotFound and Refused.
        """
        if not self.stands_in_for:
            return self.keyboard
        from app.services.team.membership import stand_in

        return stand_in(self.store, self.keyboard, self.stands_in_for, self.now())

    def check_author(self) -> None:
        """Raise what `author` raises, before anything else is done."""
        _author = self.author

    @property
    def zone(self) -> tzinfo:
        """The rep's zone."""
        return self.now().astimezone().tzinfo or UTC

    def now(self) -> datetime:
        return datetime.now(UTC)

    def at_work(self) -> dict[str, Any]:
        """Who does it, and when, in the rep's zone: what a service that changes something is told. Raises what `author`
        raises."""
        return {"author": self.author, "now": self.now().astimezone()}

    def keep_log(self) -> None:
        """Write what the background work has to say into the log file, and nothing onto the terminal."""
        import logging

        from app.cli.log import log_handler

        self.home.make()
        logging.basicConfig(handlers=[log_handler(self.home.log_file)], level=logging.WARNING)

    def close(self) -> None:
        if "store" in self.__dict__:
            self.store.close()


def front_of(ctx: Any) -> Front:
    """The front of the run that a verb's context belongs to."""
    return cast(Front, ctx.find_root().obj)
