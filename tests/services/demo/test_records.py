"""The records that go with the demo's mail: contacts, leads, tasks, and what is linked to them."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from statistics import median

import pytest

from app.domain.crm.history import Event
from app.domain.crm.kinds import Kind, LeadState, TaskKind, TaskState
from app.domain.team.members import MemberRole
from tests.services.demo.mailbox import NOW, demo

NOT_RECEIVED = {".Gesendet", ".Entw&APw-rfe", ".Spam", ".Papierkorb"}
#: Numbers that the Bundesnetzagentur keeps free for books and films.
RESERVED = re.compile(
    r"\+49 (30 23125 \d{3}|40 66969 \d{3}|69 90009 \d{3}|221 4710 \d{3}|89 99998 \d{3}|171 39200\d\d|176 040690\d\d)"
)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_thirty_seven_mails_of_the_inbox_wait_and_all_other_received_mail_is_linked(seed: int) -> None:
    records, mails = demo(NOW, seed)
    linked = {link.message_id for link in records.links}
    waiting = {mail.id for mail in mails if mail.folder not in NOT_RECEIVED and mail.id not in linked}
    assert len(waiting) == 37
    assert waiting == set(records.unprocessed)
    assert waiting <= {mail.id for mail in mails if mail.folder == ""}


def test_what_waits_is_recent() -> None:
    records, mails = demo()
    waiting = set(records.unprocessed)
    week = (NOW - timedelta(days=7)).timestamp()
    assert all(mail.arrived > week for mail in mails if mail.id in waiting)


def test_a_thread_is_linked_as_a_whole_or_not_at_all() -> None:
    records, mails = demo()
    linked = {link.message_id: (link.kind, link.index) for link in records.links}
    for mail in mails:
        parent = str(mail.message["In-Reply-To"] or "")
        if parent and "D" not in mail.flags:
            assert linked.get(mail.id) == linked.get(parent)


def test_links_comments_and_marks_name_mails_and_records_that_exist() -> None:
    records, mails = demo()
    ids = {mail.id for mail in mails}
    sizes = {
        Kind.CONTACT: len(records.contacts),
        Kind.LEAD: len(records.leads),
        Kind.TASK: len(records.tasks),
    }
    for link in records.links:
        assert link.message_id in ids
        assert 0 <= link.index < sizes[link.kind]
    assert len({link.message_id for link in records.links}) == len(records.links)
    assert records.comments
    assert records.marks
    assert {comment.message_id for comment in records.comments} <= ids
    assert {mark.message_id for mark in records.marks} <= ids
    assert all(comment.at <= NOW and comment.at.tzinfo is UTC for comment in records.comments)


def test_contacts_are_people_with_reserved_phone_numbers_and_their_own_address() -> None:
    contacts = demo()[0].contacts
    assert len({contact.company for contact in contacts}) >= 40
    assert len({contact.emails for contact in contacts}) == len(contacts)
    for contact in contacts:
        assert contact.salutation in {"Frau", "Herr"}
        assert contact.company
        assert contact.emails[0].endswith(".example")
        assert contact.phones
        assert all(RESERVED.fullmatch(phone) for phone in contact.phones)


def test_phone_numbers_in_the_texts_are_reserved_ones_too() -> None:
    for mail in demo()[1]:
        for number in re.findall(r"\+49[\d ]{6,}\d", mail.own_text):
            assert RESERVED.fullmatch(number), number


def test_leads_have_a_contact_a_value_and_a_next_step_around_today() -> None:
    records = demo()[0]
    for lead in records.leads:
        assert lead.value > 0
        assert "{" not in lead.title
        assert 0 <= lead.contact < len(records.contacts)
        assert lead.campaign in {"", *records.campaigns}
        if lead.state is LeadState.ACTIVE:
            assert lead.next_step
            assert lead.next_step_on is not None
            assert abs((lead.next_step_on - NOW.date()).days) <= 21
    states = Counter(lead.state for lead in records.leads)
    assert min(states[state] for state in LeadState) > 10
    assert 45 <= len(records.leads) <= 55
    (busiest, _count), *_ = Counter(lead.assignee for lead in records.leads).most_common()
    assert busiest == records.own_login
    own = [lead for lead in records.leads if lead.assignee == records.own_login]
    days = [lead.next_step_on for lead in own if lead.state is LeadState.ACTIVE]
    assert NOW.date() in days
    assert [day for day in days if day and day < NOW.date()]


def test_whoever_works_on_a_lead_is_in_the_team() -> None:
    records = demo()[0]
    team = {member.login: member for member in records.members}
    roles = [member.role for member in records.members]
    assert (roles.count(MemberRole.ADMIN), roles.count(MemberRole.PRIVACY)) == (1, 1)
    assert team[records.own_login].role is MemberRole.ADMIN
    for lead in records.leads:
        assert lead.login in team
        assert {step.login for step in lead.steps} <= set(team)
        if lead.state is LeadState.ACTIVE:
            assert team[lead.assignee].active
            assert team[lead.assignee].role is not MemberRole.PRIVACY


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("now", [NOW, datetime(2027, 1, 3, 3, 30, tzinfo=UTC)])
def test_the_steps_of_a_lead_follow_each_other_until_now(now: datetime, seed: int) -> None:
    for lead in demo(now, seed)[0].leads:
        later = lead.opportunity.steps if lead.opportunity else ()
        times = [lead.created_at, *(step.at for step in (*lead.steps, *later))]
        assert times == sorted(times), lead.title
        assert times[-1] <= now
        if lead.opportunity is not None:
            assert lead.steps[-1].event is Event.FINISHED


def test_the_funnel_has_something_at_every_step() -> None:
    records = demo()[0]
    ends = [step for lead in records.leads for step in lead.steps if step.event is Event.FINISHED]
    reasons = {step.detail for step in ends if step.detail}
    assert len(reasons) >= 4
    assert next(step.text for step in ends if step.detail == "other")
    opportunities = [lead.opportunity for lead in records.leads if lead.opportunity]
    stages = [about.steps[-1].detail if about.steps else "" for about in opportunities]
    assert {"", "Angebot", "Verhandlung", "Gewonnen", "competitor"} == set(stages)
    days = [(lead.steps[0].at - lead.created_at) / timedelta(days=1) for lead in records.leads if lead.steps]
    assert 0 < median(days) < 3


def test_tasks_are_told_apart_by_their_title_and_some_are_overdue() -> None:
    tasks = demo()[0].tasks
    assert len({task.title for task in tasks}) == len(tasks)
    assert len(tasks) > 12
    assert {task.state for task in tasks} == set(TaskState)
    assert {task.kind for task in tasks} == set(TaskKind)
    assert [task for task in tasks if task.remind_at and task.remind_at.date() == NOW.date()]
    assert [task for task in tasks if task.due < NOW.date() and task.state is TaskState.OPEN]
    assert [task for task in tasks if task.due > NOW.date()]


def test_a_demo_on_a_sunday_has_the_same_number_of_mails_and_records() -> None:
    sunday, mails = demo(datetime(2027, 1, 3, 3, 30, tzinfo=UTC))
    today, others = demo()
    assert len(mails) == len(others)
    assert len(sunday.links) == len(today.links)
    assert len(sunday.leads) == len(today.leads)
