"""The line above a list that narrows it while the rep types; what is found is the place's own."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static

from app.language import _
from app.screens.list_place import ListPlace
from app.screens.place import does
from app.widgets.field import Field
from app.widgets.key_names import key_name


class SearchLine(ListPlace):
    """A place with such a line: `search_line` makes it."""

    def search_line(self) -> ComposeResult:
        """The line, which is seen while it holds something."""
        with Horizontal(id="search"):
            yield Static(_("Search") + " ", id="search-label")
            yield Field(id="query")

    @property
    def typed(self) -> str:
        """What narrows the list."""
        return self.query_exactly_one("#query", Field).value.strip()

    def is_typing(self) -> bool:
        """Whether the rep types into the line."""
        return isinstance(self.focused, Field)

    def key_words(self, command: str, words: str) -> str:
        """Words that name the key of a command; nothing if it has none."""
        keys = self.keymap.keys_of(command)
        return words.format(key=key_name(keys[0])) if keys else ""

    def load(self) -> None:
        """Read the list anew."""
        raise NotImplementedError

    def focus_list(self) -> None:
        """Let the keys walk in the list again."""
        if isinstance(self.listed, Widget):
            self.set_focus(self.listed)

    def set_typed(self, text: str) -> None:
        """Search for this, without the line being typed into."""
        self.query_exactly_one("#query", Field).value = text
        self.set_class(bool(text.strip()), "-searching")

    @does("records.find")
    def find(self) -> None:
        self.add_class("-searching")
        self.set_focus(self.query_exactly_one("#query", Field))

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.load()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.end_search()

    @does("search.done")
    def end_search(self) -> None:
        self.focus_list()
        self.set_class(bool(self.typed), "-searching")

    @does("search.cancel")
    def cancel_search(self) -> None:
        self.set_typed("")
        self.focus_list()

    def on_descendant_focus(self) -> None:
        self.show_keys()
