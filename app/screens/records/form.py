"""A form for a contact, a lead or a task: labelled fields, filled in before; it only gives back what was typed and chosen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Static

from app.domain.crm.kinds import Kind, RecordRow
from app.domain.errors import BadInput
from app.domain.team.members import Member
from app.language import _
from app.screens.dialogs.boxes import Dialog, Picker, plain
from app.screens.members import member_words
from app.widgets.choices import Choice
from app.widgets.field import Field
from app.widgets.form_fields import RecordField, WordField
from app.widgets.key_names import key_name

Typed = Mapping[str, Any]
#: Finds the records of a kind for what was typed, and shows them.
Find = Callable[[Kind, str, Callable[[Sequence[Choice]], None]], None]


@dataclass(frozen=True, slots=True)
class FormLine:
    """`name` is the field's name in `app.domain.crm.record_input`, `label` a source text. With `words` (values and what they
    are called) one of them is chosen, with `kind` a record; `note`: a text of several lines, in which Enter stores the form
    if it is `quick`. `beside`: on the line of the field before."""

    name: str
    label: str
    value: str = ""
    hint: str = ""
    words: tuple[tuple[str, str], ...] = ()
    kind: Kind | None = None
    record: RecordRow | None = None
    note: bool = False
    quick: bool = False
    beside: bool = False

    @property
    def given(self) -> str | int | None:
        """What an untouched field gives back."""
        if self.kind is not None:
            return self.record.id if self.record else None
        return self.value


class RecordForm(Dialog[Typed]):
    """Enter gives back the values by name when `check` raises no BadInput; else it is told, and the form stays open."""

    def __init__(
        self,
        title: str,
        line: str,
        lines: Sequence[FormLine],
        *,
        enter: str,
        check: Callable[[Typed], object],
        find: Find | None = None,
    ) -> None:
        super().__init__(title, line or " ", enter=enter)  # there is a line to tell what is wrong
        self._lines = lines
        self._check = check
        self._find = find

    def body(self) -> ComposeResult:
        for line, *beside in _rows(self._lines):
            with Horizontal(classes="form-line -note" if line.note else "form-line"):
                yield Static(plain(_(line.label)), classes="label")
                yield _field(line)
                for more in beside:
                    yield Static(plain(_(more.label)), classes="label beside")
                    yield _field(more)

    def on_mount(self) -> None:
        self._told.display = bool(self._line.strip())

    @property
    def _told(self) -> Static:
        return self.query_exactly_one("#line", Static)

    def keys(self) -> list[tuple[str, str]]:
        chosen = any(line.words or line.kind for line in self._lines)
        change = [(key_name("space"), _("change the line"))] if chosen else []
        return [*super().keys(), (key_name("tab"), _("next field")), *change]

    def on_key(self, event: events.Key) -> None:
        ways = {"tab": 1, "shift+tab": -1}
        if not any(line.note and self._field_of(line) is self.focused for line in self._lines):
            ways |= {"down": 1, "up": -1}
        if event.key in ways:
            event.stop()
            event.prevent_default()
            fields = [self._field_of(line) for line in self._lines]
            place = fields.index(self.focused) if self.focused in fields else -1
            fields[(place + ways[event.key]) % len(fields)].focus()

    def on_record_field_choice_wanted(self, message: RecordField.ChoiceWanted) -> None:
        message.stop()
        field, find = message.field, self._find
        line = next(line for line in self._lines if self._field_of(line) is field)
        if find is None or line.kind is None:
            return
        kind = line.kind

        def answer(choice: Choice | None) -> None:
            if choice is not None and isinstance(choice.value, RecordRow):
                field.choose(choice.value.id, choice.value.title)

        self.app.push_screen(
            Picker(_(line.label), enter=_("choose"), search=lambda typed, show: find(kind, typed, show)),
            answer,
        )

    def on_word_field_choice_wanted(self, message: WordField.ChoiceWanted) -> None:
        message.stop()
        field = message.field
        line = next(line for line in self._lines if self._field_of(line) is field)

        def answer(choice: Choice | None) -> None:
            if choice is not None:
                field.choose(str(choice.value))

        choices = [Choice(value, word) for value, word in field.choices]
        self.app.push_screen(Picker(_(line.label), choices, enter=_("choose")), answer)

    def _field_of(self, line: FormLine) -> Any:
        return self.query_exactly_one(f"#field-{line.name}", Widget)

    def answer(self) -> Typed | None:
        typed = {line.name: self._field_of(line).value for line in self._lines}
        try:
            self._check(typed)
        except BadInput as error:
            self._told.update(plain(error.told_cause if type(error) is BadInput else error.told))
            self._told.add_class("error")
            self._told.display = True
            return None
        return typed


def with_members(lines: Sequence[FormLine], team: Sequence[Member]) -> list[FormLine]:
    """The lines of a form with the colleagues to choose the assignee from."""
    words = member_words(team, _("nobody"))
    return [replace(line, words=words) if line.name == "assignee" else line for line in lines]


def _rows(lines: Sequence[FormLine]) -> Iterator[list[FormLine]]:
    """Fields that stand on one line."""
    row: list[FormLine] = []
    for line in lines:
        if row and not line.beside:
            yield row
            row = []
        row.append(line)
    yield row


def _field(line: FormLine) -> Widget:
    name = f"field-{line.name}"
    if line.words:
        return WordField(line.words, line.value, id=name)
    if line.kind is not None:
        title = line.record.title if line.record else ""
        return RecordField(line.record.id if line.record else None, title, id=name)
    if line.note:
        from app.widgets.note_field import NoteField, ProseField

        return ProseField(line.value, id=name) if line.quick else NoteField(line.value, id=name)
    return Field(line.value, line.hint, id=name)
