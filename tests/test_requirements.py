"""The lock files hold what the project asks for, with hashes, and name no index and no machine."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def pinned(name: str) -> dict[str, str]:
    """Versions by package."""
    text = (ROOT / "requirements" / name).read_text("utf-8")
    return {
        canonicalize_name(found[1]): found[2] for found in re.finditer(r"^([\w.-]+)==(\S+) \\$", text, re.M)
    }


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("base.txt", [*PROJECT["dependencies"], "hatchling"]),
        ("dev.txt", [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dev"]]),
    ],
)
def test_everything_the_project_needs_is_pinned(name: str, wanted: list[str]) -> None:
    versions = pinned(name)
    for requirement in map(Requirement, wanted):
        found = versions.get(canonicalize_name(requirement.name))
        assert found is not None, requirement.name
        assert requirement.specifier.contains(found), f"{requirement} but {found}"


def test_both_files_pin_the_same_versions() -> None:
    base, dev = pinned("base.txt"), pinned("dev.txt")
    assert {name: dev[name] for name in base} == base


@pytest.mark.parametrize("name", ["base.txt", "dev.txt"])
def test_every_pin_has_a_hash_and_no_place_is_named(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text("utf-8")
    pins = re.split(r"^(?=[\w.-]+==)", text, flags=re.M)[1:]
    assert len(pins) == len(pinned(name))
    assert all("--hash=sha256:" in pin for pin in pins)
    assert not re.search(r"://|--(extra-)?index|--find-links|--trusted|^\s*/|@ ", text, re.M)


def test_the_tests_run_on_what_is_pinned() -> None:
    versions = pinned("base.txt")
    names = [canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]]
    assert {name: version(name) for name in names} == {name: versions[name] for name in names}
