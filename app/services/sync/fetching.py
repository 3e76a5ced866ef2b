"""Fetches messages and parses them into batches for the store: here, or in a process of its own when there are many.

Parsing is Python work; in a process of its own it shares the interpreter lock neither with the writer nor with a screen.
"""

from __future__ import annotations

import multiprocessing
import os
import queue
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection as Pipe
from pathlib import Path

from app.domain.mail import ArrivedMail, SkippedMail
from app.mail.errors import CommandRefused, ConnectionLost, MailError
from app.mail.mime.parsed import parse_for_store
from app.mail.open import open_source
from app.mail.source import MailSource, RawMail

BATCH_MAILS = 400
BATCH_BYTES = 16_000_000
#: From this many missing messages in a mailbox on, a process of its own is worth its start (about 0.2 s).
OWN_PROCESS_FROM = 1_500
#: From this many on, a second one is. Both parse while the writer waits for the disk.
SECOND_PROCESS_FROM = 5_000
_ANSWER_SECONDS = 600.0
_LOOK_SECONDS = 0.2
_NICENESS = 5  # the screens come first
_BATCHES_AHEAD = 3


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """How to open a mailbox's source, also from another process. `password` never leaves memory and pipes."""

    url: str
    password: str
    ca_file: Path | None
    state_dir: Path

    def open(self) -> MailSource:
        """A new connection. Raises MailError."""
        return open_source(self.url, self.password, ca_file=self.ca_file, state_dir=self.state_dir)


@dataclass(frozen=True, slots=True)
class Batch:
    """Parsed messages of one folder, and those that could not be had."""

    mails: tuple[ArrivedMail, ...]
    skipped: tuple[SkippedMail, ...]


def batches(source: MailSource, uids: Sequence[int]) -> Iterator[Batch]:
    """The messages of the selected folder in the order of `uids`' blocks, parsed. Raises MailError."""
    for start in range(0, len(uids), BATCH_MAILS):
        yield from _block(source, uids[start : start + BATCH_MAILS])


def _block(source: MailSource, uids: Sequence[int]) -> Iterator[Batch]:
    """One block; a refusal is narrowed down to the message that causes it."""
    mails: list[ArrivedMail] = []
    skipped: list[SkippedMail] = []
    weight = 0
    try:
        for raw in source.fetch(uids):
            _parse(raw, mails, skipped)
            weight += len(raw.raw)
            if weight > BATCH_BYTES:
                yield Batch(tuple(mails), tuple(skipped))
                mails, skipped, weight = [], [], 0
    except CommandRefused as refusal:
        mails.clear()  # they come again with their half
        skipped.clear()
        if len(uids) == 1:
            skipped.append(SkippedMail(uids[0], str(refusal)))
        else:
            middle = len(uids) // 2
            yield from _block(source, uids[:middle])
            yield from _block(source, uids[middle:])
    if mails or skipped:
        yield Batch(tuple(mails), tuple(skipped))


def _parse(raw: RawMail, mails: list[ArrivedMail], skipped: list[SkippedMail]) -> None:
    try:
        mails.append(ArrivedMail(raw.uid, raw.flags, parse_for_store(raw.raw, raw.arrived)))
    except Exception as error:  # noqa: BLE001 - one mail must not end the sync; it is kept in the ledger with its reason
        skipped.append(SkippedMail(raw.uid, f"The mail could not be read: {type(error).__name__}: {error}"))


