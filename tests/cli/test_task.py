"""Tasks and follow-ups on the command line: made, changed, listed, finished, put off, passed on; and the personal list."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from app.store.database import Store
from tests.cli.conftest import Postkorb
from tests.cli.test_crm import made
from tests.screens.rooms import put_mail
from tests.store.build import add_folder, add_mailbox
from tests.store.leads import add_member


@pytest.fixture(autouse=True)
def me(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Anna is at the keyboard, a rep; Ben is an admin, Cem has left."""
    monkeypatch.setattr("getpass.getuser", lambda: "anna")
    add_member(store, "anna", "Anna Berg")
    add_member(store, "ben", "Ben Kurz", "admin")
    add_member(store, "cem", "Cem Arslan", active=False)


def ahead(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()


def test_a_task_is_made_with_everything_and_shown(postkorb: Postkorb) -> None:
    made(postkorb, "contact", name="Silke Berger")
    made(postkorb, "lead", title="Vogel 2027")
    made(postkorb, "opportunity", title="Pumpen")
    task = made(
        postkorb, "task", title="Rückruf", contact="berger", lead="vogel", opportunity="pumpen",
        due="+2 9:00", assignee="ben", note="eilt",
    )  # fmt: skip
    at = datetime.fromisoformat(task["remind_at"]).astimezone()
    assert (at.date().isoformat(), f"{at:%H:%M}", task["due_on"]) == (ahead(2), "09:00", ahead(2))
    assert (task["follow_up"], task["state"], task["assignee"], task["note"]) == (
        False,
        "open",
        "ben",
        "eilt",
    )
    titles = [task[kind]["title"] for kind in ("contact", "lead", "opportunity")]
    assert titles == ["Silke Berger", "Vogel 2027", "Pumpen"]
    shown = postkorb("task", "show", "ruckruf").out
    assert f"{at:%Y-%m-%d} 09:00" in shown
    assert "Pumpen" in shown


def test_a_follow_up_is_a_task_too_and_both_are_changed(postkorb: Postkorb) -> None:
    assert postkorb("task", "new", "--title", "Nachfassen", "--follow-up", "--due", "+1 9:00").code == 0
    task = postkorb("task", "change", "nachfassen", "--due", "+3", "--title", "Anrufen", "--json").json
    assert task["follow_up"] is True
    assert (task["title"], task["due_on"], task["remind_at"]) == ("Anrufen", ahead(3), None)
    assert postkorb("task", "change", "anrufen", "--assignee", "", "--json").json["assignee"] == ""
    assert postkorb("task", "change", "anrufen").code == 2


def test_tasks_are_finished_and_reopened_and_what_is_refused_is_told(postkorb: Postkorb) -> None:
    for title in ("Eins", "Zwei"):
        made(postkorb, "task", title=title)
    ran = postkorb("task", "done", "eins", 2)
    assert ran.code == 0
    assert "“Eins” finished" in ran.out
    again = postkorb("task", "done", 1, 99, "--json")
    assert again.code == 1
    assert again.json["changed"] == []
    assert [each["id"] for each in again.json["refused"]] == [1, 99]
    assert "done already" in again.json["refused"][0]["reason"]
    unknown = postkorb("task", "done", "niemals", "9" * 5000, "--json").json["refused"]
    assert [each["id"] for each in unknown] == ["niemals", "9" * 5000]
    assert postkorb("task", "reopen", 1, "--json").json == {"changed": [1], "refused": []}
    states = {task["title"]: task["state"] for task in postkorb("task", "list", "--json").json}
    assert states == {"Eins": "open", "Zwei": "done"}
    assert "to do" in postkorb("task", "list", "--state", "open").out


def test_tasks_are_put_off_and_passed_on(postkorb: Postkorb) -> None:
    made(postkorb, "task", title="Anrufen", due="+1 9:00")
    assert postkorb("task", "postpone", 1, "--to", "+2 10:30").code == 0
    assert postkorb("task", "show", 1, "--json").json["due_on"] == ahead(2)
    assert "Ben Kurz" in postkorb("task", "pass", 1, "--to", "ben").out
    assert postkorb("task", "list", "--mine").out == ""
    for login in ("ben", "BEN"):
        assert [task["id"] for task in postkorb("task", "list", "--assignee", login, "--json").json] == [1]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("new --title x --due gestern", "no day such as"),
        ("new --title x --due 2020-01-01", "over already"),
        ("new --title x --due 0:00", "over already"),
        ("new --title x --due 25:00", "no time such as"),
        ("new --title x --assignee niemand", "Nobody in the team"),
        ("new --title x --assignee cem", "no longer active"),
        ("new --due morgen", "--title"),
        ("change 1 --due 2020-01-01", "over already"),
        ("postpone 1 --to 2020-01-01", "over already"),
        ("postpone 1 --to bald", "no day such as"),
        ("pass 1 --to niemand", "Nobody in the team"),
        ("pass 1 --to cem", "no longer active"),
        ("list --state quark", "open"),
        ("list --mine --assignee ben", "--mine"),
        ("list --assignee niemand", "Nobody in the team"),
        ("list --assignee \udcff", "Nobody in the team"),
    ],
)
def test_values_that_cannot_be_used_are_wrong_usage(postkorb: Postkorb, words: str, told: str) -> None:
    before = made(postkorb, "task", title="Anrufen", due="+1")
    ran = postkorb("task", *words.split())
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err
    assert postkorb("task", "new", "--title", " ").code == 2
    assert postkorb("task", "list", "--json").json == [{k: v for k, v in before.items() if k != "mails"}]


