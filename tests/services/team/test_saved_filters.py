"""Filters are kept by each person for each place."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.domain.errors import BadInput
from app.domain.leads.filter import LeadFilter, LeadSort, from_json, to_json
from app.services.team import saved_filters
from app.services.team.saved_filters import FilterNotFound
from app.store.database import Store
from tests.store.leads import add_member

NOW = datetime(2026, 11, 21, 9, 41, tzinfo=UTC)


@pytest.fixture
def store(store: Store) -> Store:
    add_member(store, "anna", role="admin")
    add_member(store, "bert")
    return store


def names(store: Store, owner: str, place: str = "leads") -> list[str]:
    return [each.name for each in saved_filters.list_filters(store, place, owner=owner)]


def test_a_filter_is_kept_for_its_owner_and_its_place_alone(store: Store) -> None:
    query = to_json(LeadFilter(text="Müller", overdue=True), LeadSort())
    kept = saved_filters.store_filter(store, "leads", " Meine  dringenden ", query, author="anna", now=NOW)
    assert saved_filters.list_filters(store, "leads", owner="anna") == [kept]
    assert from_json(kept.query)[0] == LeadFilter(text="Müller", overdue=True)
    assert kept.name == "Meine dringenden"
    assert names(store, "bert") == names(store, "anna", "opportunities") == []


def test_filters_stand_in_the_order_of_the_alphabet(store: Store) -> None:
    for name in ("zuletzt", "Ärger", "Bau"):
        saved_filters.store_filter(store, "leads", name, {}, author="anna", now=NOW)
    assert names(store, "anna") == ["Ärger", "Bau", "zuletzt"]


def test_a_filter_of_the_same_name_takes_the_place_of_the_first(store: Store) -> None:
    first = saved_filters.store_filter(store, "leads", "Messe", {"text": "a"}, author="anna", now=NOW)
    second = saved_filters.store_filter(store, "leads", "Messe", {"text": "b"}, author="anna", now=NOW)
    other = saved_filters.store_filter(store, "leads", "Messe", {"text": "c"}, author="bert", now=NOW)
    assert first.id == second.id != other.id
    assert [each.query for each in saved_filters.list_filters(store, "leads", owner="anna")] == [
        {"text": "b"}
    ]


def test_only_its_owner_can_delete_a_filter_and_only_once(store: Store) -> None:
    kept = saved_filters.store_filter(store, "leads", "Messe", {}, author="anna", now=NOW)
    with pytest.raises(FilterNotFound):
        saved_filters.delete_filter(store, kept.id, author="bert", now=NOW)
    saved_filters.delete_filter(store, kept.id, author="anna", now=NOW)
    assert names(store, "anna") == []
    with pytest.raises(FilterNotFound):
        saved_filters.delete_filter(store, kept.id, author="anna", now=NOW)


def test_a_filter_without_a_name_is_refused(store: Store) -> None:
    with pytest.raises(BadInput):
        saved_filters.store_filter(store, "leads", " ", {}, author="anna", now=NOW)
    assert names(store, "anna") == []


def test_a_filter_that_is_broken_in_the_store_hides_no_other_one(store: Store) -> None:
    whole = saved_filters.store_filter(store, "leads", "Messe", {"text": "a"}, author="anna", now=NOW)
    with store.write() as tx:
        tx.run(
            "INSERT INTO saved_filter (owner, place, name, query) VALUES ('anna', 'leads', 'Alt', '{\"text')"
        )
    broken, other = saved_filters.list_filters(store, "leads", owner="anna")
    assert (broken.name, broken.query, other) == ("Alt", None, whole)
