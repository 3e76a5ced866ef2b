"""A dialog that asks for a file by its path, completed while it is typed; it opens no file."""

from __future__ import annotations

import os
from pathlib import Path

from textual import events
from textual.widgets import Input

from app.domain.errors import BadInput
from app.domain.paths import expanded
from app.domain.text import clean_line
from app.language import _
from app.screens.dialogs.boxes import Offering, Search
from app.widgets.choices import Choice
from app.widgets.key_names import key_name
from app.widgets.words import size

MOST = 200  # entries of a folder that are offered


class FileDialog(Offering[Path]):
    """Gives back the path of a file as it was typed, `~` and all. `search` has `matching` done elsewhere."""

    def __init__(self, title: str, search: Search, start: str = "~/", enter: str = "") -> None:
        super().__init__(title, search, enter=enter or _("attach"), start=start)

    def keys(self) -> list[tuple[str, str]]:
        return [*super().keys(), (key_name("tab"), _("complete"))]

    def on_input_changed(self, event: Input.Changed) -> None:
        """A path that is typed from its beginning takes the place of the folder that stood there."""
        anew = event.value.removeprefix(self._start)
        if self._start.endswith(os.sep) and anew != event.value and anew.startswith((os.sep, f"~{os.sep}")):
            event.prevent_default()  # the base class would look for what is no path
            self._type(anew)

    def on_key(self, event: events.Key) -> None:
        if event.key == "tab":
            event.stop()
            event.prevent_default()
            current = self.choices.current
            if current is not None and self.is_fitting:
                self._type(str(current.value))

    def _type(self, text: str) -> None:
        self.field.value = clean_line(text)
        self.field.cursor_position = len(self.field.value)

    def chosen(self, choice: Choice | None) -> Path | None:
        """The path, unless it is that of a folder: then its entries are offered."""
        text = str(choice.value) if choice is not None else self.field.value
        if text.endswith(os.sep):
            self._type(text)
            return None
        return Path(text) if text.strip() else None


def matching(typed: str) -> list[Choice]:
    """What lies in the folder that was typed and begins like the rest, at most `MOST`: the file of that very name first,
    then folders, whose paths end in a separator, then files.

    Reads the folder: not for the event loop's thread. A folder that cannot be read offers nothing.
    """
    folder, separator, begin = typed.rpartition(os.sep)
    shown = folder + separator
    found: list[tuple[tuple[bool, bool, str], Choice]] = []
    try:
        with os.scandir(expanded(shown or ".")) as entries:
            for entry in entries:
                begins = entry.name.casefold().startswith(begin.casefold())
                if not begins or (entry.name.startswith(".") and not begin.startswith(".")):
                    continue
                is_folder = entry.is_dir()
                order = entry.name != begin or is_folder, not is_folder, entry.name.casefold()
                path = shown + entry.name + (os.sep if is_folder else "")
                found.append((order, Choice(path, entry.name, _detail(entry, is_folder=is_folder))))
    except (OSError, BadInput):
        return []
    return [choice for _order, choice in sorted(found, key=lambda item: item[0])[:MOST]]


def _detail(entry: os.DirEntry[str], *, is_folder: bool) -> str:
    if is_folder:
        return _("folder")
    try:
        return size(entry.stat().st_size)
    except OSError:  # a link that leads nowhere, or a file that has just gone
        return ""
