"""Which campaign is meant by what was typed."""

from __future__ import annotations

import pytest

from app.domain.errors import BadInput, CampaignNotFound
from app.services.team.campaigns import meant_campaign
from app.store.database import Store
from tests.store.leads import add_campaign


def test_a_campaign_is_meant_by_number_name_or_beginning(sqlite_store: Store) -> None:
    fair = add_campaign(sqlite_store, "Herbstmesse Köln")
    add_campaign(sqlite_store, "Frühjahrsbrief")
    for typed in (str(fair), "Herbstmesse Köln", "HERBSTMESSE KOLN", " herbst "):
        assert meant_campaign(sqlite_store, typed) == fair


def test_a_name_goes_before_a_number_and_before_a_longer_name(sqlite_store: Store) -> None:
    add_campaign(sqlite_store, "Messe 2027")
    short = add_campaign(sqlite_store, "Messe")
    named = add_campaign(sqlite_store, "1")
    assert meant_campaign(sqlite_store, "messe") == short
    assert meant_campaign(sqlite_store, "1") == named


def test_what_may_mean_several_names_them(sqlite_store: Store) -> None:
    add_campaign(sqlite_store, "Messe Köln")
    add_campaign(sqlite_store, "Messe Wien")
    with pytest.raises(BadInput, match="1 Messe Köln, 2 Messe Wien"):
        meant_campaign(sqlite_store, "messe")


@pytest.mark.parametrize("typed", ["gibt es nicht", "4711", "", "9" * 40, "\x1b[2J"])
def test_an_unknown_campaign_is_told(sqlite_store: Store, typed: str) -> None:
    add_campaign(sqlite_store, "Messe")
    with pytest.raises(CampaignNotFound):
        meant_campaign(sqlite_store, typed)
