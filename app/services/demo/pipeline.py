"""Tells what the team did with its leads: those of `leads.toml`, and those that began with a mail; stores nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from app.domain.crm.history import Event
from app.domain.crm.kinds import TaskKind, TaskState
from app.services.demo.catalogue import read
from app.services.demo.data import DemoContact, DemoLead, DemoOpportunity, DemoStep, DemoTask
from app.services.demo.stories import Story
from app.services.demo.team import demo_team
from app.services.demo.template import workday
from app.services.demo.times import german_time, office_time

#: The last stage of an opportunity that came to nothing.
LOST = "Verloren"
_BREATH = timedelta(minutes=9)  # the least between two steps
_LOOKED_AT = timedelta(minutes=35)  # how long a mail waits until it is a lead


class Pipeline:
    """All chance comes from `random`, all time from `now`."""

    def __init__(self, contacts: Sequence[DemoContact], rep: str, random: Random, now: datetime) -> None:
        self._contacts = contacts
        self._rep = rep
        self._random = random
        self._now = now
        self._told = read("leads")
        self._mail = self._told["mail"]
        self._ends = 0
        years = {"jahr": now.year, "folgejahr": now.year + 1}
        self._campaigns = {key: name.format(**years) for key, name in demo_team().campaigns.items()}

    @property
    def campaigns(self) -> tuple[str, ...]:
        return tuple(self._campaigns.values())

    # -- leads of their own

    def leads(self) -> list[DemoLead]:
        """The leads of `leads.toml`."""
        return [self._lead(raw) for raw in self._told["lead"]]

    def _lead(self, raw: dict[str, Any]) -> DemoLead:
        ago = timedelta(days=raw["ago"] + self._random.uniform(0, 0.2))
        came = office_time(self._now - ago, self._random)
        steps = self._steps(raw, came)
        opportunity = None
        if "opportunity" in raw:
            opportunity = self._opportunity(raw["opportunity"], raw, steps[-1], came)
        due = raw.get("due")
        on = steps[-1].at.date() if "end" in raw else None if due is None else self.day(due)
        return DemoLead(
            title=raw["title"],
            contact=self._contact(*raw["for"]),
            campaign=self._campaigns.get(raw.get("campaign", ""), ""),
            source=raw["source"],
            value=raw["value"] * 100,
            next_step=raw.get("step", ""),
            next_step_on=on,
            created_at=came,
            login=raw["to"][0] if raw["source"] == "Anruf" else self._rep,
            steps=steps,
            opportunity=opportunity,
        )

    def _steps(self, raw: dict[str, Any], came: datetime) -> tuple[DemoStep, ...]:
        planned: list[tuple[float, str, Event, str, str]] = []
        if "to" in raw:
            login, after = raw["to"]
            planned.append(
                (after, login if raw["source"] == "Anruf" else self._rep, Event.ASSIGNED, "", login)
            )
        for after, login, what, text in raw.get("log", ()):
            planned.append((after, login, *_said(what, text)))
        if "end" in raw:
            after, *reason = raw["end"]
            planned.append((after, raw["to"][0], Event.FINISHED, "", "".join(reason)))
        return self._in_order(came, planned)

    def _in_order(
        self,
        came: datetime,
        planned: Sequence[tuple[float, str, Event, str, str]],
        after: datetime | None = None,
    ) -> tuple[DemoStep, ...]:
        """Steps at office hours, so many days after it came, each later than the one before, the first later than
        `after`, and none in the future."""
        steps: list[DemoStep] = []
        last = after or came
        for days, login, event, text, detail in planned:
            at = office_time(came + timedelta(days=days + self._random.uniform(-0.12, 0.12)), self._random)
            last = min(max(at, last + _BREATH), self._now)
            steps.append(DemoStep(last, login, event, text, detail))
        return tuple(steps)

    def _opportunity(
        self, told: dict[str, Any], lead: dict[str, Any], end: DemoStep, came: datetime
    ) -> DemoOpportunity:
        moves = [
            (days, end.login, Event.LOST if stage == LOST else Event.STAGE, "", "".join(reason) or stage)
            for days, stage, *reason in told.get("moves", ())
        ]
        expected = self.day(told["expected"])
        return DemoOpportunity(
            told["title"], lead["value"] * 100, expected, self._in_order(came, moves, end.at)
        )

    def _contact(self, company: str, person: int) -> int:
        """Raises KeyError for somebody whom nobody knows."""
        found = [index for index, contact in enumerate(self._contacts) if contact.company == company]
        if len(found) <= person:
            raise KeyError(company)
        return found[person]

    # -- leads that mail belongs to

    def of_mail(
        self, story: Story, title: str, contact: int, worth: int, assignee: str, *, due: date, ended: bool
    ) -> DemoLead:
        """The lead that a story is about. `worth` in cents; `ended`: it has been quiet for long."""
        scenario = story.scenario
        came = min(story.letters[0].when + _LOOKED_AT, self._now)
        steps = self._mail_steps(story, came, assignee) if len(story.letters) > 1 or ended else []
        opportunity = None
        if ended:
            end = self._mail["end"][self._ends % len(self._mail["end"])]
            self._ends += 1
            over = office_time(story.letters[-1].when + timedelta(days=1.2), self._random)
            over = max(over, steps[-1].at + _BREATH)
            about = end.get("text", ""), end.get("reason", "")
            steps.append(DemoStep(over, assignee, Event.FINISHED, *about))
            if "reason" not in end:
                moves = [(days, assignee, Event.STAGE, "", stage) for days, stage in end["moves"]]
                expected = self.day(end["expected"])
                opportunity = DemoOpportunity(title, worth, expected, self._in_order(over, moves))
        return DemoLead(
            title=title,
            contact=contact,
            campaign=self._campaigns.get(self._mail["campaigns"].get(scenario.id, ""), ""),
            source=scenario.source,
            value=worth,
            next_step=scenario.step,
            next_step_on=due,
            created_at=came,
            login=self._rep,
            steps=tuple(steps),
            opportunity=opportunity,
        )

    def _mail_steps(self, story: Story, came: datetime, assignee: str) -> list[DemoStep]:
        """It was assigned with the first answer; what was said on the telephone and noted fits between the letters."""
        letters = story.letters
        answered = max(letters[min(1, len(letters) - 1)].when, came + _BREATH)
        steps = [DemoStep(min(answered, self._now), self._rep, Event.ASSIGNED, "", assignee)]
        for letter, days, what, text in self._mail["log"].get(story.scenario.id, ()):
            if letter < len(letters):
                at = office_time(letters[letter].when + timedelta(days=days), self._random)
                if steps[-1].at < at < self._now:
                    steps.append(DemoStep(at, assignee, *_said(what, text)))
        return steps

    # -- tasks

    def tasks(self, leads: Sequence[DemoLead]) -> list[DemoTask]:
        """What is to be done beside for these leads. Raises KeyError for a lead that there is not."""
        places = {lead.title: index for index, lead in enumerate(leads)}
        tasks = []
        for raw in self._told["task"]:
            day, lead = self.day(raw["due"]), places[raw["lead"]]
            hour = raw.get("hour")
            remind = None
            if hour is not None:
                remind = datetime.combine(day, time(hour), german_time(self._now).tzinfo)
            tasks.append(
                DemoTask(
                    *(raw["title"], day, raw["to"], TaskState.OPEN, leads[lead].contact, lead),
                    kind=TaskKind.FOLLOW_UP if raw.get("follow_up") else TaskKind.TASK,
                    remind_at=remind,
                )
            )
        return tasks

    def day(self, days: float) -> date:
        """A working day so many days from now; 0 is today, whatever day that is."""
        today = german_time(self._now).date()
        return workday(today + timedelta(days=days), 1 if days > 0 else -1) if days else today


def _said(what: str, text: str) -> tuple[Event, str, str]:
    """A note, or a call and how it ended."""
    return (Event.NOTE, text, "") if what == "note" else (Event.CALL, text, what)
