"""Measures the app in a pseudo-terminal beside neomutt and aerc: `python -m benchmarks.terminal --mails 100000`.

Start to a usable list, bytes and milliseconds of each key, peak memory of the app's process. The app opens a store whose inbox
holds the mails (a synthetic one, or --store); neomutt and aerc, where installed, open a Maildir of the same size on a
private Dovecot (--peers), with their caches warm. Usable: rows on half of the screen and 0.3 s of silence.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import re
import select
import shutil
import signal
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pyte

from benchmarks import synthetic
from benchmarks.maildir import write_maildir
from tests.servers.dovecot import Dovecot, dovecot
from tests.servers.dovecot_config import owner

ROWS, COLUMNS = 24, 80
#: Lines of the list that stand there once it is usable; a large terminal shows no more of them, but the mail beside.
LISTED = 10
QUIET = 0.3


@dataclass(frozen=True)
class Program:
    """What to start, how a drawn row looks, and the keys of each step."""

    name: str
    command: list[str]
    row: str
    keys: dict[str, str]


@dataclass
class Terminal:
    """A program in a pseudo-terminal."""

    program: Program
    home: Path
    screen: pyte.Screen = field(default_factory=lambda: pyte.Screen(COLUMNS, ROWS))

    def __post_init__(self) -> None:
        self.stream = pyte.ByteStream(self.screen)
        self.begun = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.environ.update(
                TERM="xterm-256color",
                LANG="C.UTF-8",
                LC_ALL="C.UTF-8",
                HOME=str(self.home),
                COLUMNS=str(COLUMNS),
                LINES=str(ROWS),
            )
            os.environ.update(
                XDG_CONFIG_HOME=str(self.home / "config"), XDG_CACHE_HOME=str(self.home / "cache")
            )
            os.execvp(self.program.command[0], self.program.command)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self.last = self.begun

    def read(self, quiet: float, limit: float = 60.0) -> tuple[int, float | None]:
        """Until nothing came for `quiet` seconds: the bytes, and when the last of them came."""
        count, last, end = 0, None, time.perf_counter() + limit
        while time.perf_counter() < end and select.select([self.fd], [], [], quiet)[0]:
            try:
                data = os.read(self.fd, 1 << 16)
            except OSError:
                break
            if not data:
                break
            count, last = count + len(data), time.perf_counter()
            if b"\x1b[6n" in data:
                os.write(self.fd, b"\x1b[1;1R")
            if b"\x1b[c" in data:
                os.write(self.fd, b"\x1b[?62;22c")
            self.stream.feed(data)
        return count, last

    def until_usable(self, limit: float = 120.0) -> float:
        """Seconds from the start to the last byte before the list stood still."""
        pattern, last = re.compile(self.program.row), self.begun
        while time.perf_counter() - self.begun < limit:
            _, at = self.read(QUIET)
            last = at or last
            if sum(bool(pattern.search(line)) for line in self.screen.display) >= LISTED:
                return last - self.begun
        raise SystemExit(f"{self.program.name} never showed its list:\n" + "\n".join(self.screen.display))

    def press(self, step: str, quiet: float) -> tuple[int, float]:
        """Bytes and milliseconds of the answer to a key."""
        sent = time.perf_counter()
        os.write(self.fd, self.program.keys[step].encode())
        count, last = self.read(quiet)
        return count, ((last or sent) - sent) * 1000

    def marked(self) -> str:
        """The text of the line under the cursor: the one whose background is like no other's."""
        lines: dict[str, list[int]] = {}
        for y in range(2, ROWS - 1):
            lines.setdefault(self.screen.buffer[y][COLUMNS // 2].bg, []).append(y)
        return self.screen.display[min(lines.values(), key=len)[0]]

    def move(self, step: str, limit: float = 5.0) -> tuple[int, float]:
        """Bytes and milliseconds from a key until another line is marked, whatever else is drawn meanwhile."""
        before, count, sent = self.marked(), 0, time.perf_counter()
        os.write(self.fd, self.program.keys[step].encode())
        while time.perf_counter() - sent < limit and select.select([self.fd], [], [], limit)[0]:
            data = os.read(self.fd, 1 << 16)
            at = time.perf_counter()
            count += len(data)
            self.stream.feed(data)
            if self.marked() != before:
                return count, (at - sent) * 1000
        raise SystemExit(f"{step} moved nothing:\n" + "\n".join(self.screen.display))

    def peak_mb(self) -> float:
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"VmHWM:\s+(\d+)", status)
        return int(found[1]) / 1024 if found else 0.0

    def close(self) -> None:
        os.write(self.fd, self.program.keys["quit"].encode())
        self.read(0.5, 3.0)
        if os.waitpid(self.pid, os.WNOHANG)[0] == 0:
            os.kill(self.pid, signal.SIGKILL)
            os.waitpid(self.pid, 0)
        os.close(self.fd)


def postkorb(home: Path) -> Program:
    keys = {"down": "j", "page": "\x1b[6~", "open": "\r", "back": "\x1b", "top": "\x1b[H", "quit": "q"}
    return Program(
        "postkorb",
        [sys.executable, "-m", "app", "--home", str(home)],
        r"\d\d:\d\d|\d\d\.\d\d\.| \d+\. ",
        keys,
    )


def neomutt(home: Path, server: Dovecot) -> Program:
    config = home / "neomuttrc"
    (home / "headers").mkdir(parents=True)
    config.write_text(
        f'set folder="imap://{server.user}@127.0.0.1:{server.port}/"\nset spoolfile=+INBOX\nset imap_pass="{server.password}"\n'
        f'set header_cache="{home}/headers"\nset ssl_starttls=no\nset ssl_force_tls=no\nset sleep_time=0\nset mail_check=600\n'
        "set imap_condstore\nset imap_qresync\nset wait_key=no\nset from=a@haus.example\nunset record\n"
    )
    keys = {"down": "j", "page": "\x1b[6~", "open": "\r", "back": "i", "top": "=", "quit": "x"}
    return Program("neomutt", ["neomutt", "-n", "-F", str(config)], r"^\s*\d+ .*[A-Z][a-z][a-z] \d\d ", keys)


def aerc(home: Path, server: Dovecot) -> Program:
    folder = home / "config" / "aerc"
    folder.mkdir(parents=True)
    accounts = folder / "accounts.conf"
    accounts.write_text(
        f"[bench]\nsource = imap+insecure://{server.user}:{server.password}@127.0.0.1:{server.port}\noutgoing = /bin/true\n"
        "default = INBOX\nfrom = Bench <a@haus.example>\ncache-headers = true\n"
    )
    accounts.chmod(0o600)
    keys = {"down": "j", "page": "\x1b[6~", "open": "\r", "back": "q", "top": "g", "quit": ":quit\r"}
    return Program("aerc", ["aerc"], r"\d{4}-\d\d-\d\d|\d\d:\d\d [AP]M|[A-Z][a-z][a-z] \d\d", keys)


def measure(program: Program, home: Path, runs: int) -> None:
    """Print the figures of one program; the first start is not counted."""
    starts: list[float] = []
    for turn in range(runs + 1):
        terminal = Terminal(program, home)
        took = terminal.until_usable()
        if turn:
            starts.append(took)
        if turn < runs:
            terminal.close()
    print(f"{program.name:10} start {statistics.median(starts):.2f} s [{min(starts):.2f}-{max(starts):.2f}]")
    terminal.press("top", 0.5)
    steps: dict[str, list[tuple[int, float]]] = {"down": [], "page": [], "open": []}
    for _ in range(100):
        steps["down"].append(terminal.press("down", 0.08))
    for _ in range(20):
        steps["page"].append(terminal.press("page", 0.15))
    for _ in range(10):
        steps["open"].append(terminal.press("open", 0.3))
        terminal.press("back", 0.3)
        terminal.press("down", 0.15)
    show(steps)
    print(f"{'':10} peak memory {terminal.peak_mb():.0f} MB")
    terminal.close()


def show(steps: dict[str, list[tuple[int, float]]]) -> None:
    """Bytes and milliseconds of each step: the median, and what 95 of 100 keep below."""
    for step, samples in steps.items():
        sizes, times = sorted(size for size, _ in samples), sorted(taken for _, taken in samples)
        print(
            f"{'':10} {step:5} {statistics.median(sizes):7.0f} bytes (95%: {sizes[int(0.95 * (len(sizes) - 1))]})"
            f" {statistics.median(times):7.1f} ms (95%: {times[int(0.95 * (len(times) - 1))]:.1f})"
        )


def measure_syncing(home: Path, mails: int) -> None:
    """The keys of the app while a mailbox is synced for the first time into the store that it shows."""
    program = postkorb(home)
    with dovecot(special_use=False) as server:
        fill(server, mails)
        add_account(home, server)
        terminal = Terminal(program, home)
        terminal.until_usable()
        while not synced(home):
            terminal.read(0.1)
        begun, before = time.perf_counter(), synced(home)
        steps: dict[str, list[tuple[int, float]]] = {"down": [], "page": []}
        for turn in range(150):
            step = "page" if turn % 8 == 0 else "down"
            steps[step].append(terminal.move(step))
            terminal.read(0.05, 0.1)
        took, after = time.perf_counter() - begun, synced(home)
        print(
            f"{'':10} while {after - before} mails arrived in {took:.1f} s, {mails - after} were still to come:"
        )
        show(steps)
        terminal.close()


def synced(home: Path) -> int:
    """How many mails of the account have arrived."""
    with closing(sqlite3.connect(home / "postkorb.db")) as database:
        sql = "SELECT sum(total) FROM folder JOIN mailbox ON mailbox.id = mailbox_id WHERE mailbox.name = 'bench'"
        return int(database.execute(sql).fetchone()[0] or 0)


def add_account(home: Path, server: Dovecot) -> None:
    command = [sys.executable, "-m", "app", "--home", str(home), "account", "add", "bench"]
    command += ["--address", "bench@haus.example", "--source", server.url()]
    command += ["--password-command", f"echo {server.password}"]
    subprocess.run(command, check=True, capture_output=True)


def fill(server: Dovecot, mails: int) -> None:
    """Put generated mails into the server's one mailbox."""
    write_maildir(server.maildir(), mails)
    for path in (server.maildir().parent, *server.maildir().parent.rglob("*")):
        os.chown(path, owner().pw_uid, owner().pw_gid)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=100_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--store", type=Path, help="a home with a store to open instead of a synthetic one")
    parser.add_argument(
        "--syncing", type=int, default=0, help="the same keys while so many mails arrive in the store"
    )
    parser.add_argument("--peers", action="store_true", help="measure neomutt and aerc, too")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="postkorb-bench-") as work:
        home = arguments.store or Path(work) / "home"
        if not arguments.store:
            home.mkdir()
            synthetic.build(home / "postkorb.db", arguments.mails).close()
        measure(postkorb(home), Path(work), arguments.runs)
        if arguments.syncing:
            measure_syncing(home, arguments.syncing)
        if arguments.peers:
            measure_peers(Path(work), arguments.mails, arguments.runs)


def measure_peers(work: Path, mails: int, runs: int) -> None:
    with dovecot(special_use=False) as server:
        fill(server, mails)
        for prepare in (neomutt, aerc):
            if shutil.which(prepare.__name__):
                home = work / prepare.__name__
                home.mkdir()
                measure(prepare(home, server), home, runs)


if __name__ == "__main__":
    main()
