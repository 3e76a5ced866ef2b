"""`postkorb overview`, on the leads that a person can count."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.store.database import Store
from tests.cli.conftest import Postkorb
from tests.store.fair import fair


@pytest.fixture
def _fair(store: Store) -> None:
    fair(store)


@pytest.mark.usefixtures("_fair")
def test_the_funnel_of_a_campaign_is_printed(postkorb: Postkorb) -> None:
    ran = postkorb("overview", "funnel", "--campaign", "messe")
    assert ran.code == 0
    assert ran.out.splitlines()[0] == "Funnel, Messe, all time"
    assert [line.split() for line in ran.out.splitlines()[3:5]] == [
        ["New", "9", "–", "–"],
        ["Active", "7", "77.8", "%", "24", "h"],
    ]


@pytest.mark.usefixtures("_fair")
def test_leads_are_counted_and_listed(postkorb: Postkorb) -> None:
    out = postkorb("overview", "leads", "--from", "2026-11-07", "--to", "2026-11-18").out
    assert "Leads, 2026-11-07–2026-11-18" in out
    assert [line.split()[:3] for line in out.splitlines() if "Anfrage" in line] == [
        ["New", "Anfrage", "9"],
        ["New", "Anfrage", "8"],
        ["Active", "Anfrage", "7"],
    ]


@pytest.mark.usefixtures("_fair")
def test_each_overview_is_printed_and_given_to_scripts(postkorb: Postkorb) -> None:
    for view, words in (
        ("leads", "Unsuccessful"),
        ("funnel", "Won"),
        ("load", "not assigned"),
        ("reasons", "competitor"),
        ("opportunities", "December 2026"),
    ):
        printed = postkorb("overview", view)
        assert (printed.code, printed.err) == (0, "")
        assert words in printed.out
        assert max(map(len, printed.out.splitlines())) <= 80
        assert postkorb("overview", view, "--json").json["view"] == view


@pytest.mark.usefixtures("_fair")
def test_one_assignee_is_asked_for_by_login(postkorb: Postkorb) -> None:
    told = postkorb("overview", "load", "--assignee", "ANNA", "--json").json
    assert [(each["assignee"], each["active"], each["success_rate"]) for each in told["assignees"]] == [
        ("anna", 2, pytest.approx(2 / 3))
    ]


@pytest.mark.usefixtures("_fair")
def test_a_file_is_written_once(postkorb: Postkorb, tmp_path: Path) -> None:
    path = tmp_path / "trichter.csv"
    ran = postkorb("overview", "funnel", "--csv", path)
    assert (ran.code, ran.out, ran.err) == (0, "", f"Written: {path}\n")
    assert path.read_bytes().startswith("\ufeffStep,Leads,".encode())
    again = postkorb("overview", "reasons", "--csv", path)
    assert again.code == 1
    assert "there is such a file already. Choose another name." in again.err
    assert postkorb("overview", "reasons", "--csv", tmp_path / "b.csv", "--json").json == {
        "file": str(tmp_path / "b.csv")
    }


def test_without_any_lead_that_is_said(postkorb: Postkorb) -> None:
    ran = postkorb("overview", "funnel")
    assert (ran.code, ran.out, ran.err) == (0, "Funnel, all time\n\n", "There is nothing to count here.\n")


@pytest.mark.usefixtures("_fair")
@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--campaign", "gibt es nicht"), 2, "--campaign: only Brief, Leer, Messe may stand here"),
        (("--assignee", "niemand"), 2, "--assignee: Nobody in the team has the login “niemand”."),
        (("--from", "neulich"), 2, "--from: “neulich” is not a day"),
        (
            ("--from", "2026-12", "--to", "2026-11"),
            2,
            "2026-12-01–2026-11-30: the period ends before it begins",
        ),
        (("--csv", "/gibt/es/nicht/a.csv"), 1, "No such file or directory"),
    ],
)
def test_what_cannot_be_is_told(postkorb: Postkorb, words: tuple[str, ...], code: int, told: str) -> None:
    ran = postkorb("overview", "load", *words)
    assert (ran.code, ran.out) == (code, "")
    assert told in ran.err
