"""Keys as the terminal reports them, as the configuration writes them and as a person reads them."""

from __future__ import annotations

from textual.events import Key

from app.language import _


def key_token(event: Key) -> str:
    """The key as the configuration writes it: the character for a printable one ("?"), else its name ("pagedown")."""
    if event.character and event.character.isprintable() and event.character != " ":
        return event.character
    return event.key


def key_name(keys: str) -> str:
    """A key or chord as a person reads it."""
    return " ".join(_one(key) for key in keys.split(" "))


def _one(key: str) -> str:
    names = {
        "enter": _("Enter"),
        "space": _("Space"),
        "escape": _("Esc"),
        "tab": _("Tab"),
        "backspace": _("Backspace"),
        "delete": _("Del"),
        "up": _("Up"),
        "down": _("Down"),
        "left": _("Left"),
        "right": _("Right"),
        "home": _("Home"),
        "end": _("End"),
        "pageup": _("PgUp"),
        "pagedown": _("PgDn"),
    }
    if key.startswith("ctrl+"):
        return _("Ctrl") + "+" + _one(key.removeprefix("ctrl+"))
    if key.startswith("shift+"):
        return _("Shift") + "+" + _one(key.removeprefix("shift+"))
    return names.get(key) or (key.upper() if len(key) > 1 and key[0] == "f" and key[1:].isdigit() else key)
