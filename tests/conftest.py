"""Stores to test on: each test that takes `store` runs on a temporary SQLite file and on a private PostgreSQL."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from app.store.database import Store
from tests.servers.postgresql import Postgresql, postgresql
from tests.store.empty import new_store
from tests.unused_pictures import pytest_sessionfinish, pytest_terminal_summary, pytest_testnodedown

__all__ = ["pytest_sessionfinish", "pytest_terminal_summary", "pytest_testnodedown"]

# A landing is judged by the same examples each time; everybody else's runs go on looking for new ones. How long one
# takes says nothing while others run beside it.
settings.register_profile("ours", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "ours")

#: Half of its time the suite waits, for servers, for processes that it kills, for pauses to pass.
PROCESSES_PER_CORE, PROCESSES = 2, 8

DIALECTS = ("sqlite", "postgresql")

#: Opens an empty store of a dialect, in a new folder or database, and closes it at the end.
OpenStore = Callable[[str], Any]


def pytest_xdist_auto_num_workers() -> int:
    """How many processes `-n auto` stands for."""
    return min(PROCESSES, PROCESSES_PER_CORE * len(os.sched_getaffinity(0)))


def pytest_unconfigure() -> None:
    """What is left at the end goes with its process; pytest would look through all of it five times, for seconds."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[Postgresql]:
    with postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def open_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> OpenStore:
    template = ""

    @contextmanager
    def on_sqlite() -> Iterator[Store]:
        opened = new_store(tmp_path_factory.mktemp("store") / "postkorb.db")
        yield opened
        opened.close()

    @contextmanager
    def on_postgresql() -> Iterator[Store]:
        nonlocal template
        server: Postgresql = request.getfixturevalue("postgresql_server")
        if not template:
            template = server.create()
            Store(server.url(template)).close()
        name = server.create(template)
        opened = Store(server.url(name))
        yield opened
        opened.close()
        server.drop(name)

    return lambda dialect: on_sqlite() if dialect == "sqlite" else on_postgresql()


@pytest.fixture(params=DIALECTS)
def store(request: pytest.FixtureRequest, open_store: OpenStore) -> Iterator[Store]:
    with open_store(request.param) as opened:
        yield opened


@pytest.fixture
def sqlite_store(tmp_path: Path) -> Iterator[Store]:
    """For what only a file can do."""
    opened = new_store(tmp_path / "postkorb.db")
    yield opened
    opened.close()
