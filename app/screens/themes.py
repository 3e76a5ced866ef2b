"""The colours: dark, light, and the terminal's own sixteen; which of them a terminal gets.

Dark and light use colours of the xterm palette of 256 only, so that a terminal that has no more shows the same.
"""

from __future__ import annotations

from typing import Literal

from textual.theme import BUILTIN_THEMES, Theme

ThemeName = Literal["dark", "light", "terminal"]

_DARK = {
    "strong": "#eeeeee",
    "quiet": "#8a8a8a",
    "bar": "#262626",
    "dialog": "#303030",
    "cursor": "#005f87",
    "cursor-text": "#ffffff",
    "cursor-blurred": "#303030",
    "chosen": "#3a3a3a",
    "attention": "#d7af5f",
    "quote": "#87af87",
    "mark-red": "#d75f5f",
    "mark-yellow": "#d7af5f",
    "mark-green": "#87af5f",
    "mark-blue": "#5f87d7",
    "mark-violet": "#af87d7",
}
_LIGHT = {
    "strong": "#000000",
    "quiet": "#6c6c6c",
    "bar": "#dadada",
    "dialog": "#eeeeee",
    "cursor": "#afd7ff",
    "cursor-text": "#000000",
    "cursor-blurred": "#dadada",
    "chosen": "#d0d0d0",
    "attention": "#875f00",
    "quote": "#5f875f",
    "mark-red": "#d70000",
    "mark-yellow": "#af8700",
    "mark-green": "#008700",
    "mark-blue": "#005fd7",
    "mark-violet": "#875faf",
}
_TERMINAL = {
    "strong": "ansi_default",
    "quiet": "ansi_default",
    "bar": "ansi_default",
    "dialog": "ansi_default",
    "cursor": "ansi_blue",
    "cursor-text": "ansi_bright_white",
    "cursor-blurred": "ansi_default",
    "chosen": "ansi_default",
    "attention": "ansi_yellow",
    "quote": "ansi_green",
    "mark-red": "ansi_red",
    "mark-yellow": "ansi_yellow",
    "mark-green": "ansi_green",
    "mark-blue": "ansi_blue",
    "mark-violet": "ansi_magenta",
}

THEMES: tuple[Theme, ...] = (
    Theme(
        name="dark",
        primary="#5fafd7",
        secondary="#5fafd7",
        accent="#5fafd7",
        warning="#d7af5f",
        error="#d75f5f",
        success="#87af5f",
        foreground="#c6c6c6",
        background="#1c1c1c",
        surface="#1c1c1c",
        panel="#262626",
        variables=_DARK,
    ),
    Theme(
        name="light",
        primary="#005f87",
        secondary="#005f87",
        accent="#005f87",
        warning="#875f00",
        error="#af0000",
        success="#005f00",
        foreground="#303030",
        background="#ffffff",
        surface="#ffffff",
        panel="#eeeeee",
        dark=False,
        variables=_LIGHT,
    ),
    Theme(
        name="terminal",
        ansi=True,
        primary="ansi_cyan",
        secondary="ansi_cyan",
        accent="ansi_cyan",
        warning="ansi_yellow",
        error="ansi_red",
        success="ansi_green",
        foreground="ansi_default",
        background="ansi_default",
        surface="ansi_default",
        panel="ansi_default",
        boost="ansi_default",
        variables={**BUILTIN_THEMES["ansi-dark"].variables, **_TERMINAL},
    ),
)


def theme_for(wished: ThemeName, colour_system: str | None, no_colour: bool) -> ThemeName:
    """The theme that the rep wished for, if the terminal has the colours."""
    return wished if colour_system in ("truecolor", "256") and not no_colour else "terminal"
