"""Changes on the server: flags, moves, copies, deletions, appended messages. Each touches exactly the UIDs named."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime

from app.domain.errors import BadInput
from app.mail.errors import CommandRefused, HalfMoved
from app.mail.imap.selecting import search_deleted
from app.mail.imap.session import Reply, Session
from app.mail.imap.syntax import (
    FLAG_NAMES,
    LAST_UID,
    Literal,
    astring,
    flag_list,
    internal_date,
    read_set,
    uid_of,
    uid_sets,
    wire,
)

#: Messages copied before their originals are deleted.
COPIES = 200

_COPIED = re.compile(rb"\* OK \[COPYUID ([^\]]*)\]", re.IGNORECASE)


def change_flags(session: Session, uids: Sequence[int], add: Sequence[str], remove: Sequence[str]) -> None:
    """Add and remove flags without being told the outcome for each message (`.SILENT`)."""
    _check_writable(session, *add, *remove)
    for sign, flags in ((b"+", add), (b"-", remove)):
        if flags:
            words = flag_list(flags)
            for uid_set in uid_sets(uids):
                _run(session, b"UID STORE", uid_set, sign + b"FLAGS.SILENT", words)


def copy(session: Session, uids: Sequence[int], target: str) -> dict[int, int]:
    """Copy messages; new UIDs by old ones as far as the server has UIDPLUS."""
    return _transfer(session, b"UID COPY", uids, target)


def move(session: Session, uids: Sequence[int], target: str) -> dict[int, int]:
    """Move messages by MOVE (RFC 6851), in which none can be lost or doubled by a cut between the two halves."""
    _check_writable(session)
    return _transfer(session, b"UID MOVE", uids, target)


def move_by_copy(
    session: Session, uids: Sequence[int], target: str, *, uidplus: bool, esearch: bool
) -> dict[int, int]:
    """Move where there is no MOVE: copy, then delete what was copied, some at a time.

    A cut between the halves leaves the message in both folders; it is never lost. One that can be marked deleted and not
    expunged counts as moved, as every client shows it. Raises HalfMoved if the second half is refused.
    """
    _check_writable(session, r"\Deleted")
    new_uids: dict[int, int] = {}
    for at in range(0, len(uids), COPIES):
        some = uids[at : at + COPIES]
        copied = copy(session, some, target)
        try:
            delete(
                session,
                [uid for uid in some if uid in copied] if copied else some,
                uidplus=uidplus,
                esearch=esearch,
            )
        except CommandRefused as refused:
            raise HalfMoved(refused, copied) from refused
        new_uids.update(copied)
    return new_uids


def delete(session: Session, uids: Sequence[int], *, uidplus: bool, esearch: bool) -> tuple[int, ...]:
    r"""Mark deleted and expunge exactly these; the UIDs that had to stay, marked.

    Without UIDPLUS (RFC 4315) only EXPUNGE is there, which takes all mail that anybody marked. It is sent only if
    nobody else marked any, as far as a look just before can tell. The server is asked afterwards what is left: Dovecot
    says OK to an EXPUNGE that the rights on the folder (RFC 4314) do not allow, and does nothing.
    """
    change_flags(session, uids, [r"\Deleted"], [])
    if uidplus:
        for uid_set in uid_sets(uids):
            _run(session, b"UID EXPUNGE", uid_set)
    elif set(search_deleted(session, esearch=esearch)) <= set(uids):
        session.run(b"EXPUNGE")
    return tuple(sorted(set(search_deleted(session, esearch=esearch)).intersection(uids)))


def append(session: Session, path: str, raw: bytes, flags: Sequence[str], arrived: datetime) -> int | None:
    """Store a message as it is; its UID if the server tells (RFC 4315). Raises BadInput for NUL bytes."""
    if b"\0" in raw:
        raise BadInput("the message holds NUL bytes, which IMAP cannot carry")
    reply = session.run(
        b"APPEND", astring(wire(path)), flag_list(flags), internal_date(arrived), Literal(raw)
    )
    words = reply.argument.split()
    return uid_of(words[1]) if reply.code == "APPENDUID" and len(words) == 2 else None


def _check_writable(session: Session, *flags: str) -> None:
    """Dovecot answers OK to a STORE in a read-only folder, and to one of flags that the rights on the folder do not allow,
    and does nothing."""
    if session.is_read_only:
        raise CommandRefused("the folder is read-only", "READ-ONLY")
    if session.kept_flags is None:
        return
    for flag in FLAG_NAMES.values():
        if flag.decode() in flags and flag.lower() not in session.kept_flags:
            raise CommandRefused(
                f"the server does not let this flag be changed in the folder: {flag.decode()}", "NOPERM"
            )


def _transfer(session: Session, command: bytes, uids: Sequence[int], target: str) -> dict[int, int]:
    new_uids: dict[int, int] = {}
    folder = astring(wire(target))
    for uid_set in uid_sets(uids):
        reply = _run(session, command, uid_set, folder)
        told = [found[1] for answer in reply.answers if (found := _COPIED.match(answer[0]))]
        if reply.code == "COPYUID":
            told.append(reply.argument)
        for argument in told:
            new_uids.update(_copied(argument, len(uids)))
    return new_uids


def _copied(argument: bytes, limit: int) -> dict[int, int]:
    """New UIDs by old ones from `UIDVALIDITY OLD-SET NEW-SET`; none if the sets do not fit together or cannot be."""
    words = argument.split()
    try:
        old, new = (read_set(word, limit) for word in words[1:3])
    except ValueError:
        return {}
    if not old or not new or len(old) != len(new) or len(set(new)) != len(new):
        return {}
    return dict(zip(old, new, strict=True)) if 0 < min(new) <= max(new) <= LAST_UID else {}


def _run(session: Session, *command: bytes) -> Reply:
    """Run a command on UIDs of which some may be gone.

    A server that had not told us yet refuses the whole command (RFC 5530 EXPUNGEISSUED). NOOP lets it tell us; after
    that UIDs that are gone count as never named. Taking the refusal for success would let a move by copying and deleting
    delete what was not copied.
    """
    try:
        return session.run(*command)
    except CommandRefused as refused:
        if refused.code != "EXPUNGEISSUED":
            raise
        session.run(b"NOOP")
        return session.run(*command)
