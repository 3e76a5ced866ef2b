"""Boxes in whose text colleagues can be named: while "@" and letters are typed, those who fit stand below, and Tab puts the first one
in. Who they are is asked when somebody is named; nothing is stored.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeVar, runtime_checkable

from textual import events
from textual.app import ComposeResult

from app.domain.crm.mentions import begun, fitting
from app.domain.team.members import Member
from app.screens.dialogs.boxes import Dialog, TextPrompt
from app.widgets.choices import Choice, Choices
from app.widgets.key_names import key_name

T = TypeVar("T")
#: Has all members read, and hands them on when they are there.
Team = Callable[[Callable[[Sequence[Member]], None]], None]
#: Colleagues offered at a time.
OFFERED = 4


@runtime_checkable
class Typing(Protocol):
    """A field that is typed into."""

    @property
    def before_cursor(self) -> str: ...
    def put(self, cells: int, text: str, /) -> None: ...


class Naming(Dialog[T]):
    """What is typed into is its `texts`."""

    #: The kind of fields in which colleagues can be named, as Textual selects them.
    texts = "NoteField"
    team: Team
    _members: Sequence[Member] | None = None

    def body(self) -> ComposeResult:
        yield from super().body()
        offered = Choices(id="colleagues")
        offered.display = False
        yield offered

    @property
    def _offered(self) -> Choices:
        return self.query_exactly_one("#colleagues", Choices)

    def _field(self) -> Typing | None:
        """The field that somebody types into, if colleagues can be named there."""
        found: Iterator[object] = (field for field in self.query(self.texts) if field is self.focused)
        field = next(found, None)
        return field if isinstance(field, Typing) else None

    def on_text_area_changed(self) -> None:
        self._offer()

    def on_text_area_selection_changed(self) -> None:
        self._offer()

    def _offer(self) -> None:
        """Show whom what stands before the cursor may name."""
        field = self._field()
        typed = begun(field.before_cursor) if field is not None else ""
        if typed and self._members is None:
            self._members = ()  # until they are there
            self.team(self._heard)
        found = fitting(typed, self._members or ()) if typed else []
        offered = self._offered
        keys = [f"   {key_name('tab')}", *[""] * len(found)]
        offered.choices = [
            Choice(member.login, f"@{member.login}", member.name + key)
            for member, key in zip(found[:OFFERED], keys, strict=False)
        ]
        offered.display = bool(found)

    def _heard(self, members: Sequence[Member]) -> None:
        if self.is_open:
            self._members = members
            self._offer()

    def on_key(self, event: events.Key) -> None:
        if event.key == "tab" and self._offered.display and self._field() is not None:
            event.stop()
            event.prevent_default()
            self._take(self._offered.current)

    def on_choices_picked(self, message: Choices.Picked) -> None:
        message.stop()
        self._take(message.choice)

    def _take(self, choice: Choice | None) -> None:
        field = self._field()
        if field is not None and choice is not None:
            field.put(len(begun(field.before_cursor)), f"{choice.value} ")


class NamingPrompt(Naming[str], TextPrompt):
    """One line of text in which colleagues can be named."""

    texts = "Field"

    def __init__(
        self, title: str, line: str = "", *, team: Team, enter: str = "", optional: bool = False
    ) -> None:
        super().__init__(title, line, enter=enter, optional=optional)
        self.team = team

    def on_input_changed(self) -> None:
        self._offer()
