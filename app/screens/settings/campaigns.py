"""Campaigns by name as a list of the settings."""

from __future__ import annotations

from collections.abc import Sequence

from app.domain.crm.campaigns import campaign_name
from app.language import _
from app.screens.records.form import FormLine, Typed
from app.screens.settings.section import Section
from app.services.team import campaigns
from app.widgets.table import Cell, Column, Line
from app.widgets.words import number

Row = tuple[int, str, int]


class Campaigns(Section[Row]):
    """A line is a campaign, with how many leads came of it."""

    command = "settings.campaigns"
    can_toggle = False

    @property
    def title(self) -> str:
        return _("Campaigns")

    @property
    def columns(self) -> Sequence[Column]:
        return Column(_("Campaign"), 40, 1), Column(_("Leads"), 9, right=True)

    @property
    def empty(self) -> str:
        return _("There is no campaign yet.")

    def read(self) -> list[Row]:
        return campaigns.list_campaigns(self.store)

    def line(self, row: Row) -> Line:
        campaign, name, leads = row
        return Line(campaign, (Cell(name, "strong"), Cell(number(leads) if leads else "")))

    def new(self) -> None:
        def keep(typed: Typed) -> None:
            who = self.who
            self.store_it(lambda: campaigns.add_campaign(self.store, typed["name"], **who))

        self.ask(_("New campaign"), _("take in"), [FormLine("name", "Campaign")], keep, _check)

    def edit(self, row: Row) -> None:
        campaign, name, _leads = row

        def keep(typed: Typed) -> None:
            who = self.who
            self.store_it(lambda: campaigns.rename_campaign(self.store, campaign, typed["name"], **who))

        self.ask(name, _("store"), [FormLine("name", "Campaign", name)], keep, _check)


def _check(typed: Typed) -> object:
    return campaign_name(typed["name"])
