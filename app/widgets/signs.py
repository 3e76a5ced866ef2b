"""The signs that lists and panes draw: one cell each and of no doubtful width, with a set made of ASCII only.

Beyond ASCII only signs of the character set that every Windows font has (WGL4), and of those only the ones that are
narrow everywhere: no dot, arrow or box that terminals in East Asian settings draw two cells wide, nothing with an
emoji twin. The eighths of a block that charts are drawn with are the exception; the ASCII set has none of them.
"""

from __future__ import annotations

import locale
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Signs:
    """Each field is one character, one cell wide in every terminal; `blocks` are several, from the thinnest part of a bar
    to a whole cell of it."""

    selected: str = "+"
    unread: str = "*"
    unprocessed: str = "◦"
    flagged: str = "!"
    answered: str = "‹"
    attachment: str = "@"
    mark: str = "▪"
    comment: str = '"'
    waiting: str = "~"
    thumb: str = "▐"
    track: str = " "
    folded: str = "+"
    unfolded: str = "-"
    quote: str = "▐"
    between: str = "∙"
    received: str = "‹"
    sent: str = "›"
    before: str = "‹"
    after: str = "›"
    blocks: str = "▏▎▍▌▋▊▉█"
    rest: str = "░"

    def bar(self, line: int, top: int, height: int, total: int) -> str:
        """The scroll bar beside this line of the `height` lines in sight, of which the first is number `top` of `total`;
        empty when there is none."""
        if total <= height or line < 0:
            return ""
        length = max(1, height * height // total)
        begin = round(top / (total - height) * (height - length))
        return self.thumb if begin <= line < begin + length else self.track


UNICODE = Signs()
ASCII = Signs(
    unprocessed="o",
    answered="<",
    mark="#",
    thumb="#",
    track="|",
    quote="|",
    between="-",
    before="<",
    after=">",
    blocks="#",
    rest=".",
    received="<",
    sent=">",
)


def signs_for(ascii_only: bool) -> Signs:
    """The ASCII set if asked for, or where the locale's encoding is not UTF-8."""
    encoding = locale.getpreferredencoding(False).lower().replace("-", "")
    return ASCII if ascii_only or encoding != "utf8" else UNICODE
