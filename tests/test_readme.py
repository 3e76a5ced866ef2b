"""What README.md promises is there: verbs, make targets, configuration keys and the five keys."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from app.cli.verbs import Root
from app.commands.key_map import KeyMap
from app.commands.registry import BY_ID
from app.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_every_verb_and_make_target_in_the_readme_exists() -> None:
    verbs = set(
        re.findall(r"postkorb ([a-z]+)\b", "\n".join(re.findall(r"`[^`]+`|^    .+$", README, re.MULTILINE)))
    )
    assert verbs >= {"account", "doctor"}
    assert verbs <= set(Root.lazy)
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"^    make ([a-z]+)", README, re.MULTILINE)) <= targets


def test_the_configuration_in_the_readme_names_every_key_with_its_default() -> None:
    block = re.search(r"```toml\n(.*?)```", README, re.DOTALL)
    assert block is not None
    shown = tomllib.loads(block[1])
    assert set(shown) == {setting.name for setting in fields(Settings)}
    keys = shown.pop("keys")
    defaults = {setting.name: setting.default for setting in fields(Settings) if setting.name != "keys"}
    assert shown == defaults
    assert set(keys) <= set(BY_ID)
    assert KeyMap(keys).problems == []


@pytest.mark.parametrize(
    ("key", "command"),
    [
        ("n", "mail.next_unprocessed"),
        ("l", "mail.link"),
        ("r", "mail.reply"),
        ("u", "mail.undo"),
        ("?", "app.help"),
    ],
)
def test_the_five_keys_do_what_the_readme_says(key: str, command: str) -> None:
    assert f"| `{key}` |" in README
    assert key in KeyMap().keys_of(command)


def test_the_map_of_the_house_names_rooms_that_exist() -> None:
    rooms = re.findall(r"`((?:app|tests)/[\w/.]*|styles\.tcss)`", README)
    assert len(rooms) > 10
    for room in rooms:
        assert (ROOT / room).exists(), room
