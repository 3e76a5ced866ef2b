"""Attachments on the compose screen: added by their path, taken away again. What is in them is the services' business."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from app.domain.errors import Refused
from app.domain.mail.compose import Attachment
from app.domain.paths import expanded
from app.domain.text import clean_line
from app.language import _
from app.screens.compose.base import ComposePlace
from app.screens.dialogs.file import FileDialog, matching
from app.screens.place import does
from app.widgets.choices import Choice


class Attaching(ComposePlace):
    """Files that go with the mail."""

    _folder = "~/"

    @does("compose.attach")
    def attach(self) -> None:
        def search(typed: str, show: Callable[[Sequence[Choice]], None]) -> None:
            self.read(lambda: matching(typed), show)

        def answer(path: Path | None) -> None:
            if path is not None:
                self.read(lambda: _attachment(path), lambda file: self._attached(file, path.parent))

        self.app.push_screen(FileDialog(_("Attach a file"), search, self._folder), answer)

    def _attached(self, file: Attachment, folder: Path) -> None:
        self._folder = f"{folder}/".replace("//", "/")  # where there was a file there are more
        self._take_in(file)

    def _take_in(self, file: Attachment) -> None:
        files = self.mail.draft.attachments
        if file not in files:
            self.set_files((*files, file))
            self.save(lambda saved: self._missed(saved.unreadable))

    def _missed(self, unreadable: tuple[str, ...]) -> None:
        if unreadable:
            self.say(_("This file cannot be read: {detail}").format(detail=", ".join(unreadable)), "error")

    def has_file_here(self) -> bool:
        """Whether the cursor is on a file."""
        return self.focused is self.files and bool(self.files.choices)

    @does("files.remove", when="has_file_here")
    def detach(self) -> None:
        files, at = self.mail.draft.attachments, self.files.cursor
        if at >= len(files):
            self.say(_("Without the forwarded mail there is nothing to forward."), "warning")
            return
        self.set_files((*files[:at], *files[at + 1 :]))
        self.say(_("{file} is not sent along.").format(file=files[at].name))
        if not self.mail.draft.attachments:
            self.body.focus()

    @does("files.up", when="has_file_here")
    def file_up(self) -> None:
        self.files.step(-1)

    @does("files.down", when="has_file_here")
    def file_down(self) -> None:
        self.files.step(1)


def _attachment(path: Path) -> Attachment:
    from app.services.outbox.drafts import attachment

    path = expanded(path)
    if not path.is_file():
        raise Refused(_("This file does not exist: {detail}").format(detail=clean_line(str(path))))
    file = attachment(path.absolute())
    return replace(file, name=clean_line(file.name))
