"""The wheel is whole: what it needs beside the code is in it, and it starts from an environment of its own."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from app import __version__

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `bin` of an environment with the wheel in it. What it depends on is borrowed from the running environment:
    a plain folder on the path, so that no link back to the source tree is followed."""
    folder = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(python),
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
    ]
    subprocess.run([*pip, str(wheel)], check=True, capture_output=True)
    (packages,) = folder.glob("lib/python*/site-packages")
    (packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return folder / "bin"


def outside(installed: Path, tmp_path: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command of the environment far from the source tree, without a terminal."""
    environment = {
        "PATH": f"{installed}:/usr/bin:/bin",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "POSTKORB_LANGUAGE": "en",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
    return subprocess.run(
        words,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )


def test_paint_translations_and_migrations_are_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "app/styles.tcss" in names
    assert "app/translations/de/LC_MESSAGES/postkorb.mo" in names
    sources = [
        path for path in (ROOT / "app").rglob("*") if path.is_file() and "__pycache__" not in path.parts
    ]
    assert names >= {path.relative_to(ROOT).as_posix() for path in sources}
    assert not [name for name in names if not name.startswith(("app/", "postkorb-"))]


def test_the_installed_command_stands_on_its_own(installed: Path, tmp_path: Path) -> None:
    where = outside(installed, tmp_path, "python", "-c", "import app; print(app.__file__)")
    assert Path(where.stdout.strip()).is_relative_to(installed.parent)
    told = outside(installed, tmp_path, "postkorb", "--version")
    assert (told.returncode, told.stdout) == (0, f"postkorb {__version__}\n")


def test_the_installed_command_makes_its_database(installed: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    listed = outside(installed, tmp_path, "postkorb", "--home", str(home), "account", "list", "--json")
    assert (listed.returncode, listed.stdout) == (0, "[]\n"), listed.stderr
    assert (home / "postkorb.db").stat().st_size > 0


def test_the_installed_demo_shows_its_first_screen(installed: Path, tmp_path: Path) -> None:
    shown = outside(installed, tmp_path, "postkorb", "demo")
    assert shown.returncode == 0, shown.stderr
    assert "Postkorb" in shown.stdout
    assert "219" in shown.stdout
    assert list(tmp_path.iterdir()) == []
