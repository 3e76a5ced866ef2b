"""Writes bytes into a folder as a new file that nobody else can read; under what name is the caller's business."""

from __future__ import annotations

import os
from pathlib import Path

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
        place = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise NotSaved(f"{folder}: {error.strerror}") from error
    try:
        name, handle = _new_file(place, name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
        except OSError:
            os.unlink(name, dir_fd=place)
            raise
    except OSError as error:
        raise NotSaved(f"{folder}: {error.strerror}") from error
    finally:
        os.close(place)
    return folder / name


def _new_file(place: int, name: str) -> tuple[str, int]:
    for number in range(1, MAX_TRIES):
        attempt = name if number == 1 else numbered(name, number)
        try:
            # O_EXCL neither overwrites nor follows a link that stands there (open(2)).
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            return attempt, os.open(attempt, flags, 0o600, dir_fd=place)
        except FileExistsError:
            continue
    raise FileExistsError(17, os.strerror(17))
