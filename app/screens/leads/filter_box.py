"""The filter dialog of the leads: what can be asked for; it stores nothing itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from app.domain.crm.kinds import LeadState
from app.domain.due import format_day
from app.domain.leads.filter import NO_CAMPAIGN, NOBODY, OPEN_STATES, LeadFilter, LeadSort
from app.domain.periods import period_of
from app.domain.team.members import Member
from app.language import _
from app.screens.cards_filter_box import CardsFilterBox, Keeping, Options
from app.screens.leads.told import states_word

#: What can be asked for of the three groups.
_GROUPS = ((), OPEN_STATES, *((state,) for state in LeadState))


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """What can be filtered by."""

    members: Sequence[Member]
    campaigns: Sequence[tuple[int, str]]
    sources: Sequence[str]
    today: date


class LeadFilterBox(CardsFilterBox[LeadFilter, LeadSort]):
    """Days are typed as a person says them; the rest is chosen."""

    def __init__(
        self,
        wanted: LeadFilter,
        sort: LeadSort,
        options: FilterOptions,
        keeping: Keeping[LeadFilter, LeadSort],
    ) -> None:
        super().__init__(_("Shows only leads for which all of this holds."), wanted, sort, keeping)
        self._options = options

    def rows(self) -> list[tuple[str, ...]]:
        return [
            ("assignee", _("Assignee")),
            ("campaign_id", _("Campaign")),
            ("source", _("Source")),
            ("states", _("State")),
            ("overdue", _("Overdue")),
            ("from", _("Created since"), "to", _("until")),
            ("text", _("Words")),
        ]

    def choices(self, wanted: LeadFilter) -> dict[str, Options]:  # noqa: ARG002 - the same for all filters
        options = self._options
        return {
            "assignee": [
                (None, _("all")),
                (NOBODY, _("nobody yet")),
                *((member.login, member.name) for member in options.members),
            ],
            "campaign_id": [(None, _("all")), (NO_CAMPAIGN, _("without a campaign")), *options.campaigns],
            "source": [("", _("all")), *((source, source) for source in options.sources)],
            "states": [(states, states_word(states)) for states in _GROUPS],
            "overdue": [(False, _("all")), (True, _("overdue only"))],
        }

    def typed(self, wanted: LeadFilter) -> dict[str, str]:
        return {
            "from": format_day(wanted.created_from) if wanted.created_from else "",
            "to": format_day(wanted.created_to) if wanted.created_to else "",
            "text": wanted.text,
        }

    def hint(self, name: str) -> str:
        return "" if name == "text" else _("yyyy-mm-dd")

    def asked(self) -> LeadFilter | None:
        days: dict[str, date | None] = {}
        for name in ("from", "to"):
            field, today = self.field(name), self._options.today
            period = period_of(field.value, today)
            if field.value.strip() and period is None:
                text = _("“{text}” is not a day. Example: {example}")
                self.tell(text.format(text=field.value, example=format_day(today)))
                field.focus()
                return None
            first_and_last = (period[0], period[1] - timedelta(days=1)) if period else (None, None)
            days[name] = first_and_last[name == "to"]
        text = self.field("text").value.strip()
        return replace(
            self.wanted, text=text, created_from=days["from"], created_to=days["to"], **self.chosen()
        )
