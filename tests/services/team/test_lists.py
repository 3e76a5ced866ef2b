"""The lists that a team keeps: reasons and campaigns, changed by admins, and what was named by them follows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from app.domain.crm.reason_list import ReasonNotFound
from app.domain.errors import BadInput, Refused
from app.domain.team.members import MemberRole
from app.services.leads.finishing import finish_reasons
from app.services.team import campaigns, reasons
from app.services.team.campaigns import CampaignNotFound
from app.services.team.membership import MemberChange, add_member, change_member, may_manage
from app.store.database import Store

NOW = datetime(2026, 11, 20, 13, 2, tzinfo=UTC)
BY = {"author": "anna", "now": NOW}


@pytest.fixture
def house(store: Store) -> Store:
    """Anna is the admin, tom a rep; a lead and an opportunity came to nothing because of a competitor."""
    add_member(store, "Tom", "tom", author="anna", now=NOW)
    with store.write() as tx:
        tx.run(
            "INSERT INTO lead (title, state, result, reason) VALUES ('L', 'done', 'failure', 'competitor')"
        )
        tx.run("INSERT INTO opportunity (title, stage, reason) VALUES ('O', 'Verloren', 'competitor')")
    return store


def names(store: Store) -> list[str]:
    return [reason.name for reason, _count in reasons.list_reasons(store)]


def test_a_new_reason_is_offered_last(house: Store) -> None:
    reasons.add_reason(house, "Insolvenz", needs_text=True, **BY)
    last = finish_reasons(house)[-1]
    assert (last.name, last.needs_text, last.active) == ("Insolvenz", True, True)
    with pytest.raises(Refused, match="already"):
        reasons.add_reason(house, "INSOLVENZ", **BY)
    with pytest.raises(BadInput):
        reasons.add_reason(house, "", **BY)


def test_a_reason_is_renamed_where_it_was_used(house: Store) -> None:
    reasons.change_reason(house, "competitor", to="Mitbewerb", needs_text=True, **BY)
    assert house.read.rows("SELECT reason FROM lead UNION ALL SELECT reason FROM opportunity") == [
        *[("Mitbewerb",)] * 2
    ]
    counts = {reason.name: count for reason, count in reasons.list_reasons(house)}
    assert counts["Mitbewerb"] == 2
    assert "competitor" not in counts
    assert names(house)[3] == "Mitbewerb"
    with pytest.raises(Refused):
        reasons.change_reason(house, "Mitbewerb", to="other", needs_text=False, **BY)
    with pytest.raises(ReasonNotFound):
        reasons.change_reason(house, "competitor", to="x", needs_text=False, **BY)


def test_a_reason_is_offered_no_longer_and_again(house: Store) -> None:
    reasons.set_active(house, "competitor", False, **BY)
    assert "competitor" not in [reason.name for reason in finish_reasons(house)]
    reasons.set_active(house, "competitor", True, **BY)
    assert "competitor" in [reason.name for reason in finish_reasons(house)]
    for name in names(house)[1:]:
        reasons.set_active(house, name, False, **BY)
    with pytest.raises(Refused, match="left to choose"):
        reasons.set_active(house, names(house)[0], False, **BY)


def test_reasons_are_put_into_another_order(house: Store) -> None:
    reasons.reorder(house, "other", -4, **BY)
    assert names(house)[0] == "other"
    reasons.reorder(house, "other", 1, **BY)
    assert names(house)[:2] == ["not interested", "other"]


def test_campaigns_are_named_and_renamed(house: Store) -> None:
    fair = campaigns.add_campaign(house, " Messe  2026 ", **BY)
    campaigns.add_campaign(house, "Äpfel", **BY)
    with house.write() as tx:
        tx.run("UPDATE lead SET campaign_id = ?", (fair,))
    assert [row[1:] for row in campaigns.list_campaigns(house)] == [("Äpfel", 0), ("Messe 2026", 1)]
    campaigns.rename_campaign(house, fair, "messe 2026", **BY)
    with pytest.raises(Refused):
        campaigns.rename_campaign(house, fair, "äpfel", **BY)
    with pytest.raises(Refused):
        campaigns.add_campaign(house, "MESSE 2026", **BY)
    with pytest.raises(BadInput):
        campaigns.add_campaign(house, "\n", **BY)
    with pytest.raises(CampaignNotFound):
        campaigns.rename_campaign(house, 99, "x", **BY)


def test_a_rep_changes_no_list(house: Store) -> None:
    by = {"author": "tom", "now": NOW}
    attempts: list[Callable[[], object]] = [
        lambda: reasons.add_reason(house, "x", **by),
        lambda: reasons.change_reason(house, "other", to="x", needs_text=False, **by),
        lambda: reasons.set_active(house, "other", False, **by),
        lambda: reasons.reorder(house, "other", -1, **by),
        lambda: campaigns.add_campaign(house, "x", **by),
        lambda: campaigns.rename_campaign(house, 1, "x", **by),
    ]
    before = reasons.list_reasons(house)
    for attempt in attempts:
        with pytest.raises(Refused, match="Only an admin"):
            attempt()
    assert reasons.list_reasons(house) == before


def test_who_may_change_the_lists_can_be_asked(store: Store) -> None:
    assert may_manage(store, "anna")  # nobody is there yet
    assert not may_manage(store, "")
    add_member(store, "Tom", "tom", author="anna", now=NOW)
    assert may_manage(store, "anna")
    assert not may_manage(store, "tom")
    assert not may_manage(store, "stranger")
    change_member(store, "tom", MemberChange(role=MemberRole.ADMIN), author="anna", now=NOW)
    change_member(store, "anna", MemberChange(active=False), author="tom", now=NOW)
    assert not may_manage(store, "anna")
