"""Measures the place of leads in a pseudo-terminal, from keys to the last byte of their answer: `python -m benchmarks.leads_screen`.

Opening the board, its list and the overviews, and the keys that move on them, in a store of 50,000 leads. A terminal of 80x24,
and one of 120x40 with --large.
"""

from __future__ import annotations

import argparse
import os
import select
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import synthetic, synthetic_leads, terminal
from benchmarks.terminal import QUIET, Program, Terminal, show

MAILS = 500  # so that the first screen has something to show
#: Milliseconds that a place and the overviews may take to open, and a key to its repaint at the 95th percentile.
OPENING, OVERVIEW, REPAINT = 150, 300, 16
KEYS = {
    "leads": "gl",
    "overviews": "gb",
    "down": "j",
    "right": "l",
    "left": "h",
    "page": "\x1b[6~",
    "view": "v",
    "back": "q",
    "quit": "\x11",
}


def program(home: Path) -> Program:
    command = [sys.executable, "-m", "app", "--home", str(home)]
    return Program("postkorb", command, r"\d\d:\d\d|\d\d\.\d\d\.| \d+\. ", KEYS)


def opened(seat: Terminal, step: str, words: str, limit: float = 10.0) -> float:
    """Milliseconds from the keys of a place until these words stand there."""
    sent = time.perf_counter()
    os.write(seat.fd, seat.program.keys[step].encode())
    while time.perf_counter() - sent < limit and select.select([seat.fd], [], [], limit)[0]:
        data = os.read(seat.fd, 1 << 16)
        at = time.perf_counter()
        seat.stream.feed(data)
        if any(words in line for line in seat.screen.display):
            seat.read(0.4)
            return (at - sent) * 1_000
    raise SystemExit(f"{step} shows no “{words}”:\n" + "\n".join(seat.screen.display))


def opening(seat: Terminal, step: str, words: str, runs: int, limit: int) -> None:
    """Open a place again and again; the first time its modules are loaded, too."""
    took = []
    for _ in range(runs + 1):
        took.append(opened(seat, step, words))
        seat.press("back", 0.4)
    later = took[1:]
    print(
        f"{step:10} opens in {statistics.median(later):.0f} ms [{min(later):.0f}-{max(later):.0f}],"
        f" the first time in {took[0]:.0f} ms; limit {limit} ms"
    )


def moving(seat: Terminal, title: str, steps: Sequence[str], turns: int, quiet: float = 0.08) -> None:
    """Bytes and milliseconds of keys, each when the one before it has been answered: nothing came for `quiet` seconds."""
    print(f"{title}; limit {REPAINT} ms at 95%" if quiet < QUIET else title)
    seen: dict[str, list[tuple[int, float]]] = {step: [] for step in steps}
    for turn in range(turns * len(steps)):
        step = steps[turn % len(steps)]
        seen[step].append(seat.press(step, quiet))
    show(seen)


def measure(home: Path, leads: int, runs: int, turns: int) -> None:
    words = f"{leads:,}".replace(",", ".")
    seat = Terminal(program(home), home)
    seat.until_usable()
    seat.read(1.0)  # the background work has begun by then
    opening(seat, "leads", words, runs, OPENING)
    opened(seat, "leads", words)
    moving(seat, "on the board", ("down", "right", "down", "left"), turns)
    print(f"{'board':10} becomes a list in {seat.press('view', 0.3)[1]:.0f} ms")
    moving(seat, "on the list", ("down", "page"), turns)
    seat.press("view", 0.3)
    seat.press("back", 0.3)
    opening(seat, "overviews", words, runs, OVERVIEW)
    print(f"peak memory {seat.peak_mb():.0f} MB")
    seat.close()


def asked(parser: argparse.ArgumentParser, turns: int = 40) -> argparse.Namespace:
    """What is to be measured, with the options that all measures of places have; the terminal has its size then."""
    parser.add_argument("--runs", type=int, default=4, help="how often a place is opened")
    parser.add_argument("--turns", type=int, default=turns, help="how often each key is pressed")
    parser.add_argument("--large", action="store_true", help="a terminal of 120x40")
    parser.add_argument("--home", type=Path, help="a home that is built here when missing, and kept")
    options = parser.parse_args()
    if options.large:
        terminal.ROWS, terminal.COLUMNS = 40, 120
    return options


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leads", type=int, default=50_000)
    options = asked(parser)
    with tempfile.TemporaryDirectory(prefix="postkorb-bench-") as folder:
        home = options.home or Path(folder) / "home"
        if not (home / "postkorb.db").exists():
            begun = time.perf_counter()
            home.mkdir(parents=True, exist_ok=True)
            synthetic.build(home / "postkorb.db", MAILS).close()
            synthetic_leads.build(home / "postkorb.db", options.leads).close()
            print(f"{options.leads:,} leads in {time.perf_counter() - begun:.0f} s")
        measure(home, options.leads, options.runs, options.turns)


if __name__ == "__main__":
    main()
