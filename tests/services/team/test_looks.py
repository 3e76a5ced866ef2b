"""How a place is shown is kept by each person for each place."""

from __future__ import annotations

from app.services.team import looks
from app.store.database import Store


def test_a_look_is_kept_for_its_owner_and_its_place_alone(store: Store) -> None:
    looks.keep_look(store, "leads", {"list": True}, owner="anna")
    assert looks.look(store, "leads", owner="anna") == {"list": True}
    assert looks.look(store, "leads", owner="bert") == {}
    assert looks.look(store, "opportunities", owner="anna") == {}


def test_the_last_look_is_the_one_that_is_kept(store: Store) -> None:
    looks.keep_look(store, "leads", {"list": True}, owner="anna")
    looks.keep_look(store, "leads", {"sort": "value", "columns": ["title", "Größe"]}, owner="anna")
    assert looks.look(store, "leads", owner="anna") == {"sort": "value", "columns": ["title", "Größe"]}


def test_what_is_no_look_at_all_is_none(store: Store) -> None:
    with store.write() as tx:
        tx.run("INSERT INTO place_look (owner, place, look) VALUES ('anna', 'leads', '[1]')")
    assert looks.look(store, "leads", owner="anna") == {}
