"""Brings a database to the schema of this version; alembic is imported only when there is something to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.domain.errors import PostkorbError

if TYPE_CHECKING:
    from app.store.database import Store

#: The newest revision in `migrations/versions`; a test holds the two together.
HEAD = "0002"
MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaTooNew(PostkorbError):
    title = "This database was written by a newer Postkorb"
    next_step = "Install the newer version of Postkorb."


def bring_up_to_date(store: Store) -> None:
    """Create or migrate the schema. Raises SchemaTooNew, sqlite3.Error or psycopg.Error."""
    current = _current(store)
    if current == HEAD:
        return
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if current is not None and current not in known:
        raise SchemaTooNew(current)
    config.attributes["engine"] = store.engine
    command.upgrade(config, "head")


def _current(store: Store) -> str | None:
    """The revision of the database, None if it is empty."""
    if store.dialect == "sqlite":
        found = store.read.value("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
    else:
        found = store.read.value("SELECT to_regclass('alembic_version')")
    if found is None:
        return None
    revision = store.read.value("SELECT version_num FROM alembic_version")
    return None if revision is None else str(revision)
