"""The text of a mail in the rep's own editor: a file for its owner only, saved as a draft while the editor is open."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

from textual.app import SuspendNotSupported

from app.domain.errors import Refused
from app.domain.text import clean_block
from app.language import _
from app.screens.compose.base import ComposePlace
from app.screens.place import does

LOOK_SECONDS = 2.0
FALLBACKS = ("nano", "vim", "vi")


class OwnEditor(ComposePlace):
    """Leaving the text to another program for a while."""

    @does("compose.editor")
    def edit_outside(self) -> None:
        command = editor_command(self.desk.settings.editor)
        if not command:
            raise Refused("no editor is set: editor in config.toml, or EDITOR")
        try:
            with self.app.suspend():
                text, code = edit(command, self.body.text, self._keep_text)
        except SuspendNotSupported as error:
            raise Refused("this terminal cannot be handed over to an editor") from error
        self.body.text = text
        self.body.move_cursor((0, 0))
        self.body.focus()
        self.save()
        if code:
            self.say(_("The editor reported an error; the text is what it has stored."), "warning")

    def _keep_text(self, text: str) -> None:
        """Save what the editor has written so far. Called by another thread."""
        from dataclasses import replace

        mail, mailbox_id = self.mail, self.mail.mailbox_id
        draft = replace(self.draft(), body=text)
        self.desk.write(lambda: mail.keeper.save(mailbox_id, draft))


def editor_command(setting: str) -> list[str]:
    """The command of the settings ("$EDITOR" names the variable), else of the environment, else one that is there."""
    wanted = os.path.expandvars(setting).strip()
    if not wanted or wanted.startswith("$"):
        wanted = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    if wanted:
        return shlex.split(wanted)
    found = next((name for name in FALLBACKS if shutil.which(name)), "")
    return [found] if found else []


def edit(command: list[str], text: str, keep: Callable[[str], None]) -> tuple[str, int]:
    """Run an editor on the text: the text as it is then, and the editor's exit code. `keep` gets what it stores meanwhile.

    Raises Refused when the editor cannot be started.
    """
    with tempfile.TemporaryDirectory(prefix="postkorb-") as folder:  # mode 0700
        file = Path(folder) / "mail.md"
        file.touch(mode=0o600)
        file.write_text(text, encoding="utf-8")
        over = threading.Event()
        watcher = threading.Thread(target=_watch, args=(file, over, keep), name="editor")
        watcher.start()
        try:
            code = subprocess.run([*command, str(file)], check=False).returncode  # noqa: S603 - the rep's own editor
        except OSError as error:
            raise Refused(f"{command[0]}: {error.strerror}") from error
        finally:
            over.set()
            watcher.join()
        return _read(file), code


def _watch(file: Path, over: threading.Event, keep: Callable[[str], None]) -> None:
    seen = file.stat().st_mtime_ns
    while not over.wait(LOOK_SECONDS):
        if file.exists() and (now := file.stat().st_mtime_ns) != seen:
            seen = now
            keep(_read(file))


def _read(file: Path) -> str:
    return clean_block(file.read_text(encoding="utf-8", errors="replace"))
