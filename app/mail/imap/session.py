"""One logged-in connection: sends commands, reads answers, keeps count of what the server says unasked.

It knows tags, literals and response codes, not what the commands mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from app.domain.errors import PostkorbError
from app.mail.errors import ConnectionLost, MailError
from app.mail.imap.refusals import cause_of, refusal
from app.mail.imap.stream import Stream
from app.mail.imap.syntax import Literal

#: Text and literals in turn, without line ends and literal marks; a single text for nearly all answers.
Answer = list[bytes]

#: Literals up to this size go out without waiting for the server's consent, where it allows that (RFC 7888).
MAX_UNASKED_LITERAL = 4096

#: Bytes of answers to one command that are kept; a million flags take 60 MB.
MAX_ANSWERS = 1 << 29
#: What one answer costs beside its bytes.
_ANSWER_COST = 100
#: Answers between two completions; several million flags are told at once.
MAX_UNTAGGED = 6_000_000

#: How long the server may take to say goodbye.
LOGOUT_SECONDS = 2.0

_LITERAL_MARK = re.compile(rb"~?\{(\d{1,19})\+?\}\r?\n\Z")
_STATUS = re.compile(rb"(?:OK|NO|BAD|BYE|PREAUTH)(?: |\r?\n|\Z)", re.IGNORECASE)
_COMPLETION = re.compile(
    rb"(OK|NO|BAD)(?: \[([A-Za-z0-9-]+)(?: ([^\]]*))?\])? ?(.*)\Z", re.IGNORECASE | re.DOTALL
)
_COUNTED = re.compile(rb"\* (\d{1,10}) (EXISTS|EXPUNGE|FETCH)\b", re.IGNORECASE)


@dataclass(slots=True)
class Reply:
    """All that came back for one command. `code` and `argument`: of the completion's response code, or empty."""

    answers: list[Answer] = field(default_factory=list)
    code: str = ""
    argument: bytes = b""


