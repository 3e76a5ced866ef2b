"""What cannot be done with records and members: 2 for what is typed wrong, 1 for what is not there or forbidden; told on standard
error, and nothing is changed.
"""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Any

import pytest

from app.store.database import Store
from tests.cli.conftest import Postkorb
from tests.store.content import content
from tests.store.leads import add_member

LONG = {"LINE": "x" * 301, "NOTE": "x" * 50_001, "NAME": "x" * 81}

#: Typed wrong: what stands there can never be meant so.
WRONG = """
lead new
lead new --title ""
lead new --title x --value -5
lead new --title x --value viel
lead new --title x --due 1.1.2020
lead new --title x --due quark
lead new --title x --assignee nobody
lead new --title x --assignee emil
lead new --title x --assignee dora
lead new --title LINE
lead new --title x --note NOTE
lead new --title x --campaign NAME
lead change 2
lead change 2 --title ""
lead change 2 --value -5
lead change 2 --due 1.1.2020
lead change 2 --assignee nobody
lead list --state quark
lead list --assignee nobody
lead list --campaign nix
lead note 2 " "
lead note 2 NOTE
lead call 2
lead call 2 --outcome quark
lead call 2 --outcome reached --again 1.1.2020
lead call 2 --outcome reached --again quark
lead call 2 --outcome reached --text NOTE
lead document 2 /nix/da
lead assign 2
lead assign 1 --to nobody
lead assign 1 --to emil
lead assign 1 --to dora
lead distribute --to anna
lead distribute 1 --all-new --to anna
lead distribute 1 --to anna=0
lead distribute 1 --to anna --to ANNA
lead distribute 1 --to nobody
lead distribute 1 --to anna --to emil
lead finish 2
lead finish 2 --success --failure
lead finish 2 --success --reason competitor
lead finish 2 --failure
lead finish 2 --failure --reason quark
lead finish 2 --failure --reason other
lead finish 2 --failure --reason other --text " "
lead finish 2 --failure --reason competitor --text LINE
lead finish 2 --failure --reason competitor --opportunity-title x
lead finish 2 --success --value -5
lead finish 2 --success --probability 101
lead finish 2 --success --expected 1.1.2020
lead finish 2 --success --to nobody
lead finish 2 --success --to emil
lead finish 2 --success --opportunity-title ""
lead merge 1 2 --take quark
task new
task new --title ""
task new --title x --due 1.1.2020
task new --title x --due "today 25:00"
task new --title x --assignee nobody
task new --title x --assignee emil
task change 1
task change 1 --title ""
task change 1 --due 1.1.2020
task change 1 --assignee nobody
task list --state quark
task list --assignee nobody
task list --mine --assignee ben
task postpone 1
task postpone 1 --to quark
task postpone 1 --to 1.1.2020
task pass 1
task pass 1 --to nobody
task pass 1 --to emil
task pass 1 --to dora
opportunity new
opportunity new --title ""
opportunity new --title x --value -1
opportunity new --title x --probability 101
opportunity new --title x --expected 1.1.2020
opportunity new --title x --stage quark
opportunity new --title x --stage Gewonnen
opportunity new --title x --assignee nobody
opportunity new --title x --assignee emil
opportunity change 1
opportunity change 1 --title ""
opportunity change 1 --expected 1.1.2020
opportunity change 1 --value -3
opportunity change 1 --probability viel
opportunity list --stage quark
opportunity list --assignee nobody
opportunity list --month quark
opportunity list --open --won
opportunity move 1
opportunity move 1 --stage quark
opportunity lose 1
opportunity lose 1 --reason quark
opportunity lose 1 --reason other
opportunity lose 1 --reason ""
opportunity lose 1 --reason other --text NOTE
opportunity pass 1
opportunity pass 1 --to nobody
opportunity pass 1 --to emil
opportunity pass 1 --to dora
opportunity pass 1 --to ben --note NOTE
opportunity stages rename nix
opportunity stages add X --won --lost
member add
member add x
member add x --login "a b"
member add "" --login x
member add x --login x --role quark
member add x --login x --address quark
member change ben
contact new
contact new --name ""
contact new --name x --email quark
contact new --name x --phone quark
contact new --name x --assignee nobody
contact change 1
contact change 1 --name "" --email ""
contact change 1 --email quark
contact list --assignee nobody
contact merge 1 1 --take quark
agenda --assignee nobody
overview leads --campaign nix
overview leads --assignee nobody
overview leads --from quark
overview leads --from 2.1.2026 --to 1.1.2026
overview quark
"""

