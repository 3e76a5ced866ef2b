"""What a step on leads is called when it is told of, or taken back; decides nothing."""

from __future__ import annotations

from collections.abc import Callable

from app.domain.leads.rules import Assign, Fail, LeadStep, Reopen, Succeed, TakeBack, Team
from app.domain.text import clean_line
from app.language import _, ngettext
from app.services.remembering import shown

#: Names a step that was carried out on so many leads, the first of which has this title.
Told = Callable[[LeadStep, Team, int, str], str]


def told_step(step: LeadStep, team: Team, n: int, title: str) -> str:
    """A step on one lead by the lead's title, on several by their number."""
    match step:
        case Assign(to, seen):
            one, many = (
                _("“{title}” assigned to {name}") if seen == "" else _("“{title}” passed on to {name}"),
                ngettext("{n} lead goes to {name}", "{n} leads go to {name}", n),
            )
            name = clean_line(team[to].name) if to in team else to
            return (one if n == 1 else many).format(title=shown(title), n=n, name=name)
        case TakeBack():
            many = ngettext("{n} lead is new again", "{n} leads are new again", n)
            return (_("“{title}” given back") if n == 1 else many).format(title=shown(title), n=n)
        case Succeed():
            return _("“{title}” finished: successful").format(title=shown(title))
        case Fail():
            return _("“{title}” finished: unsuccessful").format(title=shown(title))
        case Reopen():
            return _("“{title}” opened again").format(title=shown(title))


def told_distribution(step: LeadStep, team: Team, n: int, title: str) -> str:  # noqa: ARG001 - one of `Told`
    """Leads that were shared out, whoever has got which."""
    return ngettext("{n} lead distributed", "{n} leads distributed", n).format(n=n)
