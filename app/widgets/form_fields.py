"""Fields of forms beside the line to type into: one of a few words, and a record; they store nothing."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from app.domain.text import clean_line

#: More values than these are not gone round one by one.
FEW = 4


class ChosenField(Static, can_focus=True):
    """A value that is chosen, not typed."""

    @property
    def words(self) -> str:
        """The value as a person reads it."""
        raise NotImplementedError

    def on_mount(self) -> None:
        self.draw()

    def draw(self) -> None:
        """Show the value."""
        self.update(Content(clean_line(self.words) or "–"))


class WordField(ChosenField):
    """One of several values. Space and the arrows go round; among many, space asks whoever holds it to have one chosen."""

    class ChoiceWanted(Message):
        """One of many is wanted."""

        def __init__(self, field: WordField) -> None:
            super().__init__()
            self.field = field

    def __init__(self, choices: Sequence[tuple[str, str]], value: str, *, id: str | None = None) -> None:
        """`choices`: values and their words. A value that is none of them is one more."""
        super().__init__(id=id)
        self.choices = tuple(choices)
        if value not in dict(self.choices):
            self.choices = (*self.choices, (value, value))
        self.value = value

    @property
    def words(self) -> str:
        return dict(self.choices)[self.value]

    def choose(self, value: str) -> None:
        """Hold this value from now on."""
        self.value = value
        self.draw()

    def on_key(self, event: events.Key) -> None:
        ways = {"right": 1, "left": -1}
        if event.key == "space":
            event.stop()
            self._next()
        elif event.key in ways:
            event.stop()
            self._step(ways[event.key])

    def on_click(self) -> None:
        self._next()

    def _next(self) -> None:
        if len(self.choices) > FEW:
            self.post_message(self.ChoiceWanted(self))
        else:
            self._step(1)

    def _step(self, way: int) -> None:
        values = [value for value, _word in self.choices]
        self.choose(values[(values.index(self.value) + way) % len(values)])


class OptionField(ChosenField):
    """One of many values; asks whoever holds it to have another one chosen, left and right go round."""

    class ChoiceWanted(Message):
        """Another value is wanted; what can be chosen are the field's `options`."""

        def __init__(self, field: OptionField) -> None:
            super().__init__()
            self.field = field

    class Changed(Message):
        """Another value was chosen."""

        def __init__(self, field: OptionField) -> None:
            super().__init__()
            self.field = field

    def __init__(
        self, options: Sequence[tuple[object, str]], value: object, *, id: str | None = None
    ) -> None:
        """`options`: values and their words; the first one is what nothing chosen means. A value that is none of them is
        one more."""
        super().__init__(id=id)
        self.options = _with(options, value)
        self.value = value

    @property
    def words(self) -> str:
        return next((word for value, word in self.options if value == self.value), "")

    def choose(self, value: object) -> None:
        """Hold this value from now on, and say so."""
        self.show(value)
        self.post_message(self.Changed(self))

    def show(self, value: object, options: Sequence[tuple[object, str]] | None = None) -> None:
        """Hold this value, of these options if they have changed."""
        self.options = _with(self.options if options is None else options, value)
        self.value = value
        self.draw()

    def on_key(self, event: events.Key) -> None:
        ways = {"right": 1, "left": -1}
        if event.key == "space":
            event.stop()
            self.post_message(self.ChoiceWanted(self))
        elif event.key in ways:
            event.stop()
            values = [value for value, _word in self.options]
            self.choose(values[(values.index(self.value) + ways[event.key]) % len(values)])
        elif event.key in ("delete", "backspace"):
            event.stop()
            self.choose(self.options[0][0])

    def on_click(self) -> None:
        self.post_message(self.ChoiceWanted(self))


def _with(options: Sequence[tuple[object, str]], value: object) -> tuple[tuple[object, str], ...]:
    known = any(value == option for option, _word in options)
    return tuple(options) if known else (*options, (value, str(value)))


class RecordField(ChosenField):
    """A record by its id and title; asks whoever holds it to have another one chosen."""

    class ChoiceWanted(Message):
        """Another record is wanted."""

        def __init__(self, field: RecordField) -> None:
            super().__init__()
            self.field = field

    def __init__(self, value: int | None, title: str, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.value = value
        self._title = title

    @property
    def words(self) -> str:
        return self._title

    def choose(self, value: int | None, title: str) -> None:
        """Hold this record from now on; None for none."""
        self.value, self._title = value, title
        self.draw()

    def on_key(self, event: events.Key) -> None:
        if event.key == "space":
            event.stop()
            self.post_message(self.ChoiceWanted(self))
        elif event.key in ("delete", "backspace"):
            event.stop()
            self.choose(None, "")

    def on_click(self) -> None:
        self.post_message(self.ChoiceWanted(self))
