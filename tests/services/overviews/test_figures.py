"""Overviews as screens and scripts are handed them: named, ordered, as JSON and as files."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from app.domain.errors import CampaignNotFound
from app.domain.overviews.figures import Group, Overview, Scope, Step, View
from app.domain.periods import Period
from app.language import use_language
from app.services.overviews.figures import lead_ids, leads, overview
from app.services.overviews.output import overview_json, save
from app.store.database import Store
from tests.store.fair import at, fair
from tests.store.leads import add_lead

NOW = datetime.fromtimestamp(at(20, 12), UTC)


@pytest.fixture(autouse=True)
def _in_berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    use_language("de")
    yield
    monkeypatch.undo()
    time.tzset()


def seen(store: Store, view: View, scope: Scope | None = None) -> Overview:
    return overview(store, view, scope or Scope(), NOW.astimezone())


def test_an_overview_says_what_it_is_about(store: Store) -> None:
    campaigns = fair(store)
    found = seen(store, View.FUNNEL, Scope(campaigns["Messe"], assignee="anna"))
    assert (found.campaign, found.assignee) == ("Messe", "Anna")
    assert [each.leads for each in found.steps] == [4, 4, 2, 1, 2, 1]


def test_all_groups_and_steps_are_told_also_without_any_lead(store: Store) -> None:
    assert [each.group for each in seen(store, View.LEADS).groups] == list(Group)
    assert [each.step for each in seen(store, View.FUNNEL).steps] == list(Step)
    assert all(seen(store, view).is_empty for view in View)


def test_a_campaign_that_is_not_there_is_told(store: Store) -> None:
    for view in View:
        with pytest.raises(CampaignNotFound):
            seen(store, view, Scope(4711))


def test_the_leads_of_an_overview_are_those_that_it_counts(store: Store) -> None:
    campaigns = fair(store)
    for scope in (
        Scope(),
        Scope(campaigns["Messe"]),
        Scope(assignee="bodo"),
        Scope(period=Period(date(2026, 11, 3), date(2026, 11, 6))),
    ):
        counted = sum(each.leads for each in seen(store, View.LEADS, scope).groups)
        assert len(lead_ids(store, scope, NOW)) == counted
    titles = [row.title for row in leads(store, Scope(period=Period(date(2026, 11, 7), None)), NOW)]
    assert titles == ["Anfrage 9", "Anfrage 8", "Anfrage 7"]


def test_more_leads_than_are_read_at_once_all_come(sqlite_store: Store) -> None:
    with sqlite_store.write() as tx:
        tx.run_many(
            "INSERT INTO lead (title, state, created_at) VALUES (?, 'new', ?)",
            [(f"L{n}", n) for n in range(1_000)],
        )
    assert [row.title for row in leads(sqlite_store, Scope(), NOW)] == [
        f"L{n}" for n in reversed(range(1_000))
    ]


def test_scripts_read_the_same_figures(store: Store) -> None:
    campaigns = fair(store)
    scope = Scope(campaigns["Messe"], Period(date(2026, 11, 1), date(2026, 11, 30)))
    told = {view: overview_json(store, seen(store, view, scope), NOW) for view in View}
    assert {key: told[View.FUNNEL][key] for key in ("view", "campaign", "from", "to", "assignee")} == {
        "view": "funnel",
        "campaign": "Messe",
        "from": "2026-11-01",
        "to": "2026-11-30",
        "assignee": None,
    }
    assert told[View.FUNNEL]["steps"][1] == {
        "step": "active",
        "leads": 7,
        "of": 9,
        "rate": 7 / 9,
        "median_days": 1.0,
    }
    assert told[View.LEADS]["groups"][3] == {
        "state": "done",
        "result": "failure",
        "leads": 3,
        "overdue": 0,
        "value": 3_000.0,
        "median_days": 10.083,
    }
    assert [lead["title"] for lead in told[View.LEADS]["leads"]][:2] == ["Anfrage 9", "Anfrage 8"]
    assert told[View.LOAD]["assignees"][0]["assignee"] is None
    assert told[View.REASONS]["reasons"][0]["reason"] == "competitor"
    assert told[View.OPPORTUNITIES]["stages"] == [
        {
            "month": "2026-11",
            "stage": "Gewonnen",
            "outcome": "won",
            "opportunities": 1,
            "value": 9_500.0,
            "weighted": 0.0,
        }
    ]


def lines(path: Path) -> list[str]:
    return path.read_bytes().decode("utf-8-sig").split("\r\n")[:-1]


def test_the_file_of_a_funnel_holds_its_figures_as_numbers(sqlite_store: Store, tmp_path: Path) -> None:
    campaigns = fair(sqlite_store)
    found = seen(
        sqlite_store, View.FUNNEL, Scope(campaigns["Messe"], Period(date(2026, 11, 1), date(2026, 11, 30)))
    )
    path = save(sqlite_store, found, NOW, tmp_path)
    assert path.name == "Trichter Messe November 2026.csv"
    assert lines(path) == [
        "Schritt;Leads;Vom Schritt davor (%);Zeit bis dahin (Tage)",
        "Neu;9;;",
        "Aktiv;7;77,8;1,00",
        "Erfolgreich;2;28,6;4,00",
        "Erfolglos;3;42,9;10,00",
        "Verkaufschance;2;100,0;0,00",
        "Gewonnen;1;50,0;10,00",
    ]


def test_the_file_of_leads_has_each_of_them_and_computes_nothing(sqlite_store: Store, tmp_path: Path) -> None:
    add_lead(sqlite_store, "=HYPERLINK(1)", created_at=at(2), value=1_050, due_on="2026-11-30", source="-5")
    path = save(sqlite_store, seen(sqlite_store, View.LEADS), NOW, tmp_path)
    assert path.name == "Leads.csv"
    assert lines(path) == [
        "Stand;Lead;Kontakt;Firma;Kampagne;Quelle;Bearbeiter;Wert (€);Eingang;Fällig;Abschluss;Grund",
        "Neu;'=HYPERLINK(1);;;;-5;;10,50;2026-11-02;2026-11-30;;",
    ]


def test_a_campaign_with_a_hostile_name_writes_into_the_folder(sqlite_store: Store, tmp_path: Path) -> None:
    with sqlite_store.write() as tx:
        number = tx.value("INSERT INTO campaign (name) VALUES ('../../x') RETURNING id")
    add_lead(sqlite_store, campaign_id=number)
    path = save(sqlite_store, seen(sqlite_store, View.LEADS, Scope(number)), NOW, tmp_path)
    assert path.parent == tmp_path
    assert path.name == "Leads .._.._x.csv"
