"""The five keys that matter, over the first screen until the first key; nothing is asked and nothing waits for it."""

from __future__ import annotations

from textual.content import Content
from textual.widgets import Static

from app.commands.key_map import KeyMap
from app.language import _
from app.widgets.key_names import key_name


def first_keys() -> dict[str, str]:
    """The commands that the hint names, and what it says of each."""
    return {
        "mail.next_unprocessed": _("go to the next mail that is not dealt with"),
        "mail.link": _("link it with a contact, a lead or a task"),
        "mail.lead": _("make a lead of it"),
        "mail.undo": _("take the last step back"),
        "app.help": _("see all keys"),
    }


class FirstRunHint(Static):
    """A small box in the corner."""

    def __init__(self, keymap: KeyMap) -> None:
        lines = [_("Welcome. Each mail is dealt with once it is linked."), ""]
        for command, text in first_keys().items():
            if keys := keymap.keys_of(command):
                lines.append(f"{key_name(keys[0]):>3}  {text}")
        super().__init__(Content("\n".join(lines)), id="first-run")
