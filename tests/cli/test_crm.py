"""Contacts, leads and tasks are made, listed and shown, and named by number or by words."""

from __future__ import annotations

import getpass
from typing import Any

import pytest

from app.cli.mail_rows import kind_name
from app.store.database import Store
from tests.cli.conftest import Postkorb
from tests.store.build import add_folder, add_mail, add_mailbox


def made(postkorb: Postkorb, kind: str, **options: object) -> Any:
    """What `postkorb KIND new` with these options prints as JSON; a list is an option given several times."""
    words: list[object] = []
    for name, value in options.items():
        for one in value if isinstance(value, list) else [value]:
            words += [f"--{name.replace('_', '-')}", one]
    ran = postkorb(kind, "new", *words, "--json")
    assert ran.code == 0, ran.err
    return ran.json


CONTACT = {
    "salutation": "Frau",
    "title": "Dr.",
    "company": "Vogel Maschinenbau",
    "customer_number": "K-1047",
    "street": "Werkstraße 1",
    "postal_code": "50667",
    "city": "Köln",
    "country": "DE",
    "assignee": "berg",
    "note": "ruft lieber an",
}


def test_a_contact_is_made_listed_and_shown_with_every_field(postkorb: Postkorb) -> None:
    assert postkorb("member", "add", "A. Berg", "--login", "berg").code == 0
    contact = made(
        postkorb, "contact", name="Silke Berger", email=["S@Vogel.example", "info@vogel.example"],
        phone="+49 30 12345", trait=["Pumpen", "Messe"], **CONTACT,
    )  # fmt: skip
    assert contact | CONTACT == contact
    assert (contact["first_name"], contact["last_name"], contact["traits"]) == (
        *("Silke", "Berger"),
        ["Pumpen", "Messe"],
    )
    assert [entry["value"] for entry in contact["emails"]] == ["s@vogel.example", "info@vogel.example"]
    assert postkorb("contact", "show", contact["id"], "--json").json == contact
    (listed,) = postkorb("contact", "list", "--json").json
    assert listed == {name: value for name, value in contact.items() if name != "mails"}
    assert "Silke Berger" in postkorb("contact", "list").out
    shown = postkorb("contact", "show", "berger").out
    for value in (*CONTACT.values(), "Pumpen, Messe", "+49 30 12345", "info@vogel.example"):
        assert value in shown


def test_a_name_may_begin_with_the_last_name(postkorb: Postkorb) -> None:
    contact = made(postkorb, "contact", name="von Berg, Anna Maria")
    assert (contact["first_name"], contact["last_name"]) == ("Anna Maria", "von Berg")


def test_a_task_belongs_to_its_lead(postkorb: Postkorb) -> None:
    made(postkorb, "contact", name="Silke Berger")
    lead = made(postkorb, "lead", title="Vogel 2027", contact="berger")
    task = made(postkorb, "task", title="Rückruf", lead=lead["id"], contact="berger", due="24.12.2026")
    assert (task["lead"]["title"], task["due_on"], task["state"]) == ("Vogel 2027", "2026-12-24", "open")
    assert [row["id"] for row in postkorb("task", "list", "ruckruf", "--json").json] == [task["id"]]


def test_without_json_the_number_is_printed_first(postkorb: Postkorb) -> None:
    made = postkorb("lead", "new", "--title", "Vogel \x1b[2J 2027")
    assert made.out.split()[0] == "1"
    assert "\x1b" not in made.out


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (2, ["contact", "new"]),
        (2, ["contact", "new", "--name", "x", "--email", "kein"]),
        (2, ["contact", "new", "--name", "x", "--assignee", "niemand"]),
        (1, ["lead", "new", "--title", "x", "--contact", "niemand"]),
        (1, ["lead", "new", "--title", "x", "--contact", "99"]),
        (1, ["task", "show", "1"]),
    ],
)
def test_what_cannot_be_used_is_told_and_nothing_is_made(
    postkorb: Postkorb, code: int, words: list[str]
) -> None:
    ran = postkorb(*words)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err
    assert postkorb(words[0], "list", "--json").json == []


def test_what_is_named_is_changed_and_the_rest_stays(postkorb: Postkorb) -> None:
    assert postkorb("member", "add", "A. Berg", "--login", "berg").code == 0
    made(postkorb, "contact", name="Silke Berger", email=["a@vogel.example", "b@vogel.example"], **CONTACT)
    changed = postkorb(
        *("contact", "change", "berger", "--name", "Vogel, Silke", "--email", "c@vogel.example"),
        *("--note", "", "--json"),
    ).json
    assert changed == postkorb("contact", "show", "1", "--json").json
    assert changed | CONTACT | {"note": ""} == changed
    assert (changed["name"], changed["last_name"]) == ("Silke Vogel, Vogel Maschinenbau", "Vogel")
    assert [entry["value"] for entry in changed["emails"]] == ["c@vogel.example"]


def test_what_cannot_be_changed_is_told_and_nothing_changes(postkorb: Postkorb) -> None:
    before = made(postkorb, "contact", name="Silke Berger")
    for words, code in (
        ([], 2),
        (["--name", ""], 2),
        (["--email", "kein"], 2),
        (["--assignee", "niemand"], 2),
    ):
        ran = postkorb("contact", "change", "1", *words)
        assert (ran.code, ran.out) == (code, "")
        assert ran.err
    assert postkorb("contact", "change", "2", "--note", "x").code == 1
    assert postkorb("contact", "show", "1", "--json").json == before


