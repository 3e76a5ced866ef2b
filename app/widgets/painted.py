"""Widgets that look up the styles of their parts when they draw them; what the styles are stands in `styles.tcss`.

Textual's component classes are worked out again, all of them, whenever a class or the focus changes anywhere above the
widget: 40 ms on the mail screen for a key that opens a mail. The parts here depend on theme and widget only.
"""

from __future__ import annotations

from rich.style import Style
from textual.dom import DOMNode
from textual.widget import Widget


class Painted(Widget):
    """`paint("cursor")` is the style of the rule `TYPE > .cursor`, where TYPE is the widget's class."""

    _painted_for: str = ""

    def paint(self, part: str, *, over: bool = False) -> Style:
        """The style of a part. `over`: only what its own rule says, to be laid over another style."""
        theme = self.app.theme
        if self._painted_for != theme:
            self._painted_for = theme
            self._paints: dict[tuple[str, bool], Style] = {}
            self.forget_paint()
        found = self._paints.get((part, over))
        if found is None:
            node = DOMNode(classes=part)
            node._attach(self)
            self.app.stylesheet.apply(node)
            styles = node.styles
            found = self._paints[part, over] = styles.partial_rich_style if over else styles.rich_style
        return found

    def forget_paint(self) -> None:
        """The theme has changed: what was made from styles is out of date."""
