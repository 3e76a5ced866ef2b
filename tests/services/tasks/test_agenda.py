"""The personal task list holds what is to be done by one member, in one list, and counts what is due."""

from __future__ import annotations

from datetime import date, time, timedelta

from app.domain.crm.agenda import EntryKind, Wish
from app.domain.crm.kinds import Kind
from app.domain.due import Due
from app.services.crm import records as crm
from app.services.tasks import agenda, reminders
from tests.services.tasks.conftest import NOW, Work


def test_leads_tasks_follow_ups_and_mentions_stand_in_the_order_of_their_days(work: Work) -> None:
    work.task("ohne Termin")
    work.task("Montag", due_on="23.11.")
    work.task("heute um vier", due_on="heute 16:00")
    work.task("heute um drei", due_on="heute 15:00", kind="follow_up")
    work.task("heute", due_on="heute")
    work.lead("Lead von gestern", "2026-11-20")
    work.lead("Lead ohne Tag")
    work.mention("@anna")
    listed = work.listed()
    assert [entry.title for entry in listed] == [
        *("Lead von gestern", "heute um drei", "heute um vier", "@anna", "heute", "Montag"),
        *("Lead ohne Tag", "ohne Termin"),
    ]
    assert [entry.kind for entry in listed[:4]] == [
        *(EntryKind.LEAD, EntryKind.FOLLOW_UP, EntryKind.TASK, EntryKind.MENTION)
    ]


def test_the_list_is_of_one_member_of_all_and_of_some_kinds(work: Work) -> None:
    work.task("von Anna")
    work.task("von Ben", assignee="ben")
    work.lead("neuer Lead", assignee="")
    work.mention("für Ben", login="ben")
    assert work.titles() == ["von Anna"]
    assert work.titles(Wish("ben")) == ["für Ben", "von Ben"]
    assert set(work.titles(Wish())) == {"von Anna", "von Ben", "für Ben", "neuer Lead"}
    assert work.titles(Wish(kinds=frozenset({EntryKind.MENTION}))) == ["für Ben"]
    assert work.titles(Wish("anna", kinds=frozenset({EntryKind.FOLLOW_UP}))) == []
    assert [entry.name for entry in work.listed(Wish("ben"))] == ["Ben Weber", "Ben Weber"]


def test_words_find_entries_by_title_contact_and_mention_with_umlauts_either_way(work: Work) -> None:
    work.task("Prüfung der Pumpen")
    work.task("Anrufen", contact_id=work.contact)
    work.mention("@anna bitte prüfen")
    assert sorted(work.titles(Wish("anna", text="pruf"))) == ["@anna bitte prüfen", "Prüfung der Pumpen"]
    assert work.titles(Wish("anna", text="vogel anr")) == ["Anrufen"]
    assert work.titles(Wish("anna", text="nichts")) == []


def test_an_entry_says_what_it_is_about(work: Work) -> None:
    lead = work.lead("Vogel 2027", "2026-11-24")
    work.task("Angebot", lead_id=lead)
    work.mention("Text\nauf zwei Zeilen", kind="lead", record=lead)
    entries = {entry.title: entry for entry in work.listed()}
    assert entries["Vogel 2027"].about == "Silke Berger, Vogel Maschinenbau"
    assert entries["Angebot"].about == "Vogel 2027"
    mention = entries["Text\nauf zwei Zeilen"]
    assert (mention.about, mention.author, mention.record) == ("Vogel 2027", "Ben Weber", (Kind.LEAD, lead))


def test_what_is_due_is_counted_without_a_list(work: Work) -> None:
    assert agenda.due_count(work.store, "anna", NOW) == agenda.DueCount(0, 0)
    work.lead("gestern", "2026-11-20")
    work.task("heute", due_on="heute")
    work.task("morgen", due_on="morgen")
    work.task("ohne")
    work.task("von Ben", due_on="heute", assignee="ben")
    work.mention("@anna")
    assert agenda.due_count(work.store, "anna", NOW) == agenda.DueCount(1, 2)
    assert agenda.due_count(work.store, "ben", NOW).total == 1
    assert agenda.due_count(work.store, "anna", NOW + timedelta(days=1)) == agenda.DueCount(2, 2)


def test_each_reminder_is_told_once_also_those_that_were_missed(work: Work) -> None:
    first = work.task("in einer Stunde", due_on="heute 23:00")
    work.task("nächste Woche", due_on="+7 9:00")
    work.task("ohne Zeit", due_on="heute")
    work.task("von Ben", due_on="heute 23:00", assignee="ben")
    assert reminders.take_due(work.store, "anna", NOW) == []
    later = NOW + timedelta(days=3)
    told = reminders.take_due(work.store, "anna", later)
    assert [(each.task_id, each.title) for each in told] == [(first, "in einer Stunde")]
    assert reminders.take_due(work.store, "anna", later) == []
    again = Due(date(2026, 11, 25), time(9))
    work.postpone(first, again)
    assert reminders.take_due(work.store, "anna", later) == []
    assert [each.at for each in reminders.take_due(work.store, "anna", later + timedelta(days=2))] == [
        again.remind_at
    ]


def test_a_reminder_of_what_is_done_is_not_told(work: Work) -> None:
    work.finish(work.task("getan", due_on="heute 23:00"))
    assert reminders.take_due(work.store, "anna", NOW + timedelta(days=1)) == []


def test_being_told_is_no_change_of_the_task(work: Work) -> None:
    number = work.task(due_on="heute 23:00")
    before = crm.show(work.store, Kind.TASK, number)
    assert reminders.take_due(work.store, "anna", NOW + timedelta(days=1))
    assert crm.show(work.store, Kind.TASK, number) == before


def test_a_list_of_many_thousands_is_read_by_the_portion(work: Work) -> None:
    with work.store.write() as tx:
        tx.run_many(
            "INSERT INTO lead (title, assignee, state, due_on, created_at, changed_at) VALUES (?, 'anna', 'active', ?, 1, 1)",
            [(f"Lead {n}", f"2026-12-{n % 28 + 1:02}") for n in range(5_000)],
        )
    keys = agenda.entry_keys(work.store, Wish("anna"), NOW)
    assert len(keys) == 5_000
    assert [key.due_on for key in keys] == sorted(key.due_on for key in keys)
    assert len(agenda.entries(work.store, keys[2_000:2_100])) == 100
