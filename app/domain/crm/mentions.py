"""Who is named in a text by "@login", and who may be while it is typed; it knows no members, they are given to it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.domain.crm.naming import words
from app.domain.errors import Refused
from app.domain.folding import fold
from app.domain.team.members import Member

#: Not within an e-mail address: nothing that could belong to one stands before the sign.
_NAMED = re.compile(r"(?<![\w.+@-])@([\w.+-]+)")
_BEGUN = re.compile(_NAMED.pattern + r"\Z")


def check_own(login: str, reader: str) -> None:
    """Raise Refused for a mention of a colleague: only who is named deals with it. Both are logins."""
    if login != reader:
        raise Refused("It is a mention of a colleague.")


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


def begun(before: str) -> str:
    """What of a login has been typed behind the sign when this stands before the cursor; empty when nobody is being named."""
    found = _BEGUN.search(before)
    return found.group(1) if found else ""


def fitting(typed: str, members: Iterable[Member]) -> list[Member]:
    """Those who work here and whose login, or a word of whose name, begins with what was typed, those of the login first;
    none when that is the login of the only one."""
    start, login = fold(typed), typed.casefold()
    active = [member for member in members if member.active]
    by_login = [member for member in active if member.login.casefold().startswith(login)]
    by_name = [
        member
        for member in active
        if member not in by_login and any(word.startswith(start) for word in words(member.name))
    ]
    found = [*by_login, *by_name]
    return [] if [member.login.casefold() for member in found] == [login] else found
