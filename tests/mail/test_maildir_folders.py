"""The folders of a Maildir, in both layouts: found, created, refused; no path leaves it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from app.domain.errors import BadInput
from app.domain.mail.messages import Flags, Role
from app.mail.errors import FolderMissing
from app.mail.maildir.source import MaildirSource
from tests.mail.box import Box
from tests.mail.letters import letter, when

FOLDERS = {
    ".": ("INBOX", Role.INBOX),
    ".Gesendet": ("Gesendet", Role.SENT),
    ".Entw&APw-rfe": ("Entwürfe", Role.DRAFTS),
    ".Kunden.S&APw-d": ("Kunden/Süd", Role.NONE),
    ".Trash": ("Trash", Role.TRASH),
}


def test_maildir_plus_plus_folders_are_found(box: Box) -> None:
    for folder in FOLDERS:
        box.put("new/1.x", folder=folder)
    (box.root / ".notmuch").mkdir()
    (box.root / "dovecot-uidlist").touch()
    source = box.open()
    assert {folder.path: (folder.name, folder.role) for folder in source.folders()} == FOLDERS
    assert all(folder.selectable for folder in source.folders())
    assert [status.messages for status in source.statuses(source.folders()).values()] == [1] * len(FOLDERS)


def test_nested_folders_are_found(tmp_path: Path) -> None:
    box = Box(tmp_path / "Mail", tmp_path / "state")
    for folder in ("INBOX", "Kunden/Müller & Söhne", "Kunden/Süd/Ulm", "Gesendete Objekte", "INBOX/.Archiv"):
        box.put("new/1.x", folder=folder)
    (box.root / "Kunden" / "Süd" / "Ulm" / "Kreis").symlink_to(box.root)
    (box.root / "leer" / "leer").mkdir(parents=True)
    source = box.open()
    told = {folder.name: (folder.role, folder.selectable) for folder in source.folders()}
    assert told == {
        "INBOX": (Role.INBOX, True),
        "INBOX/Archiv": (Role.ARCHIVE, True),
        "Gesendete Objekte": (Role.SENT, True),
        "Kunden": (Role.NONE, False),
        "Kunden/Müller & Söhne": (Role.NONE, True),
        "Kunden/Süd": (Role.NONE, False),
        "Kunden/Süd/Ulm": (Role.NONE, True),
    }
    for folder in source.folders():
        assert folder.path.isascii()
        if folder.selectable:
            assert source.select(folder.path).status.messages == 1
    source.close()


def test_a_directory_name_that_is_no_text_works(box: Box) -> None:
    directory = os.fsencode(box.root) + b"/.Gr\xfc\xdfe"
    for part in (b"cur", b"new"):
        os.makedirs(directory + b"/" + part)
    with open(directory + b"/new/1.\xff", "wb") as file:
        file.write(letter())
    source = box.open()
    (folder,) = [folder for folder in source.folders() if folder.path != "."]
    folder.name.encode()
    assert source.select(folder.path).status.messages == 1
    source.change_flags([1], ["\\Seen"], [])
    assert [mail.flags for mail in source.fetch([1])] == [Flags(seen=True)]


@pytest.mark.parametrize(
    "path", ["..", "../x", "%2e%2e", "a/../../x", "/etc", "%2Fetc", "a%00b", "Fehlt", "", "./."]
)
def test_no_path_leaves_the_maildir(box: Box, path: str) -> None:
    for part in ("cur", "new"):
        (box.root.parent / "x" / part).mkdir(parents=True)
    source = box.open()
    with pytest.raises(FolderMissing):
        source.select(path)
    with pytest.raises(FolderMissing):
        source.append(path, letter(), [], when())


@pytest.mark.parametrize(
    ("nested", "directory"), [(False, ".Kunden.S&APw-d & Co"), (True, "Kunden/Süd & Co")]
)
def test_a_created_folder_fits_into_the_tree(box: Box, nested: bool, directory: str) -> None:
    if nested:
        for part in ("cur", "new", "tmp"):
            (box.root / part).rmdir()
    source = box.open()
    path = source.create_folder("Kunden/Süd & Co")
    assert (box.root / directory.replace("& ", "&- " if not nested else "& ") / "tmp").is_dir()
    assert path in {folder.path for folder in source.folders() if folder.name == "Kunden/Süd & Co"}
    assert source.create_folder("Kunden/Süd & Co") == path
    assert source.append(path, letter(), [], when()) == 1


@pytest.mark.parametrize("name", ["", "a//b", "..", "a/../b", "\x1b", "cur", "a\nb", ".x"])
def test_a_name_that_no_folder_should_have_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "Mail").mkdir()
    source = MaildirSource(tmp_path / "Mail", tmp_path / "state")
    with pytest.raises(BadInput):
        source.create_folder(name)
    assert list(tmp_path.rglob("cur")) == []
    source.close()
