"""Opens the settings and the store of one installation, and says in words for people why it cannot."""

from __future__ import annotations

import sqlite3
from dataclasses import fields
from pathlib import Path

from app.domain.errors import PostkorbError
from app.settings import Home, Settings, variable_of
from app.store.database import Store


class StoreUnusable(PostkorbError):
    title = "The database cannot be opened"
    next_step = "`postkorb doctor` tells more."


def settings_of(home: Home) -> Settings:
    """The settings of this home. Raises SettingsUnusable."""
    if _is_missing(home.config_file) and not any(variable_of(setting.name) for setting in fields(Settings)):
        return Settings()
    from app.services.configuration import read_settings

    return read_settings(home)


def _is_missing(path: Path) -> bool:
    """Whether there is no such file; one that may not be looked at is there."""
    try:
        path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def store_target(home: Home, settings: Settings) -> Path | str:
    """Where the database is: a file in the home, unless the settings name a server."""
    return settings.database_url or home.database


def open_store(home: Home, settings: Settings) -> Store:
    """The store, brought up to date. Raises StoreUnusable and SchemaTooNew."""
    target = store_target(home, settings)
    try:
        home.make()
        return Store(target)
    except OSError as error:
        where, reason = without_password(target), _why(error)
        raise StoreUnusable("{where}: {reason}", where=where, reason=reason) from error
    except sqlite3.Error as error:
        raise StoreUnusable(f"{without_password(target)}: {error}") from error
    except Exception as error:
        if not _is_of_driver(error):
            raise
        raise StoreUnusable(f"{without_password(target)}: {error}") from error


def _why(error: OSError) -> str:
    """Why a folder of the home cannot be made or used."""
    if isinstance(error, FileNotFoundError):
        return "its folder cannot be made"
    if isinstance(error, NotADirectoryError | FileExistsError):
        return "what should be its folder is a file"
    if isinstance(error, PermissionError):
        return "you may not write there"
    return error.strerror or str(error)


def without_password(target: Path | str) -> str:
    """Where the database is, without what nobody should read."""
    if isinstance(target, Path):
        return str(target)
    scheme, sign, rest = target.partition("://")
    return scheme + sign + rest.rpartition("@")[2].partition("?")[0]


def _is_of_driver(error: Exception) -> bool:
    """Whether the driver of PostgreSQL raised it; the driver is installed for teams only."""
    name = type(error).__module__.partition(".")[0]
    return name in ("psycopg", "sqlalchemy") or (isinstance(error, ImportError) and error.name == "psycopg")
