"""How IMAP writes things down (RFC 9051 section 9): strings, UID sets, dates, flags, lists. Pure; sends nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from app.domain.errors import BadInput
from app.domain.mail.messages import Flags

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTH_NUMBERS = {name.encode().lower(): number for number, name in enumerate(MONTHS, 1)}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

#: RFC 7162 section 4 asks for command lines below 8192 bytes.
MAX_SET = 6000
LAST_UID = (1 << 32) - 1  # RFC 9051 section 2.3.1.1
#: Bytes of an answer that are parsed, literals apart; what is longer is no list, status or message.
MAX_PARSED = 1 << 20
_DIGITS = 19  # of the largest number of 63 bits

FLAG_NAMES = {
    "seen": rb"\Seen",
    "flagged": rb"\Flagged",
    "answered": rb"\Answered",
    "draft": rb"\Draft",
    "deleted": rb"\Deleted",
}

#: A parsed item: an atom or string, NIL, or a parenthesised list.
Item = bytes | None | list["Item"]


class Literal(bytes):
    """An argument that must be sent as a literal, because a quoted string cannot hold it."""


def astring(text: bytes) -> bytes:
    """A string argument: quoted, or a Literal for 8-bit text. Raises BadInput for what could end the command."""
    if any(c in text for c in b"\r\n\0"):
        raise BadInput("a line break or NUL in a name for the server")
    if not text.isascii():
        return Literal(text)
    return b'"' + text.replace(b"\\", b"\\\\").replace(b'"', b'\\"') + b'"'


def wire(path: str) -> bytes:
    """The bytes of a wire name as `RemoteFolder.path` keeps it: one character a byte."""
    try:
        return path.encode("latin-1")
    except UnicodeEncodeError:
        raise BadInput(f"this is no name of a folder: {path!r}") from None


def flag_list(flags: Iterable[str]) -> bytes:
    r"""Flags such as `\Seen` in parentheses. Raises BadInput for a word that is no flag."""
    flags = list(flags)
    for flag in flags:
        if not re.fullmatch(r"\\?[A-Za-z0-9_$.+-]+", flag):
            raise BadInput(f"this is no flag: {flag!r}")
    return b"(" + " ".join(flags).encode() + b")"


@lru_cache(maxsize=4096)
def flags_of(words: bytes) -> Flags:
    r"""The system flags among space-separated words such as `\Seen $Forwarded`."""
    present = set(words.lower().split())
    return Flags(**{field: name.lower() in present for field, name in FLAG_NAMES.items()})


_INTERNALDATE = re.compile(rb" ?(\d{1,2})-(\w{3})-(\d{4}) (\d\d):(\d\d):(\d\d) ([+-])(\d\d)(\d\d)")


def arrival(text: bytes) -> datetime:
    """An INTERNALDATE as aware UTC; the epoch for one that cannot be read."""
    found = _INTERNALDATE.fullmatch(text)
    if found is None:
        return EPOCH
    day, month, year, hour, minute, second, sign, zone_hours, zone_minutes = found.groups()
    try:
        local = datetime(
            int(year),
            _MONTH_NUMBERS[month.lower()],
            int(day),
            int(hour),
            int(minute),
            min(int(second), 59),
            tzinfo=UTC,
        )
        offset = int(zone_hours) * 60 + int(zone_minutes)
        return local - timedelta(minutes=-offset if sign == b"-" else offset) if offset else local
    except (ValueError, KeyError, OverflowError):
        return EPOCH


def internal_date(when: datetime) -> bytes:
    """A quoted date-time for APPEND."""
    when = when.astimezone(UTC)
    return f'"{when.day:02d}-{MONTHS[when.month - 1]}-{when:%Y %H:%M:%S} +0000"'.encode()


def search_date(day: date) -> bytes:
    """A date for SEARCH SINCE."""
    return f"{day.day}-{MONTHS[day.month - 1]}-{day.year:04d}".encode()


def uid_ranges(uids: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Runs of consecutive UIDs as (first, last), ascending."""
    first = last = 0
    for uid in sorted(set(uids)):
        if uid == last + 1 and first:
            last = uid
            continue
        if first:
            yield first, last
        first = last = uid
    if first:
        yield first, last


