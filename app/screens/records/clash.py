"""Two have changed one field: a box in which the second one sees what stands there now, by whom and since when, and what they
typed, and chooses for each field. It stores nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from textual import events
from textual.app import ComposeResult

from app.domain.crm.record_input import FIELD_NAMES
from app.domain.crm.versions import Clash
from app.domain.text import fit
from app.language import _
from app.screens.dialogs.boxes import Dialog
from app.widgets.choices import Choice, Choices
from app.widgets.key_names import key_name
from app.widgets.words import short_date

LABEL = 16
MINE, THEIRS, BOTH = "mine", "theirs", "both"


class ClashBox(Dialog[Mapping[str, str]]):
    """Gives back for each field whether it holds MINE, THEIRS or, of a note, BOTH.

    What the person typed is chosen at first: it stands nowhere else, while what it replaces stays in the history.
    """

    AUTO_FOCUS = ""

    def __init__(
        self,
        clashes: Sequence[Clash],
        told: Mapping[str, tuple[str, str]],
        names: Mapping[str, str],
        now: datetime,
    ) -> None:
        """`told`: of each field what stands there and what was typed, as a person reads it; `names`: of members by login."""
        title, line = (
            _("Somebody else has changed this meanwhile"),
            _("What shall stand there? The rest goes together."),
        )
        super().__init__(title, line, enter=_("store"))
        self._clashes = tuple(clashes)
        self._told = told
        self._names = names
        self._now = now
        self._chosen = {clash.name: MINE for clash in clashes}

    def body(self) -> ComposeResult:
        yield Choices(self._lines())

    def _lines(self) -> list[Choice]:
        return [
            Choice(
                (clash.name, which),
                self._alternative(clash, which, first=place == 0),
                self._detail(clash, which),
            )
            for clash in self._clashes
            for place, which in enumerate(self._ways(clash))
        ]

    @staticmethod
    def _ways(clash: Clash) -> tuple[str, ...]:
        return (
            (THEIRS, MINE, BOTH) if clash.name == "note" and clash.theirs and clash.mine else (THEIRS, MINE)
        )

    def _alternative(self, clash: Clash, which: str, *, first: bool) -> str:
        theirs, mine = self._told[clash.name]
        value = {THEIRS: theirs or "–", MINE: mine or "–", BOTH: _("both, one below the other")}[which]
        label = _(FIELD_NAMES.get(clash.name, clash.name)) if first else ""
        sign = "(*)" if self._chosen[clash.name] == which else "( )"
        return f"{fit(label, LABEL)}{sign} {' '.join(value.split())}"

    def _detail(self, clash: Clash, which: str) -> str:
        if which == BOTH:
            return ""
        if which == MINE:
            return _("you")
        if clash.by is None:
            return _("there now")
        when = short_date(clash.by.at.astimezone(self._now.tzinfo), self._now)
        return f"{self._names.get(clash.by.author, clash.by.author)} {when}"

    def keys(self) -> list[tuple[str, str]]:
        enter, escape = super().keys()
        return [enter, (key_name("space"), _("choose")), (escape[0], _("back to the form"))]

    def on_key(self, event: events.Key) -> None:
        steps = {"down": 1, "j": 1, "tab": 1, "up": -1, "k": -1, "shift+tab": -1}
        choices = self.query_exactly_one(Choices)
        if event.key in steps:
            choices.step(steps[event.key])
        elif event.key == "space" and choices.current is not None:
            self._choose(choices.current)
        else:
            return
        event.stop()
        event.prevent_default()

    def on_choices_picked(self, message: Choices.Picked) -> None:
        self._choose(message.choice)

    def _choose(self, choice: Choice) -> None:
        name, which = map(str, cast(tuple[str, str], choice.value))
        self._chosen[name] = which
        choices, lines = self.query_exactly_one(Choices), self._lines()
        place = [line.value for line in lines].index(choice.value)
        choices.choices = lines
        choices.step(place)

    def answer(self) -> Mapping[str, str]:
        return dict(self._chosen)
