"""Small boxes over a place: one line says what will happen, Enter does it, Esc does nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Generic, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from app.domain.errors import NotFound, PostkorbError
from app.domain.text import clean_block, clean_line
from app.language import N_, _
from app.screens.leaves_once import LeavesOnce
from app.widgets.bar import Bar, Item
from app.widgets.choices import Choice, Choices
from app.widgets.field import Field
from app.widgets.key_names import key_name

T = TypeVar("T")
#: Finds what fits a text, and hands it on when it is found.
Search = Callable[[str, Callable[[Sequence[Choice]], None]], None]


def plain(text: str) -> Content:
    """Text in which no markup is looked for."""
    return Content(clean_block(text))


class Dialog(LeavesOnce[T | None], ModalScreen[T | None], Generic[T]):
    """A box; `answer` says what Enter gives back, Esc gives None."""

    AUTO_FOCUS = "Field"
    title_classes = "title"  # in the paint

    def __init__(self, title: str, line: str = "", *, enter: str = "") -> None:
        super().__init__()
        self._title = title
        self._line = line
        self._enter = enter

    def compose(self) -> ComposeResult:
        with Vertical():
            yield Static(plain(self._title), classes=self.title_classes)
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

    @property
    def is_open(self) -> bool:
        """Whether it still stands on the screen, with its widgets; what was on its way to it may come later than that."""
        return self.is_attached and self in self.app.screen_stack and self.display and bool(self.children)

    def leave(self, answer: T | None) -> None:
        """Close with this answer, once: of two keys that came at the same time, the second finds it closed."""
        if self.is_active:
            self.dismiss(answer)

    def on_key(self, event: events.Key) -> None:
        if event.key == "escape":
            event.stop()
            self.leave(None)
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
            self.leave(answer)


class Confirm(Dialog[bool]):
    """Asks before something is done."""

    def answer(self) -> bool:
        return True


class MessageBox(Dialog[bool]):
    """Tells what went wrong: title, cause and next step."""

    title_classes = "title error"

    @classmethod
    def of(cls, error: PostkorbError) -> MessageBox:
        """The box for an error of the family. The number of what has gone says nothing to a rep, who saw it by its name."""
        cause = "" if isinstance(error, NotFound) and error.cause.isdecimal() else error.told_cause
        parts = (
            clean_line(cause),
            _(error.next_step) if error.next_step else "",
        )
        return cls(_(error.title), "\n".join(filter(None, parts)))

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

        yield Static(id="missing", classes="error")

    def on_mount(self) -> None:
        self._missing.display = False

    @property
    def _missing(self) -> Static:
        return self.query_exactly_one("#missing", Static)

    def answer(self) -> str | None:
        text = self.query_exactly_one(Field).value.strip()
        if text or self._optional:
            return text
        self._missing.update(plain(_("Type something first.")))
        self._missing.display = True
        return None


class Offering(Dialog[T]):
    """A line to type into, and under it what fits; `search` finds that for what was typed, and may take its time."""

    STEPS: ClassVar[dict[str, int]] = {"down": 1, "up": -1}
    #: What stands there when nothing fits what was typed.
    NOTHING = N_("nothing fits")

    def __init__(
        self, title: str, search: Search, *, line: str = "", enter: str = "", start: str = "", hint: str = ""
    ) -> None:
        super().__init__(title, line, enter=enter)
        self._search = search
        self._start = start
        self._hint = hint
        self._enter_waits = False
        self._asked = start
        self._shown: str | None = None

    def body(self) -> ComposeResult:
        yield Field(self._start, self._hint)
        yield Choices()

    @property
    def field(self) -> Field:
        """What is typed into."""
        return self.query_exactly_one(Field)

    @property
    def choices(self) -> Choices:
        """What is offered."""
        return self.query_exactly_one(Choices)

    def on_mount(self) -> None:
        self.field.cursor_position = len(self._start)
        self._ask(self._start)

    def on_input_changed(self, event: Input.Changed) -> None:
        if event.value != self._asked:
            self._ask(event.value)

    def _ask(self, typed: str) -> None:
        self._asked = typed
        self._enter_waits = False  # it was meant for what stood there then

        def show(found: Sequence[Choice]) -> None:
            if not self.is_open or typed != self._asked:
                return
            self._shown = typed
            self.choices.empty = _(self.NOTHING) if self.NOTHING else ""
            self.choices.choices = found
            if self._enter_waits:
                self.done()

        self._search(typed, show)

    def on_key(self, event: events.Key) -> None:
        if event.key in self.STEPS:
            event.stop()
            event.prevent_default()  # the base class, whose handler would be called too, has no use for it
            self.choices.step(self.STEPS[event.key])

    @property
    def is_fitting(self) -> bool:
        """Whether what is offered fits what is typed: it may still be on its way."""
        return self.field.value == self._shown

    def answer(self) -> T | None:
        """What was chosen; when the list for what is typed is still on its way, Enter counts as soon as it is there."""
        self._enter_waits = not self.is_fitting
        return None if self._enter_waits else self.chosen(self.choices.current)

    def chosen(self, choice: Choice | None) -> T | None:
        """What the choice under the cursor, or None where nothing fits, makes of the answer."""
        raise NotImplementedError

    def on_choices_picked(self, message: Choices.Picked) -> None:
        answer = self.chosen(message.choice)
        if answer is not None:
            self.leave(answer)


class Picker(Offering[Choice]):
    """A list that typing narrows: by `search`, else the choices that are given, word by word."""

    STEPS: ClassVar[dict[str, int]] = {
        **Offering.STEPS,
        "ctrl+n": 1,
        "ctrl+p": -1,
        "tab": 1,
        "shift+tab": -1,
    }

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice] = (),
        *,
        line: str = "",
        enter: str = "",
        search: Search | None = None,
    ) -> None:
        given = tuple(choices)

        def narrow(typed: str, show: Callable[[Sequence[Choice]], None]) -> None:
            show(narrowed(given, typed))

        hint = _("type to narrow the list")
        super().__init__(title, search or narrow, line=line, enter=enter, hint=hint)

    def chosen(self, choice: Choice | None) -> Choice | None:
        return choice


def narrowed(choices: Sequence[Choice], typed: str) -> list[Choice]:
    """The choices that have every word typed, those whose title begins with it first."""
    words = typed.casefold().split()
    found = [c for c in choices if all(word in f"{c.title} {c.detail}".casefold() for word in words)]
    found.sort(key=lambda choice: not choice.title.casefold().startswith(typed.casefold()))
    return found
