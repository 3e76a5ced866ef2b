"""Processes that fetch and parse messages beside the one that writes; each has a connection of its own.

Parsing is Python work: there it shares the interpreter lock neither with the writer nor with a screen. A folder is ordered
before it is wanted, so that the processes work on the next one while the last batches of this one are written.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import queue
import signal
import threading
from array import array
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess

from app.mail.errors import CommandRefused, ConnectionLost, MailError
from app.mail.source import MailSource
from app.services.sync.fetching import BATCH_MAILS, MADE_ANEW, Batch, SourceSpec, batches

_ANSWER_SECONDS = 600.0
_LOOK_SECONDS = 0.2
_NICENESS = 5  # the screens come first
_BATCHES_AHEAD = 3
_OPENING = 0  # the number of the answer that the process is logged in

log = logging.getLogger(__name__)

#: Number, wire name of the folder, its UIDVALIDITY, UIDs.
Order = tuple[int, str, int, "array[int]"]


@contextmanager
def hired(spec: SourceSpec, size: int) -> Iterator[Team]:
    """So many processes, ended with the block, whatever happens. They log in while we go on."""
    with ExitStack() as stack:
        yield Team([stack.enter_context(own_process(spec)) for _ in range(size)])


class Team:
    """Fetching processes that share the messages of a folder, block by block, so that more than one core parses."""

    def __init__(self, members: Sequence[Fetcher]) -> None:
        self._starting = list(members)
        self._members: list[Fetcher] = []

    def is_ready(self, *, wait: bool = False) -> bool:
        """Whether all have logged in that could, and there is one. Many servers allow only a few connections."""
        for member in list(self._starting):
            try:
                if not member.is_open(wait=wait):
                    continue
                self._members.append(member)
            except MailError as error:
                log.info("one fetching process less: %s", error)
            self._starting.remove(member)
        return bool(self._members) and not self._starting

    def order(self, path: str, uidvalidity: int, uids: Sequence[int]) -> Iterator[Batch]:
        """The messages of the folder with this wire name, nearly in the order of `uids`. The work begins when that for earlier
        orders is done, whether they are read or not; orders are read in their order, or given up.

        The iterator raises MailError: CommandRefused also when the folder has another UIDVALIDITY.
        """
        count = len(self._members)
        blocks = [uids[start : start + BATCH_MAILS] for start in range(0, len(uids), BATCH_MAILS)]
        shares = [[uid for block in blocks[number::count] for uid in block] for number in range(count)]
        return _by_turns(
            [
                member.batches(path, uidvalidity, share)
                for member, share in zip(self._members, shares, strict=True)
                if share
            ]
        )


def _by_turns(members: Sequence[Iterator[Batch]]) -> Iterator[Batch]:
    turns = deque(members)
    while turns:
        turn = turns.popleft()
        batch = next(turn, None)
        if batch is not None:
            turns.append(turn)
            yield batch


@contextmanager
def own_process(spec: SourceSpec) -> Iterator[Fetcher]:
    """A process with a connection of its own that fetches and parses; ended with the block, whatever happens."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there,), daemon=True)
    _start(process)
    there.close()
    here.send(spec)
    fetcher = Fetcher(here)
    try:
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


def _start(process: BaseProcess) -> None:
    """Without SIGINT: ctrl+c is for us, and it would end the process while we still read from it."""
    resource_tracker.ensure_running()  # that would let SIGINT through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Fetcher:
    """Our end of the fetching process. A thread takes its batches off the pipe while the last ones are being written,
    so that neither side waits for the other."""

    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self._waiting: queue.Queue[tuple[int, Batch | BaseException | None]] = queue.Queue(_BATCHES_AHEAD)
        self._ordered = _OPENING
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._receive, name="fetched", daemon=True)
        self._thread.start()

    def is_open(self, *, wait: bool = True) -> bool:
        """Whether the other process has logged in; asked until it has. Raises MailError if it cannot."""
        if not wait and self._waiting.empty():
            return False
        self._answer(_OPENING)
        return True

    def batches(self, path: str, uidvalidity: int, uids: Sequence[int]) -> Iterator[Batch]:
        """As `Team.order`."""
        self._ordered += 1
        order: Order = (self._ordered, path, uidvalidity, array("Q", uids))
        with suppress(OSError):  # it has ended: whoever reads the answers is told
            self._pipe.send(order)
        return self._answers(self._ordered)

    def _answers(self, number: int) -> Iterator[Batch]:
        while (answer := self._answer(number)) is not None:
            yield answer

    def _answer(self, number: int) -> Batch | None:
        """The next answer to this order. What came to earlier ones is dropped: somebody gave up half-way."""
        while True:
            try:
                answered, answer = self._waiting.get(timeout=_ANSWER_SECONDS)
            except queue.Empty:
                raise ConnectionLost("no answer from the fetching process") from None
            if isinstance(answer, BaseException) and (
                answered == number or isinstance(answer, ConnectionLost)
            ):
                raise answer
            if answered == number and not isinstance(answer, BaseException):
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
                answer = (_OPENING, ConnectionLost("the fetching process ended"))
                self._ended.set()
            while True:
                try:
                    self._waiting.put(answer, timeout=_LOOK_SECONDS)
                    break
                except queue.Full:
                    if self._ended.is_set():
                        return


def _serve(pipe: Pipe) -> None:
    """The fetching process: answers each order with batches and then None, each with the order's number; ends when the pipe
    is closed."""
    os.nice(_NICENESS)
    logging.getLogger().addHandler(
        logging.NullHandler()
    )  # no terminal; a mail that is odd bears its own reason
    source: MailSource | None = None
    number = _OPENING
    try:
        spec: SourceSpec = pipe.recv()
        orders: queue.SimpleQueue[Order | None] = queue.SimpleQueue()
        threading.Thread(target=_take_orders, args=(pipe, orders), daemon=True).start()
        try:
            source = spec.open()
            pipe.send((number, None))
            while (order := orders.get()) is not None:
                number = order[0]
                _serve_one(pipe, source, order)
        except MailError as error:
            pipe.send((number, error))
    except (EOFError, BrokenPipeError):
        return
    finally:
        if source is not None:
            source.close()


def _take_orders(pipe: Pipe, orders: queue.SimpleQueue[Order | None]) -> None:
    """Orders are read at once, however busy we are: who gives one must not wait."""
    while True:
        try:
            orders.put(pipe.recv())
        except (EOFError, OSError):
            orders.put(None)
            return


def _serve_one(pipe: Pipe, source: MailSource, order: Order) -> None:
    """Raises ConnectionLost."""
    number, path, uidvalidity, uids = order
    try:
        if source.select(path, readonly=True).status.uidvalidity != uidvalidity:
            raise CommandRefused(MADE_ANEW)
        for batch in batches(source, uids):
            pipe.send((number, batch))
    except ConnectionLost:
        raise
    except MailError as error:
        pipe.send((number, error))
    else:
        pipe.send((number, None))
