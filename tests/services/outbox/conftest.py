"""An office that sends to a server which can be made to fail, checked for the store's invariants at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.smtp import FaultyServer, faulty_server
from tests.services.outbox.office import Office
from tests.store.invariants import check


@pytest.fixture
def server() -> Iterator[FaultyServer]:
    with faulty_server() as running:
        yield running


@pytest.fixture
def office(tmp_path: Path, server: FaultyServer) -> Iterator[Office]:
    opened = Office.at(tmp_path, server.url())
    yield opened
    check(opened.store)
    opened.store.close()
