"""Opens a folder and finds messages in it: SELECT with QRESYNC (RFC 7162), SEARCH with ESEARCH (RFC 4731)."""

from __future__ import annotations

import re
from datetime import date

from app.domain.mail.messages import Flags, FolderStatus
from app.mail.errors import CommandRefused
from app.mail.imap.fetching import fetch_header_field, read_flags
from app.mail.imap.session import Answer, Session
from app.mail.imap.syntax import LAST_UID, astring, number, read_ranges, read_set, search_date, wire
from app.mail.source import Selected, Since

#: More than this many vanished or found UIDs are not believed.
MAX_UIDS = 5_000_000
#: Searching a big folder without an index takes a server minutes; most say something now and then.
SEARCH_SECONDS = 300.0

_CODE = re.compile(
    rb"\* OK \[(UIDVALIDITY|UIDNEXT|HIGHESTMODSEQ|NOMODSEQ|CLOSED)(?: (\d+))?\]", re.IGNORECASE
)
_KEPT = re.compile(rb"\* OK \[PERMANENTFLAGS \(([^()]*)\)\]", re.IGNORECASE)
_VANISHED = re.compile(rb"\* VANISHED \(EARLIER\) ([\d:,]+)\s*\Z", re.IGNORECASE)
_ESEARCH = re.compile(rb"\* ESEARCH\b.*? ALL ([\d:,]+)", re.IGNORECASE)
_NUMBER = re.compile(rb"\d+")
_TOO_MANY = "the server claims to have found more messages than there can be"
_SEARCH = re.compile(rb"\* SEARCH\b([ \d]*)", re.IGNORECASE)


def select(session: Session, path: str, since: Since | None, *, qresync: bool, readonly: bool) -> Selected:
    """Open a folder. Raises FolderMissing or CommandRefused; then none is open."""
    parameters: tuple[bytes, ...] = ()
    is_resync = qresync and since is not None and bool(since.uidvalidity) and bool(since.highestmodseq)
    if is_resync and since is not None:
        parameters = (b"(QRESYNC (%d %d))" % (since.uidvalidity, since.highestmodseq or 0),)
    session.settle()
    session.exists = 0
    reply = session.run(b"EXAMINE" if readonly else b"SELECT", astring(wire(path)), *parameters)
    session.news = False
    session.is_read_only = reply.code == "READ-ONLY"
    kept = [found[1] for answer in reply.answers if (found := _KEPT.match(answer[0]))]
    session.kept_flags = frozenset(kept[-1].lower().split()) if kept else None
    codes, answers = _codes(reply.answers)
    status = FolderStatus(
        uidvalidity=codes.get(b"UIDVALIDITY", 0),
        uidnext=codes.get(b"UIDNEXT", 0),
        messages=session.exists,
        highestmodseq=codes.get(b"HIGHESTMODSEQ") or None,
    )
    if (
        since is None
        or not is_resync
        or status.uidvalidity != since.uidvalidity
        or status.highestmodseq is None
    ):
        return Selected(status)
    return _resynced(session, status, answers, since)


def _codes(answers: list[Answer]) -> tuple[dict[bytes, int], list[Answer]]:
    """Response codes with their numbers, and the answers that are about the new folder."""
    codes: dict[bytes, int] = {}
    about_new: list[Answer] = []
    for answer in answers:
        found = _CODE.match(answer[0])
        if found is None:
            about_new.append(answer)
        elif found[1].upper() == b"CLOSED":  # RFC 7162 section 3.2.11: so far it was about the folder before
            codes.clear()
            about_new.clear()
        else:
            codes[found[1].upper()] = number(found[2] or b"0")
    return codes, about_new


def _resynced(session: Session, status: FolderStatus, answers: list[Answer], since: Since) -> Selected:
    changed: dict[int, Flags] = {}
    vanished: set[int] = set()
    for answer in answers:
        told = read_flags(session, answer)
        if told is not None:
            changed[told[0]] = told[1]
        elif (found := _VANISHED.match(answer[0])) is not None:
            try:
                ranges = [(first, min(last, since.uidnext - 1)) for first, last in read_ranges(found[1])]
            except ValueError:
                return Selected(status)
            if sum(max(0, last - first + 1) for first, last in ranges) + len(vanished) > MAX_UIDS:
                return Selected(status)
            for first, last in ranges:
                vanished.update(range(first, last + 1))
    return Selected(status, tuple(sorted(vanished)), changed)


def search_uids(session: Session, arrived_since: date | None, *, esearch: bool) -> list[int]:
    """UIDs of all messages, or of those that arrived on or after a day, ascending."""
    if not session.exists:
        return []
    return _search(
        session, b"ALL" if arrived_since is None else b"SINCE " + search_date(arrived_since), esearch=esearch
    )


def search_deleted(session: Session, *, esearch: bool) -> list[int]:
    r"""UIDs of all messages that somebody marked `\Deleted`."""
    return _search(session, b"DELETED", esearch=esearch)


def search_message_id(session: Session, message_id: str, *, esearch: bool) -> list[int]:
    """UIDs of messages whose Message-ID field is exactly this one; SEARCH itself would also find parts of it."""
    wanted = " ".join(message_id.split())
    if not wanted or not wanted.isprintable() or not session.exists:
        return []
    text = wanted.strip("<>").encode()
    charset = b"" if text.isascii() else b"CHARSET UTF-8 "
    found = _search(session, charset + b"HEADER MESSAGE-ID", astring(text), esearch=esearch)
    fields = fetch_header_field(session, found, b"MESSAGE-ID")
    return [uid for uid in found if fields.get(uid) == wanted.encode()]


def _search(session: Session, *criteria: bytes, esearch: bool) -> list[int]:
    command = b"UID SEARCH RETURN (ALL)" if esearch else b"UID SEARCH"
    usual, session.stream.timeout = session.stream.timeout, max(SEARCH_SECONDS, session.stream.timeout)
    try:
        answers = session.run(command, *criteria).answers
    finally:
        session.stream.timeout = usual
    try:
        return sorted(_found(answers))
    except ValueError as error:
        raise CommandRefused("the server's answer to a search cannot be read") from error


def _found(answers: list[Answer]) -> set[int]:
    """The UIDs that a search found. Raises ValueError for what are none."""
    found: set[int] = set()
    for answer in answers:
        if (ranges := _ESEARCH.match(answer[0])) is not None:
            uids = read_set(ranges[1], MAX_UIDS)
            if uids is None:
                raise CommandRefused(_TOO_MANY)
            found.update(uids)
        elif (listed := _SEARCH.match(answer[0])) is not None:
            for uid in _NUMBER.finditer(listed[1]):
                found.add(int(uid[0]))
                if len(found) > MAX_UIDS:
                    raise CommandRefused(_TOO_MANY)
    return {uid for uid in found if 0 < uid <= LAST_UID}
