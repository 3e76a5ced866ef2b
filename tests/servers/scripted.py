"""A pretended server on a socket pair or on loopback that says what a test tells it to; for faults real ones lack."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator

Talk = Callable[[socket.socket], None]


@contextlib.contextmanager
def scripted_server(talk: Talk) -> Iterator[int]:
    """Listen on loopback and hand each connection to `talk` in a thread; yields the port."""
    listener = socket.create_server(("127.0.0.1", 0))
    open_sockets: list[socket.socket] = []

    def serve(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            talk(connection)

    def accept() -> None:
        while True:
            try:
                connection, _address = listener.accept()
            except OSError:
                return
            connection.settimeout(20)
            open_sockets.append(connection)
            threading.Thread(target=serve, args=(connection,), daemon=True).start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield listener.getsockname()[1]
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        for each in open_sockets:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        acceptor.join(5)


def imap_talk(answers: Callable[[bytes, bytes], bytes | None], greeting: bytes = b"* OK hallo\r\n") -> Talk:
    """An IMAP server: `answers(tag, rest of the line)` gives what to send back, None to hang up."""

    def talk(connection: socket.socket) -> None:
        connection.sendall(greeting)
        with connection.makefile("rb") as lines:
            for line in lines:
                tag, _blank, rest = line.rstrip(b"\r\n").partition(b" ")
                answer = answers(tag, rest)
                if answer is None:
                    return
                connection.sendall(answer)

    return talk
