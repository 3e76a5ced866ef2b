"""New leads are shared out: each one once, the total kept, and what is not new is told."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.leads.distribution import BadShare, Share
from app.domain.leads.rules import NoAssignee, UnknownAssignee
from app.services.leads import steps
from app.services.leads.distributing import distribute, new_leads
from app.services.team.membership import HandOver, MemberChange, change_member
from app.store.database import Store
from tests.services.leads.team import NOW, add_leads, broken_leads, furnish, history, standing
from tests.store.leads import add_lead

ANNA, BEN = Share("anna"), Share("ben")


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    furnish(store)
    yield store
    assert broken_leads(store) == []


def owners(store: Store, ids: list[int]) -> list[str]:
    return [standing(store, lead)[1] for lead in ids]


def test_shares_are_as_announced(store: Store) -> None:
    ids = add_leads(store, 6)
    given = distribute(store, ids, [Share("anna", 2), BEN], author="anna", now=NOW)
    assert (given.assigned, given.refused) == ({"anna": 4, "ben": 2}, ())
    assert owners(store, ids) == ["anna"] * 4 + ["ben"] * 2
    assert history(store, ids[5]) == [("assigned", "anna", "", {"assignee": ["", "ben"]})]


def test_leads_go_round_in_turn(store: Store) -> None:
    ids = add_leads(store, 5)
    given = distribute(store, ids, [ANNA, BEN], author="anna", now=NOW, in_turn=True)
    assert given.assigned == {"anna": 3, "ben": 2}
    assert owners(store, ids) == ["anna", "ben", "anna", "ben", "anna"]


def test_what_is_not_new_takes_nobodys_share(store: Store) -> None:
    taken, finished = (
        add_lead(store, assignee="ben"),
        add_lead(store, assignee="ben", result="failure", reason="other"),
    )
    ids = add_leads(store, 4)
    given = distribute(store, [taken, *ids, 99, finished, ids[0]], [ANNA, BEN], author="cleo", now=NOW)
    assert given.assigned == {"anna": 2, "ben": 2}
    assert [(refused.id, refused.reason) for refused in given.refused] == [
        (taken, "Ben Kurz (ben) has it already."),
        (99, "There is no such lead: 99"),
        (finished, "It is finished; reopen it first."),
    ]


@pytest.mark.parametrize(
    ("shares", "refused"),
    [
        ([], BadShare),
        ([ANNA, ANNA], BadShare),
        ([ANNA, Share("nobody")], UnknownAssignee),
        ([Share("dora")], NoAssignee),
    ],
)
def test_nothing_is_given_away_by_shares_that_cannot_be_used(
    store: Store, shares: list[Share], refused: type[Exception]
) -> None:
    ids = add_leads(store, 3)
    with pytest.raises(refused):
        distribute(store, ids, shares, author="cleo", now=NOW)
    assert new_leads(store, NOW) == ids


def test_all_new_leads_are_those_that_nobody_has(store: Store) -> None:
    add_lead(store, assignee="anna")
    ids = add_leads(store, 2)
    assert new_leads(store, NOW) == ids


def test_thousands_are_given_away_in_short_transactions(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = add_leads(store, 1_000)
    told: list[tuple[int, int]] = []
    given = distribute(
        store, ids, [ANNA, BEN], author="cleo", now=NOW, progress=lambda done, of: told.append((done, of))
    )
    assert given.assigned == {"anna": 500, "ben": 500}
    assert told == [(done, 1_000) for done in range(steps.PORTION, 1_001, steps.PORTION)]
    assert store.read.value("SELECT count(*) FROM history_entry WHERE event = 'assigned'") == 1_000


def test_who_leaves_meanwhile_keeps_nothing_and_gets_no_more(store: Store) -> None:
    ids = add_leads(store, 600)
    left = MemberChange(active=False)

    def leave(done: int, _of: int) -> None:
        if done == steps.PORTION:
            back = HandOver(take_back=True)
            change_member(store, "ben", left, author="cleo", now=NOW, hand_over=back)

    given = distribute(store, ids, [BEN, ANNA], author="cleo", now=NOW, in_turn=True, progress=leave)
    assert {one.told for one in given.refused} == {"Ben Kurz (ben) ist nicht mehr aktiv."}
    assert len(given.refused) == (600 - steps.PORTION) // 2
    assert set(owners(store, ids)) == {"anna", ""}
    assert owners(store, ids).count("anna") == 300


def rival(store: Store, author: str, verb: str, login: str, ids: list[int]) -> subprocess.Popen[str]:
    words = (str(store.target), author, verb, login, str(ids[0]), str(ids[-1]))
    return subprocess.Popen(
        [sys.executable, "-m", "tests.services.leads.team", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("verb", ["distribute", "assign"])
def test_two_who_give_the_same_leads_away_at_once_give_each_away_once(store: Store, verb: str) -> None:
    ids = add_leads(store, 1_500)
    rivals = {
        login: rival(store, author, verb, login, ids) for author, login in (("cleo", "anna"), ("anna", "ben"))
    }
    try:
        for process in rivals.values():
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        for process in rivals.values():
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        said: dict[str, Any] = {
            login: json.loads(process.communicate()[0]) for login, process in rivals.items()
        }
    finally:
        for process in rivals.values():
            process.kill()
            process.wait()
    got = dict(store.read.rows("SELECT assignee, count(*) FROM lead GROUP BY assignee"))
    assert {login: told["assigned"] for login, told in said.items()} == {
        login: got.get(login, 0) for login in said
    }
    assert sum(got.values()) == got.get("anna", 0) + got.get("ben", 0) == len(ids)
    assert store.read.value("SELECT count(*) FROM history_entry WHERE event = 'assigned'") == len(ids)
    names = {"anna": "Ben Kurz (ben)", "ben": "Anna Berg (anna)"}
    for login, told in said.items():
        assert len(told["refused"]) == len(ids) - told["assigned"]
        assert {reason for _id, reason in told["refused"]} <= {f"{names[login]} has it already."}
