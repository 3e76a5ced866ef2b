"""Tells a scenario as a thread of letters: who writes to whom, when, in which words; what it is linked to is for `ledger`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from app.domain.mail.messages import Address
from app.services.demo.casting import Cast, Caster
from app.services.demo.catalogue import Catalogue, Person, Scenario, Step
from app.services.demo.letters import INBOX, SENT, Letter, compose
from app.services.demo.mime import Attachment, Style
from app.services.demo.papers import Desk
from app.services.demo.template import choose, fill, workday
from app.services.demo.times import german_time, office_time
from app.services.demo.voices import (
    MACHINE_STYLE,
    REP_STYLES,
    STYLES,
    colleague_greeting,
    customer_closing,
    customer_greeting,
    house_closing,
    rep_greeting,
)

OLDEST = timedelta(days=54)  # before now; nothing of the demo is older than eight weeks


@dataclass(slots=True)
class Story:
    """One use of a scenario. `open`: nobody has dealt with it yet."""

    scenario: Scenario
    use: int
    open: bool
    cast: Cast
    letters: list[Letter]
    days: dict[str, date]


class Storyteller:
    """Tells stories of one invented world. All chance comes from `random`, all time from `now`."""

    def __init__(self, catalogue: Catalogue, random: Random, now: datetime, seed: int) -> None:
        self._catalogue = catalogue
        self._random = random
        self._now = now
        self._seed = seed
        self._caster = Caster(catalogue, random, now)

    def message_id(self, domain: str) -> str:
        return f"<{self._random.getrandbits(72):018x}@{domain}>"

    def tell(self, scenario: Scenario, use: int, last: datetime) -> Story:
        """The letters of this use of a scenario, the last of them at `last` or a little earlier."""
        cast = self._caster.cast(scenario, use)
        steps = scenario.steps[: scenario.lengths[use]]
        times = self._times(scenario, steps, last)
        days = {name: workday((times[0] + timedelta(days=n)).date()) for name, n in scenario.dates.items()}
        is_open = use >= scenario.uses - scenario.open
        story = Story(scenario, use, is_open, cast, [], days)
        subject = self._filled(story, choose(scenario.subject, use), times[0])
        for step, when in zip(steps, times, strict=True):
            story.letters.append(self._letter(story, step, when, subject))
        return story

    def _times(self, scenario: Scenario, steps: tuple[Step, ...], last: datetime) -> list[datetime]:
        """Backwards from the last letter, so that none lies in the future; a story that began too early is moved."""
        times = [last if scenario.kind == "notice" else office_time(last, self._random)]
        for step in reversed(steps[1:]):
            pause = timedelta(
                hours=step.after * self._random.uniform(1, 1.1), minutes=self._random.uniform(1, 40)
            )
            times.append(office_time(times[-1] - pause, self._random))
        too_old = self._now - OLDEST - times[-1]
        if too_old > timedelta(0):
            return self._times(scenario, steps, last + too_old + timedelta(days=1))
        return [german_time(time).replace(microsecond=0) for time in reversed(times)]

    def _letter(self, story: Story, step: Step, when: datetime, subject: str) -> Letter:
        letters, position = story.letters, len(story.letters)
        answers = letters[position - 1 if step.re is None else step.re] if letters else None
        sender, to, cc = self._people(story, step, answers)
        sent = step.by == "rep"
        if answers is not None:
            subject = _subject(answers, sent, forwards=bool(sent and step.to and answers.sender != to[0]))
            answers.answered = answers.answered or (sent and not subject.startswith("WG: "))
        filed = story.scenario.folder if not story.open and (story.use + position // 3) % 2 == 0 else ""
        letter = Letter(
            id=self.message_id(sender.address.rpartition("@")[2]),
            when=when,
            folder=SENT if sent else filed or INBOX,
            sender=sender,
            to=to,
            cc=cc,
            subject=subject,
            own=self._words(story, step, when, to[0]),
            style=self._style(story, step),
            answers=answers,
            flagged=story.scenario.flag and position == 0,
        )
        if story.scenario.kind == "auto":
            letter.headers += [("Auto-Submitted", "auto-replied"), ("Precedence", "bulk")]
        letter.attachments = self._attachments(story, step, letter)
        return letter

    def _people(
        self, story: Story, step: Step, answers: Letter | None
    ) -> tuple[Address, list[Address], list[Address]]:
        house, scenario = self._catalogue.house, story.scenario
        rep = _address(house.rep)
        customer = _address(story.cast.second if scenario.second else story.cast.person)
        if scenario.sender:
            customer = Address(scenario.sender[0], scenario.sender[1])
        if step.by in {"customer", "customer2", "other"}:
            writer = _address(story.cast.second if step.by == "customer2" else story.cast.person)
            writer = customer if scenario.sender else writer
            sales = Address("Vertrieb Nordholz Pumpen", f"vertrieb@{house.domain}")
            helper = (
                [answers.sender] if answers and answers.sender.address.endswith(f"@{house.domain}") else []
            )
            known = story.cast.customer.known or scenario.sender
            return writer, [rep if known else sales], [who for who in helper if who != rep]
        others = [_address(house.colleagues[step.cc])] if step.cc else []
        if step.by != "rep":
            writer = _address(house.colleagues[step.by])
            return (writer, [customer], [rep]) if step.to_customer else (writer, [rep], others)
        if step.to:
            return rep, [_address(house.colleagues[step.to])], others
        if answers and answers.sender not in {rep, *map(_address, house.colleagues.values())}:
            customer = answers.sender
        return rep, [customer], others

    def _words(self, story: Story, step: Step, when: datetime, to: Address) -> str:
        """Greeting, matter, closing and signature of a letter."""
        house, position, customer = self._catalogue.house, len(story.letters), story.cast.customer
        scenario, person = story.scenario, story.cast.person
        among_us = (
            step.by in house.colleagues and not step.to_customer and (step.by != "rep" or bool(step.to))
        )
        text = self._filled(story, choose(step.text, story.use, self._seed), when, among_us)
        if step.by in {"customer", "customer2"}:
            writer = story.cast.second if step.by == "customer2" else person
            greeting = customer_greeting(scenario, customer, position)
            closing = customer_closing(scenario, customer, writer, when, position)
        elif step.by == "other":
            greeting = customer_greeting(scenario, customer, position)
            leave = "Viele Grüße" if scenario.greeting else "Mit freundlichen Grüßen"
            closing = scenario.sender[2] if scenario.kind == "notice" else f"{leave}\n\n{scenario.sender[2]}"
        else:
            writer = house.colleagues[step.by]
            reader = house.colleagues[step.to or "rep"] if among_us else self._reader(story, to)
            greeting = colleague_greeting(reader, position) if among_us else ""
            greeting = scenario.greeting if scenario.greeting and position == 0 else greeting
            greeting = greeting or rep_greeting(reader, position, customer.index)
            closing = house_closing(house, writer, when, position, among_us)
        words = f"{greeting}\n\n{text}\n\n{closing}"
        return words.replace("ß", "ss") if customer.country == "CH" and step.by == "customer" else words

    def _reader(self, story: Story, to: Address) -> Person:
        """The person outside the house whom a letter is for."""
        for person in (story.cast.person, story.cast.second):
            if person.address == to.address:
                return person
        first, _, last = to.name.partition(" ")
        return Person("Herr", "", first, last, "", to.address, "")

    def _filled(self, story: Story, text: str, when: datetime, among_us: bool = False) -> str:
        values = story.cast.values
        if among_us:
            values = {**values, "firma": values["kurz"]}
        return fill(text, values, story.days, when.date())

    def _style(self, story: Story, step: Step) -> Style:
        if step.plain:
            return MACHINE_STYLE
        if step.by == "rep":
            return REP_STYLES[(story.use + len(story.letters)) % 2]
        if step.by in self._catalogue.house.colleagues:
            return STYLES[len(step.by) % len(STYLES)]
        return STYLES[story.cast.customer.index % len(STYLES)]

    def _attachments(self, story: Story, step: Step, letter: Letter) -> list[Attachment]:
        people = (letter.sender, *letter.to)
        desk = Desk(
            self._catalogue, self._random, story.cast, story.days, story.scenario.event, letter.when, people
        )
        made = []
        for order in step.attach:
            if order.startswith("eml:"):
                inner = story.letters[0] if story.letters else self._forwarded(story, letter)
                made.append(Attachment(order[4:], "message/rfc822", compose(inner)))
            else:
                made.append(desk.paper(order))
        return made

    def _forwarded(self, story: Story, letter: Letter) -> Letter:
        """The customer's mail that a colleague passes on: written a few hours before, to the service desk."""
        house, cast = self._catalogue.house, story.cast
        when = german_time(office_time(letter.when - timedelta(hours=4), self._random))
        step = Step(by="customer", text=cast.values["inner"])
        greeting = "Sehr geehrte Damen und Herren,"
        bare = replace(story, letters=[], scenario=replace(story.scenario, greeting=greeting))
        return Letter(
            id=self.message_id(cast.customer.domain),
            when=when.replace(microsecond=0),
            folder=INBOX,
            sender=_address(cast.person),
            to=[_address(house.colleagues["service"])],
            subject=letter.subject.removeprefix("WG: "),
            own=self._words(bare, step, when, letter.sender),
            style=STYLES[cast.customer.index % len(STYLES)],
        )


def _address(person: Person) -> Address:
    return Address(person.name, person.address)


def _subject(answers: Letter, sent: bool, forwards: bool) -> str:
    """The subject of an answer: one prefix, however often it went back and forth."""
    bare = answers.subject.removeprefix("Re: ").removeprefix("AW: ")
    if forwards:
        return f"WG: {bare.removeprefix('WG: ')}"
    return f"{'Re' if sent else 'AW'}: {bare}"
