"""Entries of the personal task list are finished, put off and passed on, each step told in the history and taken back."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from app.domain.crm.agenda import EntryKind, Wish
from app.domain.crm.history_words import kind_word, word_for
from app.domain.crm.kinds import Kind
from app.domain.due import Due, DuePast
from app.domain.errors import BadInput, NotFound, Refused
from app.domain.team.members import Member, MemberRole, NotAMember
from app.services.crm import history
from app.services.crm import records as crm
from app.services.leads import finishing
from app.store.database import Store
from app.store.team.members import put_member
from tests.services.tasks.conftest import NOW, Work

MONDAY = Due(date(2026, 11, 23))


def test_a_finished_task_leaves_the_list_and_is_never_reopened_by_finishing_it_again(work: Work) -> None:
    number = work.task(due_on="+1")
    assert work.finish(number).text == "“Anrufen” finished"
    with pytest.raises(Refused, match="done already"):
        work.finish(number)
    assert work.row(number)[0] == "done"
    assert work.listed() == []
    assert [(entry.title, entry.done) for entry in work.listed(Wish("anna", done=True))] == [
        ("Anrufen", True)
    ]


def test_a_step_taken_back_is_told_too(work: Work) -> None:
    number = work.task()
    work.finish(number)
    done = work.undo()
    assert (done.text, done.left_out) == ("Undone: “Anrufen” finished", 0)
    assert work.row(number)[0] == "open"
    assert work.history(Kind.TASK, number) == [
        ("created", "anna", {}),
        ("finished", "anna", {"state": ["open", "done"]}),
        ("reopened", "anna", {"state": ["done", "open"], "undone": True}),
    ]


def test_steps_are_taken_back_one_after_the_other(work: Work) -> None:
    number = work.task(due_on="+1")
    work.postpone(number, MONDAY)
    work.pass_on(number, "ben")
    work.finish(number)
    for expected in (
        ("open", "2026-11-23", None, "ben"),
        ("open", "2026-11-23", None, "anna"),
        ("open", "2026-11-22", None, "anna"),
    ):
        assert work.undo().left_out == 0
        assert work.row(number) == expected


def test_what_a_colleague_changed_since_stays(work: Work) -> None:
    number = work.task()
    work.postpone(number, MONDAY)
    work.postpone(number, Due(date(2026, 12, 1)), author="ben")
    assert work.undo().left_out == 1
    assert work.row(number)[1] == "2026-12-01"


def test_a_done_task_is_reopened_by_a_step_of_its_own(work: Work) -> None:
    number = work.task()
    with pytest.raises(Refused, match="still open"):
        work.reopen(number)
    work.finish(number)
    work.reopen(number)
    assert work.row(number)[0] == "open"
    work.undo()
    assert work.row(number)[0] == "done"


def test_a_task_of_somebody_who_has_left_goes_to_whoever_reopens_it(work: Work) -> None:
    number = work.task(assignee="ben", author="ben")
    work.finish(number, author="ben")
    with work.store.write() as tx:
        tx.run("UPDATE member SET active = 0 WHERE login = 'ben'")
    assert work.reopen(number).text == "“Anrufen” opened again, it is yours now"
    assert work.row(number)[::3] == ("open", "anna")
    details = {"state": ["done", "open"], "assignee": ["ben", "anna"]}
    assert work.history(Kind.TASK, number)[-1] == ("reopened", "anna", details)
    assert work.undo().left_out == 0
    assert work.row(number)[::3] == ("done", "ben")


def test_a_reopened_task_of_nobody_stays_nobodys(work: Work) -> None:
    number = work.task(assignee="")
    work.finish(number)
    work.reopen(number)
    assert work.row(number)[::3] == ("open", "")


def test_no_way_back_gives_work_to_somebody_who_has_left(work: Work) -> None:
    number = work.task(assignee="ben")
    work.finish(number)
    with work.store.write() as tx:
        tx.run("UPDATE member SET active = 0 WHERE login = 'ben'")
    assert work.undo().left_out == 1
    assert work.row(number)[::3] == ("done", "ben")


def test_what_is_done_is_neither_put_off_nor_passed_on(work: Work) -> None:
    number = work.task()
    work.finish(number)
    with pytest.raises(Refused, match="reopen it first"):
        work.postpone(number, MONDAY)
    with pytest.raises(Refused, match="reopen it first"):
        work.pass_on(number, "ben")


def test_a_task_is_put_off_to_a_day_and_a_time_ahead_only(work: Work) -> None:
    number = work.task()
    due = Due(date(2026, 11, 24), time(8, 15))
    assert work.postpone(number, due).text == "“Anrufen” put off to 2026-11-24 08:15"
    assert work.row(number)[1:3] == ("2026-11-24", due.remind_at)
    details = {"due_on": ["", "2026-11-24"], "remind_at": [None, due.remind_at]}
    assert work.history(Kind.TASK, number)[-1] == ("postponed", "anna", details)
    work.postpone(number, MONDAY)
    assert work.row(number)[1:3] == ("2026-11-23", None)
    past = Due((NOW - timedelta(days=1)).date())
    with pytest.raises(DuePast):
        work.postpone(number, past)
    assert work.row(number)[1] == "2026-11-23"


def test_the_next_step_of_a_lead_is_put_off_until_it_is_finished(work: Work) -> None:
    lead = work.lead("Vogel 2027", "2026-11-20")
    work.postpone(lead, MONDAY, EntryKind.LEAD)
    assert [(entry.title, entry.due) for entry in work.listed()] == [("Vogel 2027", MONDAY)]
    assert work.history(Kind.LEAD, lead)[-1][0] == "postponed"
    work.undo()
    assert work.listed()[0].due == Due(date(2026, 11, 20))
    with work.store.write() as tx:
        tx.run("UPDATE lead SET state = 'done' WHERE id = ?", (lead,))
    with pytest.raises(Refused, match="finished"):
        work.postpone(lead, MONDAY, EntryKind.LEAD)
    with pytest.raises(Refused, match="asked for"):
        work.finish(lead, EntryKind.LEAD)


@pytest.mark.parametrize(
    ("to", "reason"),
    [
        ("cora", "no longer active"),
        ("dora", "privacy officer"),
        ("emil", "Nobody"),
        ("anna", "has it already"),
    ],
)
def test_a_task_is_passed_on_to_a_colleague_who_can_have_it(work: Work, to: str, reason: str) -> None:
    number = work.task()
    with pytest.raises(Refused, match=reason):
        work.pass_on(number, to)
    assert work.pass_on(number, "ben").text == "“Anrufen” passed on to Ben Weber"
    assert work.titles() == []
    assert work.titles(Wish("ben")) == ["Anrufen"]
    details = {"assignee": ["anna", "ben"]}
    assert work.history(Kind.TASK, number)[-1] == ("assigned", "anna", details)


def test_a_mention_is_put_off_to_a_day_and_stands_there_until_it_comes(work: Work) -> None:
    mention = work.mention("@anna bitte prüfen")
    assert work.due() == 1
    told = work.postpone(mention, MONDAY, EntryKind.MENTION)
    assert (told.text, told.undoable) == ("“@anna bitte prüfen” put off to 2026-11-23", True)
    assert [entry.due for entry in work.listed()] == [MONDAY]
    assert work.due() == 0
    for days in (2, 5):  # on its day, and on each day after it
        later = NOW + timedelta(days=days)
        assert [entry.due for entry in work.listed(now=later)] == [Due(later.date())]
        assert work.due(later) == 1
    done = work.undo()
    assert (done.mentions, done.left_out) == ((mention,), 0)
    assert [entry.due for entry in work.listed()] == [Due(NOW.date())]


def test_a_mention_has_a_day_and_no_time_and_not_one_that_is_over(work: Work) -> None:
    mention = work.mention("@anna bitte prüfen")
    work.postpone(mention, Due(date(2026, 11, 24), time(8, 15)), EntryKind.MENTION)
    assert [entry.due for entry in work.listed()] == [Due(date(2026, 11, 24))]
    with pytest.raises(DuePast):
        work.postpone(mention, Due(date(2026, 11, 20)), EntryKind.MENTION)
    with pytest.raises(Refused, match="colleague"):
        work.postpone(mention, MONDAY, EntryKind.MENTION, author="ben")
    work.finish(mention, EntryKind.MENTION)
    with pytest.raises(Refused, match="done already"):
        work.postpone(mention, MONDAY, EntryKind.MENTION)


def test_a_mention_that_was_put_off_and_then_again_goes_back_step_by_step(work: Work) -> None:
    mention = work.mention("@anna bitte prüfen")
    work.postpone(mention, MONDAY, EntryKind.MENTION)
    work.postpone(mention, Due(date(2026, 12, 1)), EntryKind.MENTION)
    for expected in (MONDAY, Due(NOW.date())):
        assert work.undo().left_out == 0
        assert [entry.due for entry in work.listed()] == [expected]
    work.postpone(mention, MONDAY, EntryKind.MENTION)
    work.finish(mention, EntryKind.MENTION)
    work.undo()
    assert [entry.due for entry in work.listed()] == [MONDAY]


def test_a_mention_passed_on_is_due_at_once_whatever_its_day_was(work: Work) -> None:
    mention = work.mention("@anna bitte prüfen")
    work.postpone(mention, MONDAY, EntryKind.MENTION)
    work.pass_on(mention, "ben", EntryKind.MENTION)
    assert work.titles() == []
    assert [entry.due for entry in work.listed(Wish("ben"))] == [Due(NOW.date())]
    work.undo()
    assert [entry.due for entry in work.listed()] == [MONDAY]
    assert work.titles(Wish("ben")) == []


def test_a_mention_is_read_unread_and_passed_on_by_the_one_it_is_for(work: Work) -> None:
    mention = work.mention("@anna bitte prüfen")
    with pytest.raises(Refused, match="colleague"):
        work.finish(mention, EntryKind.MENTION, author="ben")
    work.finish(mention, EntryKind.MENTION)
    assert work.titles() == []
    with pytest.raises(Refused, match="done already"):
        work.finish(mention, EntryKind.MENTION)
    work.undo()
    assert work.titles() == ["@anna bitte prüfen"]
    work.pass_on(mention, "ben", EntryKind.MENTION)
    assert work.titles() == []
    assert work.titles(Wish("ben")) == ["@anna bitte prüfen"]
    work.undo()
    assert (work.titles(), work.titles(Wish("ben"))) == (["@anna bitte prüfen"], [])
    work.finish(mention, EntryKind.MENTION)
    work.reopen(mention, EntryKind.MENTION)
    assert work.titles() == ["@anna bitte prüfen"]


def test_a_lead_that_was_finished_since_stays_with_whoever_finished_it(work: Work) -> None:
    lead = work.lead("Vogel 2027")
    work.pass_on(lead, "ben", EntryKind.LEAD)
    finishing.succeed(work.store, lead, author="ben", now=NOW)
    assert work.undo().left_out == 1
    assert work.store.read.row("SELECT state, assignee FROM lead WHERE id = ?", (lead,)) == ("done", "ben")


@pytest.mark.parametrize("kind", [EntryKind.LEAD, EntryKind.TASK])
def test_nothing_comes_back_to_whoever_has_left(work: Work, kind: EntryKind) -> None:
    number = work.lead("Vogel 2027", assignee="ben") if kind is EntryKind.LEAD else work.task(assignee="ben")
    work.pass_on(number, "anna", kind)
    put(work.store, Member("ben", "Ben Weber", active=False))
    assert work.undo().left_out == 1
    assert [entry.assignee for entry in work.listed()] == ["anna"]


def test_who_works_here_no_longer_takes_no_step_back(work: Work) -> None:
    number = work.task(author="ben")
    work.postpone(number, MONDAY, author="ben")
    put(work.store, Member("ben", "Ben Weber", active=False))
    with pytest.raises(NotAMember):
        work.undo(author="ben")
    assert work.row(number)[1] == "2026-11-23"


def test_who_only_reads_by_now_takes_no_step_back(work: Work) -> None:
    number = work.task(author="ben")
    work.postpone(number, MONDAY, author="ben")
    put(work.store, Member("ben", "Ben Weber", role=MemberRole.PRIVACY))
    assert (work.undo(author="ben").count, work.row(number)[1]) == (0, "2026-11-23")


def put(store: Store, member: Member) -> None:
    with store.write() as tx:
        put_member(tx, member, 1)


def test_who_does_no_work_here_changes_nothing(work: Work) -> None:
    number = work.task()
    for author in ("cora", "emil"):
        with pytest.raises(NotAMember):
            work.finish(number, author=author)
    with pytest.raises(Refused, match="Privacy officers"):
        work.finish(number, author="dora")
    assert work.row(number)[0] == "open"


def test_what_is_gone_is_told(work: Work) -> None:
    for kind in (EntryKind.TASK, EntryKind.MENTION):
        with pytest.raises(NotFound):
            work.finish(99, kind)
    with pytest.raises(NotFound):
        work.postpone(99, MONDAY, EntryKind.LEAD)


def test_a_new_task_is_told_where_it_belongs_and_so_is_its_end(work: Work) -> None:
    lead = work.lead("Vogel 2027")
    number = work.task(lead_id=lead, contact_id=work.contact, due_on="morgen 9:00")
    assert work.history(Kind.LEAD, lead)[1:] == [("task made", "anna", {"task": number})]
    assert len(work.history(Kind.CONTACT, work.contact)) == 1
    work.finish(number)
    assert work.history(Kind.LEAD, lead)[-1] == ("task done", "anna", {"task": number})


def test_a_follow_up_is_called_so_wherever_it_is_told_of(work: Work) -> None:
    lead = work.lead("Vogel 2027")
    number = work.task(lead_id=lead, kind="follow_up", due_on="+1")
    work.finish(number, EntryKind.FOLLOW_UP)
    told = history.history(work.store, Kind.LEAD, lead)
    assert [word_for(line) for line in told][1:] == ["Follow-up", "Follow-up"]
    assert kind_word(crm.row(work.store, Kind.TASK, number)) == "Follow-up"
    assert kind_word(crm.row(work.store, Kind.TASK, work.task())) == "Task"
    assert kind_word(crm.row(work.store, Kind.LEAD, lead)) == "Lead"


@pytest.mark.parametrize(
    ("values", "error", "reason"),
    [
        ({"title": " "}, BadInput, "Title: must not be empty"),
        ({"due_on": "2026-11-20"}, DuePast, "2026-11-20"),
        ({"due_on": "gestern"}, BadInput, "no day"),
        ({"due_on": "heute 0:01"}, DuePast, "00:01"),
        ({"assignee": "cora"}, Refused, "no longer active"),
        ({"assignee": "emil"}, Refused, "Nobody"),
        ({"lead_id": 99}, NotFound, "99"),
        ({"opportunity_id": 99}, NotFound, "99"),
    ],
)
def test_a_task_that_cannot_be_so_is_neither_made_nor_changed(
    work: Work, values: dict[str, object], error: type[Exception], reason: str
) -> None:
    with pytest.raises(error, match=reason):
        work.task(**values)  # type: ignore[arg-type]
    number = work.task()
    with pytest.raises(error, match=reason):
        work.change(number, **values)  # type: ignore[arg-type]
    assert work.titles() == ["Anrufen"]


def test_an_overdue_task_can_be_changed_as_long_as_its_day_is_not(work: Work) -> None:
    number = work.task(due_on="+1 9:00")
    later = NOW + timedelta(days=9)
    work.change(number, "ben", later, title="Angebot")
    assert work.titles() == ["Angebot"]
    assert work.row(number)[2] == Due(date(2026, 11, 22), time(9)).remind_at
    event, author, details = work.history(Kind.TASK, number)[-1]
    assert (event, author, details) == ("changed", "ben", {"title": ["Anrufen", "Angebot"]})
    with pytest.raises(BadInput, match="steps of their own"):
        work.change(number, state="done")


def test_every_change_makes_a_newer_version(work: Work) -> None:
    number = work.task()

    def version() -> int:
        return int(work.store.read.value("SELECT changed_at FROM task WHERE id = ?", (number,)))

    seen = [version()]
    for step in (
        lambda: work.postpone(number, MONDAY),
        lambda: work.finish(number, now=datetime(2020, 1, 1).astimezone()),
        lambda: work.undo(),
    ):
        step()
        seen.append(version())
    assert seen == sorted(set(seen))
