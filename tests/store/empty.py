"""New stores in files, copied from one that each process makes once: making the schema takes longer than most tests."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from app.store.database import Store


def new_store(path: Path) -> Store:
    """An empty store in a file that is not there yet."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(_empty())
    return Store(path)


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "postkorb.db"
        Store(path).close()
        return path.read_bytes()
