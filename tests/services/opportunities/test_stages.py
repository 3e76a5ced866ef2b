"""The list of stages: what admins make of it, and what that means for the opportunities at them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.domain.errors import BadInput, Refused
from app.domain.opportunities.stages import Outcome, Stage, StageNotFound
from app.language import use_language
from app.services.opportunities import lists, stages, working
from app.store.database import Store
from tests.services.opportunities.chances import NOW, add_chance, add_team, entries
from tests.store.invariants import check

ADMIN: dict[str, Any] = {"author": "ben", "now": NOW}


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    add_team(store)
    yield store
    check(store)
    use_language("de")


def names(found: list[Stage]) -> list[str]:
    return [stage.name for stage in found]


def test_a_new_store_has_five_stages(store: Store) -> None:
    found = stages.list_stages(store)
    assert [(stage.name, stage.outcome, stage.probability) for stage in found] == [
        ("Qualifiziert", Outcome.OPEN, 25),
        ("Angebot", Outcome.OPEN, 50),
        ("Verhandlung", Outcome.OPEN, 75),
        ("Gewonnen", Outcome.WON, 100),
        ("Verloren", Outcome.LOST, 0),
    ]


def test_a_new_stage_stands_behind_the_last_one_of_its_kind(store: Store) -> None:
    found = stages.add_stage(store, "Zusage", probability=90, **ADMIN)
    assert names(found) == ["Qualifiziert", "Angebot", "Verhandlung", "Zusage", "Gewonnen", "Verloren"]
    found = stages.add_stage(store, "Nicht mehr", outcome=Outcome.LOST, **ADMIN)
    assert (found[-1].name, found[-1].probability) == ("Nicht mehr", 0)
    with pytest.raises(Refused):
        stages.add_stage(store, "zusage", **ADMIN)


def test_a_renamed_stage_keeps_what_is_at_it_and_there_its_version(store: Store) -> None:
    made = add_chance(store, stage="Angebot")
    stages.rename(store, "angebot", "Offerte", **ADMIN)
    after = lists.show(store, made.id)
    assert (after.stage, after.outcome, after.changed_at) == ("Offerte", Outcome.OPEN, made.changed_at)
    assert names(stages.rename(store, "Offerte", "OFFERTE", **ADMIN))[1] == "OFFERTE"
    with pytest.raises(Refused):
        stages.rename(store, "Offerte", "Verloren", **ADMIN)
    with pytest.raises(StageNotFound):
        stages.rename(store, "Angebot", "Quark", **ADMIN)


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", ["Proposal", "won", "ANGEBOT", "Lost"])
def test_no_two_stages_are_called_the_same_in_any_language(store: Store, language: str, name: str) -> None:
    use_language(language)
    with pytest.raises(Refused, match=r"already|schon"):
        stages.add_stage(store, name, **ADMIN)
    with pytest.raises(Refused, match=r"already|schon"):
        stages.rename(store, "Verhandlung", name, **ADMIN)
    assert names(stages.list_stages(store)) == [
        "Qualifiziert",
        "Angebot",
        "Verhandlung",
        "Gewonnen",
        "Verloren",
    ]


def test_a_word_for_what_is_decided_names_no_open_stage(store: Store) -> None:
    stages.rename(store, "Gewonnen", "Auftrag", **ADMIN)
    use_language("en")
    for name in ("Won", "gewonnen"):
        with pytest.raises(Refused, match="says something else"):
            stages.add_stage(store, name, **ADMIN)
    assert names(stages.rename(store, "Auftrag", "Gewonnen", **ADMIN))[3] == "Gewonnen"


def test_a_stage_of_an_older_store_is_reached_by_its_own_name(store: Store) -> None:
    with store.write() as tx:
        tx.run("INSERT INTO stage (name, position, outcome, probability) VALUES ('Proposal', 6, 'open', 40)")
    use_language("en")
    number = add_chance(store).id
    assert working.move(store, number, "proposal", author="anna", now=NOW).stage == "Proposal"
    assert names(stages.rename(store, "Proposal", "Draft", **ADMIN))[5] == "Draft"
    assert working.move(store, number, "proposal", author="anna", now=NOW).stage == "Angebot"


def test_stages_are_put_in_another_order(store: Store) -> None:
    found = stages.reorder(store, "Verhandlung", 1, **ADMIN)
    assert names(found) == ["Verhandlung", "Qualifiziert", "Angebot", "Gewonnen", "Verloren"]
    assert [stage.position for stage in found] == [1, 2, 3, 4, 5]
    with pytest.raises(BadInput):
        stages.reorder(store, "Verhandlung", 6, **ADMIN)


def test_another_probability_holds_for_what_comes(store: Store) -> None:
    made = add_chance(store)
    stages.set_probability(store, "Qualifiziert", 10, **ADMIN)
    assert (lists.show(store, made.id).probability, add_chance(store).probability) == (25, 10)


def test_to_an_inactive_stage_nothing_new_comes_and_what_is_there_stays(store: Store) -> None:
    made = add_chance(store, stage="Angebot")
    stages.set_active(store, "Angebot", False, **ADMIN)
    with pytest.raises(BadInput):
        add_chance(store, stage="Angebot")
    assert lists.show(store, made.id).stage == "Angebot"
    assert working.move(store, made.id, "Verhandlung", author="anna", now=NOW).stage == "Verhandlung"
    stages.set_active(store, "Angebot", True, **ADMIN)
    assert add_chance(store, stage="Angebot").stage == "Angebot"


def test_a_stage_goes_when_nothing_is_at_it_or_that_goes_elsewhere(store: Store) -> None:
    made = add_chance(store, stage="Angebot", probability=42)
    with pytest.raises(Refused):
        stages.remove(store, "Angebot", **ADMIN)
    with pytest.raises(Refused):
        stages.remove(store, "Angebot", move_to="Gewonnen", **ADMIN)
    left = stages.remove(store, "Angebot", move_to="Verhandlung", **ADMIN)
    assert names(left) == ["Qualifiziert", "Verhandlung", "Gewonnen", "Verloren"]
    after = lists.show(store, made.id)
    assert (after.stage, after.probability) == ("Verhandlung", 42)
    assert entries(store, made.id)[1:] == [("stage", "ben", "")]
    assert names(stages.remove(store, "Qualifiziert", **ADMIN)) == ["Verhandlung", "Gewonnen", "Verloren"]
    with pytest.raises(Refused):
        stages.remove(store, "Gewonnen", **ADMIN)
    assert stages.uses(store) == {"Verhandlung": 1}


CHANGES: dict[str, Callable[..., Any]] = {
    "add": lambda store, **who: stages.add_stage(store, "Zusage", **who),
    "rename": lambda store, **who: stages.rename(store, "Angebot", "Offerte", **who),
    "reorder": lambda store, **who: stages.reorder(store, "Angebot", 1, **who),
    "probability": lambda store, **who: stages.set_probability(store, "Angebot", 1, **who),
    "deactivate": lambda store, **who: stages.set_active(store, "Angebot", False, **who),
    "remove": lambda store, **who: stages.remove(store, "Angebot", **who),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("author", ["anna", "dora"])
def test_only_admins_change_the_list(store: Store, change: str, author: str) -> None:
    before = stages.list_stages(store)
    with pytest.raises(Refused):
        CHANGES[change](store, author=author, now=NOW)
    assert stages.list_stages(store) == before
