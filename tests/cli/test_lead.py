"""`postkorb lead`: leads are made, listed, given away, finished and reopened on the command line."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from app.store.database import Store
from tests.cli.conftest import Postkorb, Ran
from tests.cli.test_crm import made
from tests.services.leads.team import broken_leads
from tests.store.build import add_folder, add_mail, add_mailbox
from tests.store.leads import add_member


@pytest.fixture(autouse=True)
def me(store: Store, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Anna is at the keyboard, a rep; Ben is an admin, Cem has left, Dora reads."""
    sit(monkeypatch, "anna")
    add_member(store, "anna", "Anna Berg")
    add_member(store, "ben", "Ben Kurz", "admin")
    add_member(store, "cem", "Cem Arslan", active=False)
    add_member(store, "dora", "Dora Lenz", "privacy")
    yield
    assert broken_leads(store) == []


def sit(monkeypatch: pytest.MonkeyPatch, login: str) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: login)


def work(postkorb: Postkorb, verb: str, *words: object) -> Any:
    ran = postkorb("lead", verb, *words, "--json")
    assert (ran.code, ran.err) == (0, "")
    return ran.json


def stands(store: Store, lead: int) -> tuple[Any, ...] | None:
    return store.read.row("SELECT state, assignee FROM lead WHERE id = ?", (lead,))


KEYS = [
    "id",
    "title",
    "contact",
    "source",
    "campaign",
    "assignee",
    "state",
    "result",
    "reason",
    "value",
    "next_step",
]
KEYS += ["due", "created", "opportunity"]


def test_one_is_made_with_everything_and_shown(postkorb: Postkorb, store: Store) -> None:
    made(postkorb, "contact", name="Silke Berger", company="Vogel")
    lead = made(
        postkorb, "lead", title="Vogel 2027", contact="berger", value="12.500,50", source="Messe",
        campaign="Herbst", next_step="anrufen", due="2099-12-01", assignee="ben", note="eilt",
    )  # fmt: skip
    assert list(lead) == KEYS
    created = lead.pop("created")
    assert (len(created), created[10], created[-1]) == (20, "T", "Z")
    assert lead == {
        "id": 1,
        "title": "Vogel 2027",
        "contact": {"id": 1, "title": "Silke Berger, Vogel"},
        "source": "Messe",
        "campaign": "Herbst",
        "assignee": "ben",
        "state": "active",
        "result": None,
        "reason": None,
        "value": 12500.5,
        "next_step": "anrufen",
        "due": "2099-12-01",
        "opportunity": None,
    }
    mail = add_mail(store, add_folder(store, add_mailbox(store)), subject="Pumpen?").message
    assert postkorb("mail", "link", mail, "--lead", "vogel").code == 0
    shown = work(postkorb, "show", "vogel")
    assert [one["id"] for one in shown["mails"]] == [mail]
    assert shown["note"] == "eilt"
    assert [line["event"] for line in shown["history"] if line["event"] != "mail"] == [
        *("created", "assigned")
    ]
    assert {name: shown[name] for name in lead} == lead
    told = postkorb("lead", "show", "1").out
    for value in (
        "Vogel 2027",
        "1 Silke Berger, Vogel",
        "Herbst",
        "12,500.50 €",
        "2099-12-01",
        "Ben Kurz",
        "eilt",
    ):
        assert value in told
    assert "Pumpen?" in told


def test_without_an_assignee_it_is_new(postkorb: Postkorb) -> None:
    lead = made(postkorb, "lead", title="Vogel 2027")
    assert [lead[name] for name in ("state", "assignee", "contact", "campaign", "value", "due")] == [
        *("new", None, None, None, None, None)
    ]
    assert postkorb("lead", "new", "--title", "Pumpen").out == "2  Pumpen  new\n"


