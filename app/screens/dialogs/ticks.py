"""A list in which lines are ticked; it only gives back which."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from textual import events
from textual.app import ComposeResult

from app.language import _
from app.screens.dialogs.boxes import Dialog
from app.widgets.choices import Choice, Choices
from app.widgets.key_names import key_name


class TickBox(Dialog[Sequence[object]]):
    """Enter gives back the values that are ticked, in their order; none ticked is no answer."""

    AUTO_FOCUS = ""

    def __init__(
        self,
        title: str,
        choices: Sequence[Choice],
        ticked: Collection[object],
        *,
        line: str = "",
        remark: Callable[[Collection[object]], Mapping[object, str]] | None = None,
        enter: str,
    ) -> None:
        """`remark`: what is to be said beside values while these are ticked."""
        super().__init__(title, line, enter=enter)
        self._remark = remark
        self._choices = tuple(choices)
        self._ticked = set(ticked)

    def body(self) -> ComposeResult:
        yield Choices(self._lines())

    def _lines(self) -> list[Choice]:
        remarks = self._remark(self._ticked) if self._remark is not None else {}
        return [
            replace(
                choice,
                title=f"[{'x' if choice.value in self._ticked else ' '}] {choice.title}",
                detail=remarks.get(choice.value, choice.detail),
            )
            for choice in self._choices
        ]

    def keys(self) -> list[tuple[str, str]]:
        return [*super().keys(), (key_name("space"), _("tick the line"))]

    def on_key(self, event: events.Key) -> None:
        steps = {"down": 1, "j": 1, "tab": 1, "up": -1, "k": -1, "shift+tab": -1}
        choices = self.query_exactly_one(Choices)
        if event.key in steps:
            event.stop()
            event.prevent_default()
            choices.step(steps[event.key])
        elif event.key == "space" and choices.current is not None:
            event.stop()
            self._tick(choices.current)

    def on_choices_picked(self, message: Choices.Picked) -> None:
        self._tick(message.choice)

    def _tick(self, choice: Choice) -> None:
        choices = self.query_exactly_one(Choices)
        place = choices.choices.index(choice)
        self._ticked ^= {choice.value}
        choices.choices = self._lines()
        choices.step(place)

    def answer(self) -> Sequence[object] | None:
        return [choice.value for choice in self._choices if choice.value in self._ticked] or None
