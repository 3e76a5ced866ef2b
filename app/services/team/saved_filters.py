"""Filters that a person keeps under a name for a place ("leads", "opportunities" …) and sees nobody else's of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.domain.errors import NotFound
from app.domain.saved_filter import SavedFilter, filter_name
from app.services.team.acting import acting
from app.store.crm import saved_filters
from app.store.database import Store


class FilterNotFound(NotFound):
    title = "There is no such saved filter"


def list_filters(store: Store, place: str, *, owner: str) -> list[SavedFilter]:
    """The filters of a person (login) for a place, by name."""
    return saved_filters.filters_of(store.read, owner, place)


def store_filter(
    store: Store, place: str, name: str, query: Mapping[str, Any], *, author: str, now: datetime
) -> SavedFilter:
    """Keep a filter of its author under a name; one of the same name is replaced. Raises NotAMember, and BadInput for a name
    that cannot be used."""
    name = filter_name(name)
    with store.write() as tx:
        owner = acting(tx, author, now).login
        return SavedFilter(saved_filters.keep_filter(tx, owner, place, name, query), name, query)


def delete_filter(store: Store, filter_id: int, *, author: str, now: datetime) -> None:
    """Forget a filter of its author. Raises NotAMember, and FilterNotFound when it is gone, or somebody else's."""
    with store.write() as tx:
        owner = acting(tx, author, now).login
        if not saved_filters.delete_filter(tx, owner, filter_id):
            raise FilterNotFound(str(filter_id))
