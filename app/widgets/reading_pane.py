"""The reading pane: one mail as text, with quotes folded; it is handed the mail and posts nothing but facts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from app.widgets.reading_layout import Reading, View, layout
from app.widgets.signs import UNICODE, Signs
from app.widgets.text_pane import TextLine, TextPane


class ReadingPane(TextPane):
    """Shows a `Reading`; folds, header fields and the raw source are switched here."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        signs: Signs = UNICODE,
        *,
        fold_key: str = "z",
        link_key: str = "l",
        open_key: str = "B",
        id: str | None = None,
    ) -> None:
        super().__init__(signs, id=id)
        self._clock = clock
        self._view = View(0, signs, clock(), fold_key, link_key, open_key)
        self.reading: Reading | None = None
        self._outer: Reading | None = None

    def view(self) -> View:
        """How a mail would be shown now; for `layout` in another thread."""
        return replace(self._fresh(), width=self.text_width, zone_of=self._clock())

    def _fresh(self) -> View:
        return replace(self._view, opened=frozenset(), all_open=False, source=False)

    def show(self, reading: Reading | None, lines: Sequence[TextLine] = (), width: int = 0) -> None:
        """Show a mail from its beginning; `lines` are its layout for `width`, if that was made already. The mail that is
        shown already, read anew, leaves everything where it is: also what lies open of it."""
        same = (
            reading is not None
            and self.reading is not None
            and reading.row.message_id == self.reading.row.message_id
        )
        if same and reading is not None and self.reading is not None and self._outer is not None:
            self._outer, self.reading = reading, replace(self.reading, row=reading.row)
            self.renew(keep_place=True)
            return
        self.reading, self._outer = reading, None
        if not same:
            self._view = self._fresh()
        if lines and width == self.text_width and not same:
            self.put(lines, width)
        else:
            self.renew(keep_place=same)

    def suggest(self, title: str) -> None:
        """Name the record that the mail most likely belongs to."""
        if self.reading is not None and self._outer is None:
            self.reading = replace(self.reading, suggestion=title)
            self.renew(keep_place=True)

    def show_nested(self, reading: Reading, lines: Sequence[TextLine], width: int) -> None:
        """Show something inside the mail, as `show` does; `close_nested` comes back."""
        self._outer = self.reading
        self.reading = reading
        self._view = self._fresh()
        if width == self.text_width:
            self.put(lines, width)
        else:
            self.renew()

    def close_nested(self) -> None:
        """Show the mail again, if something inside it is shown."""
        if self._outer is not None:
            self.reading, self._outer = self._outer, None
            self._view = self._fresh()
            self.renew()

    @property
    def is_nested(self) -> bool:
        """Whether something inside the mail is shown."""
        return self._outer is not None

    def toggle_folds(self) -> None:
        """Show all quotes and signatures, or fold them."""
        self._view = replace(self._view, all_open=not self._view.all_open)
        self.renew(keep_place=True)

    def toggle_headers(self) -> None:
        """Show all header fields or the usual ones."""
        self._view = replace(self._view, headers=not self._view.headers, source=False)
        self.renew()

    def toggle_source(self) -> None:
        """Show the raw source or the mail."""
        self._view = replace(self._view, source=not self._view.source)
        self.renew()

    def show_source(self, text: str) -> None:
        """Show the raw source, now that it is there."""
        if self.reading is not None:
            self.reading = replace(self.reading, source=text)
            self.toggle_source()

    @property
    def shows_source(self) -> bool:
        """Whether the raw source is shown."""
        return self._view.source

    def lines_for(self, width: int) -> Sequence[TextLine]:
        if self.reading is None:
            return ()
        return layout(self.reading, replace(self._view, width=width, zone_of=self._clock()))