def test_a_second_contact_with_an_address_is_made_and_told(postkorb: Postkorb) -> None:
    assert postkorb("contact", "new", "--name", "Silke Berger", "--email", "s@vogel.example").err == ""
    second = postkorb("contact", "new", "--name", "S. Berger", "--email", "S@Vogel.example", "--json")
    assert second.json["id"] == 2
    assert "contact 1, Silke Berger" in second.err
    assert "contact 2, S. Berger" in postkorb("contact", "change", "1", "--note", "x").err


def test_a_state_is_named_by_its_word_or_its_value_and_no_other(
    postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTKORB_LANGUAGE", "de")
    made(postkorb, "lead", title="Vogel 2027")
    postkorb("lead", "change", "1", "--assignee", getpass.getuser())
    made(postkorb, "task", title="Anrufen")
    assert "Vogel 2027" in postkorb("lead", "list", "--state", "aktiv").out
    assert "Vogel 2027" in postkorb("lead", "list", "--state", "active").out
    assert "Vogel 2027" in postkorb("lead", "list", "vogel", "--state", "aktiv").out
    assert postkorb("lead", "list", "vogel", "--state", "neu").out == ""
    assert "Anrufen" in postkorb("task", "list", "--state", "offen").out
    for kind, all_there_are in (
        ("lead", "neu (new), aktiv (active), erledigt (done)"),
        ("task", "offen (open)"),
    ):
        ran = postkorb(kind, "list", "--state", "quark")
        assert (ran.code, ran.out) == (2, "")
        assert all_there_are in ran.err
    assert postkorb("contact", "list", "--state", "neu").code == 2


def test_days_and_amounts_are_written_for_people_as_in_the_app(postkorb: Postkorb) -> None:
    made(postkorb, "lead", title="Vogel 2027", value="19760", due="2026-12-24")
    shown = postkorb("lead", "show", "1").out
    assert "19,760 €" in shown
    assert "2026-12-24" in shown
    assert "2026-12-24" in postkorb("lead", "list").out
    assert "24.12.2026" not in shown + postkorb("lead", "list").out


def test_a_mail_is_linked_by_the_title_of_a_record(postkorb: Postkorb, store: Store) -> None:
    mail = add_mail(store, add_folder(store, add_mailbox(store))).message
    for title in ("Vogel 2027", "Vogel 2028"):
        made(postkorb, "lead", title=title)
    unclear = postkorb("mail", "link", mail, "--lead", "vogel")
    assert unclear.code == 1
    assert "Vogel 2027" in unclear.err
    assert "Vogel 2028" in unclear.err
    assert postkorb("mail", "link", mail, "--lead", "vogel 2028").code == 0
    shown = postkorb("lead", "show", "vogel 2028", "--json").json
    assert [linked["id"] for linked in shown["mails"]] == [mail]


@pytest.mark.parametrize("called", ["max@m.example", "MAX@M.example", "Max Muster", "max muster, Muster AG"])
def test_who_is_called_exactly_so_is_meant_and_nobody_whose_words_only_begin_so(
    postkorb: Postkorb, called: str
) -> None:
    exact = made(postkorb, "contact", name="Max Muster", company="Muster AG", email="max@m.example")
    for number in range(2, 9):
        made(postkorb, "contact", name=f"Max Muster{number}", email=f"max{number}@m.example")
    made(postkorb, "contact", name="Max Muster-Schulz", company="Muster AG", email="ms@m.example")
    lead = made(postkorb, "lead", title="Rohre", contact=called)
    assert lead["contact"]["id"] == exact["id"]


@pytest.mark.parametrize("kind", ["lead", "task", "opportunity"])
def test_an_exact_title_is_meant_among_many_that_begin_so(postkorb: Postkorb, kind: str) -> None:
    exact = made(postkorb, kind, title="Rohre")
    for number in range(8):
        made(postkorb, kind, title=f"Rohre {number}")
    assert postkorb(kind, "show", "rohre", "--json").json["id"] == exact["id"]


def test_states_and_kinds_of_records_are_told_in_german(
    postkorb: Postkorb, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("POSTKORB_LANGUAGE", "de")
    made(postkorb, "task", title="Anrufen")
    assert "  offen  " in postkorb("task", "list").out
    assert "offen" in postkorb("task", "show", "1").out
    assert [kind_name(kind) for kind in ("lead", "task")] == ["Lead", "Aufgabe"]


def test_a_second_open_lead_of_a_contact_is_made_and_told_of(postkorb: Postkorb) -> None:
    made(postkorb, "contact", name="Silke Berger")
    first = made(postkorb, "lead", title="Pumpen", contact="berger")
    ran = postkorb("lead", "new", "--title", "Ventile", "--contact", "berger")
    assert ran.code == 0
    assert f"Lead {first['id']}, Pumpen, is open for the same contact, too." in ran.err
    assert "Pumpen" not in postkorb("lead", "change", first["id"], "--title", "Rohre").err
