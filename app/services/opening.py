"""Opens the settings and the store of one installation, and says in words for people why it cannot."""

from __future__ import annotations

import re
import sqlite3
import tomllib
from pathlib import Path
from typing import Any

from app.domain.errors import PostkorbError
from app.domain.wrong_value import wrong_value
from app.language import _
from app.settings import Home, Settings, load_settings, variable_of
from app.store.database import Store


class SettingsUnusable(PostkorbError):
    title = "The configuration cannot be used"
    next_step = "Correct it; `postkorb doctor` tells more."


class StoreUnusable(PostkorbError):
    title = "The database cannot be opened"
    next_step = "`postkorb doctor` tells more."


def settings_of(home: Home) -> Settings:
    """The settings of this home. Raises SettingsUnusable."""
    from pydantic import ValidationError

    try:
        return load_settings(home)
    except ValidationError as error:
        raise SettingsUnusable(
            "; ".join(_place_and_reason(home, found) for found in error.errors())
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise SettingsUnusable(f"{home.config_file}: {_place_in_toml(error)}") from error
    except UnicodeDecodeError as error:
        raise SettingsUnusable(
            "{where}: {reason}", where=home.config_file, reason="it is not UTF-8"
        ) from error
    except OSError as error:
        raise SettingsUnusable("{where}: {reason}", where=home.config_file, reason=error.strerror) from error


def _place_and_reason(home: Home, found: Any) -> str:
    """What pydantic found wrong: the variable or the file it stands in, the setting, and why."""
    field = ".".join(map(str, found["loc"]))
    variable = variable_of(str(found["loc"][0]))
    return f"{variable or f'{home.config_file}: {field}'}: {wrong_value(found)}"


def _place_in_toml(error: tomllib.TOMLDecodeError) -> str:
    """Where the file stops being TOML; what the library says about it is English."""
    place = re.search(r"at line (\d+), column (\d+)", str(error))
    if place is None:
        return _("it ends in the middle of a value")
    return _("line {line}, column {column} cannot be read (is a quotation mark missing?)").format(
        line=place[1], column=place[2]
    )


def store_target(home: Home, settings: Settings) -> Path | str:
    """Where the database is: a file in the home, unless the settings name a server."""
    return settings.database_url or home.database


def open_store(home: Home, settings: Settings) -> Store:
    """The store, brought up to date. Raises StoreUnusable and SchemaTooNew."""
    target = store_target(home, settings)
    try:
        home.make()
        return Store(target)
    except (sqlite3.Error, OSError) as error:
        raise StoreUnusable(f"{without_password(target)}: {error}") from error
    except Exception as error:
        if not _is_of_driver(error):
            raise
        raise StoreUnusable(f"{without_password(target)}: {error}") from error


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
