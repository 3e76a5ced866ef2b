"""Runs every measure, small enough for a coffee break: `python -m benchmarks`. Each module has its own options for more."""

from __future__ import annotations

import subprocess
import sys

MEASURES = (
    ("benchmarks.parse",),
    ("benchmarks.lists", "--mails", "100000"),
    ("benchmarks.search", "--mails", "100000"),
    ("benchmarks.leads", "--leads", "50000"),
    ("benchmarks.leads_screen", "--leads", "50000"),
    ("benchmarks.agenda", "--entries", "50000"),
    ("benchmarks.overviews", "--leads", "50000"),
    ("benchmarks.opportunities", "--opportunities", "50000"),
    ("benchmarks.sync", "--mails", "10000"),
    ("benchmarks.terminal", "--mails", "100000", "--syncing", "20000", "--peers"),
)


def main() -> None:
    failed = 0
    for module, *options in MEASURES:
        print(f"\n== {module} {' '.join(options)}", flush=True)
        failed |= subprocess.run([sys.executable, "-m", module, *options], check=False).returncode
    sys.exit(failed)


if __name__ == "__main__":
    main()