def test_the_way_from_a_new_lead_to_an_opportunity_and_back(postkorb: Postkorb, store: Store) -> None:
    made(postkorb, "lead", title="Vogel 2027", value="1000")
    assert work(postkorb, "assign", "vogel", "--to", "anna") == {"assigned": {"anna": 1}, "refused": []}
    lead = work(postkorb, "finish", "1", "--success", "--opportunity-title", "Rahmenvertrag", "--probability", "60",
                "--expected", "2099-01", "--to", "ben")  # fmt: skip
    assert (lead["state"], lead["result"], lead["assignee"]) == ("done", "success", "anna")
    assert lead["opportunity"] == {"id": 1, "title": "Rahmenvertrag"}
    chance = postkorb("opportunity", "show", "1", "--json").json
    assert [chance[name] for name in ("value", "probability", "expected", "assignee")] == [
        *(1000.0, 60, "2099-01-31", "ben")
    ]
    assert work(postkorb, "reopen", "1")["state"] == "active"
    again = postkorb("lead", "finish", "1", "--success", "--json")
    assert (again.code, again.json["opportunity"]["id"]) == (0, 1)
    assert "keeps opportunity 1" in again.err
    assert store.read.value("SELECT count(*) FROM opportunity") == 1
    events = [line["event"] for line in work(postkorb, "show", "1")["history"]]
    assert [event for event in events if event != "created"] == [
        "assigned",
        "finished",
        "reopened",
        "finished",
    ]
    assert "successful" in postkorb("lead", "show", "1").out


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["--reason", "competitor"], "competitor"),
        (["--reason", "Not_Interested"], "not interested"),
        (["--reason", "other: zieht weg"], "other: zieht weg"),
        (["--reason", "other", "--text", "zieht weg"], "other: zieht weg"),
        (["--reason", "competitor", "--text", "Adler AG"], "competitor: Adler AG"),
    ],
)
def test_one_is_finished_for_a_reason(postkorb: Postkorb, words: list[str], reason: str) -> None:
    made(postkorb, "lead", title="Vogel 2027", assignee="anna")
    lead = work(postkorb, "finish", "1", "--failure", *words)
    assert [lead[name] for name in ("state", "result", "reason", "opportunity")] == [
        *("done", "failure", reason, None)
    ]
    assert work(postkorb, "reopen", "1")["reason"] is None


