"""Steps on leads are taken back as a whole, by the rules that hold for steps, and what others have done since stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.domain.crm.agenda import EntryKind
from app.domain.crm.kinds import Kind
from app.domain.errors import Refused
from app.domain.leads.distribution import Share
from app.domain.team.members import NotAMember
from app.domain.undo import Done, NothingToUndo
from app.language import use_language
from app.services.crm import history as notes
from app.services.crm.changing import change
from app.services.crm.records import create
from app.services.leads import steps
from app.services.leads.distributing import distribute
from app.services.leads.finishing import fail, succeed
from app.services.leads.working import assign, reopen, take_back
from app.services.opportunities import making
from app.services.opportunities import working as chances
from app.services.opportunities.finding import found_opportunity
from app.services.tasks import steps as tasks
from app.services.team import campaigns
from app.services.undo.undoing import undo
from app.store.database import Store
from tests.services.leads.team import NOW, add_leads, broken_leads, furnish, history, standing
from tests.store.build import steps_of
from tests.store.leads import add_lead


@pytest.fixture
def store(store: Store) -> Iterator[Store]:
    use_language("en")
    furnish(store)
    yield store
    assert broken_leads(store) == []
    use_language("de")


def back(store: Store, author: str = "anna") -> Done:
    return undo(store, author=author, now=NOW)


def opportunity_of(store: Store, lead: int) -> tuple[int, str] | None:
    return store.read.row("SELECT id, title FROM opportunity WHERE lead_id = ?", (lead,))  # type: ignore[return-value]


def test_each_step_on_a_lead_is_taken_back_told_of_and_named(store: Store) -> None:
    lead = create(store, Kind.LEAD, {"title": "Pumpen"}, author="anna", now=NOW).id
    assign(store, [lead], "anna", author="anna", now=NOW)
    change(store, Kind.LEAD, lead, {"value": "500", "note": "eilt"}, author="anna", now=NOW)
    fail(store, lead, "competitor", author="anna", now=NOW)
    reopen(store, lead, author="anna", now=NOW)
    take_back(store, [lead], author="anna", now=NOW)
    stood = [("active", "anna"), ("done", "anna"), ("active", "anna"), ("active", "anna"), ("new", "")]
    told = [
        "“Pumpen” given back",
        "“Pumpen” opened again",
        "“Pumpen” finished: unsuccessful",
        "“Pumpen” changed",
        "“Pumpen” passed on to Anna Berg",
    ]
    for text, before in zip(told, stood, strict=True):
        done = back(store)
        assert (done.text, done.left_out, done.records) == (f"Undone: {text}", 0, ((Kind.LEAD, lead),))
        assert standing(store, lead) == before
    undone = [event for event, _by, _text, details in history(store, lead) if details.get("undone")]
    assert undone == ["assigned", "finished", "reopened", "changed", "taken back"]
    assert store.read.row("SELECT value, note FROM lead") == (None, "")
    assert back(store).text == "Undone: “Pumpen” made"
    assert store.read.value("SELECT count(*) FROM lead") == 0
    with pytest.raises(NothingToUndo):
        back(store)


def test_a_distribution_is_one_step_however_many_transactions_it_took(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "PORTION", 3)
    leads = add_leads(store, 8)
    distribute(store, leads, [Share("anna"), Share("ben")], author="anna", now=NOW)
    assert steps_of(store, "anna") == ["8 leads distributed"]
    done = back(store)
    assert (done.text, done.count, done.left_out) == ("Undone: 8 leads distributed", 8, 0)
    assert {standing(store, lead) for lead in leads} == {("new", "")}
    assert steps_of(store, "anna") == []


def test_what_was_distributed_before_somebody_pulled_the_plug_is_taken_back(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "PORTION", 3)
    leads = add_leads(store, 8)

    def pull(done: int, _total: int) -> None:
        if done == 6:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        distribute(store, leads, [Share("ben")], author="anna", now=NOW, progress=pull)
    assert [standing(store, lead)[0] for lead in leads] == ["active"] * 6 + ["new"] * 2
    assert back(store).text == "Undone: 6 leads distributed"
    assert {standing(store, lead) for lead in leads} == {("new", "")}


def test_a_part_that_comes_after_the_step_was_taken_back_is_a_step_of_its_own(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "PORTION", 3)
    leads = add_leads(store, 6)

    def meanwhile(done: int, _total: int) -> None:
        if done == 3:
            back(store)
            assign(store, leads[:1], "cleo", author="anna", now=NOW)

    distribute(store, leads, [Share("ben")], author="anna", now=NOW, progress=meanwhile)
    assert len(steps_of(store, "anna")) == 2
    assert [standing(store, lead)[1] for lead in leads] == ["cleo", "", "", "ben", "ben", "ben"]
    back(store)
    assert [standing(store, lead)[1] for lead in leads] == ["cleo", "", "", "", "", ""]


def test_what_colleagues_did_with_some_of_many_since_stays_and_is_counted(store: Store) -> None:
    given, finished, resumed, rest = leads = add_leads(store, 4)
    distribute(store, leads, [Share("ben")], author="anna", now=NOW)
    assign(store, [given], "cleo", author="ben", now=NOW)
    fail(store, finished, "competitor", author="ben", now=NOW)
    fail(store, resumed, "competitor", author="ben", now=NOW)
    reopen(store, resumed, author="ben", now=NOW)
    done = back(store)
    assert done.text == "Undone: 4 leads distributed (3 were changed since and stay)"
    assert (done.count, done.left_out) == (1, 3)
    assert [standing(store, lead) for lead in leads] == [
        ("active", "cleo"),
        ("done", "ben"),
        ("active", "ben"),
        ("new", ""),
    ]
    assert rest in leads


def test_no_lead_comes_back_to_whoever_has_left(store: Store) -> None:
    lead = add_lead(store, "Pumpen", assignee="ben")
    assign(store, [lead], "anna", author="cleo", now=NOW)
    with store.write() as tx:
        tx.run("UPDATE member SET active = 0 WHERE login = 'ben'")
    assert back(store, "cleo").left_out == 1
    assert standing(store, lead) == ("active", "anna")


def test_who_works_here_no_longer_takes_nothing_back_and_loses_no_step(store: Store) -> None:
    lead = add_lead(store)
    assign(store, [lead], "ben", author="anna", now=NOW)
    with store.write() as tx:
        tx.run("UPDATE member SET active = 0 WHERE login = 'anna'")
    with pytest.raises(NotAMember):
        back(store)
    assert standing(store, lead) == ("active", "ben")
    assert len(steps_of(store, "anna")) == 1


# -- success


def test_a_success_taken_back_takes_its_opportunity_along(store: Store) -> None:
    lead = add_lead(store, "Pumpen", assignee="anna")
    made = succeed(store, lead, author="anna", now=NOW).opportunity
    chances.move(store, made, "Angebot", author="anna", now=NOW)
    assert back(store).text == "Undone: “Pumpen” moved to “Angebot”"
    assert back(store).text == "Undone: “Pumpen” finished: successful"
    assert (standing(store, lead), opportunity_of(store, lead)) == (("active", "anna"), None)
    assert store.read.value("SELECT count(*) FROM history_entry WHERE kind = 'opportunity'") == 0


def _note(store: Store, chance: int) -> None:
    notes.note(store, Kind.OPPORTUNITY, chance, "ruft an", author="ben", now=NOW)


def _task(store: Store, chance: int) -> None:
    create(store, Kind.TASK, {"title": "Anrufen", "opportunity_id": chance}, author="ben", now=NOW)


def _moved(store: Store, chance: int) -> None:
    chances.move(store, chance, "Angebot", author="cleo", now=NOW)


def _link(store: Store, chance: int) -> None:
    with store.write() as tx:
        tx.run("INSERT INTO message (id, digest) VALUES (1, ?)", (b"1",))
        tx.run(
            "INSERT INTO link (message_id, kind, record_id, origin, author) VALUES (1, 'opportunity', ?, 'person', 'ben')",
            (chance,),
        )


@pytest.mark.parametrize("use", [_note, _task, _moved, _link])
def test_an_opportunity_that_was_used_since_stays_and_it_is_said(store: Store, use: Any) -> None:
    lead = add_lead(store, "Pumpen", assignee="anna")
    made = succeed(store, lead, author="anna", now=NOW).opportunity
    use(store, made)
    done = back(store)
    assert done.text == ("Undone: “Pumpen” finished: successful (the opportunity was used since and stays)")
    assert (done.count, done.left_out) == (1, 1)
    assert standing(store, lead) == ("active", "anna")
    assert opportunity_of(store, lead) == (made, "Pumpen")


def test_a_lead_that_somebody_reopened_keeps_its_opportunity(store: Store) -> None:
    lead = add_lead(store, "Pumpen", assignee="anna")
    made = succeed(store, lead, author="anna", now=NOW).opportunity
    reopen(store, lead, author="cleo", now=NOW)
    assert back(store).left_out == 2
    assert opportunity_of(store, lead) == (made, "Pumpen")


def test_what_a_lead_is_successful_because_of_is_not_taken_from_it(store: Store) -> None:
    lead, other = add_leads(store, 2, assignee="anna")
    made = succeed(store, lead, author="anna", now=NOW).opportunity
    for to in (None, other):
        with pytest.raises(Refused, match="is successful because of it"):
            making.change(store, made, {"lead_id": to}, author="anna", now=NOW)
    reopen(store, lead, author="anna", now=NOW)
    making.change(store, made, {"lead_id": other}, author="anna", now=NOW)
    assert opportunity_of(store, other) is not None


def test_a_lead_whose_opportunity_went_elsewhere_is_not_made_successful_again(store: Store) -> None:
    lead, other = add_leads(store, 2, assignee="anna")
    made = succeed(store, lead, author="anna", now=NOW).opportunity
    reopen(store, lead, author="anna", now=NOW)
    making.change(store, made, {"lead_id": other}, author="cleo", now=NOW)
    assert back(store).left_out == 1
    assert standing(store, lead) == ("active", "anna")


def test_an_opportunity_that_was_put_to_a_lead_stays_once_that_is_successful_because_of_it(
    store: Store,
) -> None:
    lead = add_lead(store, "Pumpen", assignee="ben")
    made = making.create(store, {"title": "Pumpen"}, author="anna", now=NOW).id
    making.change(store, made, {"lead_id": lead}, author="anna", now=NOW)
    assert succeed(store, lead, author="ben", now=NOW).kept
    assert back(store).left_out == 1
    assert opportunity_of(store, lead) == (made, "Pumpen")


def test_what_is_lost_stays_so_once_its_lead_has_become_another_opportunity(store: Store) -> None:
    lead = add_lead(store, "Pumpen", assignee="anna")
    first = succeed(store, lead, author="anna", now=NOW).opportunity
    chances.lose(store, first, "competitor", author="anna", now=NOW)
    reopen(store, lead, author="cleo", now=NOW)
    succeed(store, lead, {"title": "Pumpen 2028"}, author="cleo", now=NOW)
    assert back(store).left_out == 1
    with pytest.raises(Refused, match="has become the opportunity “Pumpen 2028” since"):
        chances.reopen(store, first, author="anna", now=NOW)
    assert found_opportunity(store.read, first).reason == "competitor"


# -- what leads hold


def test_of_a_task_that_was_taken_back_the_lead_tells_no_more(store: Store) -> None:
    lead = add_lead(store, "Pumpen", assignee="anna")
    kept = create(store, Kind.TASK, {"title": "Anrufen", "lead_id": lead}, author="anna", now=NOW).id
    gone = create(store, Kind.TASK, {"title": "Angebot", "lead_id": lead}, author="anna", now=NOW).id
    tasks.finish(store, EntryKind.TASK, gone, author="anna", now=NOW)
    back(store)
    back(store)
    assert store.read.rows("SELECT id FROM task") == [(kept,)]
    told = [(event, text, details["task"]) for event, _by, text, details in history(store, lead)]
    assert told == [("task made", "Anrufen", kept)]


def test_fields_that_a_colleague_changed_since_stay(store: Store) -> None:
    lead = create(store, Kind.LEAD, {"title": "Pumpen"}, author="anna", now=NOW).id
    values = {"title": "Ventile", "note": "eilt", "campaign": "Messe"}
    change(store, Kind.LEAD, lead, values, author="anna", now=NOW)
    change(store, Kind.LEAD, lead, {"note": "eilt sehr"}, author="ben", now=NOW)
    done = back(store)
    assert (done.count, done.left_out) == (2, 1)
    row = store.read.row("SELECT title, note, campaign_id, search FROM lead")
    assert row == ("Pumpen", "eilt sehr", None, " pumpen")


def test_a_campaign_that_was_renamed_since_is_the_same_campaign(store: Store) -> None:
    first, lead = add_leads(store, 2, assignee="anna")
    for number, campaign in ((first, "Herbst"), (lead, "Messe"), (lead, "herbst")):
        change(store, Kind.LEAD, number, {"campaign": campaign}, author="anna", now=NOW)
    ids = {name: number for number, name, _leads in campaigns.list_campaigns(store)}
    for name, to in (("Messe", "Messe 2026"), ("Herbst", "Messe")):
        campaigns.rename_campaign(store, ids[name], to, author="cleo", now=NOW)
    assert back(store).count == 1
    assert campaigns.list_campaigns(store) == [(ids["Herbst"], "Messe", 1), (ids["Messe"], "Messe 2026", 1)]
    assert back(store).count == 1
    assert back(store).count == 1
    assert campaigns.list_campaigns(store) == [(ids["Herbst"], "Messe", 0), (ids["Messe"], "Messe 2026", 0)]


def test_a_change_that_gives_a_lead_away_too_is_one_step(store: Store) -> None:
    lead = create(store, Kind.LEAD, {"title": "Pumpen"}, author="anna", now=NOW).id
    change(store, Kind.LEAD, lead, {"assignee": "ben", "note": "eilt"}, author="anna", now=NOW)
    back(store)
    assert standing(store, lead) == ("new", "")
    assert store.read.value("SELECT note FROM lead") == ""


def test_a_new_lead_that_a_colleague_took_stays(store: Store) -> None:
    lead = create(store, Kind.LEAD, {"title": "Pumpen"}, author="anna", now=NOW).id
    assign(store, [lead], "ben", author="ben", now=NOW)
    take_back(store, [lead], author="ben", now=NOW)
    done = back(store)
    assert done.text == "Not undone: “Pumpen” made (1 was changed since and stays)"
    assert standing(store, lead) == ("new", "")
