"""What the rep has made of the stories so far: contacts, leads, tasks and which mail is linked to them; no store."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

from app.domain.crm.kinds import Kind, MarkColour, TaskState
from app.services.demo.catalogue import Catalogue, Person
from app.services.demo.data import DemoComment, DemoContact, DemoLead, DemoLink, DemoMark, DemoTask
from app.services.demo.letters import SENT
from app.services.demo.pipeline import Pipeline
from app.services.demo.stories import Story
from app.services.demo.team import demo_team
from app.services.demo.template import fill, workday

_LEAD_DONE = timedelta(days=38)  # what was quiet for so long has come to an end
_TASK_DONE = timedelta(days=20)
_FREE_TASKS = (
    ("Reisekosten für den letzten Monat einreichen", 3),
    ("Vorführpumpe reinigen und prüfen lassen", 5),
    ("Besuchsplan für den nächsten Monat machen", 10),
    ("Preisliste an Händler verschicken", -2),
)


class Ledger:
    """Collects the records as stories are entered; read its lists when all are in and it is closed."""

    def __init__(self, catalogue: Catalogue, random: Random, now: datetime) -> None:
        self._now = now
        self._rep = catalogue.house.rep.login
        self._boss = catalogue.house.colleagues["petersen"].login
        self._colleague = next(m.login for m in demo_team().members if m.login not in (self._rep, self._boss))
        self.contacts = [
            _contact(catalogue, customer.index, person, self._rep)
            for customer in catalogue.customers
            for person in customer.people
            if customer.known
        ]
        self.contacts += demo_team().prospects
        self._pipeline = Pipeline(self.contacts, self._rep, random, now)
        self.campaigns = self._pipeline.campaigns
        self.leads: list[DemoLead] = []
        self.tasks = [
            DemoTask(title, self._day(days), self._rep, TaskState.OPEN) for title, days in _FREE_TASKS
        ]
        self.links: list[DemoLink] = []
        self.comments: list[DemoComment] = []
        self.marks: list[DemoMark] = []

    def _day(self, days: float) -> date:
        return workday((self._now + timedelta(days=days)).date())

    def enter(self, story: Story) -> None:
        """Link the letters of a story that has been dealt with, and keep what was noted about it."""
        scenario = story.scenario
        received = [letter for letter in story.letters if letter.folder != SENT]
        if scenario.mark:
            self.marks.append(DemoMark(received[0].id, MarkColour(scenario.mark)))
        if scenario.comment and story.use == 0:
            at = min(received[0].when + timedelta(minutes=45), self._now).astimezone(UTC)
            self.comments.append(DemoComment(received[0].id, self._rep, scenario.comment, at))
        if story.open:
            return
        kind, index = self._record(story)
        self.links += [DemoLink(letter.id, kind, index) for letter in story.letters]

    def link_to_task(self, message_id: str, title: str, days: int) -> None:
        self.links.append(DemoLink(message_id, Kind.TASK, self._task(title, self._day(days))))

    def _record(self, story: Story) -> tuple[Kind, int]:
        scenario, cast = story.scenario, story.cast
        kind = Kind(scenario.record)
        contact = (cast.second if scenario.second else cast.person).contact
        if contact is None:
            raise ValueError(f"{scenario.id}: linked to somebody without a record")
        title = fill(scenario.title, cast.values, story.days, self._now.date())
        if kind is Kind.TASK:
            if "{" not in scenario.title:  # one task for all mails of its kind
                return kind, self._task(title, self._day(scenario.due))
            last = story.letters[-1].when
            done = self._now - last > _TASK_DONE
            day = last.date() if done else self._day(scenario.due)
            return kind, self._task(title, day, contact, TaskState.DONE if done else TaskState.OPEN)
        if kind is Kind.LEAD:
            self.leads.append(self._lead(story, title, contact))
            return kind, len(self.leads) - 1
        return kind, contact

    def _task(
        self, title: str, due: date, contact: int | None = None, state: TaskState = TaskState.OPEN
    ) -> int:
        for index, task in enumerate(self.tasks):
            if task.title == title:
                return index
        self.tasks.append(DemoTask(title, due, self._rep, state, contact))
        return len(self.tasks) - 1

    def _lead(self, story: Story, title: str, contact: int) -> DemoLead:
        scenario, number = story.scenario, len(self.leads)
        worth = (
            story.cast.amounts[scenario.value]
            if scenario.value in story.cast.amounts
            else float(scenario.value)
        )
        ended = self._now - story.letters[-1].when > _LEAD_DONE
        assignee = {5: self._boss, 1: self._colleague}.get(number % 7, self._rep)
        step_on = story.letters[-1].when.date() if ended else self._pipeline.day(number * 5 % 17 - 3)
        return self._pipeline.of_mail(
            story, title, contact, round(worth * 100), assignee, due=step_on, ended=ended
        )

    def close(self) -> None:
        """All stories are in: add the leads that no mail belongs to, and what is to be done beside."""
        self.leads += self._pipeline.leads()
        self.tasks += self._pipeline.tasks(self.leads)


def _contact(catalogue: Catalogue, index: int, person: Person, assignee: str) -> DemoContact:
    customer = catalogue.customers[index]
    return DemoContact(
        salutation=person.salutation,
        title=person.title,
        first_name=person.first,
        last_name=person.last,
        company=customer.company,
        function=person.function,
        customer_number=customer.number,
        emails=(person.address,),
        phones=tuple(phone for phone in (person.phone, person.mobile) if phone),
        street=customer.street,
        postcode=customer.postcode,
        city=customer.city,
        country=customer.country,
        traits=customer.traits,
        assignee=assignee,
    )
