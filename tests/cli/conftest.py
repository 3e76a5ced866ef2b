"""Runs command lines in this process, on a home of their own, without a keyring and without the user's environment."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import keyring
import keyring.backends.fail
import pytest

from app.cli.main import run
from app.language import use_language
from app.store.database import Store
from tests.store.empty import new_store
from tests.store.invariants import check


@dataclass(frozen=True)
class Ran:
    """What one command line left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Postkorb = Callable[..., Ran]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    before = keyring.get_keyring()
    keyring.set_keyring(keyring.backends.fail.Keyring())
    for name in [name for name in os.environ if name.startswith("POSTKORB_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("POSTKORB_LANGUAGE", "en")
    monkeypatch.setenv("LANGUAGE", "en")
    yield tmp_path / "home"
    keyring.set_keyring(before)
    use_language("de")


@pytest.fixture
def postkorb(home: Path, capsys: pytest.CaptureFixture[str]) -> Postkorb:
    """`postkorb(*words)` carries out one command line."""

    def carry_out(*words: object) -> Ran:
        capsys.readouterr()
        code = run(["--home", str(home), *map(str, words)])
        out, err = capsys.readouterr()
        return Ran(code, out, err)

    return carry_out


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    """The store that the command lines of this test work on."""
    opened = new_store(home / "postkorb.db")
    yield opened
    check(opened)
    opened.close()
