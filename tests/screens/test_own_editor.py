"""The rep's own editor: which one, and what happens to the text while it is open."""

from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from app.domain.errors import Refused
from app.screens.compose import editor as compose_editor
from app.screens.compose.editor import edit, editor_command

#: Writes a text, waits until it is told to go on, writes another one.
EDITOR = """
import pathlib, sys, time
signal, file = map(pathlib.Path, sys.argv[1:])
print(oct(file.stat().st_mode), oct(file.parent.stat().st_mode), file=open(str(signal) + ".modes", "w"))
file.write_text(file.read_text() + "erst")
for _ in range(2000):
    if signal.exists():
        break
    time.sleep(0.005)
file.write_text("fertig\\x1b[2J\\r\\n")
sys.exit(3)
"""


@pytest.mark.parametrize(
    ("setting", "environment", "command"),
    [
        ("vim -u NONE", {}, ["vim", "-u", "NONE"]),
        ("$EDITOR", {"EDITOR": "emacs -nw"}, ["emacs", "-nw"]),
        ("", {"EDITOR": "nano", "VISUAL": "vi"}, ["vi"]),
        ("'/opt/my editor'", {}, ["/opt/my editor"]),
    ],
)
def test_the_setting_comes_before_the_environment(
    monkeypatch: pytest.MonkeyPatch, setting: str, environment: dict[str, str], command: list[str]
):
    for name in ("EDITOR", "VISUAL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert editor_command(setting) == command


def test_what_the_editor_stores_is_kept_while_it_is_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compose_editor, "LOOK_SECONDS", 0.01)
    signal = tmp_path / "weiter"
    kept: list[str] = []

    def keep(text: str) -> None:
        kept.append(text)
        signal.touch()

    text, code = edit([sys.executable, "-c", EDITOR, str(signal)], "Hallo ", keep)
    assert kept[0] == "Hallo erst"
    assert code == 3
    assert text.startswith("fertig")
    assert not set("\x1b\r") & set(text)


def test_the_file_is_for_its_owner_only_and_gone_afterwards(tmp_path: Path):
    signal = tmp_path / "weiter"
    signal.touch()
    edit([sys.executable, "-c", EDITOR, str(signal)], "", lambda _text: None)
    file, folder = (int(mode, 8) for mode in Path(f"{signal}.modes").read_text().split())
    assert stat.S_IMODE(file) == 0o600
    assert stat.S_IMODE(folder) == 0o700


def test_an_editor_that_does_not_exist_is_told(tmp_path: Path):
    with pytest.raises(Refused, match="gibt-es-nicht"):
        edit([str(tmp_path / "gibt-es-nicht")], "Hallo", lambda _text: None)