@contextmanager
def own_process(spec: SourceSpec) -> Iterator[Fetcher]:
    """A process with a connection of its own that fetches and parses; ended with the block, whatever happens.

    Raises MailError if there can be no second connection: many servers allow only a few of them.
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there,), daemon=True)
    process.start()
    there.close()
    here.send(spec)
    fetcher = Fetcher(here)
    try:
        fetcher.wait_until_open()
        yield fetcher
    finally:
        fetcher.end()
        process.terminate()  # it holds nothing that could be lost; its end wakes our thread
        fetcher.join()
        here.close()
        process.join(timeout=2)
        if process.is_alive():
            process.kill()
            process.join()


class Fetcher:
    """Our end of the fetching process. A thread takes its batches off the pipe while the last ones are being written,
    so that neither side waits for the other."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._waiting: queue.Queue[tuple[int, Batch | BaseException | None]] = queue.Queue(_BATCHES_AHEAD)
        self._request = 0  # answers to earlier ones may still come when somebody gave up half-way
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._receive, name="fetched", daemon=True)
        self._thread.start()

    def batches(self, path: str, uids: Sequence[int]) -> Iterator[Batch]:
        """As the function of that name, for the folder with this wire name; the work begins at once. Raises MailError."""
        self._request += 1
        self._pipe.send((self._request, path, list(uids)))
        return self._answers()

    def _answers(self) -> Iterator[Batch]:
        while (answer := self._answer()) is not None:
            yield answer

    def wait_until_open(self) -> None:
        """Until the other process is logged in. Raises MailError if it cannot be."""
        self._answer()

    def _answer(self) -> Batch | None:
        """The next answer to the last request."""
        while True:
            try:
                request, answer = self._waiting.get(timeout=_ANSWER_SECONDS)
            except queue.Empty:
                raise ConnectionLost("no answer from the fetching process") from None
            if isinstance(answer, BaseException) and (
                request == self._request or isinstance(answer, ConnectionLost)
            ):
                raise answer
            if request == self._request and not isinstance(answer, BaseException):
                return answer

    def end(self) -> None:
        """Take nothing more."""
        self._ended.set()

    def join(self) -> None:
        """Wait until the thread has left the pipe alone; the process at its other end must have ended."""
        self._thread.join()

    def _receive(self) -> None:
        while not self._ended.is_set():
            try:
                answer = self._pipe.recv()
            except (EOFError, OSError):
                answer = (0, ConnectionLost("the fetching process ended"))
                self._ended.set()
            while True:
                try:
                    self._waiting.put(answer, timeout=_LOOK_SECONDS)
                    break
                except queue.Full:
                    if self._ended.is_set():
                        return


class Team:
    """Fetching processes that share the messages of a folder, block by block, so that more than one core parses."""

    def __init__(self, members: Sequence[Fetcher]) -> None:
        self._members = members

    def batches(self, path: str, uids: Sequence[int]) -> Iterator[Batch]:
        """As `Fetcher.batches`; nearly in the order of `uids`. Raises MailError."""
        count = len(self._members)
        blocks = [uids[start : start + BATCH_MAILS] for start in range(0, len(uids), BATCH_MAILS)]
        shares = [[uid for block in blocks[number::count] for uid in block] for number in range(count)]
        turns = deque(
            member.batches(path, share) for member, share in zip(self._members, shares, strict=True) if share
        )
        while turns:
            turn = turns.popleft()
            batch = next(turn, None)
            if batch is not None:
                turns.append(turn)
                yield batch


def _serve(pipe: Pipe) -> None:
    """The fetching process: answers each (request, path, uids) with batches and then None, each with the number of its
    request; ends when the pipe is closed."""
    os.nice(_NICENESS)
    source: MailSource | None = None
    request = 0
    try:
        spec: SourceSpec = pipe.recv()
        try:
            source = spec.open()
            pipe.send((request, None))
            while True:
                request, path, uids = pipe.recv()
                _serve_one(pipe, source, request, path, uids)
        except MailError as error:
            pipe.send((request, error))
    except (EOFError, BrokenPipeError, KeyboardInterrupt):
        return
    finally:
        if source is not None:
            source.close()


def _serve_one(pipe: Pipe, source: MailSource, request: int, path: str, uids: Sequence[int]) -> None:
    """Answer one request. Raises ConnectionLost."""
    try:
        source.select(path, readonly=True)
        for batch in batches(source, uids):
            pipe.send((request, batch))
    except ConnectionLost:
        raise
    except MailError as error:
        pipe.send((request, error))
    else:
        pipe.send((request, None))
