"""The suite on several processes fails for what it fails for on one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TESTS = """
import pytest
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode

class Picture(SingleFileSnapshotExtension):
    _write_mode = WriteMode.TEXT

@pytest.mark.parametrize("number", range(4))
def test_picture(snapshot, number):
    assert snapshot.use_extension(Picture) == f"picture {number}"
"""


def run(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--rootdir", str(folder)]
    return subprocess.run(
        [*command, *options],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_picture_that_no_test_shows_fails_the_run(tmp_path: Path, processes: str) -> None:
    (tmp_path / "conftest.py").write_text("from tests.unused_pictures import *\n")
    (tmp_path / "test_it.py").write_text(TESTS)
    assert run(tmp_path, "--snapshot-update").returncode == 0
    good = run(tmp_path, "-n", processes)
    assert good.returncode == 0, good.stdout + good.stderr
    (one, *_) = (tmp_path / "__snapshots__").rglob("*.raw")
    one.with_name("test_picture[left].raw").write_text("picture of old")
    bad = run(tmp_path, "-n", processes)
    assert bad.returncode == 1, bad.stdout + bad.stderr
    assert "4 passed" in bad.stdout
    assert "unused" in bad.stdout or "test_picture[left].raw" in bad.stdout
