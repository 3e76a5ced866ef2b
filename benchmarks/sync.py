"""Measures the sync against mbsync on a private Dovecot, by turns in one run: `python -m benchmarks.sync --mails 10000`.

Whole processes, interpreter start included; `start` is what the same verb takes on a home without a mailbox. Needs Dovecot, and
mbsync (Debian: isync) to compare with; an account of another generator can be measured with --maildir.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.maildir import write_maildir
from tests.servers.dovecot import Dovecot, dovecot, ok
from tests.servers.dovecot_config import owner

MBSYNC = """FSync yes
IMAPStore far
Host 127.0.0.1
Port {port}
User {user}
Pass {password}
SSLType None
AuthMechs LOGIN

MaildirStore near
Path {home}/mail/
Inbox {home}/mail/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns *
Create Near
Expunge Near
SyncState *
"""


def verbs(home: Path) -> list[str]:
    return [sys.executable, "-m", "app", "--home", str(home)]


def postkorb(server: Dovecot, home: Path) -> list[str]:
    program = verbs(home)
    account = [*program, "account", "add", "bench", "--address", "bench@haus.example"]
    account += ["--source", server.url(), "--password-command", f"echo {server.password}"]
    subprocess.run(account, check=True, capture_output=True)
    return [*program, "sync"]


def mbsync(server: Dovecot, home: Path) -> list[str]:
    (home / "mail").mkdir(parents=True)
    config = home / "mbsyncrc"
    config.write_text(MBSYNC.format(port=server.port, user=server.user, password=server.password, home=home))
    return ["mbsync", "-q", "-c", str(config), "-a"]


def seconds(command: list[str]) -> float:
    """How long a process takes; the disk is quiet before it starts."""
    os.sync()
    begun = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - begun


def change(server: Dovecot, turn: int) -> None:
    """100 new mails in the inbox and 100 changed flags."""
    new = [
        b"From: neu@kunde1.example\r\nSubject: Neu %d-%d\r\n\r\nText\r\n" % (turn, number)
        for number in range(100)
    ]
    server.deliver(*new)
    with server.client(folder="INBOX") as client:
        for number in range(1, 101):
            ok(client.store(str(number * 3), "+FLAGS" if turn % 2 else "-FLAGS", "(\\Flagged)"))


def measure(server: Dovecot, mails: int, runs: int, work: Path) -> None:
    programs: dict[str, Callable[[Dovecot, Path], list[str]]] = {"postkorb": postkorb}
    if shutil.which("mbsync"):
        programs["mbsync"] = mbsync
    figures: dict[str, dict[str, list[float]]] = {}
    commands: dict[str, list[str]] = {}
    start = statistics.median(seconds([*verbs(work / "empty"), "sync"]) for _ in range(5))
    for turn in range(runs):
        for name, prepare in programs.items():
            home = work / f"{name}{turn}"
            home.mkdir()
            commands[name] = prepare(server, home)
            figures.setdefault("first sync", {}).setdefault(name, []).append(seconds(commands[name]))
    database = work / "postkorb0" / "postkorb.db"
    for _ in range(runs + 2):
        for name, command in commands.items():
            figures.setdefault("nothing new", {}).setdefault(name, []).append(seconds(command))
    for turn in range(runs):
        change(server, turn)
        for name, command in commands.items():
            figures.setdefault("100 new, 100 flags", {}).setdefault(name, []).append(seconds(command))
    show(figures, mails, start)
    print(
        f"{'store beside Maildir':22} {database.stat().st_size / 1e6:9.1f} MB  {tree_size(server.maildir()) / 1e6:9.1f} MB"
    )


def show(figures: dict[str, dict[str, list[float]]], mails: int, start: float) -> None:
    """A table of medians in seconds, with the ratio of the two programs."""
    print(f"{mails:,} mails; start of postkorb: {start:.2f} s")
    for name, programs in figures.items():
        line = f"{name:22}"
        for program, taken in programs.items():
            middle = statistics.median(taken)
            rate = f" ({mails / middle:,.0f}/s)" if name == "first sync" else ""
            line += f"  {program} {middle:.3f} s{rate} [{min(taken):.3f}-{max(taken):.3f}]"
        if "mbsync" in programs:
            line += f"  ratio {statistics.median(programs['mbsync']) / statistics.median(programs['postkorb']):.2f}"
        print(line)


def tree_size(root: Path) -> int:
    return sum(
        path.lstat().st_size
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith("dovecot")
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mails", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--maildir", type=Path, help="copy this Maildir instead of writing one")
    parser.add_argument("--work", type=Path, help="where to work (default: a temporary folder)")
    arguments = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="postkorb-bench-", dir=arguments.work) as work,
        dovecot(special_use=False) as server,
    ):
        target = server.maildir()
        target.parent.mkdir(parents=True, exist_ok=True)
        if arguments.maildir:
            shutil.copytree(arguments.maildir, target, ignore=shutil.ignore_patterns("dovecot*"))
        else:
            write_maildir(target, arguments.mails)
        mails = sum(len(files) for folder, _, files in os.walk(target) if Path(folder).name in ("cur", "new"))
        for path in (target.parent, *target.parent.rglob("*")):
            os.chown(path, owner().pw_uid, owner().pw_gid)
        with server.client(folder="INBOX"):  # the server has read its folders before anybody is measured
            pass
        measure(server, mails, arguments.runs, Path(work))


if __name__ == "__main__":
    main()
