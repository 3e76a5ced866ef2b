"""The help page names every key whole, however many columns there is room for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from app.commands.key_map import KeyMap
from app.commands.registry import COMMANDS
from app.domain.text import cell_width
from app.language import _, use_language
from app.screens.dialogs.help import KeyTable
from app.widgets.key_names import key_name


@pytest.fixture(params=["de", "en"])
def _spoken(request: pytest.FixtureRequest) -> Iterator[None]:
    use_language(request.param)
    yield
    use_language("de")


@pytest.mark.usefixtures("_spoken")
@pytest.mark.parametrize("width", [40, 79, 80, 119, 120, 160, 250])
def test_every_key_and_every_command_stands_there_whole(width: int) -> None:
    keymap = KeyMap()
    lines = KeyTable(COMMANDS, keymap).lines_for(width)
    words = [span.text.strip() for line in lines for span in line]
    shown = [key for text in words for key in text.split("  ")]
    for command in COMMANDS:
        assert _(command.title) in words
        assert {key_name(key) for key in keymap.keys_of(command.id)} <= set(shown)
    assert all(sum(cell_width(span.text) for span in line) <= width for line in lines)
    assert not any("…" in text for text in words)


def test_a_heading_stands_over_its_first_command() -> None:
    for width in range(40, 200, 7):
        lines = KeyTable(COMMANDS, KeyMap()).lines_for(width)
        for above, line in zip(lines, [*lines[1:], ()], strict=True):
            starts = [sum(cell_width(span.text) for span in above[:at]) for at in range(len(above))]
            for at, span in zip(starts, above, strict=True):
                if span.style == "heading":
                    below = "".join(span.text for span in line)[at:]
                    assert below.strip()
