"""Contacts, leads, tasks and opportunities are made, listed and shown, and named by number or by words."""

from __future__ import annotations

import pytest

from app.cli.mail_rows import kind_name
from app.store.database import Store
from tests.cli.conftest import Postkorb
from tests.store.build import add_folder, add_mail, add_mailbox


def test_a_contact_is_made_listed_and_shown(postkorb: Postkorb) -> None:
    made = postkorb(
        *(
            "contact",
            "new",
            "--name",
            "Silke Berger",
            "--company",
            "Vogel Maschinenbau",
            "--email",
            "S@Vogel.example",
        ),
        *(
            "--email",
            "info@vogel.example",
            "--phone",
            "+49 30 12345",
            "--city",
            "Köln",
            "--trait",
            "Pumpen",
            "--json",
        ),
    )
    assert made.code == 0
    contact = made.json
    assert (contact["first_name"], contact["last_name"], contact["city"]) == ("Silke", "Berger", "Köln")
    assert [entry["value"] for entry in contact["emails"]] == ["s@vogel.example", "info@vogel.example"]
    assert postkorb("contact", "show", contact["id"], "--json").json == contact
    (listed,) = postkorb("contact", "list", "--json").json
    assert listed == {name: value for name, value in contact.items() if name != "mails"}
    assert "Silke Berger" in postkorb("contact", "list").out
    assert "Vogel Maschinenbau" in postkorb("contact", "show", "berger").out


def test_a_name_may_begin_with_the_last_name(postkorb: Postkorb) -> None:
    contact = postkorb("contact", "new", "--name", "von Berg, Anna Maria", "--json").json
    assert (contact["first_name"], contact["last_name"]) == ("Anna Maria", "von Berg")


def test_a_lead_and_what_belongs_to_it(postkorb: Postkorb) -> None:
    postkorb("contact", "new", "--name", "Silke Berger")
    lead = postkorb(
        *(
            "lead",
            "new",
            "--title",
            "Vogel 2027",
            "--contact",
            "berger",
            "--value",
            "12.500,50",
            "--source",
            "Messe",
        ),
        *("--next-step", "anrufen", "--due", "2026-12-01", "--json"),
    ).json
    assert (lead["value"], lead["due_on"], lead["contact"]["title"]) == (
        12500.5,
        "2026-12-01",
        "Silke Berger",
    )
    task = postkorb(
        "task", "new", "--title", "Rückruf", "--lead", lead["id"], "--due", "24.12.2026", "--json"
    ).json
    assert (task["lead"]["title"], task["due_on"], task["state"]) == ("Vogel 2027", "2026-12-24", "open")
    chance = postkorb(
        "opportunity", "new", "--title", "Pumpen", "--lead", "vogel", "--probability", 40, "--json"
    ).json
    assert (chance["probability"], chance["lead"]["id"]) == (40, lead["id"])
    assert [row["title"] for row in postkorb("lead", "list", "--json", "--state", "new").json] == [
        "Vogel 2027"
    ]
    assert postkorb("lead", "list", "--json", "--state", "done").json == []
    assert [row["id"] for row in postkorb("task", "list", "ruckruf", "--json").json] == [task["id"]]


def test_without_json_the_number_is_printed_first(postkorb: Postkorb) -> None:
    made = postkorb("lead", "new", "--title", "Vogel \x1b[2J 2027")
    assert made.out.split()[0] == "1"
    assert "\x1b" not in made.out


@pytest.mark.parametrize(
    "words",
    [
        ["contact", "new"],
        ["contact", "new", "--name", "x", "--email", "kein"],
        ["lead", "new", "--title", " "],
        ["lead", "new", "--title", "x", "--value", "viel"],
        ["lead", "new", "--title", "x", "--contact", "niemand"],
        ["lead", "new", "--title", "x", "--contact", "99"],
        ["task", "new", "--title", "x", "--due", "irgendwann"],
        ["opportunity", "new", "--title", "x", "--probability", "101"],
        ["task", "show", "1"],
    ],
)
def test_what_cannot_be_used_is_told_and_nothing_is_made(postkorb: Postkorb, words: list[str]) -> None:
    ran = postkorb(*words)
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.count("\n") == 1
    assert postkorb(words[0], "list", "--json").json == []


def test_a_mail_is_linked_by_the_title_of_a_record(postkorb: Postkorb, store: Store) -> None:
    mail = add_mail(store, add_folder(store, add_mailbox(store))).message
    for title in ("Vogel 2027", "Vogel 2028"):
        postkorb("lead", "new", "--title", title)
    unclear = postkorb("mail", "link", mail, "--lead", "vogel")
    assert unclear.code == 1
    assert "Vogel 2027" in unclear.err
    assert "Vogel 2028" in unclear.err
    assert postkorb("mail", "link", mail, "--lead", "vogel 2028").code == 0
    shown = postkorb("lead", "show", "vogel 2028", "--json").json
    assert [linked["id"] for linked in shown["mails"]] == [mail]


def test_states_and_kinds_of_records_are_told_in_german(
    postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTKORB_LANGUAGE", "de")
    postkorb("task", "new", "--title", "Anrufen")
    postkorb("lead", "new", "--title", "Vogel 2027")
    assert "  offen  " in postkorb("task", "list").out
    assert "offen" in postkorb("task", "show", "1").out
    assert "neu" in postkorb("lead", "show", "1").out
    assert [kind_name(kind) for kind in ("lead", "task")] == ["Lead", "Aufgabe"]
