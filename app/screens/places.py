"""Makes the places that a command leads to, and the pages of records; each is imported when somebody first goes there. Only the app knows them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.domain.crm.kinds import Kind

if TYPE_CHECKING:
    from app.screens.desk import Desk
    from app.screens.place import Place


def make_place(command_id: str, desk: Desk) -> Place:
    """The place of a command. Raises KeyError for a command that leads nowhere."""
    if command_id == "place.ledger":
        from app.screens.ledger.screen import LedgerScreen

        return LedgerScreen(desk)
    if command_id == "place.overviews":
        from app.screens.overviews.screen import OverviewScreen

        return OverviewScreen(desk)
    if command_id == "place.outbox":
        from app.screens.outbox.screen import OutboxScreen

        return OutboxScreen(desk)
    if command_id == "place.tasks":
        from app.screens.tasks.screen import TasksScreen

        return TasksScreen(desk)
    if command_id == "place.leads":
        from app.screens.leads.screen import LeadsScreen

        return LeadsScreen(desk)
    if command_id == "place.settings":
        from app.screens.settings.screen import SettingsScreen

        return SettingsScreen(desk)
    if command_id == "place.opportunities":
        from app.screens.opportunities.screen import OpportunitiesScreen

        return OpportunitiesScreen(desk)
    if command_id == "place.contacts":
        from app.screens.records.screen import RecordsScreen

        return RecordsScreen(desk)
    raise KeyError(command_id)


def make_page(kind: Kind, record_id: int, desk: Desk) -> Place:
    """The page of a record."""
    if kind is Kind.LEAD:
        from app.screens.leads.page import LeadPage

        return LeadPage(desk, record_id)
    if kind is Kind.OPPORTUNITY:
        from app.screens.opportunities.page import OpportunityPage

        return OpportunityPage(desk, record_id)
    from app.screens.records.page import RecordPage

    return RecordPage(desk, kind, record_id)
