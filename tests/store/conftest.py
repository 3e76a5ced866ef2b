"""Stores to test on: a temporary SQLite file, and PostgreSQL where it is started by `tests.servers`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.store.database import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store(tmp_path / "postkorb.db")
    yield opened
    opened.close()
