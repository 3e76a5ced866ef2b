"""Small boxes over a place: one line says what will happen, Enter does it, Esc does nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from app.domain.errors import NotFound, PostkorbError
from app.domain.text import clean_block, clean_line
from app.language import _
from app.widgets.bar import Bar, Item
from app.widgets.choices import Choice, Choices
from app.widgets.field import Field
from app.widgets.key_names import key_name

T = TypeVar("T")


def plain(text: str) -> Content:
    """Text in which no markup is looked for."""
    return Content(clean_block(text))


class Dialog(ModalScreen[T | None], Generic[T]):
    """A box; `answer` says what Enter gives back, Esc gives None."""

    AUTO_FOCUS = "Field"

    def __init__(self, title: str, line: str = "", *, enter: str = "") -> None:
        super().__init__()
        self._title = title
        self._line = line
        self._enter = enter

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(plain(self._title), classes="title")
            if self._line:
                yield Static(plain(self._line), id="line")
            yield from self.body()
            keys = Bar(classes="keys", gap=2, indent=0)
            keys.items = [Item(text, "quiet", rank, key=key) for rank, (key, text) in enumerate(self.keys())]
            yield keys

    def body(self) -> ComposeResult:
        """What stands between the line and the keys."""
        yield from ()

    def keys(self) -> list[tuple[str, str]]:
        """What the last line says: keys and what they do, the most important first."""
        done = [(key_name("enter"), self._enter)] if self._enter else []
        return [*done, (key_name("escape"), _("cancel"))]

    def answer(self) -> T | None:
        """What Enter gives back; None: not yet."""
        raise NotImplementedError

    def on_key(self, event: events.Key) -> None:
        if event.key == "escape":
            event.stop()
            self.dismiss(None)
        elif event.key == "enter":
            event.stop()
            self.done()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.done()

    def done(self) -> None:
        """Close with the answer, if there is one."""
        answer = self.answer()
        if answer is not None:
            self.dismiss(answer)


class Confirm(Dialog[bool]):
    """Asks before something is done."""

    def answer(self) -> bool:
        return True


class MessageBox(Dialog[bool]):
    """Tells what went wrong: title, cause and next step."""

    @classmethod
    def of(cls, error: PostkorbError) -> MessageBox:
        """The box for an error of the family. The number of what has gone says nothing to a rep, who saw it by its name."""
        cause = "" if isinstance(error, NotFound) and error.cause.isdecimal() else error.told_cause
        parts = (
            clean_line(cause),
            _(error.next_step) if error.next_step else "",
        )
        return cls(_(error.title), "\n".join(filter(None, parts)))

    def on_mount(self) -> None:
        self.query_exactly_one(".title").add_class("error")

    def keys(self) -> list[tuple[str, str]]:
        return [(key_name("enter"), _("close"))]

    def answer(self) -> bool:
        return True


class TextPrompt(Dialog[str]):
    """Asks for one line of text; an empty one is no answer unless `optional`."""

    def __init__(
        self,
        title: str,
        line: str = "",
        *,
        value: str = "",
        enter: str = "",
        optional: bool = False,
        secret: bool = False,
    ) -> None:
        super().__init__(title, line, enter=enter)
        self._value = value
        self._optional = optional
        self._secret = secret

    def body(self) -> ComposeResult:
        yield Field(self._value, password=self._secret)

    def answer(self) -> str | None:
        text = self.query_exactly_one(Field).value.strip()
        return text if text or self._optional else None


class Picker(Dialog[Choice]):
    """A list that typing narrows.

    `search` gives the choices for what was typed; without it those given are narrowed here, word by word.
    """

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice] = (),
        *,
        line: str = "",
        enter: str = "",
        search: Callable[[str, Callable[[Sequence[Choice]], None]], None] | None = None,
    ) -> None:
        super().__init__(title, line, enter=enter)
        self._all = tuple(choices)
        self._search = search
        self._enter_waits = False
        self._asked = ""
        self._shown: str | None = "" if search is None else None

    def body(self) -> ComposeResult:
        yield Field(placeholder=_("type to narrow the list"))
        yield Choices(self._all)

    @property
    def _choices(self) -> Choices:
        return self.query_exactly_one(Choices)

    def on_mount(self) -> None:
        if self._search is not None:
            self._ask("")

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value != self._asked:
            self._ask(event.value)

    def _ask(self, typed: str) -> None:
        self._asked = typed

        def show(choices: Sequence[Choice]) -> None:
            if not self.is_mounted or typed != self._asked:
                return
            self._shown = typed
            self._choices.choices = choices
            if self._enter_waits:
                self.done()

        if self._search is not None:
            self._search(typed, show)
        else:
            show(narrowed(self._all, typed))

    def on_key(self, event: events.Key) -> None:
        steps = {"down": 1, "up": -1, "ctrl+n": 1, "ctrl+p": -1, "tab": 1, "shift+tab": -1}
        if event.key in steps:
            event.stop()
            event.prevent_default()  # the base class, whose handler would be called too, has no use for it
            self._choices.step(steps[event.key])

    def on_choices_picked(self, message: Choices.Picked) -> None:
        self.dismiss(message.choice)

    def answer(self) -> Choice | None:
        """The choice under the cursor; when its list is still on its way, Enter counts as soon as it is there."""
        self._enter_waits = self._shown != self._asked
        return None if self._enter_waits else self._choices.current


def narrowed(choices: Sequence[Choice], typed: str) -> list[Choice]:
    """The choices that have every word typed, those whose title begins with it first."""
    words = typed.casefold().split()
    found = [c for c in choices if all(word in f"{c.title} {c.detail}".casefold() for word in words)]
    found.sort(key=lambda choice: not choice.title.casefold().startswith(typed.casefold()))
    return found
