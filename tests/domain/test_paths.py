"""Paths as people type them."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import BadInput
from app.domain.paths import expanded


def test_the_home_folder_takes_the_place_of_its_sign(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HOME", "/home/berg")
    assert expanded("~/Ablage/a.pdf") == Path("/home/berg/Ablage/a.pdf")
    assert expanded(Path("Ablage")) == Path("Ablage")


@pytest.mark.parametrize("path", ["~niemand-hier/a.pdf", "~niemand-hier", "/a\0b"])
def test_a_path_that_nobody_can_follow_is_refused_by_name(path: str):
    with pytest.raises(BadInput, match=r"niemand-hier|NUL"):
        expanded(path)
