"""A small TCP proxy on loopback that can cut, reset or stall a connection at any byte; it understands no protocol."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

Side = Literal["client", "server"]
How = Literal["close", "reset", "stall"]

CONNECT_SECONDS = 10.0


@dataclass
class Cut:
    """When to break a connection: in what `side` sends, after `after_bytes`, or once `pattern` was seen.

    With a pattern the bytes up to its beginning are passed on, or up to its end if `inclusive`. `how`: an orderly
    close, a reset, or silence with the connection left open. `times`: on how many connections it happens.
    """

    side: Side
    after_bytes: int | None = None
    pattern: bytes | None = None
    how: How = "close"
    inclusive: bool = True
    times: int = 1

    def split(self, passed: int, window: bytes, data: bytes) -> int | None:
        """How many bytes of `data` still go through, or None if all do. `window`: the bytes just before `data`."""
        if self.after_bytes is not None and passed + len(data) >= self.after_bytes:
            return max(0, self.after_bytes - passed)
        if self.pattern is not None:
            at = (window + data).find(self.pattern)
            if at >= 0:
                return max(0, at + (len(self.pattern) if self.inclusive else 0) - len(window))
        return None


@dataclass
class Proxy:
    """A running proxy. `client_lines` and `server_bytes` tell what went through, for tests that count round trips."""

    port: int
    cut: Cut | None = None
    connections: int = 0
    cuts: int = 0
    server_bytes: int = 0
    is_stalled: bool = False
    _sent: bytearray = field(default_factory=bytearray)
    _sockets: list[socket.socket] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def client_lines(self) -> list[bytes]:
        """What clients sent so far, split into lines."""
        with self._lock:
            return bytes(self._sent).splitlines()

    def forget(self) -> None:
        """Begin `client_lines` afresh."""
        with self._lock:
            self._sent.clear()

    def stall(self) -> None:
        """Pass nothing on from now, in either direction, and leave the connections open."""
        self.is_stalled = True

    def break_all(self, how: How = "reset") -> None:
        """Break every open connection now."""
        with self._lock:
            sockets, self._sockets = self._sockets, []
        for each in sockets:
            _end(each, how)


@contextlib.contextmanager
def proxy(target_port: int, cut: Cut | None = None) -> Iterator[Proxy]:
    """Pass connections on to 127.0.0.1:`target_port` until the end of the block; `cut` may be changed while it runs."""
    listener = socket.create_server(("127.0.0.1", 0))
    running = Proxy(port=listener.getsockname()[1], cut=cut)
    acceptor = threading.Thread(target=_accept, args=(listener, target_port, running), daemon=True)
    acceptor.start()
    try:
        yield running
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        running.break_all("close")
        acceptor.join(CONNECT_SECONDS)


def _accept(listener: socket.socket, target_port: int, running: Proxy) -> None:
    while True:
        try:
            client, _address = listener.accept()
        except OSError:
            return
        try:
            server = socket.create_connection(("127.0.0.1", target_port), timeout=CONNECT_SECONDS)
        except OSError:
            client.close()
            continue
        server.settimeout(None)
        with running._lock:
            running.connections += 1
            running._sockets += [client, server]
        for source, sink, side in ((client, server, "client"), (server, client, "server")):
            threading.Thread(target=_pump, args=(source, sink, side, running), daemon=True).start()


def _pump(source: socket.socket, sink: socket.socket, side: Side, running: Proxy) -> None:
    passed, window = 0, b""
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            if running.is_stalled:
                continue
            cut = running.cut
            keep = cut.split(passed, window, data) if cut and cut.side == side and cut.times > 0 else None
            through = data if keep is None else data[:keep]
            _note(running, side, through)  # first: whoever has the answer finds the question noted
            sink.sendall(through)
            if cut is not None and keep is not None:
                _carry_out(cut, source, sink, running)
                return
            passed += len(data)
            window = (window + data)[-256:]
    _end(sink, "close")


def _note(running: Proxy, side: Side, data: bytes) -> None:
    with running._lock:
        if side == "client":
            running._sent += data
        else:
            running.server_bytes += len(data)


def _carry_out(cut: Cut, source: socket.socket, sink: socket.socket, running: Proxy) -> None:
    with running._lock:
        cut.times -= 1
        running.cuts += 1
    for each in (source, sink):
        _end(each, cut.how)


def _end(each: socket.socket, how: How) -> None:
    if how == "stall":
        return
    with contextlib.suppress(OSError):
        if how == "reset":
            each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            each.shutdown(socket.SHUT_RD)  # wakes the thread that reads here, or the socket would stay open
        else:
            each.shutdown(socket.SHUT_RDWR)
        each.close()
