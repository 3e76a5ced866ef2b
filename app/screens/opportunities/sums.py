"""The box of sums: what is open by the month in which it is expected, and everything by stage; Enter gives back the filter
that lets through only that."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from app.domain.months import month_words
from app.domain.opportunities.pipeline import NO_MONTH, OpportunityFilter, Pipeline, Sum
from app.domain.opportunities.stages import Outcome, Stage, stage_word
from app.domain.opportunities.words import sum_words
from app.language import _
from app.screens.dialogs.boxes import Picker
from app.widgets.choices import Choice
from app.widgets.words import number


def sums_picker(
    pipeline: Pipeline, stages: Sequence[Stage], wanted: OpportunityFilter, today: date
) -> Picker:
    """`wanted`: the filter that let through what was added up."""
    choices = [*_by_month(pipeline, wanted, today), *_by_stage(pipeline, stages, wanted)]
    line = _("Undecided: {sum}").format(sum=sum_words(pipeline.of(Outcome.OPEN)))
    picker = Picker(_("Sums by month and stage"), choices, line=line, enter=_("show these"))
    picker.add_class("wide")
    return picker


def _by_month(pipeline: Pipeline, wanted: OpportunityFilter, today: date) -> Iterator[Choice]:
    for month, added in pipeline.by_month().items():
        these = replace(wanted, month=month or NO_MONTH, outcome=Outcome.OPEN)
        yield _choice(these, month_words(month, today), added, Outcome.OPEN)


def _by_stage(pipeline: Pipeline, stages: Sequence[Stage], wanted: OpportunityFilter) -> Iterator[Choice]:
    sums = pipeline.by_stage()
    for stage in stages:
        if stage.name in sums:
            name = _("Stage {name}").format(name=stage_word(stage.name))
            yield _choice(replace(wanted, stage=stage.name), name, sums[stage.name], stage.outcome)


def _choice(these: OpportunityFilter, name: str, added: Sum, outcome: Outcome) -> Choice:
    return Choice(these, f"{name}  {number(added.count)}", sum_words(added, outcome, counted=False))
