"""A private, real PostgreSQL for the tests, in a temporary folder and on a Unix socket only; not the store on it."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.servers.dovecot import memory_directory
from tests.servers.install import require

START_SECONDS = 30.0
STOP_SECONDS = 15.0
#: Speed for a database that nobody needs after the tests.
SETTINGS = (
    "fsync=off",
    "full_page_writes=off",
    "synchronous_commit=off",
    "shared_buffers=64MB",
    "max_connections=100",
    "listen_addresses=",
    "log_min_messages=fatal",
)


@dataclass
class Postgresql:
    """A running server; databases are made from templates, which takes some 50 ms."""

    directory: Path
    made: int = 0

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.directory}"

    def create(self, template: str = "template0") -> str:
        """The name of a new database, a copy of `template`, which nobody may be connected to."""
        self.made += 1
        name = f"test_{self.made}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {template} ENCODING 'UTF8' STRATEGY FILE_COPY")
        return name

    def drop(self, name: str) -> None:
        self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, sql: str) -> None:
        import psycopg

        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.encode())


@contextlib.contextmanager
def postgresql() -> Iterator[Postgresql]:
    """Start a server and stop it at the end. It runs as another user when we are root, because it refuses root."""
    program = Path(require("postgres", "postgresql"))
    directory = Path(tempfile.mkdtemp(prefix="postkorb-pg-", dir=memory_directory()))
    try:
        become = _give_away(directory)
        initdb = [*become, str(program.with_name("initdb")), "--pgdata", str(directory / "data")]
        options = ["--username=postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"]
        subprocess.run([*initdb, *options], check=True, capture_output=True, cwd=directory)
        settings = [part for setting in SETTINGS for part in ("-c", setting)]
        command = [str(program), "-D", str(directory / "data"), "-k", str(directory), *settings]
        with _running([*become, *_die_with_us(), *command], directory):
            yield Postgresql(directory)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _give_away(directory: Path) -> list[str]:
    """What to put before a command so that it runs as an owner of `directory` who is not root."""
    if os.geteuid() != 0:
        return []
    names = {entry.pw_name: entry for entry in pwd.getpwall()}
    owner = names.get("postgres") or names["nobody"]
    os.chown(directory, owner.pw_uid, owner.pw_gid)
    return ["setpriv", f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]


def _die_with_us() -> list[str]:
    """A test run that is killed must not leave servers behind. SIGINT: PostgreSQL's fast shutdown."""
    return ["setpriv", "--pdeathsig", "INT"] if shutil.which("setpriv") else []


@contextlib.contextmanager
def _running(command: list[str], directory: Path) -> Iterator[None]:
    with (directory / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=directory)
    try:
        _wait(process, directory)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(STOP_SECONDS)


def _wait(process: subprocess.Popen[bytes], directory: Path) -> None:
    import psycopg

    url = Postgresql(directory).url("postgres")
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(url):
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL does not start: {(directory / 'log').read_text()}")
