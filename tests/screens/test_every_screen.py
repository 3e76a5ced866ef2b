"""No screen and no dialog without a picture at every size."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual.screen import Screen

import app.screens
from tests.screens.conftest import SIZES

PICTURES = Path(__file__).parent


def screens() -> Iterator[type[Screen[object]]]:
    """The screens of `app.screens` that are shown: those that nothing is derived from."""
    for module in pkgutil.walk_packages(app.screens.__path__, "app.screens."):
        importlib.import_module(module.name)
    found: list[type[Screen[object]]] = [Screen]
    for kind in found:
        found += kind.__subclasses__()
        if kind.__module__.startswith("app.screens.") and not kind.__subclasses__():
            yield kind


@pytest.mark.parametrize("size", SIZES)
def test_every_screen_has_a_picture(size: str) -> None:
    titles = set()
    for picture in PICTURES.rglob("*.svg"):
        title = re.search(r'class="terminal-title"[^>]*>([^<]*)<', picture.read_text("utf-8"))
        assert title is not None, picture.name
        titles.add(title[1].replace("&#160;", " "))
    names = {kind.__name__ for kind in screens()}
    assert {"MailScreen", "Picker", "HelpScreen"} <= names
    assert {name for name in names if f"{name} {size}" not in titles} == set()
