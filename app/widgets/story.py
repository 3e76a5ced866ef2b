"""A few lines below a list that tell all of the line under the cursor; what they say is given to them."""

from __future__ import annotations

from collections.abc import Sequence

from app.widgets.text_pane import Span, TextLine, TextPane
from app.widgets.wrap import breaks


class Story(TextPane, can_focus=False):
    """Lines that are wrapped to the width there is."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._told: tuple[str, ...] = ()

    def show(self, told: Sequence[str]) -> None:
        """Tell this; the first line stands out."""
        if self._told != (new := tuple(told)):
            self._told = new
            self.renew()

    def lines_for(self, width: int) -> list[TextLine]:
        return [
            (Span(text[first:last], "strong" if number == 0 else "text"),)
            for number, text in enumerate(self._told)
            for first, last in breaks(text, width)
        ]
