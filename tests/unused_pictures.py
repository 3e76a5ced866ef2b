"""Fails a run on several processes for pictures that no test shows any more, as syrupy itself does on one; compares nothing."""

from __future__ import annotations

from typing import Any

import pytest

#: Places of pictures, over all processes: those that one of them did not come to, and those that one of them showed.
UNSEEN, SHOWN = pytest.StashKey[set[str]](), pytest.StashKey[set[str]]()


@pytest.hookimpl(trylast=True)  # after syrupy has looked at what was shown
def pytest_sessionfinish(session: pytest.Session) -> None:
    config: Any = session.config
    if hasattr(config, "workeroutput"):
        report = config._syrupy.report
        config.workeroutput["unseen"] = [collection.location for collection in report.unused]
        config.workeroutput["shown"] = [collection.location for collection in report.used]
    elif unused(config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A process has ended; one that crashed tells nothing, and has failed the run."""
    told = getattr(node, "workeroutput", {})
    node.config.stash.setdefault(UNSEEN, set()).update(told.get("unseen", ()))
    node.config.stash.setdefault(SHOWN, set()).update(told.get("shown", ()))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for location in unused(config):
        terminalreporter.write_line(f"No test shows this picture; `make snapshots` removes it: {location}")


def unused(config: pytest.Config) -> list[str]:
    """Pictures that should have been shown, and were by no process."""
    if config.getoption("update_snapshots") or hasattr(config, "workeroutput"):
        return []
    return sorted(config.stash.get(UNSEEN, set()) - config.stash.get(SHOWN, set()))
