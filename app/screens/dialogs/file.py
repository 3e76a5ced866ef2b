"""A dialog that asks for a file by its path, completed while it is typed; it opens no file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from textual import events
from textual.app import ComposeResult
from textual.widgets import Input

from app.domain.text import clean_line
from app.language import _
from app.screens.dialogs.boxes import Dialog
from app.widgets.choices import Choice, Choices
from app.widgets.field import Field
from app.widgets.key_names import key_name
from app.widgets.words import size

MOST = 200  # entries of a folder that are offered


class FileDialog(Dialog[Path]):
    """Gives back the path of a file. `search` has `matching` done elsewhere, and calls back with what it found."""

    def __init__(
        self, title: str, search: Callable[[str, Callable[[list[Choice]], None]], None], start: str = "~/"
    ) -> None:
        super().__init__(title, enter=_("attach"))
        self._search = search
        self._start = start

    def body(self) -> ComposeResult:
        yield Field(self._start)
        yield Choices()

    def on_mount(self) -> None:
        self._field.cursor_position = len(self._start)
        self._look(self._start)

    @property
    def _field(self) -> Field:
        return self.query_exactly_one(Field)

    @property
    def _choices(self) -> Choices:
        return self.query_exactly_one(Choices)

    def keys(self) -> list[tuple[str, str]]:
        return [*super().keys(), (key_name("tab"), _("complete"))]

    def on_input_changed(self, event: Input.Changed) -> None:
        self._look(event.value)

    def _look(self, typed: str) -> None:
        def show(found: list[Choice]) -> None:
            if self.is_mounted and self._field.value == typed:
                self._choices.choices = found

        self._search(typed, show)

    def on_key(self, event: events.Key) -> None:
        steps = {"down": 1, "up": -1}
        if event.key in steps:
            event.stop()
            event.prevent_default()
            self._choices.step(steps[event.key])
        elif event.key == "tab":
            event.stop()
            event.prevent_default()
            self._complete()

    def _complete(self) -> None:
        """Write the entry under the cursor into the field."""
        current = self._choices.current
        if current is not None:
            self._field.value = clean_line(str(current.value))
            self._field.cursor_position = len(self._field.value)

    def on_choices_picked(self, message: Choices.Picked) -> None:
        self._finish(str(message.choice.value))

    def answer(self) -> Path | None:
        current = self._choices.current
        return self._path(str(current.value) if current is not None else self._field.value)

    def _finish(self, text: str) -> None:
        path = self._path(text)
        if path is not None:
            self.dismiss(path)

    def _path(self, text: str) -> Path | None:
        """The path, unless it is that of a folder: then its entries are offered."""
        if text.endswith(os.sep):
            self._field.value = clean_line(text)
            self._field.cursor_position = len(self._field.value)
            return None
        return Path(text).expanduser() if text.strip() else None


def matching(typed: str) -> list[Choice]:
    """What lies in the folder that was typed and begins like the rest: folders first, their paths end in a separator.

    Reads the folder: not for the event loop's thread. A folder that cannot be read offers nothing.
    """
    folder, _sep, begin = typed.rpartition(os.sep)
    shown = folder + os.sep if _sep else ""
    found: list[tuple[bool, str, Choice]] = []
    try:
        with os.scandir(Path(shown or ".").expanduser()) as entries:
            for entry in entries:
                if not entry.name.casefold().startswith(begin.casefold()) or (
                    entry.name.startswith(".") and not begin.startswith(".")
                ):
                    continue
                is_folder = entry.is_dir()
                detail = _("folder") if is_folder else size(entry.stat().st_size)
                path = shown + entry.name + (os.sep if is_folder else "")
                found.append((not is_folder, entry.name.casefold(), Choice(path, entry.name, detail)))
    except OSError:
        return []
    return [choice for _kind, _name, choice in sorted(found, key=lambda item: item[:2])[:MOST]]