#: Meant, but not there, or forbidden as things stand, or to this person.
REFUSED = """
lead new --title x --contact 99
lead change 99 --title x
lead change 4 --assignee anna
lead change 3 --assignee ben
lead show 99
lead show ""
lead note 99 hallo
lead call 99 --outcome reached
lead assign nixda --to ben
lead finish 1 --success
lead finish 4 --success
lead finish 3 --success
lead finish 5 --success --opportunity-title Anders
lead finish 99 --failure --reason competitor
lead reopen 2
lead reopen 99
lead merge 1 1
lead merge 1 99
lead unmerge 2
task new --title x --lead 99
task change 99 --title x
task show 99
opportunity new --title x --lead 99
opportunity change 2 --probability 5
opportunity change 99 --title x
opportunity show 99
opportunity move 1 --stage Verloren
opportunity move 2 --stage Angebot
opportunity move 1 --stage Qualifiziert
opportunity win 2
opportunity lose 2 --reason competitor
opportunity reopen 1
opportunity pass 1 --to anna
opportunity pass 2 --to ben
opportunity stages add X
opportunity stages remove Angebot
member add x --login x
member change ben --name Neu
member deactivate ben
member activate emil
contact change 99 --name x
contact show 99
contact merge 1 1
contact unmerge 1
overview leads --csv /nix/da.csv
"""

#: Of several some may be refused; each one with its number and why, for scripts.
PARTLY = {
    "lead assign 3 99 --to ben": {
        "assigned": {"ben": 0},
        "refused": [(3, "It is finished; reopen it first."), (99, "There is no such lead: 99")],
    },
    "lead take-back 1 4": {
        "taken_back": [],
        "refused": [
            (1, "Nobody has it; there is nothing to take back."),
            (4, "Only Ben Kurz (ben), who has it, or an admin may do that."),
        ],
    },
    "lead distribute 3 --to anna --to ben": {
        "assigned": {"anna": 0, "ben": 0},
        "refused": [(3, "It is finished; reopen it first.")],
    },
    "task done 2 99": {
        "changed": [],
        "refused": [(2, "It is done already."), (99, "There is no such task: 99")],
    },
    "task reopen 1": {"changed": [], "refused": [(1, "It is still open.")]},
    "task postpone 2 --to +3": {
        "changed": [],
        "refused": [(2, "It is done already; reopen it first.")],
    },
    "task pass 1 --to anna": {"changed": [], "refused": [(1, "Anna Berg (anna) has it already.")]},
}