def test_all_tasks_with_the_words_are_listed_however_many_others_have_them(
    postkorb: Postkorb, store: Store
) -> None:
    with store.write() as tx:
        tx.run_many(
            "INSERT INTO task (title, search, assignee, state, created_at, changed_at) VALUES (?, ' anrufen', ?, ?, 1, 1)",
            [(f"Anrufen {n}", "ben", "open") for n in range(600)] + [("Anrufen früher", "anna", "done")],
        )
    assert len(postkorb("task", "list", "anruf", "--json").json) == 601
    for options in (("--assignee", "anna"), ("--mine",), ("--state", "done")):
        found = postkorb("task", "list", "anruf", *options, "--json").json
        assert [task["title"] for task in found] == ["Anrufen früher"]


def test_tasks_are_found_by_the_words_of_their_contact_too(postkorb: Postkorb) -> None:
    made(postkorb, "contact", name="Silke Berger", company="Vogel")
    made(postkorb, "task", title="Rückruf", contact="berger")
    made(postkorb, "task", title="Ablage")
    for words in ("vogel ruckr", "Silke"):
        assert [task["title"] for task in postkorb("task", "list", words, "--json").json] == ["Rückruf"]


def test_overdue_tasks_are_listed_by_themselves(postkorb: Postkorb, store: Store) -> None:
    for title in ("alt", "alt und getan", "neu"):
        made(postkorb, "task", title=title, due="+1")
    with store.write() as tx:
        tx.run("UPDATE task SET due_on = '2020-01-01' WHERE title LIKE 'alt%'")
    postkorb("task", "done", 2)
    assert [task["title"] for task in postkorb("task", "list", "--overdue", "--json").json] == ["alt"]


def test_the_personal_list_holds_everything_of_one_person(postkorb: Postkorb, store: Store) -> None:
    contact = made(postkorb, "contact", name="Silke Berger")["id"]
    made(postkorb, "task", title="Anrufen", due="heute", contact=contact)
    made(postkorb, "task", title="von Ben", assignee="ben")
    with store.write() as tx:
        tx.run(
            "INSERT INTO lead (title, assignee, state, due_on, next_step, contact_id, created_at, changed_at)"
            " VALUES ('Vogel 2027', 'anna', 'active', '2020-01-01', 'anrufen', ?, 1, 1)",
            (contact,),
        )
        tx.run(
            "INSERT INTO mention (login, author, kind, record_id, text, created_at)"
            " VALUES ('anna', 'ben', 'contact', ?, 'bitte \x1b[2J prüfen', 1)",
            (contact,),
        )
    listed = postkorb("agenda", "--json").json
    assert [(entry["kind"], entry["group"]) for entry in listed] == [
        ("lead", "overdue"),
        ("mention", "today"),
        ("task", "today"),
    ]
    assert listed[0] | {"next_step": "anrufen", "about": "Silke Berger", "due": "2020-01-01"} == listed[0]
    assert (listed[1]["author"], listed[1]["record"]) == ("Ben Kurz", {"kind": "contact", "id": contact})
    told = postkorb("agenda")
    assert "anrufen: Vogel 2027" in told.out
    assert "\x1b" not in told.out
    assert [entry["title"] for entry in postkorb("agenda", "--assignee", "ben", "--json").json] == ["von Ben"]
    assert postkorb("agenda", "--assignee", "niemand").code == 2


def test_mail_is_put_on_follow_up(postkorb: Postkorb, store: Store) -> None:
    inbox = add_folder(store, add_mailbox(store))
    mails = [put_mail(store, inbox, number).message for number in (1, 2)]
    assert postkorb("mail", "follow-up", *mails, "--on", "+2 9:00", "--json").json == {
        "changed": 2,
        "left_out": 0,
    }
    (entry,) = postkorb("agenda", "--json").json
    assert (entry["kind"], entry["title"], entry["due"]) == ("follow_up", "Anfrage 1", ahead(2))
    assert entry["mail"] in mails
    assert postkorb("mail", "list", "--unprocessed", "--json").json == []
    assert postkorb("mail", "follow-up", mails[0], "--on", "2020-01-01").code == 2
    assert postkorb("mail", "follow-up", 99, "--on", "+1").code == 1
    assert postkorb("undo").code == 0
    assert postkorb("agenda", "--json").json == []
