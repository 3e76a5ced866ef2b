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
    """Milliseconds of one measure: the first call, then best, median and worst of the others, and the median of this
    process's CPU time, which a busy machine does not change much. `answer`: how many rows, hits or mails."""

    name: str
    first: float
    best: float
    median: float
    worst: float
    cpu: float
    answer: int


def measure(name: str, call: Callable[[], int], runs: int = RUNS) -> Figure:
    """Time a call that returns how many rows, hits or mails it found."""
    took: list[float] = []
    worked: list[float] = []
    answer = 0
    for _ in range(runs + 1):
        begun, begun_work = time.perf_counter(), time.process_time()
        answer = call()
        took.append((time.perf_counter() - begun) * 1_000)
        worked.append((time.process_time() - begun_work) * 1_000)
    later = took[1:]
    return Figure(
        name, took[0], min(later), statistics.median(later), max(later), statistics.median(worked[1:]), answer
    )


def show(title: str, figures: Sequence[Figure]) -> None:
    """Print a table of milliseconds."""
    columns = ("first", "best", "median", "worst", "cpu")
    print(f"\n{title + ', milliseconds':45}" + "".join(f"{name:>9}" for name in (*columns, "answer")))
    for figure in figures:
        times = "".join(f"{getattr(figure, name):9.2f}" for name in columns)
        print(f"{figure.name:45}{times}{figure.answer:9}")


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
