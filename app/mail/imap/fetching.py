"""Fetches messages and flags by UID as fast as Python can read them; decides nothing about them.

IMAPClient's and imaplib's parsers cost several times as much a message; this reader takes the usual form of an answer
with one regular expression and everything else with the general parser.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence

from app.domain.mail.messages import Flags
from app.mail.errors import CommandRefused
from app.mail.imap.session import Answer, Session
from app.mail.imap.syntax import (
    EPOCH,
    Item,
    arrival,
    flags_of,
    pairs,
    parse,
    portions,
    uid_of,
    uid_sets,
)
from app.mail.source import RawMail

#: Messages asked for in one command, and commands under way at a time.
PORTION = 200
WINDOW = 2
#: Answers to one such command, of which there should be one for each message.
MOST_ANSWERS = 10 * PORTION

#: The response code for "some of them are gone" (RFC 5530), which is no failure.
GONE = "EXPUNGEISSUED"

_MAIL_ITEMS = b"(UID FLAGS INTERNALDATE BODY.PEEK[])"
_USUAL_MAIL = re.compile(
    rb'\* \d+ FETCH \(UID (\d{1,10}) FLAGS \(([^()]*)\) INTERNALDATE "([^"]*)" BODY\[\] \{(\d{1,10})\}\r\n\Z'
)
_USUAL_FLAGS = re.compile(
    rb"\* \d+ FETCH \(UID (\d{1,10})(?: MODSEQ \(\d+\))? FLAGS \(([^()]*)\)(?: MODSEQ \(\d+\))?\)\Z"
)


def fetch_mails(session: Session, uids: Sequence[int]) -> Iterator[RawMail]:
    """The messages with these UIDs as they come; those that are gone are left out.

    Raises CommandRefused if the server refuses some of them (what came before is good), and ConnectionLost. Ends when
    another command is given on the session meanwhile.
    """
    session.settle()
    waiting = portions(uids, PORTION)
    running: deque[bytes] = deque()
    while True:
        while len(running) < WINDOW and (uid_set := next(waiting, None)) is not None:
            running.append(session.send(b"UID FETCH", uid_set, _MAIL_ITEMS))
        if not running:
            return
        mine = session.commands
        for mail in _answers_to(session, running[0]):
            yield mail
            if session.commands != mine:
                return
        running.popleft()


def _answers_to(session: Session, tag: bytes) -> Iterator[RawMail]:
    empty: list[int] = []
    answers = 0
    while not _is_over(session, tag, empty):
        line = session.read_line()
        usual = _USUAL_MAIL.match(line)
        if usual is None:
            answer = session.rest_of(line)
        else:
            uid, flags, arrived, size = usual.groups()
            raw = session.read_bytes(int(size))
            tail = session.read_line()
            if tail == b")\r\n":
                answers = _counted(session, answers)
                yield RawMail(int(uid), flags_of(flags), arrival(arrived), raw)
                continue
            head = line[: usual.start(4) - 1]
            answer = [head, raw, *session.rest_of(tail)]
        # With a literal it is what we asked for; without one it is news that somebody changed flags.
        if not session.take(answer, fetching=len(answer) > 1):
            told = _read_mail(session, answer)
            answers = answers if told is None else _counted(session, answers)
            if isinstance(told, RawMail):
                yield told
            elif told is not None:
                empty.append(told)


def _counted(session: Session, answers: int) -> int:
    """One more answer to what we asked for; news of other messages do not count. Raises ConnectionLost if it is one too many."""
    if answers >= MOST_ANSWERS:
        raise session.lose("the server sends more than it was asked for")
    return answers + 1


def _is_over(session: Session, tag: bytes, empty: list[int]) -> bool:
    """Whether the command is completed. `empty`: UIDs that the server told without content.

    Raises CommandRefused as the server does, or if it calls it well done to leave out content.
    """
    try:
        reply = session.outcome(tag)
    except CommandRefused as refused:
        if refused.code == GONE:
            return True
        raise
    if reply is not None and empty and reply.code != GONE:
        raise CommandRefused(f"the server gives no content of the mails: {', '.join(map(str, empty))}")
    return reply is not None


def _read_mail(session: Session, answer: Answer) -> RawMail | int | None:
    """A message from an answer in any form; its UID if the server has no content for it; None if there is none."""
    items = _fetch_items(session, answer)
    uid = uid_of(items.get(b"UID"))
    if uid is None or b"BODY[]" not in items:
        return None
    raw, arrived = items[b"BODY[]"], items.get(b"INTERNALDATE")
    if not isinstance(raw, bytes):
        return uid
    return RawMail(uid, _flags(items), arrival(arrived) if isinstance(arrived, bytes) else EPOCH, raw)


def _fetch_items(session: Session, answer: Answer) -> dict[bytes, Item]:
    if b"FETCH" not in answer[0][:32].upper():
        return {}
    try:
        parsed = parse(answer)
    except ValueError as error:
        raise session.lose(f"an answer of the server cannot be read: FETCH: {error}") from error
    if len(parsed) < 4 or not isinstance(parsed[2], bytes) or parsed[2].upper() != b"FETCH":
        return {}
    return pairs(parsed[3])


def _flags(items: dict[bytes, Item]) -> Flags:
    words = items.get(b"FLAGS")
    if not isinstance(words, list):
        return Flags()
    return flags_of(b" ".join(word for word in words if isinstance(word, bytes)))


def read_flags(session: Session, answer: Answer) -> tuple[int, Flags] | None:
    """UID and flags from an answer, None if it tells no flags or no UID."""
    usual = _USUAL_FLAGS.match(answer[0]) if len(answer) == 1 else None
    if usual is not None:
        uid = uid_of(usual[1])
        return None if uid is None else (uid, flags_of(usual[2]))
    items = _fetch_items(session, answer)
    uid = uid_of(items.get(b"UID"))
    return None if uid is None or b"FLAGS" not in items else (uid, _flags(items))


def fetch_flags(
    session: Session, uids: Sequence[int] | None = None, changed_since: int | None = None
) -> dict[int, Flags]:
    """Flags by UID: of all or of some messages, or only of those that changed since a modseq (RFC 7162 3.1.4)."""
    since = (b"(CHANGEDSINCE %d)" % changed_since,) if changed_since is not None else ()
    found: dict[int, Flags] = {}
    for uid_set in [b"1:*"] if uids is None else uid_sets(uids):
        try:
            for answer in session.each_answer(b"UID FETCH", uid_set, b"(FLAGS)", *since):
                if (told := read_flags(session, answer)) is not None:
                    found[told[0]] = told[1]
        except CommandRefused as refused:
            if refused.code != GONE:
                raise
    return found


def fetch_header_field(session: Session, uids: Sequence[int], field: bytes) -> dict[int, bytes]:
    """One header field, unfolded and without its name, by UID; left out where the message has none."""
    found: dict[int, bytes] = {}
    wanted = b"(UID BODY.PEEK[HEADER.FIELDS (%s)])" % field
    for uid_set in uid_sets(uids):
        for answer in session.each_answer(b"UID FETCH", uid_set, wanted):
            items = _fetch_items(session, answer)
            uid = uid_of(items.get(b"UID"))
            text = next((value for name, value in items.items() if name.startswith(b"BODY[HEADER")), None)
            if uid is not None and isinstance(text, bytes) and b":" in text:
                found[uid] = b" ".join(text.partition(b":")[2].split())
    return found
