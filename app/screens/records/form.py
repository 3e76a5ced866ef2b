"""A form for a contact, a lead or a task: labelled lines, filled in before; it only gives back what was typed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widgets import Static

from app.domain.errors import BadInput
from app.language import _
from app.screens.dialogs.boxes import Dialog, plain
from app.widgets.field import Field
from app.widgets.key_names import key_name

Typed = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FormLine:
    """`name` is the field's name in `app.domain.record_input`, `label` a source text."""

    name: str
    label: str
    value: str = ""
    hint: str = ""


class RecordForm(Dialog[Typed]):
    """Enter gives back the texts by name when `check` raises no BadInput; else it is told, and the form stays open."""

    def __init__(
        self,
        title: str,
        line: str,
        lines: Sequence[FormLine],
        *,
        enter: str,
        check: Callable[[Typed], object],
    ) -> None:
        super().__init__(title, line or " ", enter=enter)
        self._lines = lines
        self._check = check

    def body(self) -> ComposeResult:
        for line in self._lines:
            with Horizontal(classes="form-line"):
                yield Static(plain(_(line.label)), classes="label")
                yield Field(line.value, line.hint, id=f"field-{line.name}")

    def keys(self) -> list[tuple[str, str]]:
        return [*super().keys(), (key_name("tab"), _("next field"))]

    def on_key(self, event: events.Key) -> None:
        ways = {"down": 1, "tab": 1, "up": -1, "shift+tab": -1}
        if event.key in ways:
            event.stop()
            event.prevent_default()
            fields = list(self.query(Field))
            place = fields.index(self.focused) if isinstance(self.focused, Field) else -1
            fields[(place + ways[event.key]) % len(fields)].focus()

    def answer(self) -> Typed | None:
        typed = {
            line.name: self.query_exactly_one(f"#field-{line.name}", Field).value for line in self._lines
        }
        try:
            self._check(typed)
        except BadInput as error:
            told = self.query_exactly_one("#line", Static)
            told.update(plain(error.told_cause))
            told.add_class("error")
            return None
        return typed
