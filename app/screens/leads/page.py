"""The page of a lead: that of a record, with the keys that assign, give back, finish and reopen it."""

from __future__ import annotations

from app.domain.crm.kinds import Kind
from app.screens.desk import Desk
from app.screens.leads.asking import AtHand
from app.screens.leads.finishing import LeadFinishing
from app.screens.records.page import RecordPage


class LeadPage(RecordPage, LeadFinishing):
    """Works on its lead only."""

    def __init__(self, desk: Desk, record_id: int) -> None:
        super().__init__(desk, Kind.LEAD, record_id)

    @property
    def contexts(self) -> tuple[str, ...]:
        return ("leads", *super().contexts)

    @property
    def lead(self) -> AtHand | None:
        if self.record is None or self.record.standing is None:
            return None
        return AtHand(self.record.row.id, self.record.standing)

    def worked(self, go_to: int | None) -> None:  # noqa: ARG002 - there is but one lead here
        self.load()
