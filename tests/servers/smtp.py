"""An SMTP server that fails at any stage on purpose and counts what it took; for faults that Postfix does not produce."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

USER, PASSWORD = "berg", "geheim-ä"
WAIT_SECONDS = 10.0


class Stage(StrEnum):
    """Where a fault strikes: before the answer to that step, unless said otherwise."""

    CONNECT = "connect"  # instead of the greeting
    EHLO = "ehlo"
    STARTTLS = "starttls"
    AUTH = "auth"
    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    BODY = "body"  # in the middle of the message
    DOT_LOST = "dot_lost"  # the final dot came, the mail is thrown away, no answer
    DOT_KEPT = "dot_kept"  # the final dot came, the mail is kept, no answer
    ANSWERED = "answered"  # the answer to the final dot went out, then the connection breaks
    QUIT = "quit"


@dataclass
class Fault:
    """`how`: "close", "reset", "stall" (silence), "garbage", or an answer such as "451 4.3.0 later". `address`: only for
    this recipient. `times`: on how many occasions."""

    stage: Stage
    how: str
    address: str = ""
    times: int = 1_000_000


@dataclass
class Received:
    sender: str
    recipients: list[str]
    data: bytes
    options: str = ""


@dataclass
class FaultyServer:
    """A running server. `accepted` is what it kept; `stages` the commands it saw, in order."""

    port: int
    faults: list[Fault] = field(default_factory=list)
    accepted: list[Received] = field(default_factory=list)
    stages: list[Stage] = field(default_factory=list)
    connections: int = 0
    closed: int = 0  # connections that are over
    extensions: tuple[str, ...] = ("SIZE 1000000", "8BITMIME", "SMTPUTF8", "AUTH PLAIN LOGIN")
    login_needed: bool = False
    tls: ssl.SSLContext | None = None
    pace: float = 0.0  # seconds before each answer, so that a client can be killed between two
    hold: threading.Event = field(default_factory=threading.Event)

    def url(self, scheme: str = "smtp+insecure", user: str = "") -> str:
        return f"{scheme}://{user + '@' if user else ''}localhost:{self.port}"

    def fail(self, stage: Stage, how: str, address: str = "", times: int = 1_000_000) -> None:
        """From now on fail there, and only there."""
        self.faults = [Fault(stage, how, address, times)]

    def wait_until_closed(self, count: int = 1) -> None:
        """Until so many connections are over."""
        for _ in range(int(WAIT_SECONDS * 200)):
            if self.closed >= count:
                return
            threading.Event().wait(0.005)
        raise AssertionError("the connection was not closed")

    def wait_for_stage(self, stage: Stage, count: int = 1) -> None:
        """Until clients have come this far."""
        for _ in range(int(WAIT_SECONDS * 200)):
            if self.stages.count(stage) >= count:
                return
            threading.Event().wait(0.005)
        raise AssertionError(f"no client came as far as {stage}: {self.stages}")


@contextlib.contextmanager
def faulty_server(certificate: Path | None = None, *, implicit_tls: bool = False) -> Iterator[FaultyServer]:
    """Run a server on a free port of 127.0.0.1. With `certificate` (its key beside it) it offers TLS."""
    context = None
    if certificate is not None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    listener = socket.create_server(("127.0.0.1", 0))
    server = FaultyServer(listener.getsockname()[1], tls=None if implicit_tls else context)
    loop = asyncio.new_event_loop()
    started = threading.Event()
    thread = threading.Thread(
        target=_run, args=(loop, listener, server, context if implicit_tls else None, started), daemon=True
    )
    thread.start()
    assert started.wait(WAIT_SECONDS)
    try:
        yield server
    finally:
        server.hold.set()
        loop.call_soon_threadsafe(loop.stop)
        thread.join(WAIT_SECONDS)


def _run(
    loop: asyncio.AbstractEventLoop,
    listener: socket.socket,
    server: FaultyServer,
    tls: ssl.SSLContext | None,
    started: threading.Event,
) -> None:
    asyncio.set_event_loop(loop)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server.connections += 1
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
            await _Session(server, reader, writer).run()
        writer.close()
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()
        server.closed += 1

    loop.run_until_complete(asyncio.start_server(serve, sock=listener, ssl=tls, limit=10_000_000))
    loop.call_soon(started.set)
    loop.run_forever()
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()


class _Gone(ConnectionError):
    """This session is over."""


class _Session:
    def __init__(
        self, server: FaultyServer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self.server, self.reader, self.writer = server, reader, writer
        self.sender, self.options = "", ""
        self.recipients: list[str] = []
        self.logged_in = not server.login_needed

    async def run(self) -> None:
        if not await self.struck(Stage.CONNECT):
            await self.say("220 mx.vogel.example ESMTP")
        while line := await self.reader.readline():
            command, _, rest = line.decode("utf-8").strip().partition(" ")
            await self.obey(command.upper(), rest)

    async def obey(self, command: str, rest: str) -> None:
        stages = {"EHLO": Stage.EHLO, "MAIL": Stage.MAIL, "RCPT": Stage.RCPT, "QUIT": Stage.QUIT,
                  "DATA": Stage.DATA, "AUTH": Stage.AUTH, "STARTTLS": Stage.STARTTLS}  # fmt: skip
        if command in stages and await self.struck(stages[command], rest):
            return
        match command:
            case "EHLO":
                await self.hello()
            case "STARTTLS":
                await self.starttls()
            case "AUTH":
                await self.auth(rest)
            case "MAIL" if not self.logged_in:
                await self.say("530 5.7.0 log in first")
            case "MAIL":
                address, _, self.options = rest.partition(" ")
                self.sender, self.recipients = _path(address), []
                await self.say("250 2.1.0 ok")
            case "RCPT":
                self.recipients.append(_path(rest))
                await self.say("250 2.1.5 ok")
            case "DATA":
                await self.data()
            case "QUIT":
                await self.say("221 2.0.0 bye")
                raise _Gone
            case "RSET" | "NOOP" | "HELO":
                await self.say("250 ok")
            case _:
                await self.say("500 5.5.1 what?")

    async def hello(self) -> None:
        offers = [*self.server.extensions, *(["STARTTLS"] if self.server.tls else [])]
        lines = ["mx.vogel.example", *offers]
        for line in lines[:-1]:
            await self.say(f"250-{line}")
        await self.say(f"250 {lines[-1]}")

    async def starttls(self) -> None:
        assert self.server.tls is not None
        await self.say("220 go ahead")
        await self.writer.start_tls(self.server.tls)

    async def auth(self, rest: str) -> None:
        method, _, first = rest.partition(" ")
        if method == "PLAIN":
            _, user, password = base64.b64decode(first).decode("utf-8").split("\0")
        else:
            user = base64.b64decode(first).decode("utf-8")
            await self.say("334 UGFzc3dvcmQ6")
            password = base64.b64decode(await self.reader.readline()).decode("utf-8")
        self.logged_in = (user, password) == (USER, PASSWORD)
        await self.say("235 2.7.0 welcome" if self.logged_in else "535 5.7.8 wrong")

    async def data(self) -> None:
        await self.say("354 go on")
        lines: list[bytes] = []
        while (line := await self.reader.readline()) != b".\r\n":
            if not line.endswith(b"\r\n"):
                raise _Gone
            lines.append(line[1:] if line.startswith(b".") else line)
            if len(lines) == 3 and await self.struck(Stage.BODY):
                raise _Gone
        mail = Received(self.sender, self.recipients, b"".join(lines), self.options)
        if await self.struck(Stage.DOT_LOST):
            return
        self.server.accepted.append(mail)
        if await self.struck(Stage.DOT_KEPT):
            return
        await self.say("250 2.0.0 queued")
        await self.struck(Stage.ANSWERED)

    async def say(self, line: str) -> None:
        await asyncio.sleep(self.server.pace)
        self.writer.write(line.encode("utf-8") + b"\r\n")
        await self.writer.drain()

    async def struck(self, stage: Stage, rest: str = "") -> bool:
        """Note the stage; True if a fault has answered in the place of the server."""
        self.server.stages.append(stage)
        for fault in self.server.faults:
            if fault.stage is stage and fault.times > 0 and fault.address in rest:
                fault.times -= 1
                await self.strike(fault.how)
                return True
        return False

    async def strike(self, how: str) -> None:
        match how:
            case "close":
                raise _Gone
            case "reset":
                sock = self.writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.writer.transport.abort()
                raise _Gone
            case "stall":
                while not self.server.hold.is_set():
                    await asyncio.sleep(0.01)
                raise _Gone
            case "garbage":
                await self.say("\x1b[2J hello?")
            case _:
                await self.say(how)


def _path(argument: str) -> str:
    """The address in `FROM:<…>` or `TO:<…>`."""
    return argument.partition("<")[2].rpartition(">")[0]
