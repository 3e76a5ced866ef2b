"""`postkorb opportunity`: made, listed, moved, passed on, won and lost on the command line; and the list of stages."""

from __future__ import annotations

import re
from typing import Any

import pytest

from app.store.database import Store
from tests.cli.conftest import Postkorb, Ran
from tests.cli.test_crm import made
from tests.store.build import add_folder, add_mail, add_mailbox
from tests.store.leads import add_member


@pytest.fixture(autouse=True)
def me(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anna is at the keyboard, a rep; Ben is an admin."""
    monkeypatch.setattr("getpass.getuser", lambda: "anna")
    add_member(store, "anna", "Anna Berg")
    add_member(store, "ben", "Ben Kurz", "admin")
    add_member(store, "cem", "Cem Arslan", active=False)


def sit(monkeypatch: pytest.MonkeyPatch, login: str) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: login)


def work(postkorb: Postkorb, verb: str, *words: object) -> Any:
    ran = postkorb("opportunity", verb, *words, "--json")
    assert (ran.code, ran.err) == (0, "")
    return ran.json


def test_one_is_made_with_everything_and_shown(postkorb: Postkorb, store: Store) -> None:
    made(postkorb, "contact", name="Silke Berger")
    lead = made(postkorb, "lead", title="Vogel 2027")
    chance = made(
        postkorb, "opportunity", title="Pumpen", contact="berger", lead="vogel", value="12.500,50",
        probability=40, expected="2099-01", stage="angebot", assignee="ben", note="eilt",
    )  # fmt: skip
    created = chance.pop("created")
    assert created.endswith("Z")
    assert chance == {
        "id": 1,
        "title": "Pumpen",
        "contact": {"id": 1, "title": "Silke Berger"},
        "lead": {"id": lead["id"], "title": "Vogel 2027"},
        "value": 12500.5,
        "probability": 40,
        "weighted": 5000.2,
        "stage": "Angebot",
        "state": "open",
        "reason": None,
        "expected": "2099-01-31",
        "assignee": "ben",
        "closed": None,
        "note": "eilt",
    }
    mail = add_mail(store, add_folder(store, add_mailbox(store))).message
    assert postkorb("mail", "link", mail, "--opportunity", "pumpen").code == 0
    shown = work(postkorb, "show", "pumpen")
    assert [linked["id"] for linked in shown.pop("mails")] == [mail]
    assert sorted(line["event"] for line in shown.pop("history")) == ["created", "mail"]
    assert shown == {**chance, "created": created}
    told = postkorb("opportunity", "show", "1").out
    for value in ("Pumpen", "Silke Berger", "12,500.50 €", "5,000.20 €", "2099-01-31", "Ben Kurz", "eilt"):
        assert value in told


def test_the_way_from_a_new_one_to_a_won_one_and_back(postkorb: Postkorb) -> None:
    made(postkorb, "opportunity", title="Pumpen", value="100")
    assert work(postkorb, "change", "1", "--value", "200", "--note", "neu")["value"] == 200.0
    moved = work(postkorb, "move", "1", "--stage", "verhandlung")
    assert (moved["stage"], moved["probability"], moved["weighted"]) == ("Verhandlung", 75, 150.0)
    won = work(postkorb, "win", "pumpen")
    assert (won["state"], won["probability"]) == ("won", 100)
    assert won["closed"].endswith("Z")
    again = work(postkorb, "reopen", "1")
    assert (again["state"], again["stage"], again["closed"]) == ("open", "Verhandlung", None)
    lost = work(postkorb, "lose", "1", "--reason", "other", "--text", "zu weit weg")
    assert (lost["state"], lost["reason"], lost["weighted"]) == ("lost", "other: zu weit weg", 0.0)
    assert work(postkorb, "reopen", "1")["reason"] is None


def test_one_is_passed_on_and_then_it_is_another_ones(
    postkorb: Postkorb, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(postkorb, "opportunity", title="Pumpen")
    assert work(postkorb, "pass", "1", "--to", "ben", "--note", "bitte anrufen")["assignee"] == "ben"
    refused = postkorb("opportunity", "win", "1")
    assert (refused.code, refused.out) == (1, "")
    assert "Ben Kurz" in refused.err
    note = "SELECT text FROM history_entry WHERE event = 'assigned' AND kind = 'opportunity'"
    assert store.read.value(note) == "bitte anrufen"
    sit(monkeypatch, "ben")
    assert work(postkorb, "win", "1")["state"] == "won"


def test_who_has_it_now_is_said_and_its_history_tells_the_note(postkorb: Postkorb) -> None:
    made(postkorb, "opportunity", title="Pumpen")
    assert "Ben Kurz" in postkorb("opportunity", "pass", "1", "--to", "ben", "--note", "bitte anrufen").out
    shown = postkorb("opportunity", "show", "1").out
    assert re.search(
        r"^[\d.]+  \d\d:\d\d  assigned: Anna Berg, .*Ben Kurz.*bitte anrufen$", shown, re.MULTILINE
    )
    passed = work(postkorb, "show", "1")["history"][-1]
    assert (passed["event"], passed["text"]) == ("assigned", "bitte anrufen")


def test_amounts_are_euros_in_the_history_too(postkorb: Postkorb) -> None:
    made(postkorb, "opportunity", title="Pumpen", value="1001,50")
    shown = work(postkorb, "change", "1", "--value", "2000") and work(postkorb, "show", "1")
    assert shown["value"] == 2000.0
    assert [line["details"]["value"] for line in shown["history"]] == [1001.5, [1001.5, 2000.0]]


def test_the_group_of_stages_says_where_json_belongs(postkorb: Postkorb) -> None:
    ran = postkorb("opportunity", "stages", "--json")
    assert (ran.code, ran.out) == (2, "")
    assert "opportunity stages list … --json" in ran.err


def test_lists_narrow_and_say_what_they_come_to(postkorb: Postkorb) -> None:
    made(postkorb, "opportunity", title="Pumpen", value="1000", expected="2099-01-15")
    made(postkorb, "opportunity", title="Filter", value="99,99", stage="Angebot", assignee="ben")
    made(postkorb, "opportunity", title="Presse", value="500")
    work(postkorb, "win", "3")

    def titles(*words: str) -> list[str]:
        return [row["title"] for row in work(postkorb, "list", *words)]

    assert titles() == ["Pumpen", "Filter", "Presse"]
    assert titles("--stage", "angebot") == titles("--assignee", "BEN") == titles("fil") == ["Filter"]
    assert titles("--month", "2099-01") == titles("--month", "Januar 2099") == ["Pumpen"]
    assert titles("--month", "none") == ["Filter", "Presse"]
    assert titles("--open") == ["Pumpen", "Filter"]
    assert titles("--won") == ["Presse"]
    assert titles("--lost") == titles("--month", "overdue") == []
    ran = postkorb("opportunity", "list")
    assert "1,000 €" in ran.out
    assert ran.err.splitlines() == [
        "undecided: 2 opportunities, 1,099.99 €, weighted 300 €",
        "won: 1 opportunity, 500 €",
    ]
    assert postkorb("opportunity", "list", "quark").err == "There is none.\n"


WRONG = [
    "new --title x --value -5",
    "new --title x --value viel",
    "new --title x --probability 101",
    "new --title x --probability -1",
    "new --title x --probability halb",
    "new --title x --expected 1.1.2020",
    "new --title x --expected irgendwann",
    "new --title x --stage quark",
    "new --title x --stage Gewonnen",
    "new",
    "change 1",
    "change 1 --value -5",
    "change 1 --expected 2020-01",
    "move 1 --stage quark",
    "move 1",
    "lose 1",
    "lose 1 --reason quark",
    "list --stage quark",
    "list --month quark",
    "list --assignee niemand",
    "new --title x --assignee niemand",
    "new --title x --assignee cem",
    "pass 1 --to niemand",
    "pass 1 --to cem",
    "list --open --won",
    "lose 1 --reason other",
    "stages add x --probability 101",
    "stages add x --won --lost",
    "stages add x --won --probability 5",
    "stages reorder Angebot --place 9",
]
REFUSED = [
    "new --title x --contact 99",
    "show 99",
    "move 99 --stage Angebot",
    "move 1 --stage Qualifiziert",
    "move 1 --stage Verloren",
    "reopen 1",
    "pass 1 --to anna",
    "stages add Zusage",
    "stages rename quark --to x",
]


def told(postkorb: Postkorb, words: str) -> Ran:
    made(postkorb, "opportunity", title="Pumpen", assignee="anna")
    before = work(postkorb, "list"), work(postkorb, "stages", "list")
    ran = postkorb("opportunity", *words.split())
    assert (work(postkorb, "list"), work(postkorb, "stages", "list")) == before
    assert ran.out == ""
    return ran


@pytest.mark.parametrize("words", WRONG)
def test_wrong_values_are_wrong_usage_and_change_nothing(
    postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    sit(monkeypatch, "ben" if words.startswith("stages") else "anna")
    ran = told(postkorb, words)
    assert ran.code == 2
    assert "Usage: postkorb opportunity" in ran.err


@pytest.mark.parametrize("words", REFUSED)
def test_what_a_rule_forbids_fails_in_one_line_and_changes_nothing(postkorb: Postkorb, words: str) -> None:
    ran = told(postkorb, words)
    assert ran.code == 1
    assert ran.err.count("\n") == 1


def test_admins_keep_the_list_of_stages(postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch) -> None:
    made(postkorb, "opportunity", title="Pumpen", stage="Angebot")
    sit(monkeypatch, "ben")

    def names(*words: str) -> list[str]:
        return [stage["name"] for stage in work(postkorb, "stages", *words)]

    before = ["Qualifiziert", "Angebot", "Verhandlung", "Gewonnen", "Verloren"]
    assert names("list") == before
    assert names("add", "Zusage", "--probability", "90")[3] == "Zusage"
    assert names("reorder", "zusage", "--place", "1")[0] == "Zusage"
    assert names("rename", "Angebot", "--to", "Offerte")[2] == "Offerte"
    assert work(postkorb, "show", "1")["stage"] == "Offerte"
    assert postkorb("opportunity", "stages", "remove", "Offerte").code == 1
    assert "Offerte" not in names("remove", "Offerte", "--move-to", "Verhandlung")
    (changed,) = [row for row in work(postkorb, "stages", "change", "Verhandlung", "--probability", "60")
                  if row["name"] == "Verhandlung"]  # fmt: skip
    assert changed == {
        "name": "Verhandlung",
        "outcome": "open",
        "probability": 60,
        "active": True,
        "opportunities": 1,
    }
    assert [row["active"] for row in work(postkorb, "stages", "deactivate", "Verhandlung")].count(False) == 1
    assert all(row["active"] for row in work(postkorb, "stages", "activate", "Verhandlung"))
    listed = postkorb("opportunity", "stages", "list").out
    assert "60 %" in listed


def test_what_others_wrote_reaches_no_terminal(postkorb: Postkorb) -> None:
    made(postkorb, "opportunity", title="Pumpen \x1b[2J", note="a\x1b[31mb")
    for words in (["list"], ["show", "1"], ["move", "1", "--stage", "Angebot"]):
        assert "\x1b" not in postkorb("opportunity", *words).out
