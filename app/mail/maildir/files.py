"""The files of one Maildir folder (cr.yp.to/proto/maildir.html): names, flags, delivery. Knows no UIDs."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import re
import socket
import stat
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from app.domain.errors import BadInput
from app.domain.mail.messages import Flags

_LETTERS = {
    "\\seen": "S",
    "\\flagged": "F",
    "\\answered": "R",
    "\\draft": "D",
    "\\deleted": "T",
    "$forwarded": "P",
}
MAX_MAIL = 1 << 30
_HEADER_BYTES = 1 << 17
_MESSAGE_ID = re.compile(rb"^message-id:((?:[^\n]|\n[ \t])*)", re.IGNORECASE | re.MULTILINE)
_counter = itertools.count()


def list_messages(directory: Path) -> dict[bytes, bytes]:
    """Place and file name (`cur/…` or `new/…`) by unique base name. Raises OSError.

    A message that is in both for the moment of its move counts as in `cur`.
    """
    found: dict[bytes, bytes] = {}
    for place in (b"new/", b"cur/"):
        for name in os.listdir(_at(directory, place)):
            if not name.startswith(b"."):
                found[name.partition(b":")[0]] = place + name
    return found


def stamp(directory: Path) -> tuple[int, int]:
    """When something was last added, renamed or removed in `new` and `cur`, in nanoseconds. Raises OSError."""
    return ((directory / "new").stat().st_mtime_ns, (directory / "cur").stat().st_mtime_ns)


def base_of(name: bytes) -> bytes:
    """The unique base name in a place and file name."""
    return name.partition(b"/")[2].partition(b":")[0]


def letters_of(name: bytes) -> str:
    """The flag letters of a file name."""
    if name.startswith(b"new/"):
        return ""
    _base, _colon, info = name.partition(b":")
    return info[2:].decode("ascii", "replace") if info.startswith(b"2,") else ""


def flags_of(name: bytes) -> Flags:
    """The flags that a file name tells."""
    letters = letters_of(name)
    return Flags(
        seen="S" in letters,
        flagged="F" in letters,
        answered="R" in letters,
        draft="D" in letters,
        deleted="T" in letters,
    )


def with_flags(name: bytes, add: Sequence[str], remove: Sequence[str]) -> bytes:
    """The name of the same message with other flags; in `cur`, unless none are changed.

    Letters that we do not know are kept. Raises BadInput for a flag that a Maildir cannot hold.
    """
    before = letters_of(name)
    after = (set(before) | set(letters_for(add))) - set(letters_for(remove))
    if after == set(before):
        return name
    return b"cur/" + base_of(name) + b":2," + "".join(sorted(after)).encode("ascii", "ignore")


def letters_for(flags: Sequence[str]) -> str:
    """The letters for flags by their IMAP names, in the order of ASCII, as the specification wants them."""
    try:
        return "".join(sorted({_LETTERS[flag.lower()] for flag in flags}))
    except KeyError as unknown:
        raise BadInput(f"a Maildir cannot keep this flag: {unknown.args[0]!r}") from None


def unique_name(letters: str = "") -> bytes:
    """A place and file name that nobody else uses: in `new` without flags, in `cur` with them."""
    now = time.time_ns()
    host = socket.gethostname().replace("/", "\\057").replace(":", "\\072")
    base = f"{now // 10**9}.M{now // 1000 % 10**6}P{os.getpid()}Q{next(_counter)}.{host}"
    return os.fsencode(f"cur/{base}:2,{letters}" if letters else f"new/{base}")


def renewed(name: bytes) -> bytes:
    """A new unique name with the same flags, in the same place.

    A message that moves needs one: mbsync keeps its UID in the old (`,U=12`) and would take it for another's.
    """
    base = base_of(unique_name())
    place = b"new/" if name.startswith(b"new/") else b"cur/"
    _old, colon, info = name.partition(b":")
    return place + base + (colon + info if place == b"cur/" else b"")


def rename(directory: Path, name: bytes, new_name: bytes) -> None:
    """Give a message another name, which only its flags may differ in. Raises OSError."""
    os.rename(_at(directory, name), _at(directory, new_name))


def remove(directory: Path, name: bytes) -> None:
    """Remove a message for good. Raises OSError."""
    os.unlink(_at(directory, name))


def read_message(directory: Path, name: bytes) -> tuple[bytes, float]:
    """A message and when it arrived (epoch seconds). Raises FileNotFoundError if it has another name now, or OSError."""
    descriptor = os.open(_at(directory, name), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_MAIL:
            raise OSError(f"{os.fsdecode(name)} is no message")
        return file.read(), found.st_mtime


def message_id_of(directory: Path, name: bytes) -> bytes:
    """The Message-ID field, unfolded; empty if there is none. Raises OSError."""
    descriptor = os.open(_at(directory, name), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with open(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return b""
        header = re.split(rb"\r?\n\r?\n", file.read(_HEADER_BYTES), maxsplit=1)[0]
    found = _MESSAGE_ID.search(header)
    return b" ".join(found[1].split()) if found else b""


def deliver(directory: Path, raw: bytes, name: bytes, arrived: datetime) -> None:
    """Write a message through `tmp`, on the disk when this returns. Raises OSError; then nothing is there."""
    (directory / "tmp").mkdir(mode=0o700, exist_ok=True)
    temporary = _at(directory, b"tmp/" + base_of(name))
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        with open(descriptor, "wb") as file:
            file.write(raw)
            file.flush()
            os.utime(descriptor, (arrived.timestamp(), arrived.timestamp()))
            os.fsync(descriptor)
        os.rename(temporary, _at(directory, name))
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise
    sync_directory(directory / os.fsdecode(name.partition(b"/")[0]))


def copy_file(source: Path, name: bytes, target: Path, new_name: bytes) -> None:
    """The same message at another place, durable: a second link where the disk allows it. Raises OSError."""
    old, new = _at(source, name), _at(target, new_name)
    try:
        os.link(old, new)
    except FileNotFoundError:
        raise
    except OSError:  # another disk, or one without links
        raw, arrived = read_message(source, name)
        deliver(target, raw, new_name, datetime.fromtimestamp(arrived).astimezone())
    else:
        sync_directory(target / os.fsdecode(new_name.partition(b"/")[0]))


def move_file(source: Path, name: bytes, target: Path, new_name: bytes) -> None:
    """Move a message to another folder; at no time is it in none. Raises OSError."""
    old = _at(source, name)
    try:
        os.rename(old, _at(target, new_name))
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        copy_file(source, name, target, new_name)
        os.unlink(old)
    else:
        sync_directory(target / os.fsdecode(new_name.partition(b"/")[0]))


def sync_directory(directory: Path) -> None:
    """Make sure that what was renamed there is on the disk."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def arrival(directory: Path, name: bytes) -> int:
    """When a message arrived: the file's time, which delivery sets, in epoch seconds. Raises OSError."""
    return int(os.stat(_at(directory, name)).st_mtime)


def _at(directory: Path, name: bytes) -> bytes:
    return os.fsencode(directory) + b"/" + name
