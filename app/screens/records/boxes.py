"""Boxes beside the history of a record: a note to write, a call to log, a text to read whole. They store nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import ClassVar

from textual import events
from textual.app import ComposeResult

from app.domain.crm.calls import OUTCOMES, CallOutcome
from app.domain.due import Due, check_ahead, parse_due
from app.domain.errors import BadInput
from app.domain.text import clean_block
from app.language import _
from app.screens.dialogs.boxes import Dialog
from app.screens.dialogs.naming import Naming, Team
from app.screens.records.form import FormLine, RecordForm, Typed
from app.widgets.key_names import key_name
from app.widgets.text_pane import Span, TextLine, TextPane
from app.widgets.wrap import breaks


class NoteBox(Naming[str]):
    """A text of several lines; Enter stores it."""

    AUTO_FOCUS = "ProseField"

    def __init__(self, title: str, line: str, text: str = "", *, team: Team) -> None:
        super().__init__(title, line, enter=_("store"))
        self._text = text
        self.team = team

    def body(self) -> ComposeResult:
        from app.widgets.note_field import ProseField

        yield ProseField(self._text, id="note")
        yield from super().body()

    def keys(self) -> list[tuple[str, str]]:
        return [*super().keys(), (key_name("ctrl+j"), _("new line")), ("@", _("names a colleague"))]

    def on_key(self, event: events.Key) -> None:
        if event.key in ("f2", "ctrl+s"):  # as in the editor of a mail
            event.stop()
            self.done()

    def answer(self) -> str | None:
        from app.widgets.note_field import ProseField

        return self.query_exactly_one(ProseField).text.strip() or None


class CallForm(Naming[Typed], RecordForm):
    """How a call ended, what was said, and when to call again."""

    AUTO_FOCUS = "#field-outcome"

    def __init__(self, about: str, clock: Callable[[], datetime], typed: Typed, *, team: Team) -> None:
        """`about`: whom or what it was about; `typed`: what stood there when it was left before."""
        words = tuple((outcome.value, _(word)) for outcome, word in OUTCOMES.items())
        again, hint = str(typed.get("again", "")), _("for example {day}").format(day=_("tomorrow, Fri 14:30"))
        lines = (
            FormLine("outcome", "Outcome", typed.get("outcome", CallOutcome.REACHED.value), words=words),
            FormLine("again", "Call again", again, hint),
            FormLine("text", "Note", str(typed.get("text", "")), note=True, quick=True),
        )
        super().__init__(
            _("Call"),
            about,
            lines,
            enter=_("store"),
            check=lambda now: again_of(str(now["again"]), clock()),
        )
        self.team = team


def again_of(typed: str, now: datetime) -> Due | None:
    """When to call again. Raises BadInput for what is no day, and DuePast."""
    try:
        due = parse_due(typed, now.date()) if typed.strip() else None
    except ValueError as error:
        raise BadInput(str(error)) from None
    check_ahead(due, now)
    return due


class _Text(TextPane, can_focus=False):
    """A text wrapped to the width there is."""

    def __init__(self, text: str, height: int) -> None:
        super().__init__()
        self._text = text
        self._most = height

    def lines_for(self, width: int) -> Sequence[TextLine]:
        lines = [
            (Span(line[start:end]),) for line in self._text.split("\n") for start, end in breaks(line, width)
        ]
        self.styles.height = max(1, min(len(lines), self._most))
        return lines


class TextBox(Dialog[bool]):
    """A text to read whole, however long it is."""

    AUTO_FOCUS = ""
    STEPS: ClassVar[dict[str, int]] = {"down": 1, "j": 1, "up": -1, "k": -1}
    PAGES: ClassVar[dict[str, int]] = {"pagedown": 1, "space": 1, "ctrl+f": 1, "pageup": -1, "ctrl+b": -1}

    def __init__(self, title: str, line: str, text: str) -> None:
        super().__init__(title, line)
        self._text = clean_block(text)

    def body(self) -> ComposeResult:
        yield _Text(self._text, max(3, self.app.size.height - 10))

    def keys(self) -> list[tuple[str, str]]:
        return [(key_name("enter"), _("close")), (f"{key_name('down')} {key_name('up')}", _("scroll"))]

    def on_key(self, event: events.Key) -> None:
        pane = self.query_exactly_one(_Text)
        if event.key in self.STEPS:
            pane.step(self.STEPS[event.key])
        elif event.key in self.PAGES:
            pane.page(self.PAGES[event.key])
        elif event.key in ("q", "left", "h"):
            self.leave(None)
        else:
            return
        event.stop()
        event.prevent_default()

    def answer(self) -> bool:
        return True
