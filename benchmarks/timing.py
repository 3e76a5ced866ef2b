"""Times calls in this process and prints the figures as a table."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.store.database import Store
from benchmarks import synthetic

RUNS = 15


@dataclass(frozen=True, slots=True)
class Figure:
    """Milliseconds of one measure: the first call, then the median and the worst of the others; `answer`: how much."""

    name: str
    first: float
    median: float
    worst: float
    answer: int


def measure(name: str, call: Callable[[], int], runs: int = RUNS) -> Figure:
    """Time a call that returns how many rows, hits or mails it found."""
    took: list[float] = []
    answer = 0
    for _ in range(runs + 1):
        begun = time.perf_counter()
        answer = call()
        took.append((time.perf_counter() - begun) * 1_000)
    return Figure(name, took[0], statistics.median(took[1:]), max(took[1:]), answer)


def show(title: str, figures: Sequence[Figure]) -> None:
    """Print a table of milliseconds."""
    print(f"\n{title}\n{'':44} {'first ms':>9} {'median':>9} {'worst':>9} {'answer':>9}")
    for figure in figures:
        print(
            f"{figure.name:44} {figure.first:9.2f} {figure.median:9.2f} {figure.worst:9.2f} {figure.answer:9}"
        )


@contextmanager
def synthetic_store(mails: int, kept: Path | None = None) -> Iterator[Store]:
    """A store with so many mails, removed afterwards; `kept`: a file that is built when missing and stays."""
    if kept is not None:
        store = Store(kept) if kept.exists() else synthetic.build(kept, mails)
        yield store
        store.close()
        return
    with tempfile.TemporaryDirectory(prefix="postkorb-bench-") as folder:
        begun = time.perf_counter()
        store = synthetic.build(Path(folder) / "postkorb.db", mails)
        print(f"{mails:,} mails in {time.perf_counter() - begun:.0f} s")
        yield store
        store.close()
