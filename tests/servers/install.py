"""Brings a real server onto this machine for the tests, or says why it cannot; not the starting of one."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

INSTALL_SECONDS = 300


def require(program: str, package: str) -> str:
    """The path of `program`, installed from the Debian `package` if it is missing and we may.

    Skips the test where it cannot be had; with `CI=true` that is a failure, because there nothing may be left out.
    """
    path = find(program)
    if path is None and os.geteuid() == 0 and shutil.which("apt-get"):
        with _one_at_a_time():
            if find(program) is None:
                _apt_install(package)
            path = find(program)
    if path is not None:
        return path
    reason = f"{program} is not installed (Debian package {package}) and cannot be installed from here"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def find(program: str) -> str | None:
    """Where the program is; servers often stand outside an ordinary user's PATH."""
    aside = ["/usr/sbin", "/sbin", "/usr/local/sbin", "/usr/lib/dovecot"]
    aside += sorted(map(str, Path("/usr/lib/postgresql").glob("*/bin")), reverse=True)
    return shutil.which(program) or shutil.which(program, path=os.pathsep.join(aside))


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Tests run on several processes, and apt-get refuses to run beside itself."""
    with (Path(tempfile.gettempdir()) / "postkorb-tests-install.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _apt_install(package: str) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package],
    ):
        subprocess.run(command, env=environment, capture_output=True, timeout=INSTALL_SECONDS, check=False)
