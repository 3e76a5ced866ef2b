"""Contacts and leads are merged and taken apart by words or numbers, and likely duplicates are listed."""

from __future__ import annotations

import pytest

from app.cli.parser import BIGGEST
from tests.cli.conftest import Postkorb
from tests.cli.test_crm import made


def test_two_contacts_become_one_and_two_again(postkorb: Postkorb) -> None:
    one = made(postkorb, "contact", name="Silke Berger", email="s@vogel.example", company="Vogel")
    two = made(postkorb, "contact", name="Silvia Meier", email="m@vogel.example", company="Nordholz")
    lead = made(postkorb, "lead", title="Pumpen", contact="meier")
    ran = postkorb(
        "contact", "merge", "berger", "meier", "--take", "company", "--take", "emails=keep", "--json"
    )
    assert ran.code == 0
    assert ran.json == {"id": one["id"], "title": "Silke Berger, Nordholz", "removed": two["id"]}
    merged = postkorb("contact", "show", one["id"], "--json").json
    assert [each["value"] for each in merged["emails"]] == ["s@vogel.example"]
    assert postkorb("lead", "show", lead["id"], "--json").json["contact"]["id"] == one["id"]
    assert postkorb("contact", "show", two["id"]).code == 1
    ran = postkorb("contact", "unmerge", "berger", "--json")
    assert ran.code == 0
    assert ran.json == {"id": one["id"], "restored": two["id"], "stay": [], "left": 0}
    assert postkorb("contact", "show", one["id"], "--json").json["company"] == "Vogel"
    assert postkorb("lead", "show", lead["id"], "--json").json["contact"]["id"] == two["id"]
    assert postkorb("contact", "unmerge", "berger").code == 1


def test_what_was_changed_since_is_named_and_half_an_undo_is_no_success(postkorb: Postkorb) -> None:
    one = made(postkorb, "contact", name="Silke Berger")
    two = made(postkorb, "contact", name="Silvia Meier", company="Nordholz")
    assert postkorb("contact", "merge", one["id"], two["id"]).code == 0
    assert postkorb("contact", "change", one["id"], "--company", "Vogel").code == 0
    ran = postkorb("contact", "unmerge", one["id"])
    assert (ran.code, ran.out) == (1, f"{two['id']}  Silvia Meier, Nordholz\n")
    assert "Company" in ran.err
    assert postkorb("contact", "show", one["id"], "--json").json["company"] == "Vogel"


def test_leads_are_merged_with_their_tasks(postkorb: Postkorb) -> None:
    one, two = (made(postkorb, "lead", title=title) for title in ("Pumpen", "Pumpe"))
    task = made(postkorb, "task", title="Anrufen", lead=two["id"])
    ran = postkorb("lead", "merge", one["id"], two["id"], "--take", "title=other")
    assert (ran.code, ran.out) == (0, f"{one['id']}  Pumpe\n")
    assert postkorb("task", "show", task["id"], "--json").json["lead"]["id"] == one["id"]
    assert postkorb("lead", "unmerge", one["id"]).code == 0
    assert postkorb("task", "show", task["id"], "--json").json["lead"]["id"] == two["id"]


@pytest.mark.parametrize("take", ["colour", "company=mine", "company=", "created_at=other", "=other"])
def test_what_cannot_be_taken_is_wrong_usage(postkorb: Postkorb, take: str) -> None:
    one, two = (made(postkorb, "contact", name=name, company=name)["id"] for name in ("Berger", "Meier"))
    ran = postkorb("contact", "merge", one, two, "--take", take)
    assert ran.code == 2
    assert "--take" in ran.err


@pytest.mark.parametrize("other", ["berger", "99", str(BIGGEST + 1)])
def test_itself_and_what_is_not_there_are_refused_in_a_sentence(postkorb: Postkorb, other: str) -> None:
    made(postkorb, "contact", name="Berger")
    ran = postkorb("contact", "merge", "berger", other)
    assert ran.code == 1
    assert len(ran.err.splitlines()) == 1
    assert "Traceback" not in ran.err


def test_contacts_that_are_likely_one_are_listed_with_the_reason(postkorb: Postkorb) -> None:
    assert postkorb("contact", "duplicates", "--json").json == []
    one = made(postkorb, "contact", name="Silke Berger", email="s@vogel.example")
    two = made(postkorb, "contact", name="S. Berger", email="s@vogel.example")
    assert postkorb("contact", "duplicates", "--json").json == [
        {
            "id": one["id"],
            "title": "Silke Berger",
            "other": {"id": two["id"], "title": "S. Berger"},
            "reason": "same e-mail address",
        }
    ]
    assert "same e-mail address" in postkorb("contact", "duplicates").out


def test_open_leads_of_one_contact_are_listed_as_likely_one(postkorb: Postkorb) -> None:
    made(postkorb, "contact", name="Berger")
    one, two = (made(postkorb, "lead", title=title, contact="berger") for title in ("Pumpen", "Ventile"))
    made(postkorb, "lead", title="Pumpen")
    (pair,) = postkorb("lead", "duplicates", "--json").json
    assert (pair["id"], pair["other"]["id"], pair["reason"]) == (
        *(one["id"], two["id"]),
        "open lead of the same contact",
    )
