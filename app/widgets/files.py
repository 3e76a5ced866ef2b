"""The list of files that go with a mail; it reads no file."""

from __future__ import annotations

from collections.abc import Sequence

from app.widgets.choices import Choice, Choices


class Files(Choices, can_focus=True):
    """Choices that show their cursor only while they have the focus."""

    def __init__(self, choices: Sequence[Choice] = (), *, id: str | None = None) -> None:
        super().__init__(choices, id=id)
        self.cursor = -1

    def show(self, choices: Sequence[Choice]) -> None:
        """List these, with the cursor where it was."""
        before = self.cursor
        self.choices = choices
        self.cursor = min(before, len(choices) - 1) if self.has_focus else -1

    def on_focus(self) -> None:
        self.cursor = 0
        self.refresh()

    def on_blur(self) -> None:
        self.cursor = -1
        self.refresh()
