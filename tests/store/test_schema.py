"""The migrations and the tables in the code are one thing."""

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import StaticPool, create_engine
from sqlmodel import SQLModel

import app.store.tables  # noqa: F401 - fills the metadata
from app.store.database import Store
from app.store.schema import HEAD, MIGRATIONS, SchemaTooNew


@pytest.mark.filterwarnings("ignore:Skipped unsupported reflection of expression-based index")
def test_a_migrated_database_has_exactly_the_tables_of_the_code(store: Store) -> None:
    plain = ("message_fts", "message_search", "store_version", "lead_list")

    def include(item: object, name: str | None, kind: str, *_: object) -> bool:
        return not (kind in ("table", "index") and str(name).startswith(plain))

    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": include})
        assert compare_metadata(context, SQLModel.metadata) == []


def test_the_database_stands_at_the_head_that_the_code_names(store: Store) -> None:
    assert store.read.value("SELECT version_num FROM alembic_version") == HEAD


def test_a_database_of_a_newer_version_is_refused(store: Store) -> None:
    with store.write() as tx:
        tx.run("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaTooNew):
        Store(store.target)


def test_the_database_file_is_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "postkorb.db"
    Store(path).close()
    assert path.stat().st_mode & 0o077 == 0


def test_ids_that_others_may_still_name_are_never_given_anew(sqlite_store: Store) -> None:
    counted = {
        name
        for (name,) in sqlite_store.read.rows(
            "SELECT name FROM sqlite_master WHERE sql LIKE '%AUTOINCREMENT%'"
        )
    }
    marked = {
        name
        for name, table in SQLModel.metadata.tables.items()
        if table.dialect_options["sqlite"]["autoincrement"]
    }
    assert counted == marked
    assert marked == {
        "comment",
        "contact",
        "document",
        "history_entry",
        "lead",
        "mail_copy",
        "mention",
        "opportunity",
        "task",
        "undo_step",
    }


def test_leads_of_the_first_release_follow_the_rules_of_now(tmp_path: Path) -> None:
    path = tmp_path / "postkorb.db"
    _make_first_release(path)
    store = Store(path)
    sql = """SELECT title, state, result, reason, reason_text, activated_at IS NULL, finished_at IS NULL
  FROM lead ORDER BY title"""
    assert store.read.rows(sql) == [
        ("taken", "active", "", "", "", 0, 1),
        ("waiting", "new", "", "", "", 1, 1),
        ("won", "done", "success", "", "", 0, 0),
        ("worn out", "done", "failure", "other", "too dear", 1, 0),
    ]
    assert store.read.rows("SELECT login FROM member ORDER BY login") == [("anna",), ("berg",)]
    store.close()


def test_opportunities_of_the_first_release_are_at_stages_that_there_are(tmp_path: Path) -> None:
    path = tmp_path / "postkorb.db"
    _make_first_release(path)
    store = Store(path)
    sql = "SELECT title, stage, probability, closed_at IS NULL FROM opportunity ORDER BY id"
    assert store.read.rows(sql) == [
        ("nowhere", "Qualifiziert", 10, 1),
        ("written small", "Angebot", 20, 1),
        ("their own", "Zusage", 30, 1),
        ("the same", "Zusage", 30, 1),
        ("with an umlaut", "KLÄRUNG", 40, 1),
        ("in small letters", "KLÄRUNG", 40, 1),
        ("won", "Gewonnen", 100, 0),
        ("lost", "Verloren", 0, 0),
    ]
    assert [name for (name,) in store.read.rows("SELECT name FROM stage ORDER BY position, id")] == [
        *("KLÄRUNG", "Zusage", "Qualifiziert", "Angebot", "Verhandlung", "Gewonnen", "Verloren")
    ]
    store.close()


def _make_first_release(path: Path) -> None:
    """A store as the first release left it."""
    driver = sqlite3.connect(path, isolation_level=None)
    engine = create_engine("sqlite://", creator=lambda: driver, poolclass=StaticPool)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["engine"] = engine
    command.upgrade(config, "0001")
    driver.executemany(
        "INSERT INTO lead (title, state, assignee, result, reason) VALUES (?, ?, ?, ?, ?)",
        [
            ("taken", "new", "anna", "", ""),
            ("waiting", "active", "", "", ""),
            ("won", "done", "berg", "won", ""),
            ("worn out", "done", "", "lost", "too dear"),
        ],
    )
    driver.executemany(
        "INSERT INTO opportunity (title, stage, probability) VALUES (?, ?, ?)",
        [
            ("nowhere", "", 10),
            ("written small", "angebot", 20),
            ("their own", "Zusage", 30),
            ("the same", "zusage", 30),
            ("with an umlaut", "KLÄRUNG", 40),
            ("in small letters", "Klärung", 40),
            ("won", "gewonnen", 90),
            ("lost", "Verloren", 10),
        ],
    )
    driver.close()
