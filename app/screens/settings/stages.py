"""The stages of opportunities as a list of the settings."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.errors import BadInput
from app.domain.opportunities.stages import Outcome, Stage, stage_name, stage_probability, stage_word
from app.language import _
from app.screens.records.form import FormLine, Typed
from app.screens.settings.section import Section, named
from app.services.opportunities import stages
from app.widgets.table import Cell, Column, Line
from app.widgets.words import number

Row = tuple[Stage, int]
LONGEST_PERCENT = 3  # digits


class Stages(Section[Row]):
    """A line is a stage, with how many opportunities are at it."""

    command = "settings.stages"
    can_move = True

    @property
    def title(self) -> str:
        return _("Stages")

    @property
    def columns(self) -> Sequence[Column]:
        return (
            Column(_("Stage"), 24, 1),
            Column(_("Means"), 12),
            Column(_("Probability"), 18, right=True),
            Column(_("Opportunities"), 15, right=True),
        )

    @property
    def empty(self) -> str:
        return _("There is no stage yet.")

    def read(self) -> list[Row]:
        counts = stages.uses(self.store)
        return [(stage, counts.get(stage.name, 0)) for stage in stages.list_stages(self.store)]

    def line(self, row: Row) -> Line:
        stage, count = row
        text = "text" if stage.active else "quiet"
        means = (
            "good" if stage.outcome is Outcome.WON else "warning" if stage.outcome is Outcome.LOST else text
        )
        return Line(
            stage.name,
            (
                named(stage_word(stage.name), stage.active),
                Cell(_outcomes()[stage.outcome], means if stage.active else "quiet"),
                Cell(f"{stage.probability} %", text),
                Cell(number(count) if count else "", text),
            ),
        )

    # -- changing

    def new(self) -> None:
        def check(typed: Typed) -> object:
            return stage_name(typed["name"]), stage_probability(Outcome(typed["means"]), _percent(typed))

        def keep(typed: Typed) -> None:
            who, outcome = self.who, Outcome(typed["means"])
            percent = _percent(typed)
            self.store_it(
                lambda: stages.add_stage(
                    self.store, typed["name"], outcome=outcome, probability=percent, **who
                )
            )

        words = tuple((outcome.value, word) for outcome, word in _outcomes().items())
        lines = [
            FormLine("name", "Stage", ""),
            FormLine("means", "Means", Outcome.OPEN.value, words=words),
            FormLine("probability", "Percent", "", _("for example {day}").format(day=60)),
        ]
        self.ask(_("New stage"), _("take in"), lines, keep, check)

    def edit(self, row: Row) -> None:
        stage, _count = row

        def check(typed: Typed) -> object:
            return stage_name(typed["name"]), stage_probability(stage.outcome, _percent(typed))

        def keep(typed: Typed) -> None:
            who, name = self.who, stage_name(typed["name"])
            percent = stage_probability(stage.outcome, _percent(typed))

            def work() -> None:
                if name != stage.name:
                    stages.rename(self.store, stage.name, name, **who)
                if percent != stage.probability:
                    stages.set_probability(self.store, name, percent, **who)

            self.store_it(work)

        lines = [FormLine("name", "Stage", stage.name)]
        if stage.outcome is Outcome.OPEN:  # that of what is decided is fixed
            lines.append(FormLine("probability", "Percent", str(stage.probability)))
        self.ask(stage.name, _("store"), lines, keep, check)

    def toggle(self, row: Row) -> None:
        stage, _count = row
        active, who = not stage.active, self.who
        told = _("“{name}” is offered again.") if active else _("“{name}” is no longer offered.")
        self.store_it(
            lambda: stages.set_active(self.store, stage.name, active, **who),
            told.format(name=stage_word(stage.name)),
        )

    def move(self, row: Row, steps: int) -> None:
        stage, _count = row
        who = self.who

        def work() -> None:
            names = [each.name for each in stages.list_stages(self.store)]
            if stage.name in names and 0 <= (place := names.index(stage.name) + steps) < len(names):
                stages.reorder(self.store, stage.name, place + 1, **who)

        self.store_it(work)


def _outcomes() -> dict[Outcome, str]:
    """What a stage means."""
    return {Outcome.OPEN: _("still open"), Outcome.WON: _("won"), Outcome.LOST: _("lost")}


def _percent(typed: Typed) -> int | None:
    """What was typed; None for nothing. Raises BadInput for what is no number."""
    text = str(typed.get("probability", "")).strip().removesuffix("%").strip()
    if not text:
        return None
    if not text.isdecimal() or len(text) > LONGEST_PERCENT:
        raise BadInput(f"{_('Percent')}: {_('must be a number')}")
    return int(text)
