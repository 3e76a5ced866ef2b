"""Waiting for what happens in a Maildir, opening it, and what is told when it cannot be read."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from app.mail.errors import ConnectionLost, FolderMissing, MailError
from app.mail.maildir import source as maildir_source
from app.mail.maildir.source import MaildirSource
from app.mail.open import open_source
from tests.mail.box import Box
from tests.mail.letters import letter
from tests.mail.test_imap_idle import When


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maildir_source, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(maildir_source, "TICK", 0.02)


def arrive(box: Box) -> None:
    box.put("new/9.x")


def reflag(box: Box) -> None:
    (box.root / "new" / "1.x").rename(box.root / "cur" / "1.x:2,S")


def vanish(box: Box) -> None:
    (box.root / "new" / "1.x").unlink()


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("happening", [arrive, reflag, vanish])
def test_what_happens_elsewhere_ends_the_waiting(box: Box, happening: Callable[[Box], None]) -> None:
    box.put("new/1.x")
    source = box.open()
    source.select(".")
    assert source.idle(30, When(lambda: happening(box))) is True
    source.select(".")
    assert source.idle(0.01, threading.Event()) is False


@pytest.mark.usefixtures("impatient")
def test_waiting_stops_when_told_or_interrupted(box: Box) -> None:
    source = box.open()
    source.select(".")
    stop = When()
    stop._deeds.append(stop.set)
    assert source.idle(600, stop) is False
    with pytest.raises(ConnectionLost):
        source.idle(600, When(source.interrupt))


def test_a_missing_maildir_and_a_closed_one_are_told(box: Box, tmp_path: Path) -> None:
    with pytest.raises(FolderMissing):
        MaildirSource(tmp_path / "fehlt", box.state)
    source = box.open()
    source.close()
    with pytest.raises(ConnectionLost):
        source.folders()


def test_an_index_that_cannot_be_read_is_told(box: Box) -> None:
    source = box.open()
    (file,) = box.state.iterdir()
    source.close()
    file.write_bytes(b"kein Index" * 1000)
    with pytest.raises(MailError):
        box.open()


def test_a_folder_that_vanished_is_told(box: Box) -> None:
    source = box.open()
    path = source.create_folder("Kunden")
    folders = source.folders()
    shutil.rmtree(box.root / ".Kunden")
    assert set(source.statuses(folders)) == {"."}
    with pytest.raises(FolderMissing):
        source.select(path)
    assert source.select(".").status.messages == 0


def test_a_maildir_is_opened_by_its_address(box: Box) -> None:
    box.put("new/1.x")
    source = open_source(f"maildir://{box.root}", state_dir=box.state)
    assert source.select(".").status.messages == 1
    source.close()


def test_a_maildir_can_be_tried_without_leaving_a_trace(box: Box) -> None:
    box.put("new/1.x")
    source = open_source(f"maildir://{box.root}")
    assert source.select(".").status.messages == 1
    assert [mail.raw for mail in source.fetch([1])] == [letter()]
    source.close()
    assert not box.state.exists()
