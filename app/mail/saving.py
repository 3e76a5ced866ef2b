"""Writes bytes into a folder as a new file that nobody else can read; under what name is the caller's business."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from app.domain.errors import PostkorbError
from app.mail.mime.names import numbered

MAX_TRIES = 1_000


class NotSaved(PostkorbError):
    title = "The file could not be saved"
    next_step = "Choose another folder."


def save_new(name: str, data: bytes, folder: Path) -> Path:
    """Writes a file into `folder` and returns its path; `name` as `app.mail.mime.names.safe_name` makes it.

    It is readable by its owner only and always a new one: where the name is taken, also by a link, ` (2)` and so on is put
    before its extension. Raises NotSaved.
    """
    try:
        return write_new(folder, name, lambda file: file.write(data))
    except OSError as error:
        raise NotSaved(f"{folder}: {error.strerror}") from error


def write_new(
    folder: Path, name: str, write: Callable[[BinaryIO], object], *, other_names: bool = True
) -> Path:
    """The same for what `write` fills the file with; `other_names`: whether it may be put under one with a number.

    What cannot be written to its end is not left behind. Raises OSError (FileExistsError where the name is taken), and what
    `write` raises.
    """
    place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        taken, handle = _new_file(place, name, MAX_TRIES if other_names else 1)
        try:
            with os.fdopen(handle, "wb") as file:
                write(file)
        except BaseException:
            os.unlink(taken, dir_fd=place)
            raise
    finally:
        os.close(place)
    return folder / taken


def _new_file(place: int, name: str, tries: int) -> tuple[str, int]:
    for number in range(1, tries + 1):
        attempt = name if number == 1 else numbered(name, number)
        try:
            # O_EXCL neither overwrites nor follows a link that stands there (open(2)).
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            return attempt, os.open(attempt, flags, 0o600, dir_fd=place)
        except FileExistsError:
            continue
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
