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


class Sheet(TextPane, can_focus=False):
    """Lines of labels and values, cut at the edge; as high as it has lines, as far as the screen allows."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._sheet: tuple[TextLine, ...] = ()

    def show(self, sheet: Sequence[TextLine]) -> None:
        """Show these lines."""
        self._sheet = tuple(sheet)
        self.styles.height = max(1, min(len(self._sheet), self.app.size.height - 10))
        self.renew()

    def lines_for(self, width: int) -> list[TextLine]:  # noqa: ARG002 - lines are cut when they are drawn
        return list(self._sheet)