def test_reasons_are_understood_in_german(postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTKORB_LANGUAGE", "de")
    made(postkorb, "lead", title="Vogel 2027", assignee="anna")
    wrong = postkorb("lead", "finish", "1", "--failure", "--reason", "quark")
    assert (wrong.code, wrong.out) == (2, "")
    for word in ("kein Interesse", "nicht erreichbar", "falscher Kontakt", "Wettbewerber", "Sonstiges"):
        assert word in wrong.err
    assert (
        work(postkorb, "finish", "1", "--failure", "--reason", "kein interesse")["reason"] == "not interested"
    )
    assert "kein Interesse" in postkorb("lead", "show", "1").out


def test_new_leads_are_distributed_and_the_rest_is_told(postkorb: Postkorb, store: Store) -> None:
    for number in range(5):
        made(postkorb, "lead", title=f"Lead {number}")
    assert work(postkorb, "distribute", "1", "--to", "anna") == {"assigned": {"anna": 1}, "refused": []}
    ran = postkorb("lead", "distribute", "1", "2", "99", "--to", "ben", "--json")
    assert (ran.code, ran.json) == (
        1,
        {
            "assigned": {"ben": 1},
            "refused": [
                {"id": 1, "reason": "Anna Berg (anna) has it already."},
                {"id": 99, "reason": "There is no such lead: 99"},
            ],
        },
    )
    given = work(postkorb, "distribute", "--all-new", "--to", "anna=2", "--to", "ben")
    assert given == {"assigned": {"anna": 2, "ben": 1}, "refused": []}
    assert [stands(store, lead) for lead in (3, 4, 5)] == [
        *(("active", "anna"), ("active", "anna"), ("active", "ben"))
    ]
    assert work(postkorb, "distribute", "--all-new", "--to", "ben") == {"assigned": {"ben": 0}, "refused": []}


def test_leads_go_round_robin_in_turn(postkorb: Postkorb, store: Store) -> None:
    for number in range(4):
        made(postkorb, "lead", title=f"Lead {number}")
    ran = postkorb("lead", "distribute", "--all-new", "--to", "anna", "--to", "ben", "--round-robin")
    assert (ran.code, ran.out) == (0, "2 leads go to Anna Berg\n2 leads go to Ben Kurz\n")
    owners = [row[0] for row in store.read.rows("SELECT assignee FROM lead ORDER BY id")]
    assert owners == ["anna", "ben", "anna", "ben"]


def test_leads_are_passed_on_and_taken_back_where_the_rules_allow_it(
    postkorb: Postkorb, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(postkorb, "lead", title="Meiner", assignee="anna")
    made(postkorb, "lead", title="Seiner", assignee="ben")
    ran = postkorb("lead", "take-back", "1", "2", "--json")
    assert (ran.code, ran.json["taken_back"]) == (1, [1])
    assert [one["id"] for one in ran.json["refused"]] == [2]
    assert "Only Ben Kurz (ben), who has it, or an admin" in ran.err
    assert postkorb("lead", "assign", "1", "2", "--to", "anna").code == 1
    assert [stands(store, lead) for lead in (1, 2)] == [("active", "anna"), ("active", "ben")]
    sit(monkeypatch, "ben")
    assert work(postkorb, "assign", "1", "--to", "ben")["assigned"] == {"ben": 1}
    assert postkorb("lead", "take-back", "1", "2").out == "2 leads taken back\n"


def test_a_refusal_is_told_in_german_and_to_scripts_in_english(
    postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTKORB_LANGUAGE", "de")
    made(postkorb, "lead", title="Vogel 2027", assignee="ben")
    ran = postkorb("lead", "assign", "1", "--to", "ben", "--json")
    assert ran.json["refused"] == [{"id": 1, "reason": "Ben Kurz (ben) has it already."}]
    assert ran.err == "Lead 1: Ben Kurz (ben) hat ihn schon.\n"
    assert "darf nur ein Admin" not in ran.err


def test_lists_are_narrowed(postkorb: Postkorb) -> None:
    made(postkorb, "lead", title="Pumpen", campaign="Herbst 2026", assignee="ben")
    made(postkorb, "lead", title="Filter", assignee="anna", due="2099-01-01")
    made(postkorb, "lead", title="Presse")
    postkorb("lead", "finish", "2", "--failure", "--reason", "competitor")

    def titles(*words: str) -> list[str]:
        return sorted(row["title"] for row in work(postkorb, "list", *words))

    assert titles() == ["Filter", "Presse", "Pumpen"]
    assert titles("--state", "new") == ["Presse"]
    assert titles("--state", "active") == titles("--campaign", "herbst 2026") == titles("pump") == ["Pumpen"]
    assert titles("--state", "done") == titles("--assignee", "anna") == ["Filter"]
    assert titles("pump", "--state", "new") == []
    assert list(work(postkorb, "list")[0]) == KEYS
    table = postkorb("lead", "list").out.splitlines()
    assert len(table) == 4
    assert all(len(line) <= 80 for line in table)
    assert "Ben Kurz" in "\n".join(table)
    assert "unsuccessful" in table[3]
    assert postkorb("lead", "list", "quark").err == "There is none.\n"


def test_a_note_comes_from_an_argument_or_from_standard_input(
    postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(postkorb, "lead", title="Vogel 2027")
    work(postkorb, "note", "vogel", "ruft zurück")
    monkeypatch.setattr("sys.stdin", io.StringIO("zwei\n\x1b[2JZeilen\n"))
    work(postkorb, "note", "1")
    notes = [line for line in work(postkorb, "show", "1")["history"] if line["event"] == "note"]
    assert notes[0]["text"] == "ruft zurück"
    assert notes[1]["text"].startswith("zwei\n")
    assert "\x1b" not in notes[1]["text"]
    assert (notes[0]["author"], notes[1]["author"]) == ("anna", "anna")
    assert "ruft zurück" in postkorb("lead", "show", "1").out
    monkeypatch.setattr("sys.stdin", io.StringIO(" \n"))
    assert postkorb("lead", "note", "1").code == 2
    assert postkorb("lead", "note", "1", "x" * 50_001).code == 2


def test_a_second_open_lead_of_a_contact_is_made_and_told(postkorb: Postkorb) -> None:
    made(postkorb, "contact", name="Silke Berger")
    assert postkorb("lead", "new", "--title", "Erster", "--contact", "1").err == ""
    second = postkorb("lead", "new", "--title", "Zweiter", "--contact", "1", "--json")
    assert second.json["id"] == 2
    assert "Lead 1, Erster, is open for the same contact, too." in second.err


def test_what_is_named_is_changed_and_the_rest_stays(postkorb: Postkorb) -> None:
    lead = made(postkorb, "lead", title="Vogel 2027", value="100", due="2099-12-01", campaign="Herbst")
    changed = work(postkorb, "change", "vogel", "--assignee", "anna", "--due", "", "--next-step", "anrufen")
    assert changed == lead | {"assignee": "anna", "state": "active", "due": None, "next_step": "anrufen"}
    assert work(postkorb, "change", "1", "--assignee", "")["state"] == "new"


@pytest.mark.parametrize(
    "words",
    [
        ["new"],
        ["new", "--title", " "],
        ["new", "--title", "x", "--value", "viel"],
        ["new", "--title", "x", "--value", "-5"],
        ["new", "--title", "x", "--due", "morgn"],
        ["new", "--title", "x", "--due", "1.1.2020"],
        ["new", "--title", "x", "--assignee", "niemand"],
        ["new", "--title", "x", "--assignee", "cem"],
        ["new", "--title", "x", "--assignee", "dora"],
        ["new", "--title", "x", "--state", "done"],
        ["change", "1"],
        ["change", "1", "--title", ""],
        ["change", "1", "--value", "abc"],
        ["change", "1", "--due", "gestern"],
        ["change", "1", "--assignee", "niemand"],
        ["list", "--state", "quark"],
        ["list", "--assignee", "niemand"],
        ["list", "--campaign", "quark"],
        ["assign", "1"],
        ["assign", "--to", "ben"],
        ["assign", "1", "--to", "niemand"],
        ["assign", "1", "--to", "cem"],
        ["assign", "1", "--to", "dora"],
        ["take-back"],
        ["distribute", "1"],
        ["distribute", "--to", "ben"],
        ["distribute", "1", "--all-new", "--to", "ben"],
        ["distribute", "1", "--to", "ben=0"],
        ["distribute", "1", "--to", "ben=x"],
        ["distribute", "1", "--to", "ben", "--to", "ben=2"],
        ["distribute", "1", "--to", "niemand"],
        ["distribute", "--all-new", "--to", "niemand"],
        ["finish", "1"],
        ["finish", "1", "--success", "--failure"],
        ["finish", "1", "--success", "--reason", "competitor"],
        ["finish", "1", "--failure"],
        ["finish", "1", "--failure", "--reason", "quark"],
        ["finish", "1", "--failure", "--reason", "other"],
        ["finish", "1", "--failure", "--reason", "other", "--text", " "],
        ["finish", "1", "--failure", "--reason", "competitor", "--value", "5"],
        ["finish", "1", "--success", "--value", "viel"],
        ["finish", "1", "--success", "--probability", "101"],
        ["finish", "1", "--success", "--expected", "morgn"],
        ["finish", "1", "--success", "--opportunity-title", " "],
        ["finish", "1", "--success", "--to", "niemand"],
        ["reopen"],
        ["show"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_told_and_nothing_is_done(postkorb: Postkorb, store: Store, words: list[str]) -> None:
    before = made(postkorb, "lead", title="Vogel 2027", assignee="anna")
    ran = postkorb("lead", *words)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err
    assert work(postkorb, "list") == [before]
    assert store.read.value("SELECT count(*) FROM opportunity") == 0


def refused(postkorb: Postkorb, *words: object) -> Ran:
    ran = postkorb("lead", *words)
    assert (ran.code, ran.out) == (1, "")
    return ran


def test_what_the_rules_forbid_fails_and_says_why(
    postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(postkorb, "lead", title="Neu")
    made(postkorb, "lead", title="Seiner", assignee="ben")
    made(postkorb, "lead", title="Fertig", assignee="anna")
    assert work(postkorb, "finish", "3", "--failure", "--reason", "competitor")["state"] == "done"
    for words, why in (
        (["finish", "1", "--success"], "assign it first"),
        (["finish", "2", "--success"], "Ben Kurz (ben), who has it"),
        (["finish", "3", "--success"], "finished already"),
        (["reopen", "1"], "not finished"),
        (["finish", "99", "--success"], "no such lead"),
        (["show", "quark"], "no such lead"),
        (["new", "--title", "x", "--contact", "99"], "no such contact"),
        (["change", "3", "--assignee", "ben"], "reopen it first"),
    ):
        assert why in refused(postkorb, *words).err
    sit(monkeypatch, "dora")
    for words in (["note", "1", "x"], ["new", "--title", "x"], ["assign", "1", "--to", "ben"]):
        assert "Privacy officers read" in refused(postkorb, *words).err
    sit(monkeypatch, "fremd")
    assert "not in the team" in refused(postkorb, "assign", "1", "--to", "ben").err


def test_calls_and_documents_stand_in_its_history(postkorb: Postkorb, tmp_path: Path) -> None:
    made(postkorb, "lead", title="Rohre")
    work(postkorb, "call", "1", "--outcome", "not-reached", "--text", "Sekretariat", "--again", "+3 14:30")
    (tmp_path / "plan.txt").write_text("Rohre")
    work(postkorb, "document", "1", str(tmp_path / "plan.txt"))
    lines = work(postkorb, "show", "1")["history"]
    assert [line["text"] for line in lines if line["event"] in ("call", "document")] == [
        "Sekretariat",
        "plan.txt",
    ]
    assert postkorb("lead", "call", "1", "--outcome", "maybe").code == 2
    assert postkorb("lead", "call", "1", "--outcome", "reached", "--again", "bald").code == 2
    assert postkorb("lead", "call", "1", "--outcome", "reached", "--again", "1.1.2020").code == 2
    assert postkorb("lead", "document", "1", str(tmp_path)).code == 2
