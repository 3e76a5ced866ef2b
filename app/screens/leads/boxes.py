"""The boxes beside the work on many leads: how far it is, and with which ones nothing was done. They do no work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.widgets import Static

from app.domain.text import clean_line
from app.language import _, ngettext
from app.screens.dialogs.boxes import Dialog, plain
from app.screens.dialogs.reasons import ReasonsBox
from app.services.leads.steps import NotDone
from app.widgets.choices import Choice
from app.widgets.key_names import key_name
from app.widgets.words import number

LOOK = 0.1  # seconds between two looks at how far the work is


@dataclass
class Counted:
    """How far a work is; it counts on the thread that does it."""

    total: int
    done: int = 0

    def note(self, done: int, total: int) -> None:
        """So many of so many have been dealt with."""
        self.done, self.total = done, total


class CountingBox(Dialog[bool]):
    """Says how far a work is until that is done; Esc lets it go on without the box."""

    def __init__(self, title: str, counted: Counted) -> None:
        super().__init__(title, _told(counted))
        self._counted = counted

    def on_mount(self) -> None:
        self.set_interval(LOOK, self._show)

    def _show(self) -> None:
        self.query_exactly_one("#line", Static).update(plain(_told(self._counted)))

    def keys(self) -> list[tuple[str, str]]:
        return [(key_name("escape"), _("go on in the background"))]

    def answer(self) -> bool | None:
        return None


def _told(counted: Counted) -> str:
    return _("{done} of {total} leads").format(done=number(counted.done), total=number(counted.total))


class RefusedBox(ReasonsBox):
    """The leads that stayed as they were; `titles`: what they are called, by id."""

    def __init__(self, title: str, refused: Sequence[NotDone], titles: dict[int, str]) -> None:
        n = len(refused)
        line = ngettext("{n} lead stayed as it was.", "{n} leads stayed as they were.", n).format(n=number(n))
        choices = [
            Choice(clean_line(each.why.told_cause), titles.get(each.id) or _("No. {n}").format(n=each.id))
            for each in refused
        ]
        super().__init__(title, line, choices)