@pytest.fixture(autouse=True)
def office(postkorb: Postkorb, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anna is at the keyboard, a rep; leads are new, hers, finished, Ben's, and one that she took up again."""
    monkeypatch.setattr("getpass.getuser", lambda: "anna")
    add_member(store, "anna", "Anna Berg")
    add_member(store, "ben", "Ben Kurz")
    add_member(store, "cleo", "Cleo Sommer", "admin")
    add_member(store, "dora", "Dora Lenz", "privacy")
    add_member(store, "emil", "Emil Voss", active=False)
    for words in (
        "contact new --name Berger",
        "lead new --title Neu",
        "lead new --title Meiner --assignee anna",
        "lead new --title Fertig --assignee anna",
        "lead finish 3 --failure --reason competitor",
        "lead new --title Bens --assignee ben",
        "task new --title Anrufen",
        "task new --title Erledigt",
        "task done 2",
        "opportunity new --title Offen",
        "opportunity new --title Gewonnen",
        "opportunity win 2",
        "lead new --title Wieder --assignee anna",
        "lead finish 5 --success",
        "lead reopen 5",
    ):
        assert postkorb(*shlex.split(words)).code == 0


def lines(table: str) -> Iterator[tuple[str, list[str]]]:
    for line in table.strip().splitlines():
        yield line, [LONG.get(word, word) for word in shlex.split(line)]


@pytest.mark.parametrize(("table", "code"), [(WRONG, 2), (REFUSED, 1)], ids=["wrong", "refused"])
def test_what_cannot_be_done_is_told_by_its_code_and_changes_nothing(
    postkorb: Postkorb, store: Store, table: str, code: int
) -> None:
    before = content(store)
    for line, words in lines(table):
        ran = postkorb(*words)
        assert (ran.code, ran.out) == (code, ""), line
        assert ran.err.strip(), line
        assert "went wrong" not in ran.err, line
    assert content(store) == before


@pytest.mark.parametrize("words", PARTLY)
def test_what_is_refused_of_several_is_named_by_its_number_for_scripts(
    postkorb: Postkorb, words: str
) -> None:
    wanted: dict[str, Any] = dict(PARTLY[words])
    ran = postkorb(*words.split(), "--json")
    assert ran.code == 1
    assert ran.json == wanted | {
        "refused": [{"id": number, "reason": reason} for number, reason in wanted["refused"]]
    }
    assert len(ran.err.splitlines()) == len(wanted["refused"])


def test_a_login_is_meant_in_capitals_or_not_wherever_it_is_typed(postkorb: Postkorb) -> None:
    for words in (
        "lead new --title x --assignee ANNA",
        "lead assign 1 --to Ben",
        "lead change 2 --assignee BEN",
        "task new --title x --assignee BEN",
        "task pass 1 --to BEN",
        "opportunity pass 1 --to BEN",
        "contact new --name Zander --assignee BEN",
        "contact list --assignee BEN",
        "agenda --assignee BEN",
        "lead list --assignee BEN",
    ):
        ran = postkorb(*words.split())
        assert ran.code == 0, (words, ran.err)
    assert {lead["assignee"] for lead in postkorb("lead", "list", "--json").json} == {"anna", "ben"}


def test_what_is_overdue_already_can_be_changed_otherwise(postkorb: Postkorb, store: Store) -> None:
    with store.write() as tx:
        for kind, day in (("lead", "due_on"), ("task", "due_on"), ("opportunity", "expected_on")):
            tx.run(f"UPDATE {kind} SET {day} = '2020-02-01'")
    for kind, day in (("lead", "--due"), ("task", "--due"), ("opportunity", "--expected")):
        for words in (("--title", "Anders"), (day, "1.2.2020", "--note", "mit dem Tag, der da steht")):
            assert postkorb(kind, "change", 1, *words).code == 0, (kind, words)
        assert postkorb(kind, "change", 1, day, "2.2.2020").code == 2, kind
    assert postkorb("lead", "show", 1, "--json").json["due"] == "2020-02-01"
    assert postkorb("opportunity", "show", 1, "--json").json["expected"] == "2020-02-01"


def test_a_long_note_full_of_control_characters_is_kept_whole_and_does_nothing(postkorb: Postkorb) -> None:
    note = "Preis \x1b[31mrot\x1b[0m \x1b]0;Titel\x07 \u202eknarf\n" * 400
    assert len(note) > 10_000
    for words in (
        ("lead", "note", 2, note),
        ("lead", "call", 2, "--outcome", "reached", "--text", note),
        ("lead", "change", 2, "--note", note, "--next-step", note[:40]),
        ("task", "change", 1, "--note", note),
        ("contact", "change", 1, "--note", note),
        ("opportunity", "change", 1, "--note", note),
        ("opportunity", "pass", 1, "--to", "ben", "--note", note),
        ("lead", "finish", 2, "--failure", "--reason", "other", "--text", note[:200]),
    ):
        ran = postkorb(*words)
        assert ran.code == 0, words[:2]
        assert not {"\x1b", "\x07", "\u202e"} & set(ran.out + ran.err), words[:2]
    for kind, number, notes in (("lead", 2, 3), ("task", 1, 1), ("contact", 1, 1), ("opportunity", 1, 1)):
        told = postkorb(kind, "show", number).out
        as_json = postkorb(kind, "show", number, "--json").out
        assert not {"\x1b", "\x07", "\u202e"} & set(told + as_json), kind
        assert as_json.count("Preis") >= notes * 400, kind
