"""Who is named in a text by "@login"; it knows no members, their logins are given to it."""

from __future__ import annotations

import re
from collections.abc import Iterable

#: Not within an e-mail address: nothing that could belong to one stands before the sign.
_NAMED = re.compile(r"(?<![\w.+@-])@([\w.+-]+)")


def unknown_names(text: str, logins: Iterable[str]) -> list[str]:
    """What stands in the text like a login but is none of these, each once, as it was written."""
    known = list(logins)
    names = dict.fromkeys(name.rstrip(".+-") for name in _NAMED.findall(text))
    return [name for name in names if name and not mentioned(f"@{name}", known)]


def mentioned(text: str, logins: Iterable[str]) -> list[str]:
    """Those of the logins that the text names, each once, in the order of the text; capitals and small letters are alike.
    A full stop or a dash behind a name need not belong to it."""
    known = {login.casefold(): login for login in logins}
    found: dict[str, None] = {}
    for name in _NAMED.findall(text):
        word = name.casefold()
        while word and word not in known and word[-1] in ".+-":
            word = word[:-1]
        if word in known:
            found[known[word]] = None
    return list(found)
