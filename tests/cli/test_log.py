"""What is written into the log file can be looked at on any terminal, and says who wrote it."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from app.cli.front import Front
from app.cli.log import CleanFormatter, log_unexpected
from app.mail.errors import CommandRefused
from tests.cli.conftest import Postkorb

HOSTILE = "no\x1b[2J\x1b]0;mine\x07\r\n2026-11-22 ERROR forged: entry\u202etxt"


def is_harmless(text: str) -> bool:
    return all(char.isprintable() or char == "\n" for char in text)


def test_an_entry_with_the_words_of_a_server_is_one_line_that_any_terminal_can_show(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    front = Front()
    front.root = tmp_path
    front.keep_log()
    (handler,) = root.handlers
    logging.getLogger("app.services.sync.watch").warning("mailbox %s: %s", 1, CommandRefused(HOSTILE))
    handler.close()
    (line,) = front.home.log_file.read_text("utf-8").splitlines()
    assert is_harmless(line)
    assert "WARNING app.services.sync.watch: mailbox 1: The server refused the command: no" in line


def test_a_traceback_stands_indented_below_its_entry(tmp_path: Path) -> None:
    log = tmp_path / "log"
    try:
        raise RuntimeError(HOSTILE)
    except RuntimeError as error:
        log_unexpected(log, error)
    first, *others = log.read_text("utf-8").splitlines()
    assert is_harmless(log.read_text("utf-8"))
    assert "ERROR app" in first
    assert any("RuntimeError: no" in line for line in others)
    assert all(line.startswith("  ") for line in others)


def test_what_another_formatter_has_written_is_not_taken_over() -> None:
    error = RuntimeError(HOSTILE)
    record = logging.LogRecord("app", logging.ERROR, __file__, 0, "odd", (), (RuntimeError, error, None))
    logging.Formatter().format(record)
    assert is_harmless(CleanFormatter().format(record))


def test_what_nobody_expected_hurts_neither_the_terminal_nor_who_reads_the_log(
    postkorb: Postkorb, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(*_: object) -> None:
        raise RuntimeError(HOSTILE)

    monkeypatch.setattr("app.services.opening.open_store", stumble)
    ran = postkorb("account", "list")
    assert ran.code == 1
    assert is_harmless(ran.err)
    assert is_harmless((home / "postkorb.log").read_text("utf-8"))