def uid_sets(uids: Iterable[int]) -> Iterator[bytes]:
    """The UIDs as sets such as `1:3,7`, each short enough for one command line."""
    words: list[bytes] = []
    length = 0
    for first, last in uid_ranges(uids):
        word = b"%d" % first if first == last else b"%d:%d" % (first, last)
        if words and length + len(word) >= MAX_SET:
            yield b",".join(words)
            words, length = [], 0
        words.append(word)
        length += len(word) + 1
    if words:
        yield b",".join(words)


def portions(uids: Sequence[int], size: int) -> Iterator[bytes]:
    """UID sets of at most `size` messages each, in the order in which the UIDs were given."""
    for at in range(0, len(uids), size):
        yield from uid_sets(uids[at : at + size])


def number(digits: bytes) -> int:
    """A number from a server; 0 for one that is larger than 63 bits, as no modification sequence may be."""
    value = int(digits) if len(digits) <= _DIGITS else 0
    return value if value < 1 << 63 else 0


def uid_of(word: Item) -> int | None:
    """A UID from a server; None for what can be none."""
    if not isinstance(word, bytes) or not word.isdigit() or len(word) > _DIGITS:
        return None
    value = int(word)
    return value if 0 < value <= LAST_UID else None


def read_ranges(text: bytes) -> Iterator[tuple[int, int]]:
    """The (low, high) ranges of a UID set such as `1:3,7`. Raises ValueError for anything else."""
    for word in text.split(b","):
        if word:
            first, _colon, last = word.partition(b":")
            a = int(first)
            b = int(last) if last else a
            yield (a, b) if a <= b else (b, a)


def read_set(text: bytes, limit: int) -> list[int] | None:
    """The UIDs of a set in its order; None if there are more than `limit` (a server can write billions in ten bytes)."""
    ranges = list(read_ranges(text))
    if sum(last - first + 1 for first, last in ranges) > limit:
        return None
    return [uid for first, last in ranges for uid in range(first, last + 1)]


# A word may hold brackets with blanks in them, as in BODY[HEADER.FIELDS (MESSAGE-ID)]<0>.
_TOKEN = re.compile(
    rb'[ \t]*(?:([()])|"((?:[^"\\]|\\.)*)"|((?:[^\s()"\[]|\[[^\]]{0,200}\])+)|(.))', re.DOTALL
)


def parse(parts: Sequence[bytes]) -> list[Item]:
    """The items of an answer, whose text and literals alternate. Raises ValueError if parentheses do not match, or for an
    answer that is longer than one can be."""
    if sum(map(len, parts[::2])) > MAX_PARSED:
        raise ValueError(f"it is longer than {MAX_PARSED >> 20} MB")
    stack: list[list[Item]] = [[]]
    for number, part in enumerate(parts):
        if number % 2:
            stack[-1].append(part)
            continue
        for paren, quoted, word, _stray in _TOKEN.findall(part):
            if paren == b"(":
                stack.append([])
            elif paren == b")":
                if len(stack) == 1:
                    raise ValueError("one parenthesis too many")
                done = stack.pop()
                stack[-1].append(done)
            elif word:
                stack[-1].append(None if word.upper() == b"NIL" else word)
            elif not _stray:
                stack[-1].append(re.sub(rb"\\(.)", rb"\1", quoted) if b"\\" in quoted else quoted)
    if len(stack) != 1:
        raise ValueError("a parenthesis is missing")
    return stack[0]


def pairs(items: Item) -> dict[bytes, Item]:
    """A list of names and values, such as FETCH and STATUS send, as a mapping by capital names."""
    if not isinstance(items, list):
        return {}
    names = items[0::2]
    return {
        name.upper(): value
        for name, value in zip(names, items[1::2], strict=False)
        if isinstance(name, bytes)
    }
