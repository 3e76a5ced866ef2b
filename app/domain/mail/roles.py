"""Which folder is for what, by what the server says or by the usual names, and what a person calls it. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from app.domain.mail.messages import FolderRow, Role
from app.domain.text import clean_line
from app.language import _

#: RFC 6154 attributes, in lower case.
ATTRIBUTES = {
    "\\sent": Role.SENT,
    "\\drafts": Role.DRAFTS,
    "\\junk": Role.JUNK,
    "\\trash": Role.TRASH,
    "\\archive": Role.ARCHIVE,
    "\\all": Role.ALL,
}

_NAMES: dict[Role, tuple[str, ...]] = {
    Role.SENT: (
        "Gesendet",
        "Gesendete",
        "Gesendete Elemente",
        "Gesendete Objekte",
        "Gesendete Nachrichten",
        "Gesendete E-Mails",
        "Gesendete Mails",
        "Postausgang (gesendet)",
        "Sent",
        "Sent Items",
        "Sent Messages",
        "Sent Mail",
        "Sent-Mail",
        "Sent_Mail",
    ),
    Role.DRAFTS: ("Entwürfe", "Entwuerfe", "Entwurf", "Drafts", "Draft"),
    Role.TRASH: (
        "Papierkorb",
        "Gelöscht",
        "Gelöschte Elemente",
        "Gelöschte Objekte",
        "Gelöschte Nachrichten",
        "Geloeschte Elemente",
        "Geloeschte Objekte",
        "Trash",
        "Deleted",
        "Deleted Items",
        "Deleted Messages",
        "Bin",
    ),
    Role.JUNK: (
        "Spam",
        "Spamverdacht",
        "Spam-Verdacht",
        "Unerwünscht",
        "Unerwünschte Werbung",
        "Unerwünschte E-Mails",
        "Werbung",
        "Junk",
        "Junk-E-Mail",
        "Junk E-Mail",
        "Junk Email",
        "Junk Mail",
        "Bulk Mail",
    ),
    Role.ARCHIVE: ("Archiv", "Archive", "Archives", "Archiviert"),
}
#: What an inbox is called, though no folder of that name is one.
_CALLED = {"posteingang": Role.INBOX, "eingang": Role.INBOX}
_BY_NAME = {name.casefold(): role for role, names in _NAMES.items() for name in names}


@dataclass(frozen=True, slots=True)
class Listed:
    """A folder as far as its role depends on it. `name`: decoded, `/` between levels."""

    path: str
    name: str
    attributes: Collection[str] = ()


def assign_roles(folders: Iterable[Listed]) -> dict[str, Role]:
    """Role by path; folders without a role are left out.

    No role is given twice: the server's word goes before a usual name, then the shorter name, then the alphabet.
    """
    found: dict[str, Role] = {}
    taken: set[Role] = set()
    for role, _is_said, folder in sorted(_candidates(folders), key=_preference):
        if role not in taken and folder.path not in found:
            taken.add(role)
            found[folder.path] = role
    return found


def role_by_name(name: str) -> Role:
    """The role that a decoded name suggests, at the top level or below INBOX or [Gmail]; NONE if none."""
    levels = name.casefold().split("/")
    if levels == ["inbox"]:
        return Role.INBOX
    if len(levels) == 2 and levels[0] in ("inbox", "[gmail]", "[google mail]"):
        levels = levels[1:]
    return _BY_NAME.get(levels[0].strip(), Role.NONE) if len(levels) == 1 else Role.NONE


def role_word(role: Role) -> str:
    """The word for a role; empty for an ordinary folder."""
    return {
        Role.INBOX: _("Inbox"),
        Role.SENT: _("Sent"),
        Role.DRAFTS: _("Drafts"),
        Role.JUNK: _("Spam"),
        Role.TRASH: _("Trash"),
        Role.ARCHIVE: _("Archive"),
        Role.ALL: _("All mail"),
    }.get(role, "")


#: What a mailbox needs a folder for: copies of sent mail, and what the keys for deleting, archiving and spam do. Drafts stay
#: on this machine.
_NEEDED = (Role.SENT, Role.TRASH, Role.ARCHIVE, Role.JUNK)


def lacking(roles: Iterable[Role]) -> tuple[Role, ...]:
    """What a mailbox with folders of these roles has none for and needs one. A view of all mail serves as an archive."""
    have = set(roles)
    if Role.ALL in have:
        have.add(Role.ARCHIVE)
    return tuple(role for role in _NEEDED if role not in have)


def effect_of_lack(role: Role) -> str:
    """What follows when there is no folder for this, in a few words."""
    return {
        Role.SENT: _("no copy of sent mail there"),
        Role.TRASH: _("nothing can be deleted"),
        Role.ARCHIVE: _("nothing can be archived"),
        Role.JUNK: _("spam cannot be moved away"),
    }[role]


def folders_meant(word: str, folders: Iterable[FolderRow]) -> list[FolderRow]:
    """The folders that a person may call so: in each mailbox the one of this name, else the one with this role, by its usual
    names and by the word that is shown for it."""
    known = list(folders)
    named = [folder for folder in known if folder.name.casefold() == word.casefold()]
    have = {folder.mailbox_id for folder in named}
    shown = {role_word(role).casefold(): role for role in Role if role is not Role.NONE}
    role = role_by_name(word) or _CALLED.get(word.casefold()) or shown.get(word.casefold(), Role.NONE)
    if role is Role.NONE:
        return named
    return named + [folder for folder in known if folder.role is role and folder.mailbox_id not in have]


def folder_word(name: str, role: Role) -> str:
    """What a person calls a folder: the word for its role where its name is a usual one, else its own (decoded) name."""
    usual = role in (Role.INBOX, Role.ALL) or role_by_name(name) is role
    return (role_word(role) if usual else "") or clean_line(name)


def _candidates(folders: Iterable[Listed]) -> Iterable[tuple[Role, bool, Listed]]:
    for folder in folders:
        guessed = role_by_name(folder.name)
        if guessed is Role.INBOX:
            yield Role.INBOX, False, folder
            continue
        for attribute in folder.attributes:
            if role := ATTRIBUTES.get(attribute.lower()):
                yield role, True, folder
        if guessed:
            yield guessed, False, folder


def _preference(candidate: tuple[Role, bool, Listed]) -> tuple[bool, int, str]:
    _role, is_said, folder = candidate
    return (not is_said, len(folder.name), folder.name)
