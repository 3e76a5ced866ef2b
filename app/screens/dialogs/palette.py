"""The command palette: everything that can be done here and now, narrowed by typing; it does nothing itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.language import _
from app.screens.dialogs.boxes import Picker
from app.widgets.choices import Choice
from app.widgets.key_names import key_name

if TYPE_CHECKING:
    from app.screens.place import Place


def command_picker(place: Place) -> Picker:
    """A picker whose choice has the id of a command as its value."""
    keymap = place.keymap
    choices = [
        Choice(command.id, _(command.title), "  ".join(map(key_name, keymap.keys_of(command.id)[:2])))
        for command in place.commands()
        if command.id != "app.palette"
    ]
    return Picker(_("All commands"), choices, enter=_("run"))