class Session:
    """Commands and answers over a stream, for one thread.

    `exists`: messages in the selected folder as last told. `news`: something happened in it, told unasked; whoever
    selects a folder resets both. `is_read_only`: the server will change nothing in it. `kept_flags`: the flags that it
    keeps there, in lower case (PERMANENTFLAGS); None if it did not tell.
    """

    def __init__(self, stream: Stream, capabilities: frozenset[str]) -> None:
        self.stream = stream
        self.exists = 0
        self.news = False
        self.is_read_only = False
        self.kept_flags: frozenset[bytes] | None = None
        self.commands = 0
        self._untagged = 0
        self._may_send_unasked = not capabilities.isdisjoint({"LITERAL+", "LITERAL-"})
        self._open: set[bytes] = set()
        self._done: dict[bytes, Reply | MailError] = {}
        self._bye = b""
        self._lost: ConnectionLost | None = None

    def send(self, *parts: bytes) -> bytes:
        """Send a command and return its tag; whoever sends must `take` answers until `outcome` tells how it ended."""
        self.commands += 1
        tag = b"P%d" % self.commands
        self._open.add(tag)
        pending = tag
        for part in parts:
            if isinstance(part, Literal):
                pending = self._send_literal(tag, pending, part)
            else:
                pending += b" " + part
        self._write(pending + b"\r\n")
        return tag

    def _send_literal(self, tag: bytes, pending: bytes, part: Literal) -> bytes:
        """Send what is pending and the literal, asking first where we must; returns what is pending then."""
        unasked = self._may_send_unasked and len(part) <= MAX_UNASKED_LITERAL
        self._write(pending + b" {%d%s}\r\n" % (len(part), b"+" if unasked else b""))
        while not unasked:
            answer = self.read()
            if answer[0].startswith(b"+"):
                break
            self.take(answer)
            if self.outcome(tag) is not None:
                raise self.lose("the server answered half a command")
        self._write(part)
        return b""

    def run(self, *parts: bytes) -> Reply:
        """Send a command and read its answers. Raises CommandRefused, FolderMissing or ConnectionLost."""
        self.settle()
        return self.finish(self.send(*parts))

    def finish(self, tag: bytes) -> Reply:
        """Read until this command is completed."""
        answers: list[Answer] = []
        weight = 0
        while (reply := self.outcome(tag)) is None:
            answer = self.read()
            if not self.take(answer):
                answers.append(answer)
                weight += _ANSWER_COST + sum(map(len, answer))
                if weight > MAX_ANSWERS:
                    raise self.lose(f"the server answered one command with more than {MAX_ANSWERS >> 20} MB")
        reply.answers = answers
        return reply

    def each_answer(self, *parts: bytes) -> Iterator[Answer]:
        """Send a FETCH and hand out its answers as they come, for there may be a million; raises as `run`."""
        self.settle()
        tag = self.send(*parts)
        while self.outcome(tag) is None:
            answer = self.read()
            if not self.take(answer, fetching=True):
                yield answer

    def settle(self) -> None:
        """Read and drop what earlier commands still have to answer, so that the next one starts clean."""
        while self._open:
            self.take(self.read())
        self._done.clear()

    @property
    def is_settled(self) -> bool:
        return not self._open

    def outcome(self, tag: bytes) -> Reply | None:
        """How the command ended, None while it runs. Raises CommandRefused or FolderMissing for NO and BAD."""
        done = self._done.pop(tag, None)
        if isinstance(done, MailError):
            raise done
        return done

    def take(self, answer: Answer, *, fetching: bool = False) -> bool:
        """Note what an answer says; whether it completed a command, so that `outcome` knows.

        `fetching`: FETCH is what we asked for, and no news.
        """
        first, _blank, rest = answer[0].partition(b" ")
        if first in (b"*", b"+"):
            self._untagged += 1
            if self._untagged > MAX_UNTAGGED:
                raise self.lose("the server answers without end")
            self._note(answer[0], fetching)
            return False
        self._untagged = 0
        found = _COMPLETION.match(rest)
        if found is None or first not in self._open:
            raise self.lose(f"this is not IMAP: {cause_of(answer[0][:100])}")
        self._open.remove(first)
        status, code, argument, text = found.groups()
        word = (code or b"").decode().upper()
        is_ok = status.upper() == b"OK"
        self._done[first] = Reply(code=word, argument=argument or b"") if is_ok else refusal(word, text)
        return True

    def read(self) -> Answer:
        """The next answer, whatever it is."""
        return self.rest_of(self.read_line())

    def read_line(self) -> bytes:
        """The next line as it is."""
        try:
            if self._lost is not None:
                raise self._lost
            return self.stream.read_line()
        except ConnectionLost as lost:
            raise self._lose(lost) from lost

    def read_bytes(self, size: int) -> bytes:
        """So many bytes of a literal."""
        try:
            return self.stream.read(size)
        except ConnectionLost as lost:
            raise self._lose(lost) from lost

    def wait(self, seconds: float) -> bool:
        """Whether the server says something within this time."""
        try:
            if self._lost is not None:
                raise self._lost
            return self.stream.wait(seconds)
        except ConnectionLost as lost:
            raise self._lose(lost) from lost

    def write_line(self, line: bytes) -> None:
        """Send a line that is no command, such as DONE."""
        self._write(line + b"\r\n")

    def rest_of(self, line: bytes) -> Answer:
        """The whole answer that begins with this line."""
        if line[-2:-1] != b"\r" or line[-3:-2] != b"}" or self._is_status(line):
            return [line.rstrip(b"\r\n")]
        parts: Answer = []
        weight = 0
        while (mark := _LITERAL_MARK.search(line)) is not None:
            weight += _ANSWER_COST + len(line) + int(mark[1])
            if parts and weight > MAX_ANSWERS:
                raise self.lose(f"the server sent one answer of more than {MAX_ANSWERS >> 20} MB")
            parts += [line[: mark.start()], self.read_bytes(int(mark[1]))]
            line = self.read_line()
        return [*parts, line.rstrip(b"\r\n")]

    @staticmethod
    def _is_status(line: bytes) -> bool:
        """Whether free text ends this line, so that a `{5}` at its end is no literal."""
        first, _blank, rest = line.partition(b" ")
        return first == b"+" or _STATUS.match(rest) is not None

    def _note(self, text: bytes, fetching: bool) -> None:
        """Keep count of what the server tells about the selected folder."""
        found = _COUNTED.match(text)
        if found is not None:
            number, kind = int(found[1]), found[2].upper()
            if kind == b"EXISTS":
                self.news = self.news or number != self.exists
                self.exists = number
            elif kind == b"EXPUNGE":
                self.news = True
                self.exists = max(0, self.exists - 1)
            elif not fetching and b"FLAGS" in text.upper():
                self.news = True
        elif text[:10].upper() == b"* VANISHED" and b"(EARLIER)" not in text[:24].upper():
            self.news = True
        elif text[:6].upper() == b"* BYE ":
            self._bye = text[6:]

    def lose(self, why: str) -> ConnectionLost:
        """Give the connection up; returns the error to raise."""
        return self._lose(ConnectionLost(why))

    def close(self) -> None:
        """Say goodbye if nobody waits for an answer, and close; never raises."""
        if self._lost is None and self.is_settled:
            try:
                with self.stream.within(LOGOUT_SECONDS):
                    self.run(b"LOGOUT")
            except PostkorbError as error:
                self._lost = self._lost or ConnectionLost(str(error))
        self._lost = self._lost or ConnectionLost("it was closed here")
        self.stream.close()

    def _write(self, data: bytes) -> None:
        try:
            if self._lost is not None:
                raise self._lost
            self.stream.send(data)
        except ConnectionLost as lost:
            raise self._lose(lost) from lost

    def _lose(self, lost: ConnectionLost) -> ConnectionLost:
        if self._lost is None:
            self._lost = ConnectionLost(cause_of(self._bye)) if self._bye else lost
            self.stream.close()
        return ConnectionLost(self._lost.cause)
