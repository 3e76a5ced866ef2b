"""The suite on several processes fails for what it fails for on one."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "syrupy", "-p", "xdist", "-n", "2", "--rootdir", str(folder)],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_picture_that_no_test_shows_fails_the_run(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text("from tests.unused_pictures import *\n")
    (tmp_path / "test_it.py").write_text(TESTS)
    pictures = tmp_path / "__snapshots__" / "test_it"
    pictures.mkdir(parents=True)
    for number in range(4):
        (pictures / f"test_picture[{number}].raw").write_text(f"picture {number}")
    good = run(tmp_path)
    assert (good.returncode, "4 passed" in good.stdout) == (0, True), good.stdout + good.stderr
    (pictures / "test_picture[4].raw").write_text("picture 4")
    bad = run(tmp_path)
    assert (bad.returncode, "4 passed" in bad.stdout) == (1, True), bad.stdout + bad.stderr
    assert "test_picture[4].raw" in bad.stdout
