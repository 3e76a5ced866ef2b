"""Buffered bytes to and from a server, with limits and time-outs; knows lines and counts, no protocol."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator

from app.mail.errors import ConnectionLost

READ_SECONDS = 60.0
BUFFER = 1 << 18
PIECE = 1 << 16
#: Longest line taken from a server: a SEARCH answer of several million UIDs still fits.
MAX_LINE = 64 << 20
#: Longest literal taken from a server.
MAX_LITERAL = 1 << 30


class Stream:
    """One socket, read through one buffer. Every method raises ConnectionLost when the peer is gone or silent.

    A time-out loses no bytes: what has come stays in the buffer.
    """

    def __init__(self, sock: socket.socket, timeout: float = READ_SECONDS) -> None:
        self.sock = sock
        self._buffer = bytearray(BUFFER)
        self._view = memoryview(self._buffer)
        self._start = self._end = 0
        #: By the monotonic clock; what is read must have come by then. A time-out alone lets a server say a little, for ever.
        self.deadline: float | None = None
        self.timeout = timeout

    @contextlib.contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """What is read in the block must come within this time as a whole."""
        usual, before = self._timeout, self.deadline
        self.timeout, self.deadline = min(usual, seconds), time.monotonic() + seconds
        try:
            yield
        finally:
            self.timeout, self.deadline = usual, before

    @property
    def timeout(self) -> float:
        """Seconds without a byte after which the connection counts as lost."""
        return self._timeout

    @timeout.setter
    def timeout(self, seconds: float) -> None:
        self._timeout = seconds
        with contextlib.suppress(OSError):  # a closed socket is reported by the next read
            self.sock.settimeout(seconds)

    @property
    def buffered(self) -> int:
        """How many bytes have come and were not read yet."""
        return self._end - self._start

    def read_line(self) -> bytes:
        """The next line with its line feed."""
        begin = self._start
        while True:
            at = self._buffer.find(b"\n", begin, self._end)
            if at >= 0:
                line = self._view[self._start : at + 1].tobytes()
                self._start = at + 1
                return line
            if self._end - self._start == BUFFER:
                return self._read_long_line()
            searched = self._end - self._start
            self._fill()
            begin = self._start + searched

    def _read_long_line(self) -> bytes:
        line = bytearray()
        while True:
            at = self._buffer.find(b"\n", self._start, self._end)
            end = at + 1 if at >= 0 else self._end
            line += self._view[self._start : end]
            self._start = end
            if at >= 0:
                return bytes(line)
            if len(line) > MAX_LINE:
                raise ConnectionLost(f"the server sent a line of more than {MAX_LINE >> 20} MB")
            self._fill()

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes."""
        while self._end - self._start < size:
            if size > BUFFER:
                return self._read_long(size)
            self._fill()
        data = self._view[self._start : self._start + size].tobytes()
        self._start += size
        return data

    def _read_long(self, size: int) -> bytes:
        if size > MAX_LITERAL:
            raise ConnectionLost(f"the server announced {size} bytes at once")
        pieces = []
        while size:
            if self._start == self._end:
                self._fill()
            piece = self._view[self._start : min(self._end, self._start + size)].tobytes()
            pieces.append(piece)
            self._start += len(piece)
            size -= len(piece)
        return b"".join(pieces)

    def wait(self, seconds: float) -> bool:
        """Whether there is something to read, waiting for it at most so long."""
        if self._start < self._end:
            return True
        try:
            self.sock.settimeout(max(seconds, 0.001))
            self._receive()
        except TimeoutError:
            return False
        except OSError as error:
            raise ConnectionLost(error.strerror or str(error)) from error
        finally:
            self.timeout = self._timeout
        return True

    def send(self, data: bytes) -> None:
        """Send it all. The time-out counts for each piece, so that a slow line can carry a big message."""
        try:
            for at in range(0, len(data), PIECE):
                self.sock.sendall(data[at : at + PIECE])
        except OSError as error:
            raise ConnectionLost(error.strerror or str(error) or "the server takes nothing more") from error

    def interrupt(self) -> None:
        """Wake up whoever reads from or writes to this stream in another thread; they raise ConnectionLost."""
        with contextlib.suppress(OSError):
            # Not SSLSocket.shutdown: that one drops the TLS state first, and the reader would take ciphertext for text.
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)

    def close(self) -> None:
        """Close without a word; never raises."""
        self.interrupt()
        with contextlib.suppress(OSError):
            self.sock.close()

    def _fill(self) -> None:
        try:
            self._receive()
        except TimeoutError as error:
            raise ConnectionLost(f"no answer within {self._timeout:.0f} seconds") from error
        except OSError as error:
            raise ConnectionLost(error.strerror or str(error)) from error
        if self.deadline is not None and time.monotonic() > self.deadline:
            raise ConnectionLost("the server did not come to an end in time")

    def _receive(self) -> None:
        if self._start == self._end:
            self._start = self._end = 0
        elif self._end == BUFFER:
            rest = self._end - self._start
            self._buffer[:rest] = self._buffer[self._start : self._end]
            self._start, self._end = 0, rest
        count = self.sock.recv_into(self._view[self._end :])
        if not count:
            raise ConnectionLost("the server closed the connection")
        self._end += count
