"""Finds the folders of a Maildir, whether Maildir++ (`.Kunden.Ulm`) or nested as mbsync writes them; reads no mail."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from app.domain.errors import BadInput
from app.domain.mail.messages import RemoteFolder, Role
from app.domain.mail.roles import Listed, assign_roles
from app.mail.errors import CommandRefused, FolderMissing
from app.mail.folder_names import check_level, decode_level, to_utf7

INBOX = "."
PARTS = ("cur", "new", "tmp")
_MAX_DEPTH = 20
#: What stays readable in a path, beside letters and digits.
_PLAIN = "/ !#$&'()*+,-.:;<=>?@[]^_`{|}~"


@dataclass(frozen=True, slots=True)
class Place:
    """A directory of the tree. `path`: relative to the root, other bytes than plain ASCII percent-encoded."""

    path: str
    name: str
    has_mail: bool


def list_folders(root: Path) -> list[RemoteFolder]:
    """All folders with roles by their usual names. Raises FolderMissing if there is no such directory."""
    if not root.is_dir():
        raise FolderMissing(str(root))
    places = list(_walk(root))
    roles = assign_roles(Listed(place.path, place.name) for place in places if place.has_mail)
    return [
        RemoteFolder(place.path, place.name, roles.get(place.path, Role.NONE), place.has_mail)
        for place in places
    ]


def directory_of(root: Path, path: str) -> Path:
    """The directory of a folder. Raises FolderMissing if it is none, or lies outside the root."""
    if path == INBOX:
        directory = root
    else:
        raw = unquote_to_bytes(path)
        if b"\0" in raw or {b"..", b".", b""} & set(raw.split(b"/")):
            raise FolderMissing(path)
        directory = root / os.fsdecode(raw)
    if not is_maildir(directory):
        raise FolderMissing(path)
    return directory


def is_maildir(directory: Path) -> bool:
    """Whether it holds mail; `tmp` is missing in some copies and made when needed."""
    return (directory / "cur").is_dir() and (directory / "new").is_dir()


def create_folder(root: Path, name: str) -> str:
    """Make a folder by its decoded name, in the way of the tree that is there; returns its path.

    Raises BadInput for a name that cannot be a folder here, CommandRefused if the disk does not take it.
    """
    levels = [check_level(level) for level in name.split("/")]
    if is_maildir(root):
        if any("." in level for level in levels):
            raise BadInput("in this Maildir a point separates levels: {name}", name=name)
        relative = "." + ".".join(to_utf7(level).decode() for level in levels)
    else:
        if any(level in PARTS or level.startswith(".") for level in levels):
            raise BadInput("this is no name of a folder here: {name}", name=name)
        relative = "/".join(levels)
    try:
        make_maildir(root / relative)
        if is_maildir(root):
            (root / relative / "maildirfolder").touch()
    except OSError as error:
        raise CommandRefused(str(error)) from error
    return _path(os.fsencode(relative))


def make_maildir(directory: Path) -> None:
    """Make the three directories of a Maildir, for their owner only. Raises OSError."""
    for part in PARTS:
        (directory / part).mkdir(mode=0o700, parents=True, exist_ok=True)


def _walk(root: Path) -> Iterator[Place]:
    if is_maildir(root):
        yield Place(INBOX, "INBOX", has_mail=True)
    yield from _below(root, b"", [], {_identity(root)})


def _below(
    directory: Path, relative: bytes, levels: list[str], above: set[tuple[int, int]]
) -> Iterator[Place]:
    """The folders below a directory. `above`: what a symbolic link must not lead back to."""
    try:
        names = sorted(
            entry.name for entry in os.scandir(directory) if entry.is_dir() and entry.name not in PARTS
        )
    except OSError as error:
        raise CommandRefused(str(error)) from error
    for name in names:
        child, raw = directory / name, os.fsencode(name)
        identity = _identity(child)
        has_mail = is_maildir(child)
        if identity in above or len(above) > _MAX_DEPTH or (name.startswith(".") and not has_mail):
            continue
        here = relative + b"/" + raw if relative else raw
        own = (
            [decode_level(level) for level in raw[1:].split(b".")]
            if name.startswith(".")
            else [decode_level(raw)]
        )
        below = list(_below(child, here, levels + own, above | {identity}))
        if has_mail or below:
            yield Place(_path(here), "/".join(levels + own), has_mail)
        yield from below


def _identity(directory: Path) -> tuple[int, int]:
    try:
        found = directory.stat()
    except OSError:
        return (0, 0)
    return (found.st_dev, found.st_ino)


def _path(relative: bytes) -> str:
    return quote_from_bytes(relative, safe=_PLAIN)
