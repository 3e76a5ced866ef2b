"""`postkorb overview`: leads, funnel, assignees, reasons and opportunities in figures; what they mean is the domain's."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.front import Front, front_of
from app.cli.options import Json, Of
from app.cli.output import Column, line_width, print_json, print_table, say, write_line
from app.cli.parser import Verb, verbs
from app.cli.references import assignee_login, campaign_number
from app.cli.wrong_usage import wrong_values
from app.domain.due import format_day
from app.domain.overviews.figures import Overview, Scope, View
from app.domain.overviews.tables import Figures, Sort, figures_of, lead_headings, lead_values, view_word
from app.domain.periods import Period, period_of, period_word
from app.language import N_, _
from app.widgets.figures import figure, rows_told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.domain.overviews.tables import Heading

app = verbs("Overviews in figures: leads, funnel, assignees, reasons, opportunities.")

Campaign = Annotated[
    str, typer.Option("--campaign", metavar="CAMPAIGN", help="Only of this campaign: its name or its number.")
]
From = Annotated[
    str, typer.Option("--from", metavar="DAY", help="From this day on; a month or a year from its first.")
]
To = Annotated[
    str, typer.Option("--to", metavar="DAY", help="Until this day; a month or a year until its last.")
]
Csv = Annotated[
    Path | None, typer.Option("--csv", metavar="FILE", help="Write a new CSV file instead of printing.")
]


def _add(view: View, help: str) -> None:
    def verb(
        ctx: typer.Context,
        campaign: Campaign = "",
        first: From = "",
        last: To = "",
        assignee: Of = "",
        csv: Csv = None,
        as_json: Json = False,
    ) -> None:
        front = front_of(ctx)
        _tell(front, view, _scope(front, campaign, _period(front, first, last), assignee), csv, as_json)

    app.command(view.value, cls=Verb, help=help)(verb)


def _period(front: Front, first: str, last: str) -> Period:
    """Raises typer.BadParameter for what is no day, and when the end comes first."""
    today = front.now().astimezone().date()
    days = []
    for option, typed in (("--from", first), ("--to", last)):
        found = period_of(typed, today) if typed.strip() else None
        if typed.strip() and found is None:
            text = _("“{text}” is not a day. Example: {example}").format(
                text=typed, example=format_day(today)
            )
            raise typer.BadParameter(f"{option}: {text}")
        days.append(found)
    begin, end = days
    with wrong_values():
        return Period(begin[0] if begin else None, end[1] - timedelta(days=1) if end else None)


def _scope(front: Front, campaign: str, period: Period, assignee: str) -> Scope:
    """Raises typer.BadParameter for a campaign or a member that is not there."""
    return Scope(
        campaign_number(front, campaign) if campaign.strip() else None,
        period,
        assignee_login(front, assignee) if assignee.strip() else "",
    )


def _tell(front: Front, view: View, scope: Scope, csv: Path | None, as_json: bool) -> None:
    from app.services.overviews import output
    from app.services.overviews.figures import overview

    now = front.now().astimezone()
    found = overview(front.store, view, scope, now)
    if csv is not None:
        path = output.create(front.store, found, now, csv)
        if as_json:
            print_json({"file": str(path)})
        else:
            say(_("Written: {where}").format(where=path))
    elif as_json:
        print_json(output.overview_json(front.store, found, now))
    else:
        _print(front, found)


def _print(front: Front, found: Overview) -> None:
    """The figures, and below those of leads the leads themselves."""
    from app.services.overviews.figures import leads

    write_line(_headline(found))
    write_line("")
    if found.is_empty:
        say(_("There is nothing to count here."))
        return
    table: Figures = figures_of(found)
    _print_rows(table.headings, rows_told(table))
    if found.view is View.LEADS:
        headings = lead_headings()
        told = (
            [figure(heading.sort, value) for heading, value in zip(headings, lead_values(row), strict=True)]
            for row in leads(front.store, found.scope, front.now())
        )
        write_line("")
        _print_rows(headings, told)


def _headline(found: Overview) -> str:
    named = (view_word(found.view), found.campaign, found.assignee, period_word(found.scope.period))
    return ", ".join(filter(None, named))


def _print_rows(headings: Sequence[Heading], rows: Iterable[Sequence[str]]) -> None:
    """The columns that fit; the first one is cut before others are."""
    shown = list(range(len(headings)))
    while len(shown) > 1 and sum(headings[i].least + 2 for i in shown) - 2 > line_width():
        last = max(shown, key=lambda i: headings[i].rank)
        if not headings[last].rank:
            break
        shown.remove(last)
    columns = [
        Column(headings[i].title, headings[i].least, right=headings[i].sort not in (Sort.TEXT, Sort.DAY))
        for i in shown
    ]
    print_table(columns, ([row[i] for i in shown] for row in rows))


_VERBS: tuple[tuple[View, str], ...] = (
    (View.LEADS, N_("Every lead that came in the period, and how they stand.")),
    (View.FUNNEL, N_("From new to won: how many leads came how far, and how long it took.")),
    (View.LOAD, N_("What each assignee has to do, has done, and how old it is.")),
    (View.REASONS, N_("Why leads failed that were finished in the period.")),
    (
        View.OPPORTUNITIES,
        "Opportunities by the month they are expected in and by stage, with their weighted sum.",
    ),
)

for _view, _help in _VERBS:
    _add(_view, _help)
