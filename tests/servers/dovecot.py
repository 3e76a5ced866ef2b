"""A private, real Dovecot 2.3 on loopback for the tests: any user name, one password; not a mail client."""

from __future__ import annotations

import contextlib
import imaplib
import itertools
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.servers.dovecot_config import Setup, configuration, owner
from tests.servers.install import require

START_SECONDS = 20.0
MEMORY_BYTES = 2_000_000_000
#: Below those that Linux gives to outgoing connections and to servers without a wish (ip_local_port_range).
PORTS = range(20_000, 32_000)
STOP_SECONDS = 10.0


@dataclass
class Dovecot:
    """A running server. `home(user)` holds the user's Maildir; deleting files there is up to the test."""

    directory: Path
    port: int
    tls_port: int
    certificate: Path
    setup: Setup
    user: str = "rep"
    _users: Iterator[int] = field(default_factory=itertools.count)

    @property
    def password(self) -> str:
        return self.setup.password

    def url(self, scheme: str = "imap+insecure", user: str | None = None) -> str:
        port = self.tls_port if scheme == "imaps" else self.port
        return f"{scheme}://{user or self.user}@localhost:{port}"

    def new_user(self) -> str:
        """A user name that nobody used yet: an empty mailbox."""
        return f"rep{next(self._users)}"

    def maildir(self, user: str | None = None) -> Path:
        return self.directory / "home" / (user or self.user) / "Maildir"

    def folder_directory(self, folder: str, user: str | None = None) -> Path:
        """Where the Maildir++ folder with this wire name lives."""
        root = self.maildir(user)
        return (
            root
            if folder.upper() == "INBOX"
            else root / ("." + folder.removeprefix(self.setup.prefix).replace(self.setup.separator, "."))
        )

    @contextlib.contextmanager
    def client(self, user: str | None = None, folder: str | None = None) -> Iterator[imaplib.IMAP4]:
        """A second, plain client, logged in: for what happens "elsewhere"."""
        client = imaplib.IMAP4("127.0.0.1", self.port, timeout=20)
        try:
            ok(client.login(user or self.user, self.password))
            if folder is not None:
                ok(client.select(quoted(folder)))
            yield client
        finally:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                client.logout()

    def deliver(
        self,
        *messages: bytes,
        folder: str = "INBOX",
        flags: Sequence[str] = (),
        arrived: datetime | None = None,
        user: str | None = None,
    ) -> None:
        """Append messages over IMAP, as another program would."""
        when = imaplib.Time2Internaldate(arrived or datetime(2026, 11, 20, 9, 41, tzinfo=UTC))
        with self.client(user) as client:
            for message in messages:
                ok(client.append(quoted(folder), f"({' '.join(flags)})", when, message))

    def create(self, *folders: str, user: str | None = None) -> None:
        """Make folders by wire names."""
        with self.client(user) as client:
            for folder in folders:
                ok(client.create(quoted(folder)))

    def deny(self, folder: str, rights: str, user: str | None = None) -> None:
        """Leave the owner only these RFC 4314 rights (such as "lr") on a folder; needs `dovecot(acl=True)`."""
        directory = self.folder_directory(folder, user)
        (directory / "dovecot-acl").write_text(f"owner {rights}\n")
        _give(directory / "dovecot-acl")

    def new_uidvalidity(self, folder: str = "INBOX", user: str | None = None) -> None:
        """Let Dovecot number the folder afresh, as after a restored backup. No client may have it selected."""
        directory = self.folder_directory(folder, user)
        for file in directory.glob("dovecot.index*"):
            file.unlink()
        uidlist = directory / "dovecot-uidlist"
        version, validity, *_rest = uidlist.read_text().splitlines()[0].split()
        uidlist.write_text(f"{version} V{int(validity[1:]) + 1000} N1\n")


def ok(answer: tuple[str, Sequence[object]]) -> Sequence[object]:
    """The data of an imaplib answer that must be OK."""
    assert answer[0] == "OK", answer
    return answer[1]


def quoted(folder: str) -> str:
    return '"' + folder.replace("\\", "\\\\").replace('"', '\\"') + '"'


@contextlib.contextmanager
def dovecot(**options: Any) -> Iterator[Dovecot]:
    """Start a server and stop it at the end; the options are the fields of `Setup`."""
    setup = Setup(**options)
    program = require("dovecot", "dovecot-imapd")
    directory = Path(tempfile.mkdtemp(prefix="postkorb-dovecot-", dir=memory_directory()))
    try:
        directory.chmod(0o711)
        for name in ("run", "state", "home"):
            (directory / name).mkdir()
        _give(directory / "home")
        certificate = make_certificate(directory)
        port, tls_port = free_ports(2)
        config = directory / "dovecot.conf"
        config.write_text(configuration(setup, directory, port, tls_port), encoding="utf-8")
        with _running([program, "-F", "-c", str(config)], port, directory):
            yield Dovecot(directory, port, tls_port, certificate, setup)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


@contextlib.contextmanager
def _running(command: list[str], port: int, directory: Path) -> Iterator[None]:
    process = subprocess.Popen(
        [*die_with_us(), *command],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_for(port, process, directory)
        yield
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)  # an orderly stop takes a second, and nothing is kept
        process.wait(STOP_SECONDS)


def make_certificate(directory: Path, names: str = "DNS:localhost,IP:127.0.0.1") -> Path:
    """A self-signed certificate `cert.pem` and its key `key.pem`, made by the openssl command."""
    openssl = require("openssl", "openssl")
    certificate = directory / "cert.pem"
    request = f"req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost -addext subjectAltName={names}"
    files = ["-keyout", str(directory / "key.pem"), "-out", str(certificate)]
    subprocess.run([openssl, *request.split(), *files], check=True, capture_output=True)
    return certificate


def _give(path: Path) -> None:
    if os.geteuid() == 0:
        os.chown(path, owner().pw_uid, owner().pw_gid)


def memory_directory() -> str | None:
    """A place for files that need not last, several times as fast as a disk; None where there is little of it."""
    has_room = os.access("/dev/shm", os.W_OK) and shutil.disk_usage("/dev/shm").free >= MEMORY_BYTES
    return "/dev/shm" if has_room else None


def die_with_us() -> list[str]:
    """A test run that is killed must not leave servers behind."""
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "TERM"] if setpriv else []


def free_ports(count: int) -> list[int]:
    """Ports that nobody listens on, and that the system gives to no connection while a server starts or a test runs."""
    found: list[int] = []
    chance = random.SystemRandom()  # not seeded: tests run beside tests
    while len(found) < count:
        port = chance.choice(PORTS)
        with contextlib.suppress(OSError), socket.socket() as probe:
            probe.bind(("127.0.0.1", port))
            found += [port] if port not in found else []
    return found


def _wait_for(port: int, process: subprocess.Popen[bytes], directory: Path) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with (
            contextlib.suppress(OSError),
            socket.create_connection(("127.0.0.1", port), timeout=5) as connection,
        ):
            connection.settimeout(5)
            if connection.recv(64).startswith(b"* OK"):
                return
        time.sleep(0.02)
    log = directory / "dovecot.log"
    raise RuntimeError(f"Dovecot does not start: {log.read_text() if log.exists() else process.poll()}")
